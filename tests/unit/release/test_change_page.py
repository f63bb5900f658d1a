from __future__ import annotations

import re
from datetime import date
from itertools import pairwise, product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from commonseal.law import OUTCOMES, Simulation, lay_over, load_book
from commonseal.law.simulate import Shift, Turn
from commonseal.model import Outcome
from commonseal.release.change_page import MOST_ROWS, change_view, write_change
from commonseal.release.change_picture import draw_flow
from commonseal.release.change_words import change_words

DAY = date(2026, 3, 2)


def turn(number: int, before: Outcome, after: Outcome) -> Turn:
    return Turn(f"a.jsonl:{number}", "column", DAY, before, after, ("cn.x",))


def simulation(flows: dict[tuple[Outcome, Outcome], int]) -> Simulation:
    turns = [turn(n, b, a) for (b, a), count in flows.items() if a != b for n in range(count)]
    return Simulation(sum(flows.values()), flows, tuple(turns), (), ())


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_flow_is_drawn_however_thin(lang: str) -> None:
    flows = dict.fromkeys(product(OUTCOMES, OUTCOMES), 1)
    flows[Outcome.ALLOWED, Outcome.ALLOWED] = 100_000
    drawn = draw_flow(simulation(flows), change_words(lang))
    ElementTree.fromstring(str(drawn.svg))  # noqa: S314 - our own drawing
    assert str(drawn.svg).count("<path") == 16
    assert len(drawn.rows) == 16
    heights = [
        float(c) - float(a) for a, c in re.findall(r'd="M0,([\d.]+) .*? 0,([\d.]+) Z"', str(drawn.svg))
    ]
    assert min(heights) >= 2.9


def test_labels_do_not_overlap() -> None:
    flows = dict.fromkeys(product(OUTCOMES, OUTCOMES), 1)
    drawn = draw_flow(simulation(flows), change_words("en"))
    for anchor in ("start", "end"):
        lines = [int(y) for y in re.findall(rf'y="(\d+)"[^>]*text-anchor="{anchor}"', str(drawn.svg))]
        assert all(b - a >= 14 for a, b in pairwise(lines))
    tall = int(re.findall(r'height="(\d+)"', str(drawn.svg))[0])
    assert max(int(y) for y in re.findall(r'<text [^>]*y="(\d+)"', str(drawn.svg))) < tall


def test_a_turn_is_marked_by_more_than_colour() -> None:
    flows = {(Outcome.ALLOWED, Outcome.FORBIDDEN): 2, (Outcome.FORBIDDEN, Outcome.CONDITIONAL): 1}
    drawn = str(draw_flow(simulation(flows), change_words("en")).svg)
    assert "▲ 2 stricter" in drawn
    assert "▼ 1 milder" in drawn
    assert "allowed to forbidden: 2" in drawn


def test_the_page_says_both_languages_and_what_is_cut(tmp_path: Path) -> None:
    book = load_book(["city/agreement"])
    overlay = lay_over(book, book)
    many = simulation({(Outcome.ALLOWED, Outcome.FORBIDDEN): MOST_ROWS + 1})
    shifts = (Shift("a.jsonl:1", "obligation", "cn.x", "2026-03-02", None),)
    found = Simulation(many.decisions, many.flows, many.turns, shifts, ("a.jsonl:9",))
    out = write_change(tmp_path / "a.html", "<b>change", overlay, found, "zh")
    text = out.read_text(encoding="utf-8")
    assert "<b>change" not in text
    assert "仅列前 500 项，共 501 项" in text
    assert "The first 500 of 501" in text
    assert text.index('id="zh"') < text.index('id="en"')
    assert "另有 1 项判定" in text
    view = change_view("x", overlay, found, change_words("en"))
    assert view.shifts == (("a.jsonl:1", "due", "cn.x", "2026-03-02", "none"),)
    assert view.rules[0].rule == "cn.x"


def test_a_change_that_turns_nothing_says_so(tmp_path: Path) -> None:
    book = load_book(["city/agreement"])
    calm = simulation({(Outcome.ALLOWED, Outcome.ALLOWED): 3})
    out = write_change(tmp_path / "a.svg", "calm", lay_over(book, book), calm, "en")
    text = out.read_text(encoding="utf-8")
    ElementTree.fromstring(text)  # noqa: S314 - our own drawing
    assert "none of 3 decisions turns" in text
