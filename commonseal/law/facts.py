"""The facts that rules may read, typed: nothing else exists inside a condition.

A fact that is not given is *missing*: a rule that needs it is undetermined. A fact given as null is
known to be absent, and only a `nullable` one may be. Dates reach a condition as ISO text, which
compares in the order of the calendar (CEL takes no Python date).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from commonseal.errors import BadInput
from commonseal.model import Fact, Text

Scalar = str | int | float | bool | None
Value = Scalar | list[str]


class Kind(StrEnum):
    """What a fact may hold."""

    TEXT = "text"
    CHOICE = "choice"  # a text out of `choices`
    FLAG = "flag"  # true or false
    LEVEL = "level"  # 1 to 4, `model.Level`
    COUNT = "count"  # a whole number, >= 0
    RATE = "rate"  # a number in [0, 1]
    DATE = "date"  # a day, without a time
    LIST = "list"  # texts


@dataclass(frozen=True, slots=True)
class FactType:
    """One declared fact. `weight`: how much reading it makes a rule more special than its like."""

    name: str
    kind: Kind
    title: Text
    choices: tuple[str, ...] = ()
    nullable: bool = False
    weight: int = 0


SHARING_MODES = ("public", "controlled", "enclave")
USES = ("plain", "quasi", "sensitive", "person")
ROLES = ("direct", "quasi", "sensitive", "text", "none", "unknown")
RECIPIENTS = ("department", "authorised_body", "enterprise", "research", "public")
EXPORT_BASES = ("security_assessment", "certification", "standard_contract", "other")


def _fact(
    name: str,
    kind: Kind,
    en: str,
    zh: str,
    *,
    choices: tuple[str, ...] = (),
    nullable: bool = False,
    weight: int = 0,
) -> tuple[str, FactType]:
    return name, FactType(name, kind, Text(en=en, zh=zh), choices, nullable, weight)


_T, _C, _F, _D = Kind.TEXT, Kind.CHOICE, Kind.FLAG, Kind.DATE
_N, _R, _L = Kind.COUNT, Kind.RATE, Kind.LIST

AGREEMENT = dict(
    (
        _fact("id", _T, "the agreement's number", "协议编号"),
        _fact("provider", _T, "who provides", "数据提供部门"),
        _fact("recipient", _T, "who receives", "数据需求方"),
        _fact("recipient_kind", _C, "what the recipient is", "接收方类别", choices=RECIPIENTS),
        _fact("purpose", _T, "what the data are for; empty: not stated", "使用目的；空表示未写明"),
        _fact("legal_basis", _T, "pipl13_1 to pipl13_7; null: none", "合法性基础", nullable=True),
        _fact("basis_reference", _T, "the statute that gives the duty", "法定依据条文", nullable=True),
        _fact("valid_from", _D, "first day in force", "生效日", nullable=True),
        _fact("valid_to", _D, "last day in force", "截止日（含）", nullable=True),
        _fact("today", _D, "the day decided on; filled from as_of", "判定日；由 as_of 填入"),
        _fact("sharing_mode", _C, "how the copy is shared", "共享方式", choices=SHARING_MODES),
        _fact("separate_consent", _F, "each person consented separately", "是否取得单独同意"),
        _fact("guardian_consent", _F, "guardians consented (under 14)", "是否取得监护人同意"),
        _fact("minor_rules", _T, "reference of the dedicated rules", "未成年人专门规则编号", nullable=True),
        _fact("impact_assessment", _T, "reference of the assessment", "影响评估编号", nullable=True),
        _fact("overseas", _F, "anybody abroad receives or reads it", "是否向境外提供"),
        _fact("export_basis", _C, "the way of PIPL 38", "出境路径", choices=EXPORT_BASES, nullable=True),
        _fact("columns_agreed", _L, "the columns it names", "约定的字段"),
        _fact("has_sensitive", _F, "it names sensitive information", "是否含敏感个人信息"),
        _fact("has_minors", _F, "it holds people under 14", "是否含不满十四周岁未成年人"),
        _fact("persons_repeat", _F, "a direct identifier stands on several rows", "直接标识符是否多行重复"),
        _fact("person_named", _F, "it names the person column", "是否指明人员字段"),
        _fact("adopted_packs", _L, "the packs it adopts", "采用的规则包"),
    )
)

COLUMN = dict(
    (
        _fact("name", _T, "the column's name", "字段名", weight=16),
        _fact("category", _T, "the category's id", "类别", weight=4),
        _fact("level", Kind.LEVEL, "sensitivity, 1 to 4", "敏感级别，1 至 4", weight=1),
        _fact("role", _C, "what it does to anonymity", "标识作用", choices=ROLES, weight=2),
        _fact("use", _C, "what the agreement uses it as", "协议中的用途", choices=USES),
        _fact("sharing_mode", _C, "of the agreement", "共享方式", choices=SHARING_MODES, weight=8),
        _fact("agreed", _F, "the agreement names it", "协议是否列明"),
        _fact("found_level", Kind.LEVEL, "the level that its values show", "数值所显示的级别"),
        _fact("confidence", _R, "how sure the category is", "类别置信度"),
        _fact("minors", _F, "it speaks of people under 14", "是否涉及不满十四周岁未成年人"),
        _fact("declared", _F, "the steward declared the category", "类别是否由管理员声明"),
    )
)

RELEASE = dict(
    (
        _fact("sharing_mode", _C, "how the copy is shared", "共享方式", choices=SHARING_MODES),
        _fact("rows", _N, "rows", "行数"),
        _fact("persons", _N, "persons", "人数"),
        _fact("k", _N, "the k that was asked for", "要求的 k 值", nullable=True),
        _fact("smallest_class", _N, "persons in the smallest class", "最小等价类人数"),
        _fact("highest_risk", _R, "1 / smallest class", "最高重标识风险"),
        _fact("average_risk", _R, "classes / persons", "平均重标识风险"),
        _fact("suppression_rate", _R, "share of rows suppressed", "抑制率"),
        _fact(
            "homogeneous_classes", _N, "classes of one sensitive value", "敏感值单一的等价类数", nullable=True
        ),
        _fact("has_sensitive", _F, "a column is used as sensitive", "是否有按敏感属性使用的字段"),
        _fact("linked", _F, "one person's rows stay linked", "同一人的记录是否保持可关联"),
        _fact(
            "pseudonym_period", _C, "how long a pseudonym lives", "假名周期", choices=("none", "week", "day")
        ),
        _fact("trace_unicity", _R, "persons named by four points", "四点可唯一识别率", nullable=True),
        _fact("smallest_l", _N, "the smallest l of any class", "最小 l 值", nullable=True),
        _fact("highest_t", _R, "the largest t of any class", "最大 t 值", nullable=True),
    )
)

FACTS: Mapping[str, Mapping[str, FactType]] = MappingProxyType(
    {
        "agreement": MappingProxyType(AGREEMENT),
        "column": MappingProxyType(COLUMN),
        "release": MappingProxyType(RELEASE),
    }
)


def typed_facts(subject: str, facts: Mapping[str, Fact], *, as_of: date) -> dict[str, Value]:
    """Return the facts as a condition sees them, checked against their types.

    A null where the type allows none counts as missing. Every fault is collected.

    Raises: BadInput: unknown subject, unknown fact, or a value of another type.
    """
    if subject not in FACTS:
        raise BadInput(
            Text(
                en=f"subject: got {subject!r}, expected one of {', '.join(FACTS)}",
                zh=f"subject：得到 {subject!r}，应为 {'、'.join(FACTS)} 之一",
            )
        )
    values: dict[str, Value] = {}
    faults: list[Text] = []
    for name, given in facts.items():
        declared = FACTS[subject].get(name)
        fact = _blank_is_nothing(declared, given)
        if declared is None:
            faults.append(_unknown(subject, name))
        elif fact is not None:
            value = _typed(declared, fact)
            if value is None:
                faults.append(_mistyped(subject, declared, fact))
            values[name] = value
        elif declared.nullable:
            values[name] = None
    if "today" in FACTS[subject] and values.setdefault("today", as_of.isoformat()) != as_of.isoformat():
        faults.append(
            Text(
                en=f"{subject}.today: differs from as_of {as_of}; leave it out, as_of fills it",
                zh=f"{subject}.today：与 as_of {as_of} 不一致；不必给出，由 as_of 填入",
            )
        )
    if faults:
        raise BadInput(
            Text(en="\n".join(fault.en for fault in faults), zh="\n".join(fault.zh for fault in faults))
        )
    return values


def _blank_is_nothing(declared: FactType | None, fact: Fact) -> Fact:
    """Read a text of blanks as no text: a reference that is empty refers to nothing."""
    if declared is None or declared.kind != Kind.TEXT or not isinstance(fact, str) or fact.strip():
        return fact
    return None if declared.nullable else ""


def _typed(declared: FactType, fact: Fact) -> Value:
    """Return the value in CEL's terms, or None where it is not of the declared kind."""
    flag = isinstance(fact, bool)
    match declared.kind:
        case Kind.TEXT:
            return str(fact) if isinstance(fact, str) else None
        case Kind.CHOICE:
            return str(fact) if isinstance(fact, str) and fact in declared.choices else None
        case Kind.FLAG:
            return fact if isinstance(fact, bool) else None
        case Kind.LEVEL:
            return int(fact) if isinstance(fact, int) and not flag and 1 <= fact <= 4 else None
        case Kind.COUNT:
            return int(fact) if isinstance(fact, int) and not flag and fact >= 0 else None
        case Kind.RATE:
            return float(fact) if isinstance(fact, int | float) and not flag and 0 <= fact <= 1 else None
        case Kind.DATE:
            return _iso_day(fact)
        case Kind.LIST:
            texts = isinstance(fact, tuple | list) and all(isinstance(item, str) for item in fact)
            return [str(item) for item in fact] if texts and isinstance(fact, tuple | list) else None


def _iso_day(fact: Fact) -> str | None:
    if isinstance(fact, datetime):
        return None
    if isinstance(fact, date):
        return fact.isoformat()
    try:
        return fact if isinstance(fact, str) and date.fromisoformat(fact).isoformat() == fact else None
    except ValueError:
        return None


def _unknown(subject: str, name: str) -> Text:
    known = ", ".join(FACTS[subject])
    return Text(
        en=f"{subject}.{name}: no such fact; known: {known} (docs/facts.md)",
        zh=f"{subject}.{name}：没有这个事实；已有：{known}（见 docs/facts.md）",
    )


def _mistyped(subject: str, declared: FactType, fact: Fact) -> Text:
    """Name the type that came, not the value: a fact may hold what must not be printed."""
    wanted = " | ".join(declared.choices) if declared.choices else str(declared.kind)
    return Text(
        en=f"{subject}.{declared.name}: got a {type(fact).__name__} that is no {wanted}, expected {wanted}",
        zh=f"{subject}.{declared.name}：得到的 {type(fact).__name__} 不合要求，应为 {wanted}",
    )
