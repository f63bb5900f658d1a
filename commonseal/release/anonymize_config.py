"""Read the configuration of `commonseal anonymize`; docs/anonymize.md documents the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from commonseal.anonymize import Asked, ModelAsked
from commonseal.errors import BadInput
from commonseal.law.yaml_file import YamlFile
from commonseal.model import Text
from commonseal.release.document import Field, at_field, beside, joined, read_checked

Fault = tuple[Field, Text]


Transformation = Literal["full_domain", "local_recoding", "cell_suppression", "mondrian", "microaggregation"]


@dataclass(frozen=True, slots=True)
class Ends:
    """Top and bottom coding of one column; what is None is not asked."""

    low: float | str | None = None
    high: float | str | None = None
    low_quantile: float | None = None
    high_quantile: float | None = None
    order: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Grouped:
    """Microaggregation: the numeric columns, how groups are made, and what stands for a group."""

    columns: tuple[str, ...]
    method: Literal["mdav", "optimal", "fixed"] = "mdav"
    by: Literal["mean", "median"] = "mean"


@dataclass(frozen=True, slots=True)
class Config:
    """What is to be done to a table.

    `population`: a table of everybody, for the models that need one. `numeric`: the columns that Mondrian makes
    intervals of; those of numbers where None. `target`: a column to predict, for the report.
    """

    table: str
    quasi: tuple[str, ...]
    hierarchies: Path
    asked: Asked
    sensitive: tuple[str, ...] = ()
    person: str | None = None
    population: str | None = None
    orders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    transformation: Transformation = "full_domain"
    grouped: Grouped | None = None
    numeric: tuple[str, ...] | None = None
    ends: Mapping[str, Ends] = field(default_factory=dict)
    target: str | None = None


def load_config(path: Path) -> Config:
    """Read and check a configuration; paths in it start at its own folder. Raises: BadInput, all faults."""
    document, file = read_checked(path, "commonseal.anonymize")
    models = [_model(entry) for entry in document["models"]]
    faults = list(_faults(document, models))
    if faults:
        raise BadInput(_told(path, file, faults))
    tables = {name for model in models if isinstance(name := model.params.get("population"), str)}
    levels = {
        column: (given.get("least", 0), given.get("most"))
        for column, given in document.get("levels", {}).items()
    }
    return Config(
        table=beside(path, document["table"]),
        quasi=tuple(document["quasi"]),
        hierarchies=(path.parent / document["hierarchies"]).resolve(),
        asked=Asked(
            models=tuple(models),
            suppression_rate_max=float(document.get("suppression_rate_max", 0.0)),
            loss=document.get("loss", "loss_gm"),
            weights=document.get("weights", {}),
            levels=levels,
            within=document.get("within", {}),
            priorities=tuple(document.get("priorities", ())),
            checks_max=document.get("checks_max"),
        ),
        sensitive=tuple(dict.fromkeys(model.column for model in models if model.column)),
        person=document.get("person"),
        population=beside(path, tables.pop()) if tables else None,
        orders={
            column: tuple(str(value) for value in values)
            for column, values in document.get("orders", {}).items()
        },
        transformation=document.get("transformation", "full_domain"),
        grouped=_grouped(document.get("microaggregation")),
        numeric=tuple(document["numeric"]) if "numeric" in document else None,
        ends={column: _ends(given) for column, given in document.get("ends", {}).items()},
        target=document.get("target"),
    )


def _grouped(given: Mapping[str, Any] | None) -> Grouped | None:
    return None if given is None else Grouped(**{**given, "columns": tuple(given["columns"])})


def _ends(given: Mapping[str, Any]) -> Ends:
    order = tuple(str(value) for value in given["order"]) if "order" in given else None
    return Ends(**{**given, "order": order})


def _model(entry: Mapping[str, Mapping[str, Any]]) -> ModelAsked:
    name, params = next(iter(entry.items()))
    return ModelAsked(name, params)


def _faults(document: Mapping[str, Any], models: Sequence[ModelAsked]) -> Iterator[Fault]:
    """Tell what the fields have against one another."""
    quasi = document["quasi"]
    if len(set(quasi)) != len(quasi):
        yield ("quasi",), Text(en="a column is named twice", zh="有列重复")
    person = document.get("person")
    if person is not None and person in {*quasi, *(model.column for model in models)}:
        yield (
            ("person",),
            Text(en="cannot be a quasi-identifier or sensitive as well", zh="不能同时是准标识符或敏感字段"),
        )
    spoken: set[tuple[str, str | None]] = set()
    for number, model in enumerate(models):
        if model.column in quasi:
            yield (
                ("models", number),
                Text(en="a sensitive column cannot be a quasi-identifier", zh="敏感字段不能是准标识符"),
            )
        if (model.name, model.column) in spoken:
            yield ("models", number), Text(en="this model stands twice", zh="此模型重复")
        spoken.add((model.name, model.column))
        if model.name == "delta_presence" and model.params["min"] > model.params["max"]:  # type: ignore[operator]
            yield ("models", number), Text(en="min is above max", zh="min 大于 max")
    if len({name for model in models if isinstance(name := model.params.get("population"), str)}) > 1:
        yield ("models",), Text(en="got two population tables, expected one", zh="有两个总体表，应只有一个")
    for name in ("weights", "levels", "within"):
        for column in document.get(name, {}):
            if column not in quasi:
                yield (name, column), _no_quasi()
    for number, column in enumerate(document.get("priorities", ())):
        if column not in quasi:
            yield ("priorities", number), _no_quasi()
    for column, given in document.get("levels", {}).items():
        if given.get("least", 0) > given.get("most", given.get("least", 0)):
            yield ("levels", column), Text(en="least is above most", zh="least 大于 most")
    yield from _transformation_faults(document, models)
    if document.get("weights") and document.get("loss") == "discern":
        yield (
            ("weights",),
            Text(
                en="discern counts rows, not columns: it has no weights",
                zh="discern 按行计，不分列，没有权重",
            ),
        )


def _transformation_faults(document: Mapping[str, Any], models: Sequence[ModelAsked]) -> Iterator[Fault]:
    """Tell which fields the transformation has no use for: what is asked must not be passed over."""
    chosen = document.get("transformation", "full_domain")
    useless = {
        "local_recoding": ("loss", "priorities", "checks_max"),
        "cell_suppression": ("loss", "priorities", "checks_max", "within"),
        "mondrian": ("loss", "priorities", "checks_max", "within", "levels", "suppression_rate_max"),
        "microaggregation": ("loss", "priorities", "checks_max", "within", "weights"),
    }
    for name in useless.get(chosen, ()):
        if document.get(name):
            yield (name,), Text(en=f"has no use with {chosen}; leave it out", zh=f"与 {chosen} 无关；请删去")
    for name, owner in (("microaggregation", "microaggregation"), ("numeric", "mondrian")):
        if name in document and chosen != owner:
            yield (name,), Text(en=f"needs transformation: {owner}", zh=f"需要 transformation: {owner}")
    if chosen == "microaggregation" and "microaggregation" not in document:
        yield ("microaggregation",), Text(en="is missing; name its columns", zh="缺少；请写明其字段")
    named = [*document.get("microaggregation", {}).get("columns", []), *document.get("numeric", [])]
    for column in named:
        if column not in document["quasi"]:
            yield (("microaggregation" if "microaggregation" in document else "numeric"),), _no_quasi()
    if chosen != "full_domain" and any(
        "population" in m.params and isinstance(m.params["population"], str) for m in models
    ):
        yield (
            ("models",),
            Text(
                en=f"a table of the population is generalized with the levels of a column; {chosen} has none",
                zh=f"总体表需按列的统一级别泛化；{chosen} 没有统一级别",
            ),
        )


def _no_quasi() -> Text:
    return Text(en="is no quasi-identifier", zh="不是准标识符")


def _told(path: Path, file: YamlFile, faults: Sequence[Fault]) -> Text:
    return joined([at_field(path, file, field, what) for field, what in faults])
