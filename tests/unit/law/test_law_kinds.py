"""Deadlines, retentions, competences, sanctions, definitions: what they say, and what they must not say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from commonseal.errors import BadInput
from commonseal.law import FACTS, Book, Rule, decide
from commonseal.law.build import build_rule
from commonseal.law.schema import check_shape
from commonseal.law.yaml_file import YamlFile
from commonseal.model import Decision, Outcome

DAY = date(2026, 3, 2)
WORDS = {"zh": "事", "en": "it"}


def numbers(**values: tuple[str, float]) -> dict[str, Any]:
    return {
        name: {
            "unit": unit,
            "values": [{"from": "2025-01-01", "value": value, "reference": [{"title": "Law"}]}],
        }
        for name, (unit, value) in values.items()
    }


def cases_of(given: dict[str, Any]) -> list[dict[str, Any]]:
    expect = {"applies": False, "outcome": "allowed"}
    return [{"name": n, "as_of": "2025-06-01", "given": given, "expect": expect} for n in "ab"]


DEADLINE: dict[str, Any] = {
    "kind": "deadline",
    "subject": "share_request",
    "when": "share_request.answered_at == null",
    "parameters": numbers(days=("working_day", 10), more=("working_day", 5)),
    "then": {
        "outcome": "conditional",
        "message": WORDS,
        "deadline": {
            "what": WORDS, "by": "provider", "from": "received_at", "within": "days",
            "extension": "more", "extended": "extension_granted", "paused": "paused_days",
        },
    },
    "tests": cases_of({}),
}  # fmt: skip
RETENTION: dict[str, Any] = {
    "kind": "retention",
    "subject": "dataset",
    "when": "dataset.personal",
    "parameters": numbers(keep=("year", 3)),
    "then": {
        "outcome": "forbidden",
        "message": WORDS,
        "retention": {"measure": "record_days", "at_least": "keep", "what": WORDS},
    },
    "tests": cases_of({}),
}
COMPETENCE: dict[str, Any] = {
    "kind": "competence",
    "subject": "incident",
    "when": "incident.personal",
    "then": {
        "outcome": "allowed",
        "message": WORDS,
        "authority": {"who": "cyberspace_administration", "tier": "provincial", "for": WORDS},
    },
    "tests": cases_of({}),
}
SANCTION: dict[str, Any] = {
    "kind": "sanction",
    "subject": "inspection",
    "when": 'inspection.gravity == "serious"',
    "parameters": numbers(most=("CNY", 50_000_000), share=("share of turnover", 0.05)),
    "then": {
        "outcome": "allowed",
        "message": WORDS,
        "sanction": {
            "on": "unit", "currency": "CNY", "fine_max": "most", "turnover_rate": "share", "choose": "either",
            "measures": ["confiscate", "suspend"],
        },
    },
    "tests": cases_of({}),
}  # fmt: skip
GAINS: dict[str, Any] = {
    **SANCTION,
    "parameters": numbers(low=("times", 1), high=("times", 10)),
    "then": {
        **SANCTION["then"],
        "sanction": {"on": "unit", "currency": "CNY", "times_gain_min": "low", "times_gain_max": "high"},
    },
}
DEFINITION: dict[str, Any] = {
    "kind": "definition",
    "subject": "incident",
    "when": "incident.personal",
    "then": {"outcome": "allowed", "message": WORDS, "defines": {"zh": "事件", "en": "incident"}},
    "tests": cases_of({}),
}


@pytest.fixture
def judge(rule_file: Callable[..., YamlFile]) -> Callable[..., Decision]:
    """Decide with made-up rules alone; the facts are of the first rule's subject."""

    def decided(*changes: dict[str, Any], pack: str = "town", law: str = "cn", **facts: Any) -> Decision:
        rules: list[Rule] = []
        for number, change in enumerate(changes):
            file = rule_file({"id": f"{pack}.rule-{number}", **change})
            assert check_shape(file), file.faults
            rule = build_rule(file, pack, f"{pack}/r{number}.yaml")
            assert rule is not None, file.faults
            rules.append(rule)
        subject = rules[0].subject
        book = Book((pack,), tuple(rules), "", dict.fromkeys(FACTS, ()) | {subject: tuple(rules)})
        return decide(book, subject, facts, as_of=DAY, adopted=frozenset(), jurisdiction=law)  # type: ignore[arg-type]

    return decided


