"""What is asked of an anonymization, and how its models are made ready for a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from commonseal.anonymize.hierarchy import Hierarchy
from commonseal.anonymize.loss import LossName
from commonseal.anonymize.models.classes import Ints, Units, shares, value_counts
from commonseal.anonymize.models.closeness import (
    BetaLikeness,
    DeltaDisclosure,
    Ground,
    TCloseness,
    hierarchical_ground,
    ordered_ground,
)
from commonseal.anonymize.models.diversity import DistinctLDiversity, EntropyLDiversity, RecursiveCLDiversity
from commonseal.anonymize.models.size import DeltaPresence, KAnonymity, KMap, Model
from commonseal.anonymize.models.whole import AverageRisk, PopulationUniqueness, SampleUniqueness
from commonseal.errors import BadInput
from commonseal.model import Text

MODELS = (
    "k_anonymity",
    "k_map",
    "delta_presence",
    "distinct_l_diversity",
    "entropy_l_diversity",
    "recursive_cl_diversity",
    "t_closeness",
    "delta_disclosure",
    "basic_beta_likeness",
    "enhanced_beta_likeness",
    "average_risk",
    "sample_uniqueness",
    "population_uniqueness",
)

# From (sizes of the classes in persons, the population's size, the estimator's name) to the share of the
# population that is unique in it. The estimators are the judge's; they are passed in.
Estimate = Callable[[Ints, int, str], float]


@dataclass(frozen=True, slots=True)
class ModelAsked:
    """A model by its name in `MODELS`, with its parameters as docs/anonymize.md lists them."""

    name: str
    params: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def column(self) -> str | None:
        """The sensitive column it speaks of, if any."""
        named = self.params.get("column")
        return None if named is None else str(named)

    def __str__(self) -> str:
        """Say it as a person would write it."""
        return f"{self.name}({', '.join(f'{name}={value}' for name, value in self.params.items())})"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an anonymization: all of it must hold.

    `k`, and `l` and `t` of the one sensitive column, are short for models. `weights`: how much a
    column's loss counts, 1 where not named. `levels`: least and most level of a column. `within`: how wide
    an interval of numbers or days a column's labels may cover. `priorities`: columns that are kept as special as
    possible before anything else, in this order. `checks_max`: candidates to check at the most.
    """

    k: int = 1
    l: int | None = None  # noqa: E741 - the literature's name
    t: float | None = None
    suppression_rate_max: float = 0.0
    loss: LossName = "loss_gm"
    models: tuple[ModelAsked, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    levels: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    within: Mapping[str, float] = field(default_factory=dict)
    priorities: tuple[str, ...] = ()
    checks_max: int | None = None

    def all_models(self, sensitive: str | None) -> tuple[ModelAsked, ...]:
        """Return every model asked, the short forms written out."""
        named = [ModelAsked("k_anonymity", {"k": self.k})] if self.k > 1 or not self.models else []
        if self.l is not None and sensitive is not None:
            named.append(ModelAsked("distinct_l_diversity", {"column": sensitive, "l": self.l}))
        if self.t is not None and sensitive is not None:
            named.append(ModelAsked("t_closeness", {"column": sensitive, "t": self.t}))
        return (*named, *self.models)


@dataclass(frozen=True, slots=True)
class Aids:
    """What some models need besides the table.

    `orders`: the values of a sensitive column in their order. `trees`: its hierarchy. `estimate`: of the
    share of a population that is unique in it.
    """

    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    trees: Mapping[str, Hierarchy] = field(default_factory=dict)
    estimate: Estimate | None = None


def make_models(asked: tuple[ModelAsked, ...], units: Units, aids: Aids) -> tuple[Model, ...]:
    """Make the models ready for a table. Raises: BadInput where one needs what is not there."""
    return tuple(_made(model, units, aids) for model in asked)


def _made(asked: ModelAsked, units: Units, aids: Aids) -> Model:
    params = asked.params
    column = asked.column or ""
    if asked.column is not None and column not in units.sensitive:
        raise BadInput(_uncounted(asked))
    match asked.name:
        case "k_anonymity":
            return KAnonymity(int(params["k"]))
        case "k_map":
            size = params.get("population")
            return KMap(
                int(params["k"]), int(size) if isinstance(size, int) else None
            )  # else a table of everybody
        case "delta_presence":
            return DeltaPresence(float(params["min"]), float(params["max"]))
        case "distinct_l_diversity":
            return DistinctLDiversity(column, int(params["l"]))
        case "entropy_l_diversity":
            return EntropyLDiversity(column, int(params["l"]))
        case "recursive_cl_diversity":
            return RecursiveCLDiversity(column, float(params["c"]), int(params["l"]))
        case "t_closeness":
            ground = _ground(str(params.get("distance", "equal")), column, units, aids)
            return TCloseness(column, float(params["t"]), value_counts(units, column), ground)
        case "delta_disclosure":
            return DeltaDisclosure(column, float(params["delta"]), shares(units, column))
        case "basic_beta_likeness" | "enhanced_beta_likeness":
            enhanced = asked.name == "enhanced_beta_likeness"
            return BetaLikeness(column, float(params["beta"]), shares(units, column), enhanced)
        case "average_risk":
            return AverageRisk(float(params["risk"]))
        case "sample_uniqueness":
            return SampleUniqueness(float(params["rate"]))
        case "population_uniqueness":
            return _population_uniqueness(params, aids)
    raise BadInput(
        Text(
            en=f"models: got '{asked.name}', expected one of {', '.join(MODELS)}",
            zh=f"models：得到“{asked.name}”，应为 {'、'.join(MODELS)} 之一",
        )
    )


def _ground(distance: str, column: str, units: Units, aids: Aids) -> Ground | None:
    labels = units.sensitive[column].labels
    if distance == "equal":
        return None
    if distance == "ordered":
        order = aids.orders.get(column) or (
            tuple(sorted(labels, key=float)) if _all_numbers(labels) else None
        )
        missing = sorted(set(labels) - set(order)) if order is not None else labels
        if order is None or missing:
            raise BadInput(
                Text(
                    en=f"t_closeness: column '{column}': {len(missing)} of its values have no place in the order; "
                    "name all of them in `orders`, or use a column of numbers",
                    zh=f"t_closeness：列“{column}”有 {len(missing)} 个取值没有次序；请在 orders 中全部列出，或使用数值列",
                )
            )
        number = {label: place for place, label in enumerate(labels)}
        return ordered_ground([number[label] for label in order if label in number])
    tree = aids.trees.get(column)
    row = {} if tree is None else {value: code for code, value in enumerate(tree.labels[0])}
    if tree is None or any(label not in row for label in labels):
        raise BadInput(
            Text(
                en=f"t_closeness: column '{column}': the hierarchical distance needs a hierarchy with a row for each of "
                "its values, in the folder of hierarchies",
                zh=f"t_closeness：列“{column}”：层级距离需要一份含其全部取值的泛化层级，放在层级文件夹中",
            )
        )
    return hierarchical_ground(
        np.column_stack(
            [
                np.arange(len(labels)),
                *(tree.codes[[row[v] for v in labels], level] for level in range(1, tree.height)),
            ]
        )
    )


def _population_uniqueness(params: Mapping[str, str | int | float], aids: Aids) -> Model:
    estimate, size, name = aids.estimate, int(params["population"]), str(params.get("estimator", "dankar"))
    if estimate is None:
        raise BadInput(
            Text(
                en="population_uniqueness: no estimator was given; `commonseal anonymize` gives the judge's",
                zh="population_uniqueness：未提供估计方法；commonseal anonymize 会使用评判模块的估计方法",
            )
        )
    return PopulationUniqueness(
        float(params["rate"]), lambda sizes, number: estimate(np.repeat(sizes, number), size, name)
    )


def _all_numbers(labels: tuple[str, ...]) -> bool:
    try:
        return all(np.isfinite(float(label)) for label in labels)
    except ValueError:
        return False


def _uncounted(asked: ModelAsked) -> Text:
    return Text(
        en=f"{asked.name}: column '{asked.column}' was not counted with the quasi-identifiers",
        zh=f"{asked.name}：列“{asked.column}”没有与准标识符一起统计",
    )
