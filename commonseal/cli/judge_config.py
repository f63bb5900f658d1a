"""What `commonseal judge` is asked: its options, over its file; docs/judge.md documents both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from commonseal.anonymize.hierarchy import read_rows
from commonseal.errors import BadInput
from commonseal.judge import Terms, make_model
from commonseal.judge.identifiability import TAU, Gbt42460, context_probability
from commonseal.judge.models import Model
from commonseal.judge.wp216 import Limits
from commonseal.model import Text
from commonseal.release.document import beside, joined, read_checked

SEED = 1
_PATHS = ("table", "population_table", "reference")


@dataclass(frozen=True, slots=True)
class Asked:
    """A table and what to judge it by. `direct` None: classify looks; `keys` None: the person column."""

    table: str
    quasi: tuple[str, ...]
    sensitive: tuple[str, ...] = ()
    direct: tuple[str, ...] | None = None
    keys: tuple[str, ...] | None = None
    person: str | None = None
    population: int | None = None
    population_table: str | None = None
    reference: str | None = None
    terms: Terms = field(default_factory=Terms)
    models: tuple[Model, ...] = ()

    @property
    def columns(self) -> list[str]:
        """Return the columns that are counted, each once."""
        named = (getattr(model, "column", None) for model in self.models)
        every = [*self.quasi, *self.sensitive, *filter(None, named), *filter(None, [self.person])]
        return list(dict.fromkeys(every))


def load_config(path: Path) -> dict[str, Any]:
    """Read and check a configuration; paths in it start at its own folder. Raises: BadInput, all faults."""
    document, _ = read_checked(path, "commonseal.judge")
    for name in _PATHS:
        if name in document:
            document[name] = beside(path, document[name])
    document["models"] = [_with_hierarchy(path, model) for model in document.get("models", [])]
    return document


def ask(document: Mapping[str, Any], where: Path | None = None) -> Asked:
    """Return what is asked by a checked document (options already laid over the fields of the file `where`).

    Raises: BadInput, all faults that the fields have among themselves.
    """
    models, faults = _models(document)
    faults += _faults(document, models)
    context = document.get("context", 1.0)
    if isinstance(context, Mapping):
        context = context_probability(**context)
    if faults:
        raise BadInput(joined(faults if where is None else [_at(str(where), fault) for fault in faults]))
    known = {each.name for each in fields(Asked)} - {"terms", "models"}
    plain = {name: _tuple(value) for name, value in document.items() if name in known}
    terms = Terms(
        sharing=document.get("sharing", "public"),
        context=float(context),
        risk_threshold=document.get("risk_threshold"),
        gbt42460=_gbt42460(document.get("gbt42460", {})),
        wp216=Limits(**document.get("wp216", {})),
        copula_seed=int(document.get("seed", SEED)) if document.get("copula") else None,
    )
    return Asked(**plain, terms=terms, models=models)


def _models(document: Mapping[str, Any]) -> tuple[tuple[Model, ...], list[Text]]:
    models, faults = [], []
    for number, entry in enumerate(document.get("models", [])):
        ((name, given),) = entry.items()
        parameters = {key: _tuple(value) for key, value in given.items()}
        population = document.get("population")
        if name in ("k_map", "population_uniqueness") and population is not None:
            parameters.setdefault("population", population)
        if name == "population_uniqueness" and "population" not in parameters:
            what = Text(en="expected a population; give it", zh="需要给出总体人数")
            faults.append(_at(f"models[{number}].{name}", what))
            continue
        try:
            models.append(make_model(name, parameters))
        except BadInput as fault:
            faults.append(_at(f"models[{number}]", fault.message))
    return tuple(models), faults


def _faults(document: Mapping[str, Any], models: Sequence[Model]) -> list[Text]:
    faults = []
    if "table" not in document:
        faults.append(
            _at("table", Text(en="is missing; name a file or an address", zh="缺少；请写明文件或地址"))
        )
    if "quasi" not in document:
        faults.append(
            _at("quasi", Text(en="is missing; name the quasi-identifiers", zh="缺少；请写明准标识符"))
        )
    quasi = list(document.get("quasi", []))
    if len(set(quasi)) != len(quasi):
        faults.append(_at("quasi", Text(en="a column is named twice", zh="有列重复")))
    spoken = {*document.get("sensitive", []), *(getattr(model, "column", None) for model in models)}
    both = sorted(spoken & set(quasi))
    if both:
        what = Text(
            en=f"{', '.join(both)}: a quasi-identifier cannot be sensitive; name it in one place",
            zh=f"{'、'.join(both)}：准标识符不能同时是敏感字段；请只在一处写明",
        )
        faults.append(_at("sensitive", what))
    person = document.get("person")
    if person is not None and person in {*quasi, *spoken}:
        what = Text(
            en=f"{person}: the person column cannot be a quasi-identifier or sensitive",
            zh=f"{person}：个人列不能是准标识符或敏感字段",
        )
        faults.append(_at("person", what))
    return faults


def _gbt42460(given: Mapping[str, Any]) -> Gbt42460:
    return Gbt42460(**{**given, "tau": {**TAU, **given.get("tau", {})}})


def _with_hierarchy(path: Path, model: Mapping[str, Any]) -> dict[str, Any]:
    ((name, given),) = model.items()
    if "hierarchy" not in given:
        return {name: given}
    rows, _ = read_rows(Path(beside(path, given["hierarchy"])))
    return {name: {**given, "hierarchy": tuple(map(tuple, rows))}}


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _at(where: str, what: Text) -> Text:
    return Text(en=f"{where}: {what.en}", zh=f"{where}：{what.zh}")