def test_a_deadline_is_an_obligation_with_its_last_day(judge: Callable[..., Decision]) -> None:
    decision = judge(DEADLINE, received_at="2026-02-14T10:00:00+08:00", answered_at=None)
    (owed,) = decision.obligations
    assert (owed.by, owed.due_at, owed.provisional, owed.rule) == (
        "provider",
        date(2026, 3, 6),
        False,
        "town.rule-0",
    )
    assert decision.outcome == Outcome.CONDITIONAL


@pytest.mark.parametrize(
    ("facts", "due_at"),
    [
        ({"extension_granted": True}, date(2026, 3, 13)),
        ({"extension_granted": False}, date(2026, 3, 6)),
        ({"paused_days": 2}, date(2026, 3, 10)),
        ({"paused_days": 2, "extension_granted": True}, date(2026, 3, 17)),
    ],
)
def test_time_may_be_extended_and_stand_still(
    judge: Callable[..., Decision], facts: dict[str, Any], due_at: date
) -> None:
    decision = judge(DEADLINE, received_at="2026-02-14", answered_at=None, **facts)
    assert decision.obligations[0].due_at == due_at


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (
            {"received_at": None, "answered_at": None},
            "its clock has not started: no share_request.received_at",
        ),
        ({"answered_at": None}, "its clock has not started: no share_request.received_at"),
        ({"received_at": "2026-02-14"}, "cannot be told; not given: share_request.answered_at"),
        ({"received_at": "2026-02-14", "answered_at": "2026-02-25"}, "its condition does not hold"),
    ],
)
def test_a_deadline_that_does_not_run_is_no_obligation(
    judge: Callable[..., Decision], facts: dict[str, Any], why: str
) -> None:
    decision = judge(DEADLINE, **facts)
    assert decision.outcome == Outcome.ALLOWED
    assert decision.obligations == ()
    assert decision.considered[0].why == why


def test_of_two_deadlines_on_one_matter_the_higher_stands_and_obligations_stand_soonest_first(
    judge: Callable[..., Decision],
) -> None:
    city = {
        **DEADLINE,
        "rank": "normative_document",
        "matter": "answer",
        "parameters": numbers(days=("day", 1), more=("day", 1)),
    }
    facts = {"received_at": "2026-02-14", "answered_at": None}
    decision = judge({**DEADLINE, "matter": "answer"}, city, **facts)
    assert [owed.rule for owed in decision.obligations] == ["town.rule-0"]
    assert decision.considered[1].why == "yields to town.rule-0: of higher rank"
    both = judge(DEADLINE, {**city, "matter": "other"}, **facts)
    assert [owed.due_at for owed in both.obligations] == [date(2026, 2, 24), date(2026, 3, 6)]


def test_hours_are_moments_and_union_law_counts_by_its_own_calendar(judge: Callable[..., Decision]) -> None:
    hours: dict[str, Any] = {
        **DEADLINE,
        "subject": "incident",
        "when": "incident.personal",
        "parameters": numbers(hours=("hour", 72)),
        "then": {
            **DEADLINE["then"],
            "deadline": {"what": WORDS, "by": "controller", "from": "discovered_at", "within": "hours"},
        },
    }
    facts = {"personal": True, "discovered_at": "2026-03-27T22:15:00+01:00", "member_state": "DE"}
    decision = judge(hours, pack="eu", law="eu", **facts)
    assert decision.obligations[0].due_at == datetime.fromisoformat("2026-03-30T23:15:00+02:00")
    month = {**hours, "parameters": numbers(hours=("month", 1))}
    assert judge(month, pack="eu", law="eu", **facts).obligations[0].due_at == date(2026, 4, 27)
    assert judge(month, pack="eu", law="eu", **{**facts, "member_state": None}).obligations[0].provisional


def test_a_rule_of_another_jurisdiction_is_not_considered(judge: Callable[..., Decision]) -> None:
    facts = {"personal": True}
    assert judge(COMPETENCE, pack="eu", law="cn", **facts).considered == ()
    assert judge(COMPETENCE, pack="town", law="eu", **facts).considered == ()
    assert len(judge(COMPETENCE, pack="eu", law="eu", **facts).authorities) == 1
    with pytest.raises(BadInput, match="jurisdiction: got 'us', expected one of cn, city, eu"):
        judge(COMPETENCE, law="us", **facts)


def test_the_city_as_a_jurisdiction_adopts_its_packs(judge: Callable[..., Decision]) -> None:
    model = {**COMPETENCE, "status": "model", "rank": "model", "stands": "adds"}
    assert judge(model, pack="city", law="city", personal=True).authorities
    assert judge(model, pack="city", law="cn", personal=True).authorities == ()


