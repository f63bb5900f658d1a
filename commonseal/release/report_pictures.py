"""Draw the report's pictures as inline SVG.

Bars are placed in per cent and words in pixels, so that one picture reads at 360 px and at 1440 px.
Before is hollow, after is solid: the two differ without colour. Everything is escaped by `Markup.format`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from commonseal.release.drawing import (
    Picture,
    draw_bar,
    draw_dot,
    draw_line,
    draw_picture,
    draw_text,
    shorten,
)
from commonseal.release.report_terms import share
from commonseal.release.report_view import height_of, level_words
from commonseal.release.report_words import Words

BINS = ((1, 1), (2, 2), (3, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))
_LEFT, _SPAN = 16.0, 52.0  # per cent: where bars begin, and how far the longest reaches


def pictures(document: Mapping[str, Any], words: Words) -> tuple[Picture, ...]:
    """Return the pictures of a release or of a refused copy; none where nothing was measured in classes."""
    verdict = document["verdict"]
    if verdict is None or not document["agreement"]["terms"].get("columns") or not _has_quasi(document):
        return ()
    drawn = [histogram(verdict, words), _dots(verdict, words)]
    if document.get("anonymization") is not None:
        drawn.append(_levels(document["anonymization"], verdict, words))
    return tuple(drawn)


def binned(class_sizes: Iterable[Sequence[int]]) -> list[int]:
    """Return how many persons stand in the classes of each of `BINS`.

    >>> binned([(1, 3), (4, 2), (250, 1)])
    [3, 0, 8, 0, 0, 0, 0, 250]
    """
    people = [0] * len(BINS)
    for size, count in class_sizes:
        place = max(index for index, (least, _) in enumerate(BINS) if size >= least)
        people[place] += size * count
    return people


def histogram(verdict: Mapping[str, Any], words: Words) -> Picture:
    """Draw how many persons stand in classes of which size, before and after, with the k that was asked."""
    before, after = (binned(verdict[when]["class_sizes"]) for when in ("before", "after"))
    labels = [str(low) if low == high else f"{low}–{high}" if high else f"{low}+" for low, high in BINS]
    most, k = max(*before, *after, 1), _limit(verdict, "smallest_class")
    drawn, y = [draw_text(_LEFT, 12, words("hist_axis"), "dim", anchor="start")], 24
    for place, label in enumerate(labels):
        if k is not None and place and BINS[place][0] == k:
            drawn += [
                draw_line(0, y + 10, 100, y + 10, "limit"),
                draw_text(100, y + 6, words("hist_line", k=int(k)), "dim", anchor="end"),
            ]
            y += 20
        drawn.append(draw_text(_LEFT, y + 19, label, "", dx=-8, anchor="end"))
        if not before[place] and not after[place]:
            drawn.append(draw_text(_LEFT, y + 19, "0", "dim", dx=6))
        else:
            drawn += _bars(before, "before", place, most, y + 1, words)
            drawn += _bars(after, "after", place, most, y + 15, words)
        y += 36
    drawn.append(draw_line(_LEFT, 22, _LEFT, y, "axis"))
    rows = [(label, f"{b:,}", f"{a:,}") for label, b, a in zip(labels, before, after, strict=True)]
    head = (words("hist_axis"), words("persons_before"), words("persons_after"))
    alone = {when: f"{verdict[when]['sample_uniques']:,}" for when in ("before", "after")}
    return draw_picture("hist", words, drawn, y + 4, head, rows, **alone)


def _bars(people: Sequence[int], css: str, place: int, most: int, y: int, words: Words) -> list[Markup]:
    """Draw one bar with its count; the longest of its kind says what kind that is."""
    count, width = people[place], _SPAN * people[place] / most
    told = f"{count:,} {words(css)}" if place == people.index(max(people)) else f"{count:,}"
    return [
        draw_bar(_LEFT, y, width, 12, css),
        draw_text(_LEFT + width, y + 10, told, css if count else "dim", dx=6),
    ]


def _dots(verdict: Mapping[str, Any], words: Words) -> Picture:
    """Draw each rate as two dots on one scale, with the limit as a tick of its own."""
    measures: list[tuple[str, float | None, float]] = [
        (name, verdict["before"][name], verdict["after"][name]) for name in ("highest_risk", "average_risk")
    ]
    if verdict["trace_unicity"] is not None:
        measures.append(("trace_unicity", None, verdict["trace_unicity"]))
    drawn, rows, y = [], [], 0
    for name, before, after in measures:
        limit, title = _limit(verdict, name), words.of("measure", name)
        drawn += [draw_text(0, y + 14, title, "strong"), *_dot_row(before, after, limit, y + 54, words)]
        told = ["" if rate is None else share(rate) for rate in (before, after, limit)]
        rows.append((title, *told))
        y += 108
    drawn += [draw_text(2, y + 4, "0%", "dim"), draw_text(98, y + 4, "100%", "dim", anchor="end")]
    head = (words("measure"), words("before"), words("after"), words("limit"))
    return draw_picture("dots", words, drawn, y + 10, head, [*rows, *_counts(verdict, words)])


def _dot_row(
    before: float | None, after: float, limit: float | None, line: int, words: Words
) -> list[Markup]:
    """Draw one rate: the limit speaks above the line, before and after below it, apart where they are near."""
    drawn = [draw_line(2, line, 98, line, "scale")]
    if limit is not None:
        drawn += [
            draw_line(_at(limit), line - 14, _at(limit), line + 9, "limit"),
            _placed(limit, line - 18, words("limit_line", limit=share(limit)), "dim"),
        ]
    if before is not None:
        lane = line + (38 if abs(before - after) < 0.35 else 22)
        drawn += [
            draw_line(_at(before), line, _at(after), line, "way"),
            draw_dot(_at(before), line, "before"),
            _placed(before, lane, f"{words('before')} {share(before)}", "before"),
        ]
    told, css = f"{words('after')} {share(after)}", "after"
    if limit is not None and after > limit:
        told, css = f"{told} · {words('mark_broken')}", "after broken"
    return [*drawn, draw_dot(_at(after), line, css), _placed(after, line + 22, told, css)]


def _levels(plan: Mapping[str, Any], verdict: Mapping[str, Any], words: Words) -> Picture:
    drawn, rows, y = [], [], 0
    for name, level in ((str(name), int(plan["levels"][name])) for name in plan["quasi"]):
        height = height_of(plan, name)
        told = level_words(level, height, words)
        drawn += [
            draw_text(0, y + 14, shorten(name, 32), ""),
            draw_text(100, y + 14, told, "dim", anchor="end"),
        ]
        drawn += [
            draw_bar(
                100 * step / (height or 10),
                y + 20,
                100 / (height or 10),
                8,
                "after seg" if step < level else "seg",
            )
            for step in range(max(level, height or 0))
        ]
        if not level and not height:
            drawn.append(draw_line(0, y + 24, 100, y + 24, "scale"))
        rows.append((name, str(level), "" if height is None else str(height)))
        y += 44
    all_rows = verdict["before"]["rows"]
    rate = (all_rows - verdict["after"]["rows"]) / all_rows if all_rows else 0.0
    limit = _limit(verdict, "suppression_rate")
    told = share(rate) if limit is None else f"{share(rate)} · {words('limit_line', limit=share(limit))}"
    drawn += [
        draw_line(0, y + 2, 100, y + 2, "axis"),
        draw_text(0, y + 24, words.of("measure", "suppression_rate"), "strong"),
        draw_text(100, y + 24, told, "dim", anchor="end"),
        draw_bar(0, y + 30, 100, 8, "seg"),
        draw_bar(0, y + 30, 100 * rate, 8, "after"),
    ]
    if limit is not None:
        drawn.append(draw_line(100 * limit, y + 26, 100 * limit, y + 42, "limit"))
    rows.append((words.of("measure", "suppression_rate"), share(rate), ""))
    return draw_picture(
        "levels", words, drawn, y + 46, (words("column"), words("level"), words("height")), rows
    )


def _counts(verdict: Mapping[str, Any], words: Words) -> list[tuple[str, ...]]:
    before, after = verdict["before"], verdict["after"]
    names = {"rows": "rows", "persons": "persons", "classes": "classes", "uniques": "sample_uniques"}
    return [(words(word), f"{before[name]:,}", f"{after[name]:,}", "") for word, name in names.items()]


def _has_quasi(document: Mapping[str, Any]) -> bool:
    return any(column.get("use") == "quasi" for column in document["agreement"]["terms"]["columns"])


def _limit(verdict: Mapping[str, Any], measure: str) -> float | None:
    return next((float(check["limit"]) for check in verdict["checks"] if check["measure"] == measure), None)


def _at(rate: float) -> float:
    return 2 + 96 * min(max(rate, 0.0), 1.0)


def _placed(rate: float, y: int, text: str, css: str) -> Markup:
    """Put a label at a rate's place, turned inward near either end."""
    anchor = "start" if rate < 0.2 else "end" if rate > 0.8 else "middle"
    return draw_text(_at(rate), y, text, css, anchor=anchor, dx={"start": -5, "end": 5}.get(anchor, 0))
