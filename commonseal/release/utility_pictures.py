"""Draw the pictures of the utility page, in the manner of the report's: before is hollow, after is solid."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from markupsafe import Markup

from commonseal.anonymize.utility.frontier import Choice
from commonseal.anonymize.utility.prediction import Accuracy
from commonseal.release.drawing import (
    Picture,
    draw_bar,
    draw_dot,
    draw_line,
    draw_picture,
    draw_text,
    shorten,
)
from commonseal.release.report_pictures import histogram
from commonseal.release.report_terms import share
from commonseal.release.report_words import Words
from commonseal.release.utility_facts import ColumnFacts, UtilityFacts

_TICKS = tuple(step * 10.0**-place for place in range(1, 7) for step in (10, 5, 2))  # 1, 0.5, 0.2, 0.1, ...
_LEFT, _RIGHT = 14.0, 97.0  # per cent: where the plane of the frontier begins and ends
_TOP, _HEIGHT = 34, 340  # pixels: where it begins, and how high it is at most
_TICK = Markup(
    '<rect x="{x:.2f}%" y="{y}" width="12" height="3" transform="translate(-6 -1.5)" class="mean"/>'
)
_RING = Markup('<circle cx="{x:.2f}%" cy="{y}" r="10" class="ring"/>')


def draw_histogram(facts: UtilityFacts, words: Words) -> Picture:
    """Draw how many persons stand in classes of which size."""
    sizes = {"before": facts.sizes_before, "after": facts.sizes_after}
    shown = {
        when: {"class_sizes": of, "sample_uniques": sum(count for size, count in of if size == 1)}
        for when, of in sizes.items()
    }
    checks = [{"measure": "smallest_class", "limit": facts.k}] if facts.k else []
    return histogram({**shown, "checks": checks}, words)


def draw_frontier(facts: UtilityFacts, words: Words) -> Picture:
    """Draw each choice of k as a dot: what it keeps to the right, its highest risk downwards on a log scale."""
    there = [choice for choice in facts.choices if choice.utility is not None]
    raw = (facts.before.granularity, highest(facts.sizes_before), average(facts.sizes_before))
    least = min([choice.average_risk or 1.0 for choice in there] + [raw[2]])
    floor = next((tick for tick in _TICKS if tick <= least), _TICKS[-1])
    fewest = min([choice.utility.granularity for choice in there if choice.utility] + [0.9])
    # a tenth more than needed, so that the label of the leftmost point has room
    start = max(-0.2, math.floor(fewest * 10 - 1) / 10)
    plane = _Plane(start, floor)
    drawn = _axes(plane, words)
    way = [(1.0, raw[1]), *((c.utility.granularity, c.highest_risk or floor) for c in there if c.utility)]
    drawn += [
        draw_line(plane.x(a[0]), plane.y(a[1]), plane.x(b[0]), plane.y(b[1]), "way")
        for a, b in itertools.pairwise(way)
    ]
    drawn += _point(plane, 1.0, raw[1], raw[2], words("point_raw"), "before")
    for choice in there:
        drawn += _choice(plane, choice, choice.k == facts.k, words)
    head = tuple(words(name) for name in ("k", "kept", "suppressed", "highest_risk", "average_risk"))
    return draw_picture("frontier", words, drawn, plane.bottom + 46, head, [])


def draw_levels(columns: Sequence[ColumnFacts], words: Words) -> Picture:
    """Draw how far each column climbed, and how many labels are left; rows of many levels are shown in parts."""
    drawn: list[Markup] = []
    rows = []
    for place, column in enumerate(columns):
        y, steps = 44 * place, max(1, column.top)
        told = _level_told(column, words)
        labels = words("labels_told", values=f"{column.values:,}", labels=f"{column.labels:,}")
        drawn += [
            draw_text(0, y + 14, shorten(column.name, 22), ""),
            draw_text(100, y + 14, f"{told} · {labels}", "dim", anchor="end"),
        ]
        drawn += [draw_bar(100 * step / steps, y + 20, 100 / steps, 8, "seg") for step in range(steps)]
        reached = float(column.level) if column.level is not None else _mean_level(column)
        for step in range(math.ceil(reached)):
            drawn.append(
                draw_bar(100 * step / steps, y + 20, 100 * min(1.0, reached - step) / steps, 8, "after seg")
            )
        rows.append((column.name, told, f"{column.values:,}", f"{column.labels:,}", share(column.kept)))
    head = tuple(words(name) for name in ("column", "level", "values", "labels", "kept"))
    return draw_picture("column_levels", words, drawn, 44 * len(columns), head, rows)


def draw_target(accuracy: Accuracy, words: Words) -> Picture:
    """Draw guessing, after and before on one scale."""
    marks = [("guessing", accuracy.baseline), ("after", accuracy.after), ("before", accuracy.before)]
    drawn = []
    for place, (name, rate) in enumerate(marks):
        y = 44 * place
        css = "after" if name == "after" else "before"
        drawn += [
            draw_text(0, y + 14, words(name), "strong" if name == "after" else ""),
            draw_text(100, y + 14, share(rate), css, anchor="end"),
            draw_bar(0, y + 20, 100, 8, "seg"),
            draw_bar(0, y + 20, 100 * rate, 8, css if name != "guessing" else "guess"),
        ]
    rows = [(words(name), share(rate)) for name, rate in marks]
    return draw_picture("target", words, drawn, 130, ("", words("got")), rows, target=accuracy.target)


def highest(sizes: Sequence[tuple[int, int]]) -> float:
    """Return one over the smallest class; 0 where there is none."""
    return 1.0 / sizes[0][0] if sizes and sizes[0][0] else 0.0


def average(sizes: Sequence[tuple[int, int]]) -> float:
    """Return classes over the persons in them; 0 where there is none."""
    held = sum(size * count for size, count in sizes)
    return sum(count for _, count in sizes) / held if held else 0.0


class _Plane:
    """Where a share kept and a risk stand: per cent to the right, pixels down."""

    def __init__(self, start: float, floor: float) -> None:
        self.start, self.floor = start, floor
        self._decade = min(130.0, _HEIGHT / -math.log10(floor)) if floor < 1 else 130.0
        self.bottom = self.y(floor)

    def x(self, kept: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (max(kept, self.start) - self.start) / (1.0 - self.start)

    def y(self, risk: float) -> int:
        return round(_TOP - self._decade * math.log10(min(1.0, max(risk, self.floor))))


def _axes(plane: _Plane, words: Words) -> list[Markup]:
    drawn = [draw_text(0, 12, words("axis_risk"), "dim")]
    for tick in (tick for tick in _TICKS if tick >= plane.floor):
        y = plane.y(tick)
        drawn += [
            draw_line(_LEFT, y, 100, y, "grid"),
            draw_text(_LEFT, y + 4, f"{100 * tick:g}%", "dim", dx=-8, anchor="end"),
        ]
    steps = round((1.0 - plane.start) * 10)
    for step in range(steps % 2 if steps > 5 else 0, steps + 1, 2 if steps > 5 else 1):
        kept = plane.start + step / 10
        drawn.append(draw_text(plane.x(kept), plane.bottom + 20, f"{kept:.0%}", "dim", anchor="middle"))
        drawn.append(draw_line(plane.x(kept), plane.bottom, plane.x(kept), plane.bottom + 5, "axis"))
    drawn.append(draw_line(_LEFT, plane.bottom, 100, plane.bottom, "axis"))
    drawn.append(draw_text(100, plane.bottom + 42, words("axis_kept"), "dim", anchor="end"))
    return drawn


def _choice(plane: _Plane, choice: Choice, chosen: bool, words: Words) -> list[Markup]:
    if choice.utility is None:
        return []
    told = words("point_chosen" if chosen else "point", k=choice.k)
    at = choice.utility.granularity, choice.highest_risk or 0.0, choice.average_risk or 0.0
    drawn = [_RING.format(x=plane.x(at[0]), y=plane.y(at[1]))] if chosen else []
    return [*drawn, *_point(plane, *at, told, "after strong" if chosen else "after")]


def _point(plane: _Plane, kept: float, high: float, mean: float, told: str, css: str) -> list[Markup]:
    """Draw the highest risk as a dot, the average as a bar under it; the label stands left, where nothing else is."""
    x = plane.x(kept)
    return [
        draw_line(x, plane.y(high), x, plane.y(mean), "drop"),
        _TICK.format(x=x, y=plane.y(mean)),
        draw_dot(x, plane.y(high), css),
        draw_text(x, plane.y(high) + 4, told, "point" if css == "after" else css, dx=-15, anchor="end"),
    ]


def _level_told(column: ColumnFacts, words: Words) -> str:
    if column.level is None:
        return words("level_mean", level=_mean_level(column), top=column.top)
    return words("level_told", level=column.level, top=column.top) if column.level else words("as_it_was")


def _mean_level(column: ColumnFacts) -> float:
    return sum(min(level, column.top) * part for level, part in enumerate(column.rows_at))
