"""Write what a change of the law does to past decisions: a page complete in itself, or its picture alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from markupsafe import Markup

from commonseal.law import Overlay, Simulation
from commonseal.model import Lang
from commonseal.release.change_picture import draw_flow
from commonseal.release.change_words import change_words
from commonseal.release.drawing import Picture
from commonseal.release.report import page_templates, write_page
from commonseal.release.report_terms import share
from commonseal.release.report_view import Figure
from commonseal.release.report_words import Words

MOST_ROWS = 500  # of a list on the page
_MARGIN, _WIDTH = 24, 760  # pixels, of the picture alone

_ALONE = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" class="alone"{lang}>'
    '<style>{style}</style><rect width="100%" height="100%" class="paper"/>'
    '<text x="{margin}" y="34" class="title">{title}</text><text x="{margin}" y="58" class="lead">{lead}</text>'
    '<svg x="{margin}" y="76" width="{inner}">{picture}</svg></svg>\n'
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule of the change, and how many decisions it turns."""

    rule: str
    title: str
    how: str
    graver: int
    milder: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Everything that the page shows, in one language."""

    words: Words
    name: str
    lead: str
    drifted: str | None
    figures: tuple[Figure, ...]
    flow: Picture
    rules: tuple[RuleRow, ...]
    turns: tuple[tuple[str, ...], ...]
    turns_more: str | None
    shifts: tuple[tuple[str, ...], ...]
    shifts_more: str | None


def write_change(path: Path, name: str, overlay: Overlay, simulation: Simulation, lang: Lang) -> Path:
    """Write the page of a simulation, or where `path` ends in .svg the picture alone in one language.

    Args: name: of the change. path: what stands there is replaced, whole or not at all.
    Returns: `path`. Raises: BadInput: it cannot be written.
    """
    if path.suffix == ".svg":
        text = _alone(change_view(name, overlay, simulation, change_words(lang)))
    else:
        other: Lang = "en" if lang == "zh" else "zh"
        views = [change_view(name, overlay, simulation, change_words(each)) for each in (lang, other)]
        text = page_templates().get_template("change_page.html").render(views=views, lang=lang)
    write_page(path, text.encode(), option="--picture")
    return path


def change_view(name: str, overlay: Overlay, simulation: Simulation, words: Words) -> ChangeView:
    """Return what the page shows in one language."""
    turns, shifts = simulation.turns, simulation.shifts
    drifted = len(simulation.drifted)
    return ChangeView(
        words=words,
        name=name,
        lead=_lead(simulation, words),
        drifted=words("drifted", count=f"{drifted:,}") if drifted else None,
        figures=tuple(_figures(overlay, simulation, words)),
        flow=draw_flow(simulation, words),
        rules=tuple(_rules(overlay, simulation, words)),
        turns=tuple(
            (turn.where, turn.as_of.isoformat(), words.of("outcome", turn.before),
             words.of("outcome", turn.after), ", ".join(turn.rules))
            for turn in turns[:MOST_ROWS]
        ),
        turns_more=_more(turns, words),
        shifts=tuple(
            (shift.where, words.of("shift_kind", shift.kind), shift.rule,
             shift.before or words("nothing"), shift.after or words("nothing"))
            for shift in shifts[:MOST_ROWS]
        ),
        shifts_more=_more(shifts, words),
    )  # fmt: skip


def _lead(simulation: Simulation, words: Words) -> str:
    if not simulation.turns:
        return words("lead_none", all=f"{simulation.decisions:,}")
    graver = sum(turn.graver for turn in simulation.turns)
    return words(
        "lead",
        turned=f"{len(simulation.turns):,}",
        all=f"{simulation.decisions:,}",
        graver=f"{graver:,}",
        milder=f"{len(simulation.turns) - graver:,}",
    )


def _figures(overlay: Overlay, simulation: Simulation, words: Words) -> Iterator[Figure]:
    graver = sum(turn.graver for turn in simulation.turns)
    yield Figure(f"{simulation.decisions:,}", words("fig_all"), words("fig_all_beside"))
    for word, count in (("fig_graver", graver), ("fig_milder", len(simulation.turns) - graver)):
        beside = words("fig_share", share=share(count / simulation.decisions))
        yield Figure(f"{count:,}", words(word), beside)
    beside = words("fig_rules_beside", replaced=len(overlay.replaced), added=len(overlay.added))
    yield Figure(f"{len(overlay.changed):,}", words("fig_rules"), beside)


def _rules(overlay: Overlay, simulation: Simulation, words: Words) -> Iterator[RuleRow]:
    """Yield the rules of the change, those that turn most first, those that turn none last."""
    counts = simulation.by_rule
    for name in dict.fromkeys((*counts, *overlay.changed)):
        rule = overlay.book.rule(name)
        title = rule.title.in_(words.lang) if rule is not None else ""
        graver, milder = counts.get(name, (0, 0))
        yield RuleRow(name, title, words("replaced" if name in overlay.replaced else "added"), graver, milder)


def _more(rows: Sequence[object], words: Words) -> str | None:
    if len(rows) <= MOST_ROWS:
        return None
    return words("first_of", shown=f"{MOST_ROWS:,}", all=f"{len(rows):,}")


def _alone(view: ChangeView) -> str:
    """Return the picture as a file of its own, with its style in it."""
    tall = int(view.flow.svg.partition('height="')[2].partition('"')[0])
    style = resources.files("commonseal.release").joinpath("change_picture.css").read_text(encoding="utf-8")
    return str(
        _ALONE.format(
            width=_WIDTH,
            height=tall + 76 + _MARGIN,
            inner=_WIDTH - 2 * _MARGIN,
            margin=_MARGIN,
            lang=Markup(' lang="{}"').format("zh-Hans" if view.words.lang == "zh" else "en"),
            style=Markup(style),  # noqa: S704 - our own file
            title=view.words("alone", name=view.name),
            lead=view.lead,
            picture=view.flow.svg,
        )
    )
