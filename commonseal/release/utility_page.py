"""Write the utility page: one HTML file, complete in itself, in both languages, by which a person chooses k."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from commonseal.anonymize.utility.figures import Utility
from commonseal.anonymize.utility.frontier import Choice
from commonseal.model import Lang
from commonseal.release.drawing import Picture
from commonseal.release.report import page_templates, write_page
from commonseal.release.report_terms import share
from commonseal.release.report_view import Figure
from commonseal.release.report_words import Words
from commonseal.release.utility_facts import UtilityFacts
from commonseal.release.utility_pictures import (
    average,
    draw_frontier,
    draw_histogram,
    draw_levels,
    draw_target,
    highest,
)
from commonseal.release.utility_words import utility_words

_MEASURES = (
    ("kept", "granularity", "granularity"),
    ("kept", "precision", "precision"),
    ("kept", "rows", "rows"),
    ("lost", "loss_gm", "loss_gm"),
    ("lost", "loss_am", "loss_am"),
    ("lost", "entropy_lost", "entropy_lost"),
    ("lost", "kl", "kl_divergence"),
    ("lost", "ambiguity", "ambiguity"),
    ("classes", "classes", "classes"),
    ("classes", "average_class", "average_class_size"),
    ("classes", "discernibility", "discernibility"),
)
_SHARES = ("granularity", "precision", "loss_gm", "loss_am", "entropy_lost")


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One row of the table of choices; the cells after `k` are None where no levels pass."""

    k: int
    chosen: bool
    proved: bool
    cells: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One figure before and after, and what it says."""

    name: str
    before: str
    after: str
    says: str


@dataclass(frozen=True, slots=True)
class UtilityView:
    """Everything that the page shows, in one language."""

    words: Words
    table: str
    lead: str
    figures: tuple[Figure, ...]
    frontier: Picture | None
    choices: tuple[ChoiceRow, ...]
    changes: tuple[Picture, ...]
    target: Picture | None
    target_how: str | None
    groups: tuple[tuple[str, tuple[MeasureRow, ...]], ...]


def write_utility_page(path: Path, facts: UtilityFacts, lang: Lang) -> Path:
    """Write the page of an anonymization.

    Args: path: what stands there is replaced, whole or not at all. lang: the language shown first.
    Returns: `path`. Raises: BadInput: it cannot be written.
    """
    other: Lang = "en" if lang == "zh" else "zh"
    views = [utility_view(facts, utility_words(each)) for each in (lang, other)]
    page = page_templates().get_template("utility_page.html").render(views=views, lang=lang)
    write_page(path, page.encode(), option="--report")
    return path


def utility_view(facts: UtilityFacts, words: Words) -> UtilityView:
    """Return what the page shows in one language."""
    trial = facts.accuracy
    return UtilityView(
        words=words,
        table=facts.table,
        lead=words(
            "lead",
            left=f"{_left(facts.after):,}",
            all=f"{facts.after.rows:,}",
            kept=share(facts.after.granularity),
            before=share(highest(facts.sizes_before)),
            after=share(highest(facts.sizes_after)),
        ),
        figures=tuple(_figures(facts, words)),
        frontier=draw_frontier(facts, words) if facts.choices else None,
        choices=tuple(_choice_row(choice, facts.k, words) for choice in facts.choices),
        changes=(draw_histogram(facts, words), draw_levels(facts.columns, words)),
        target=None if trial is None else draw_target(trial, words),
        target_how=None
        if trial is None
        else words("target_how", folds=trial.folds, rows=f"{trial.rows:,}", seed=trial.seed),
        groups=tuple(_groups(facts, words)),
    )


def _figures(facts: UtilityFacts, words: Words) -> Iterator[Figure]:
    after, all_rows = facts.after, facts.after.rows
    lost = words(
        "fig_suppressed",
        rows=f"{after.suppressed_rows:,}",
        rate=share(after.suppressed_rows / all_rows if all_rows else 0.0),
    )
    yield Figure(share(after.granularity), words("fig_kept"), words("fig_kept_of"))
    yield Figure(f"{_left(after):,}", words("fig_left"), lost)
    before, now = highest(facts.sizes_before), highest(facts.sizes_after)
    yield Figure(share(now), words("fig_risk"), words("fig_was", value=share(before)))
    before, now = average(facts.sizes_before), average(facts.sizes_after)
    yield Figure(share(now), words("fig_average"), words("fig_was", value=share(before)))
    if (trial := facts.accuracy) is not None:
        guess = words("fig_guess", before=share(trial.before), baseline=share(trial.baseline))
        yield Figure(share(trial.after), words("fig_target", target=trial.target), guess)


def _choice_row(choice: Choice, k: int | None, words: Words) -> ChoiceRow:
    found = choice.utility
    if found is None:
        return ChoiceRow(choice.k, choice.k == k, proved=True, cells=None)
    cells = (
        share(found.granularity),
        f"{found.loss_gm:.4f}",
        f"{found.suppressed_rows:,}",
        share(choice.highest_risk or 0.0),
        _fine(choice.average_risk or 0.0),
        f"{found.average_class_size:,.1f}",
    )
    return ChoiceRow(choice.k, choice.k == k, choice.optimal is True, cells)


def _groups(facts: UtilityFacts, words: Words) -> Iterator[tuple[str, tuple[MeasureRow, ...]]]:
    for group in ("kept", "lost", "classes"):
        rows = tuple(
            MeasureRow(
                words(f"m_{word}"),
                _told(facts.before, field, words),
                _told(facts.after, field, words),
                words(f"m_{word}_is"),
            )
            for of, word, field in _MEASURES
            if of == group
        )
        yield words(f"group_{group}"), rows


def _told(figures: Utility, field: str, words: Words) -> str:
    value = _left(figures) if field == "rows" else getattr(figures, field)
    if value is None:
        return words("none")
    if field in _SHARES:
        return f"{value + 0.0:.4f}"
    return f"{value:,.2f}" if isinstance(value, float) and value < 10_000 else f"{value:,.0f}"


def _fine(rate: float) -> str:
    """Return a rate as a percentage, with a digit more where it is small: large k differ there."""
    return f"{rate:.2%}" if 0.0001 <= rate < 0.01 else share(rate)


def _left(figures: Utility) -> int:
    return figures.rows - figures.suppressed_rows
