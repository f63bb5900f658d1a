"""The pictures of the report: every person is in one bin, and labels stay inside the picture."""

from __future__ import annotations

import re
from typing import Any

import pytest

from commonseal.model import Lang
from commonseal.release.report_pictures import BINS, binned, pictures, shorten
from commonseal.release.report_words import WORDS, Words


def _risk(sizes: list[list[int]], highest: float, average: float) -> dict[str, Any]:
    rows = sum(size * count for size, count in sizes)
    return {
        "rows": rows,
        "persons": rows,
        "classes": sum(count for _, count in sizes),
        "sample_uniques": sum(count for size, count in sizes if size == 1),
        "highest_risk": highest,
        "average_risk": average,
        "class_sizes": sizes,
    }


def _document(name: str = "age", limit: float = 5) -> dict[str, Any]:
    checks = [{"measure": "smallest_class", "limit": limit}, {"measure": "highest_risk", "limit": 0.2}]
    return {
        "agreement": {"terms": {"columns": [{"name": name, "use": "quasi"}]}},
        "anonymization": {"quasi": [name], "levels": {name: 2}, "heights": {name: 3}},
        "verdict": {
            "before": _risk([[1, 7], [2, 3]], 1.0, 0.8),
            "after": _risk([[5, 2]], 0.2, 0.2),
            "trace_unicity": 0.3,
            "checks": checks,
        },
    }


def test_every_person_stands_in_one_bin() -> None:
    sizes = [(size, 1) for size in range(1, 300)]
    people = binned(sizes)
    assert sum(people) == sum(size for size, _ in sizes)
    for (low, high), count in zip(BINS, people, strict=True):
        assert count == sum(range(low, (high or 299) + 1))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_picture_has_a_title_a_description_and_a_table(lang: Lang) -> None:
    drawn = pictures(_document(), Words(lang))
    assert len(drawn) == 3
    for picture in drawn:
        assert re.search(r"<title id=.+?</title><desc id=.+?</desc>", picture.svg)
        assert all(len(row) == len(picture.head) for row in picture.rows)


def test_nothing_is_drawn_outside_the_picture() -> None:
    for picture in pictures(_document(limit=7), Words("en")):
        for value in re.findall(r'(?:x|x1|x2|cx|width)="([-0-9.]+)%"', picture.svg):
            assert 0 <= float(value) <= 100


def test_the_line_of_k_is_drawn_only_where_a_bin_begins() -> None:
    assert "at least 5 asked" in pictures(_document(limit=5), Words("en"))[0].svg
    assert "asked" not in pictures(_document(limit=7), Words("en"))[0].svg


def test_a_rate_above_its_limit_is_said_in_words() -> None:
    document = _document()
    document["verdict"]["checks"].append({"measure": "trace_unicity", "limit": 0.05})
    assert "30.0% · in the way" in pictures(document, Words("en"))[1].svg


def test_without_quasi_identifiers_there_is_nothing_to_draw() -> None:
    document = _document()
    document["agreement"]["terms"]["columns"][0]["use"] = "plain"
    assert pictures(document, Words("en")) == ()


def test_a_long_name_is_shortened_in_the_picture_and_whole_in_the_table() -> None:
    name = "a" * 60
    levels = pictures(_document(name), Words("en"))[2]
    assert name not in levels.svg
    assert shorten(name, 32) in levels.svg
    assert levels.rows[0][0] == name


def test_a_name_is_escaped() -> None:
    assert "<b>" not in pictures(_document("<b>x"), Words("en"))[2].svg


def test_every_word_has_both_languages_and_the_same_places() -> None:
    for word, text in WORDS.items():
        assert text.en, word
        assert text.zh, word
        places = [sorted(re.findall(r"\{(\w+)\}", said)) for said in (text.en, text.zh)]
        assert places[0] == places[1], word


def test_the_template_holds_no_sentence_of_its_own() -> None:
    from importlib import resources

    html = resources.files("commonseal.release").joinpath("report.html").read_text(encoding="utf-8")
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<[^>]*>", " ", html, flags=re.S)
    assert set(re.findall(r"\w{2,}", bare)) <= {"COMMONSEAL"}