@pytest.mark.parametrize(
    ("days", "outcome"),
    [(1095, Outcome.FORBIDDEN), (1096, Outcome.ALLOWED), (None, Outcome.UNDETERMINED)],
)
def test_three_years_are_kept_whatever_leap_day_lies_in_them(
    judge: Callable[..., Decision], days: int | None, outcome: Outcome
) -> None:
    decision = judge(RETENTION, personal=True, record_days=days)
    assert decision.outcome == outcome
    if days == 1095:
        assert decision.considered[0].why == "broken: record_days 1095, limit >= 1096"
    assert judge(RETENTION, personal=False).outcome == Outcome.ALLOWED
    assert judge(RETENTION).outcome == Outcome.UNDETERMINED


def test_at_most_six_months_are_the_shortest(judge: Callable[..., Decision]) -> None:
    then = {**RETENTION["then"], "retention": {"measure": "record_days", "at_most": "keep", "what": WORDS}}
    short = {**RETENTION, "then": then, "parameters": numbers(keep=("month", 6))}
    assert judge(short, personal=True, record_days=181).outcome == Outcome.ALLOWED
    assert judge(short, personal=True, record_days=182).outcome == Outcome.FORBIDDEN


def test_a_competence_names_who_and_where(judge: Callable[..., Decision]) -> None:
    (named,) = judge(COMPETENCE, personal=True).authorities
    assert (named.who, named.tier, named.purpose.en) == ("cyberspace_administration", "provincial", "it")
    assert judge(COMPETENCE).outcome == Outcome.ALLOWED


@pytest.mark.parametrize(
    ("turnover", "most", "open_ended"),
    [(2_000_000_000, 100_000_000, False), (100_000_000, 50_000_000, False), (None, 50_000_000, True)],
)
def test_a_fine_of_a_serious_breach_with_and_without_turnover(
    judge: Callable[..., Decision], turnover: float | None, most: float, open_ended: bool
) -> None:
    (costs,) = judge(SANCTION, gravity="serious", annual_turnover=turnover).sanctions
    assert (costs.fine_min, costs.fine_max, costs.open_ended) == (None, most, open_ended)
    assert (costs.on, costs.currency, costs.measures) == ("unit", "CNY", ("confiscate", "suspend"))
    assert judge(SANCTION, gravity="minor").sanctions == ()


def test_a_fine_of_times_the_gain(judge: Callable[..., Decision]) -> None:
    (costs,) = judge(GAINS, gravity="serious", gains=200_000).sanctions
    assert (costs.fine_min, costs.fine_max, costs.open_ended) == (200_000, 2_000_000, False)
    (costs,) = judge(GAINS, gravity="serious", gains=None).sanctions
    assert (costs.fine_min, costs.fine_max, costs.open_ended) == (None, None, True)


def test_a_definition_says_what_a_word_means(judge: Callable[..., Decision]) -> None:
    decision = judge(DEFINITION, personal=True)
    assert [found.outcome for found in decision.findings] == [Outcome.ALLOWED]


@pytest.mark.parametrize(
    "change", [DEADLINE, COMPETENCE, SANCTION], ids=["deadline", "competence", "sanction"]
)
def test_what_needs_review_only_warns(judge: Callable[..., Decision], change: dict[str, Any]) -> None:
    facts: dict[str, Any] = {
        "share_request": {"received_at": "2026-02-14", "answered_at": None},
        "incident": {"personal": True},
        "inspection": {"gravity": "serious"},
    }[change["subject"]]
    decision = judge({**change, "status": "needs_review"}, **facts)
    assert decision.outcome == Outcome.ALLOWED
    assert [found.outcome for found in decision.findings] == [Outcome.CONDITIONAL]
    assert (decision.obligations, decision.authorities, decision.sanctions) == ((), (), ())


@pytest.mark.parametrize(("days", "warnings"), [(1095, 1), (1096, 0), (None, 0)])
def test_a_limit_that_needs_review_warns_only_where_it_is_broken(
    judge: Callable[..., Decision], days: int | None, warnings: int
) -> None:
    decision = judge({**RETENTION, "status": "needs_review"}, personal=True, record_days=days)
    assert decision.outcome == Outcome.ALLOWED
    assert [found.outcome for found in decision.findings] == [Outcome.CONDITIONAL] * warnings


