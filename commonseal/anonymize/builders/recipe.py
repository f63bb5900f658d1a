"""Read a recipe: what a configuration file, or the command line, says of one column's hierarchy.

The shape is checked by `hierarchy.schema.json` before; here stands what a schema cannot say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, get_args

from commonseal.anonymize.builders.builder import Builder, build
from commonseal.anonymize.builders.dates import Dates
from commonseal.anonymize.builders.division import DIVISION_LEVELS, Divisions
from commonseal.anonymize.builders.fan_out import FanOut
from commonseal.anonymize.builders.frequency import Frequency
from commonseal.anonymize.builders.intervals import Intervals, as_number
from commonseal.anonymize.builders.order import Order
from commonseal.anonymize.builders.prefixes import Prefixes
from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.errors import BadInput
from commonseal.model import Text

Kind = Literal["intervals", "prefixes", "dates", "divisions", "order", "frequency"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LARGEST_RANGE = 1_000_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one column's hierarchy is built. `values` None: those of the table, with their rows.

    A hierarchy whose values are stated tells nothing of the table.
    """

    column: str
    kind: Kind
    builder: Builder
    values: tuple[str, ...] | None = None
    apart: tuple[str, ...] = ()
    nulls: bool = False

    @property
    def needs_table(self) -> bool:
        """True where nothing is known of the values without a table."""
        return self.values is None and self.kind != "order"

    def build(self, counts: Mapping[str, int]) -> Hierarchy:
        """Build the hierarchy; `counts` of the table are not looked at where values are stated."""
        if self.values is not None:
            counts = dict.fromkeys([*self.values, *self.apart], 1)
        return build(self.column, self.builder, {**counts, **self._nulls()}, apart=self.apart)

    def _nulls(self) -> dict[str, int]:
        return {"": 1} if self.nulls else {}


def read_recipe(column: str, words: Mapping[str, Any]) -> Recipe:
    """Return the recipe that `words` write. Raises: BadInput, without the place."""
    kind: Kind = words["kind"]
    if "values" in words and "range" in words:
        raise BadInput(Text(en="expected at most one of values and range", zh="values 与 range 至多给出一个"))
    values = words.get("values")
    stated = _range(kind, words["range"]) if "range" in words else values
    return Recipe(
        column=column,
        kind=kind,
        builder=_builder(kind, words),
        values=None if stated is None else tuple(map(_text, stated)),
        apart=tuple(map(_text, words.get("apart", ()))),
        nulls=bool(words.get("nulls", False)),
    )


def _builder(kind: Kind, words: Mapping[str, Any]) -> Builder:
    match kind:
        case "intervals":
            return Intervals(
                width=_number(words.get("width")),
                bounds=tuple(_exactly(each) for each in words.get("bounds", ())),
                bottom=_number(words.get("bottom")),
                top=_number(words.get("top")),
                origin=_exactly(words.get("origin", 0)),
                fan_outs=_fan_outs(words),
            )
        case "prefixes":
            return Prefixes(tuple(words.get("keep", ())), words.get("end", "left"))
        case "dates":
            return Dates(tuple(words["levels"])) if "levels" in words else Dates()
        case "divisions":
            return Divisions(tuple(words.get("levels", DIVISION_LEVELS)))
        case "order":
            labels = tuple(tuple(map(_text, names)) for names in words.get("labels", ()))
            return Order(tuple(map(_text, words["order"])), _fan_outs(words), labels)
        case "frequency":
            return Frequency(tuple(words.get("rows", ())), tuple(words.get("shares", ())))


def _range(kind: Kind, ends: list[Any]) -> list[str]:
    """Return every whole number, or every day, from the first to the last, both included."""
    low, high = ends
    if kind == "intervals" and isinstance(low, int) and isinstance(high, int):
        if 0 <= high - low < LARGEST_RANGE:
            return [str(number) for number in range(low, high + 1)]
    elif kind == "dates" and isinstance(low, str) and isinstance(high, str):
        first, last = _day(low), _day(high)
        if first and last and 0 <= (last - first).days < LARGEST_RANGE:
            return [str(first + timedelta(days)) for days in range((last - first).days + 1)]
    raise BadInput(
        Text(
            en=f"range: expected two whole numbers (intervals) or two days (dates), ascending, "
            f"at most {LARGEST_RANGE} values",
            zh=f"range：应为两个整数（intervals）或两个日期（dates），先小后大，至多 {LARGEST_RANGE} 个值",
        )
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _fan_outs(words: Mapping[str, Any]) -> tuple[FanOut, ...]:
    return tuple(tuple(each) if isinstance(each, list) else int(each) for each in words.get("fan_outs", ()))


def _number(value: Any) -> Decimal | None:
    return None if value is None else _exactly(value)


def _exactly(value: Any) -> Decimal:
    number = as_number(str(value))
    if number is None:
        raise BadInput(Text(en="width, bounds: expected plain numbers", zh="width、bounds：应为普通数字"))
    return number


def _text(value: Any) -> str:
    """Write a value of YAML as the table's text would be."""
    return "" if value is None else str(value)
