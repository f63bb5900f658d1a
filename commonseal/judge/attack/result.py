"""What an attack came to: the figures, and the documented JSON of them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from commonseal.judge.attack.confidence import METHOD, Rate
from commonseal.judge.attack.known import Outsiders
from commonseal.judge.attack.membership import Membership
from commonseal.judge.attack.sides import LinkedColumn

Method = Literal["exact", "probabilistic"]


@dataclass(frozen=True, slots=True)
class Learned:
    """What is learned of one sensitive column when `ruled_out` values can be ruled out (0: homogeneity).

    `precision`: right among the people whose value the attacker claims to know. `learned`: among all
    people attacked, those whose value is rightly known though they were not named.
    """

    sensitive: str
    ruled_out: int
    precision: Rate
    learned: Rate


@dataclass(frozen=True, slots=True)
class Attack:
    """The score of an attack. People are counted; docs/attack.md defines every figure."""

    method: Method
    counts: Literal["persons", "rows"]
    settled_by: str
    outsiders_are: Outsiders
    confidence: float
    claim_at: float
    seed: int
    columns: tuple[LinkedColumn, ...]
    people: int
    outsiders: int
    released_people: int
    blank_rows: int
    unsettled_claims: int
    precision: Rate  # right claims among all claims
    reidentified: Rate  # people named rightly, among those who could be
    of_released: Rate  # the same people among all people of the release
    homogeneity: tuple[Learned, ...]
    background: tuple[Learned, ...]
    membership: Membership | None

    @property
    def claims(self) -> int:
        """Identities that the attacker claims."""
        return self.precision.of

    @property
    def right_claims(self) -> int:
        """Claims that are right."""
        return self.precision.hits


def attack_json(attack: Attack) -> dict[str, Any]:
    """Return the documented JSON of an attack."""
    member = attack.membership
    return {
        "method": attack.method,
        "counts": attack.counts,
        "settled_by": attack.settled_by,
        "outsiders_are": attack.outsiders_are,
        "claim_at": attack.claim_at,
        "seed": attack.seed,
        "interval": {"method": METHOD, "confidence": attack.confidence},
        "columns": [asdict(column) for column in attack.columns],
        "people": attack.people,
        "outsiders": attack.outsiders,
        "released_people": attack.released_people,
        "blank_rows": attack.blank_rows,
        "claims": attack.claims,
        "right_claims": attack.right_claims,
        "unsettled_claims": attack.unsettled_claims,
        **_rate("precision", attack.precision),
        **_rate("reidentified_rate", attack.reidentified),
        **_rate("reidentified_rate_of_released", attack.of_released),
        "homogeneity": [_learned(each) for each in attack.homogeneity],
        "background": [{"ruled_out": each.ruled_out, **_learned(each)} for each in attack.background],
        "membership": None
        if member is None
        else {
            **_rate("true_positive_rate", member.true_positive),
            **_rate("false_positive_rate", member.false_positive),
            "advantage": member.advantage,
            "advantage_interval": list(member.interval),
            "advantage_interval_method": "newcombe",
        },
    }


def _rate(name: str, rate: Rate) -> dict[str, Any]:
    interval = None if rate.value is None else [rate.low, rate.high]
    return {name: rate.value, f"{name}_interval": interval}


def _learned(each: Learned) -> dict[str, Any]:
    return {
        "sensitive": each.sensitive,
        "claims": each.precision.of,
        "right_claims": each.precision.hits,
        **_rate("precision", each.precision),
        "people_learned": each.learned.hits,
        **_rate("learned_rate", each.learned),
    }