def test_a_threshold_may_limit_any_subject_and_only_make_conditions(judge: Callable[..., Decision]) -> None:
    change: dict[str, Any] = {
        "kind": "threshold",
        "subject": "device_application",
        "when": "device_application.households > 0",
        "parameters": numbers(most=("devices per 1,000 households", 150)),
        "then": {
            "outcome": "conditional",
            "message": WORDS,
            "measure": "devices_per_1000_households",
            "at_most": "most",
        },
        "tests": cases_of({}),
    }
    assert judge(change, devices=150, households=1000).outcome == Outcome.ALLOWED
    decision = judge(change, devices=300, households=1000)
    assert decision.outcome == Outcome.CONDITIONAL
    assert decision.considered[0].why == "broken: devices_per_1000_households 300, limit <= 150"


def changed(base: dict[str, Any], **block: Any) -> dict[str, Any]:
    """Return a rule with changes to its block."""
    name = {"competence": "authority"}.get(base["kind"], base["kind"])
    then = {**base["then"], name: {**base["then"][name], **block}}
    return {**base, "then": {**then, name: {k: v for k, v in then[name].items() if v is not ...}}}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({**DEADLINE, "then": {"outcome": "conditional", "message": WORDS}}, "a deadline needs it"),
        ({**COMPETENCE, "kind": "duty"}, "only a competence has it"),
        ({**DEADLINE, "then": {**DEADLINE["then"], "outcome": "forbidden"}}, "a deadline forbids nothing"),
        ({**SANCTION, "then": {**SANCTION["then"], "outcome": "forbidden"}}, "a sanction forbids nothing"),
        (changed(DEADLINE, **{"from": "paused_days"}), "expected a fact of share_request of type date | moment"),
        (changed(DEADLINE, within="weeks"), "expected the name of a parameter"),
        ({**DEADLINE, "parameters": numbers(days=("fortnight", 1), more=("fortnight", 1))}, "got unit 'fortnight'"),
        ({**DEADLINE, "parameters": numbers(days=("working_day", 1.5), more=("working_day", 1))}, "a whole number"),
        ({**DEADLINE, "parameters": numbers(days=("working_day", 10_001), more=("working_day", 1))}, "0 to 10000"),
        ({**DEADLINE, "parameters": numbers(days=("working_day", -1), more=("working_day", 1))}, "0 to 10000"),
        ({**DEADLINE, "parameters": numbers(days=("working_day", 1), more=("day", 1))}, "got unit 'day'"),
        (changed(DEADLINE, extended=...), "extension and extended come together"),
        (changed(DEADLINE, extended="paused_days"), "of type flag"),
        (changed(DEADLINE, paused="received_at"), "of type count"),
        (changed(DEADLINE, direction="sideways"), "expected one of after, before"),
        (changed(DEADLINE, by="The Provider"), "the name of a fact or parameter"),
        (changed(RETENTION, measure="personal"), "of type count"),
        (changed(RETENTION, at_most="keep"), "one of the two"),
        (changed(RETENTION, at_least=...), "one of the two"),
        ({**RETENTION, "parameters": numbers(keep=("hour", 3))}, "got unit 'hour'"),
        ({**RETENTION, "parameters": numbers(keep=("year", 101))}, "at most 100"),
        ({**RETENTION, "parameters": numbers(keep=("year", 0.5))}, "a whole number of years"),
        (changed(COMPETENCE, who="mayor"), "expected one of cyberspace_administration"),
        (changed(COMPETENCE, tier="village"), "expected one of township"),
        (changed(SANCTION, fine_max="nothing"), "expected the name of a parameter"),
        (changed(SANCTION, turnover="persons"), "of type amount"),
        (changed(SANCTION, times_of="persons"), "of type amount"),
        (changed(SANCTION, measures=["flog"]), "expected one of correct"),
        (changed(SANCTION, currency="XAU"), "expected one of CNY, EUR"),
        ({**DEFINITION, "then": {**DEFINITION["then"], "defines": {"en": "x"}}}, "missing: zh"),
        ({"subject": "moon"}, "expected one of agreement"),
    ],
)  # fmt: skip
def test_what_a_rule_of_each_kind_must_not_say(
    rule_file: Callable[..., YamlFile], change: dict[str, Any], said: str
) -> None:
    file = rule_file(change)
    assert build_rule(file, "town", "town/r.yaml") is None if check_shape(file) else True
    faults = [fault.at("town/r.yaml") for fault in file.faults]
    assert any(said in fault.en for fault in faults), faults
