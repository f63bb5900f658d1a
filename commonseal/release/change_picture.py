"""Draw how decisions flow from outcome to outcome under a changed law.

Nodes and words are placed in per cent and pixels as in every picture; the ribbons lie in a box of their own that
stretches sideways only. A turn is told apart by its label and its mark (▲ stricter, ▼ milder), not by colour alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from commonseal.law import OUTCOMES, Simulation
from commonseal.model import Outcome
from commonseal.release.drawing import Picture, draw_picture, draw_text
from commonseal.release.report_words import Words

_TOP, _TALL, _LEAST, _PITCH = (
    34,
    220,
    3.0,
    62.0,
)  # pixels: first node, all flows, thinnest flow, room of a label
_LEFT, _RIGHT, _WIDE = 30.0, 70.0, 1.5  # per cent: the nodes

_NODE = Markup(
    '<rect x="{x:.2f}%" y="{y:.1f}" width="{width:.2f}%" height="{height:.1f}" class="node {css}"/>'
)
_BOX = Markup(
    '<svg x="{x:.2f}%" y="0" width="{width:.2f}%" height="{height}" viewBox="0 0 100 {height}" '
    'preserveAspectRatio="none">{drawn}</svg>'
)
_RIBBON = Markup(
    '<path d="M0,{a:.1f} C50,{a:.1f} 50,{b:.1f} 100,{b:.1f} L100,{d:.1f} C50,{d:.1f} 50,{c:.1f} 0,{c:.1f} Z" '
    'class="ribbon {css}"><title>{told}</title></path>'
)

Flow = tuple[Outcome, Outcome]


@dataclass(frozen=True, slots=True)
class Column:
    """One side of the picture: where each outcome's node begins, how tall it is, and where each flow meets it."""

    tops: Mapping[Outcome, float]
    heights: Mapping[Outcome, float]
    meets: Mapping[Flow, float]
    end: float


def draw_flow(simulation: Simulation, words: Words) -> Picture:
    """Draw the flows with the table behind them; a flow of few among many is drawn thin, not left out."""
    flows = {flow: count for flow, count in simulation.flows.items() if count}
    thick = {flow: max(_LEAST, _TALL * count / simulation.decisions) for flow, count in flows.items()}
    left, right = _column(thick, 0), _column(thick, 1)
    height = int(max(left.end, right.end)) + 8
    ribbons = [
        _ribbon(flow, thick[flow], left, right, flows[flow], words) for flow in sorted(thick, key=_turning)
    ]
    drawn = [
        draw_text(_LEFT, 14, words("flow_before"), "dim", anchor="end"),
        draw_text(_RIGHT, 14, words("flow_after"), "dim"),
        _BOX.format(
            x=_LEFT + _WIDE, width=_RIGHT - _LEFT - 2 * _WIDE, height=height, drawn=Markup("").join(ribbons)
        ),
        *_nodes(left, 0, flows, words),
        *_nodes(right, 1, flows, words),
    ]
    rows = [
        (words.of("outcome", before), words.of("outcome", after), f"{flows[before, after]:,}")
        for before in OUTCOMES
        for after in OUTCOMES
        if (before, after) in flows
    ]
    head = (words("before"), words("after"), words("count"))
    told = {"turned": f"{len(simulation.turns):,}", "all": f"{simulation.decisions:,}"}
    return draw_picture("flow", words, drawn, height, head, rows, **told)


def _column(thick: Mapping[Flow, float], side: int) -> Column:
    """Stack the nodes of one side, milder above graver, each with room for its label."""
    tops: dict[Outcome, float] = {}
    heights: dict[Outcome, float] = {}
    meets: dict[Flow, float] = {}
    y = float(_TOP)
    for outcome in OUTCOMES:
        own = sorted(
            (flow for flow in thick if flow[side] == outcome), key=lambda flow: _place(flow[1 - side])
        )
        if not own:
            continue
        tops[outcome], at = y, y
        for flow in own:
            meets[flow] = at
            at += thick[flow]
        heights[outcome] = at - y
        y += max(heights[outcome] + 16, _PITCH)
    return Column(tops, heights, meets, y)


def _ribbon(flow: Flow, thick: float, left: Column, right: Column, count: int, words: Words) -> Markup:
    a, b = left.meets[flow], right.meets[flow]
    told = words(
        "flow_one",
        before=words.of("outcome", flow[0]),
        after=words.of("outcome", flow[1]),
        count=f"{count:,}",
    )
    return _RIBBON.format(a=a, b=b, c=a + thick, d=b + thick, css=_way(flow), told=told)


def _nodes(column: Column, side: int, flows: Mapping[Flow, int], words: Words) -> list[Markup]:
    """Draw the nodes of one side with their names and numbers; on the right also how many came, and how."""
    drawn = []
    for outcome, top in column.tops.items():
        x = _LEFT if side == 0 else _RIGHT - _WIDE
        own = {flow: count for flow, count in flows.items() if flow[side] == outcome}
        drawn.append(_NODE.format(x=x, y=top, width=_WIDE, height=column.heights[outcome], css=str(outcome)))
        label, anchor, dx = (_LEFT, "end", -8) if side == 0 else (_RIGHT, "start", 8)
        lines = [(words.of("outcome", outcome), "strong"), (f"{sum(own.values()):,}", "")]
        for way in ("graver", "milder") if side else ():
            came = sum(count for flow, count in own.items() if _way(flow) == way)
            lines += [(words(f"flow_{way}", count=f"{came:,}"), way)] if came else []
        if len(lines) > 2:  # the number goes beside the name, so that a label keeps to its room
            lines[:2] = [(f"{lines[0][0]} {lines[1][0]}", "strong")]
        for number, (line, css) in enumerate(lines):
            drawn.append(draw_text(label, int(top) + 13 + 18 * number, line, css, dx=dx, anchor=anchor))
    return drawn


def _way(flow: Flow) -> str:
    before, after = (_place(outcome) for outcome in flow)
    return "same" if before == after else "graver" if after > before else "milder"


def _turning(flow: Flow) -> bool:
    return flow[0] != flow[1]


def _place(outcome: Outcome) -> int:
    return OUTCOMES.index(outcome)
