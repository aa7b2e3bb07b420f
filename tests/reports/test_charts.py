"""Drawings that a strict page may carry: no style, no script, words escaped, every bar a link with a hover text."""

import re
from itertools import pairwise
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring

from reports import charts, svg
from reports.charts import Bar, Line, Point

ROWS = (
    Bar("Coating & <edge>", 7, "7", "Coating: 7, was 2", "/rows/?by=cause&value=L07", 2, True),
    Bar("Axis", 4, "4", "Axis: 4, was 3", "/rows/?by=cause&value=L02", 3),
    Bar("Never", 0, "0", "Never: 0, was 1", "/rows/", 1),
)
POINTS = tuple(Point(f"{n} Oct", value, f"{n} Oct: {value} %") for n, value in enumerate([4.9, None, 5.0, 6.1], 1))


def tree(svg: str) -> Element:
    return fromstring(re.sub(r' xmlns="[^"]+"', "", svg))


def test_a_drawing_has_no_style_no_script_and_no_foreign_words() -> None:
    for drawn in (charts.bars("Rework", ROWS), charts.line("Rework", Line(POINTS, "6.1 %", " %", 5.0, "target 5.0 %"))):
        assert not re.search(r"<style|<script|style=|onload|pygal\.org|http://github", drawn)
        assert tree(drawn).get("aria-label") == "Rework"


def test_every_bar_leads_to_its_rows_and_says_its_values() -> None:
    root = tree(charts.bars("Rework", ROWS))
    links = [link for group in root.iter("g") if group.get("class") == "now" for link in group.iter("a")]
    assert {link.get("href") for link in links} == {row.url for row in ROWS}
    assert {link.findtext("title") for link in links} == {row.hover for row in ROWS}
    words = [text.text for text in root.iter("text")]
    assert words.count("Coating & <edge>") == 1
    assert {"7", "4", "0"} <= set(words)


def test_the_first_bar_is_on_top_and_lengths_are_to_scale() -> None:
    root = tree(charts.bars("Rework", ROWS))
    found = []
    for group in root.iter("g"):
        if group.get("class") == "now":
            found += [(float(bar.get("y", 0)), float(bar.get("width", 0))) for bar in group.iter("rect")]
    lengths = [width for _y, width in sorted(found)]
    assert lengths[0] > lengths[1] > lengths[2] == 0
    assert round(lengths[0] / lengths[1], 2) == 1.75


def test_a_line_breaks_where_there_is_no_value_and_ends_in_its_words() -> None:
    root = tree(charts.line("Rework", Line(POINTS, "6.1 %", " %", 5.0, "target 5.0 %")))
    assert len(list(root.iter("circle"))) == 3
    words = [text.text for text in root.iter("text")]
    assert "6.1 %" in words
    assert "target 5.0 %" in words


def test_a_target_through_the_last_point_is_written_beside_it() -> None:
    root = tree(charts.line("Rework", Line(POINTS, "6.1 %", " %", 6.1, "target 6.1 %")))
    heights = {text.text: float(text.get("y", 0)) for text in root.iter("text")}
    assert abs(heights["target 6.1 %"] - heights["6.1 %"]) >= 12


def test_what_is_not_over_is_a_hollow_dot_and_a_dotted_stretch() -> None:
    points = (*POINTS[:3], Point("4 Oct", 1.0, "4 Oct: 1, so far", is_open=True))
    root = tree(charts.line("Cases", Line(points, "1")))
    dots = list(root.iter("circle"))
    assert [dot.get("class") for dot in dots] == ["f1", "f1", "f1 open"]
    assert (dots[-1].get("fill"), dots[-1].get("stroke")) == ("#fff", dots[0].get("fill"))
    (stretch,) = [path for path in root.iter("path") if path.get("class") == "l1"]
    assert stretch.get("stroke-dasharray") == "2 4"
    assert "open" not in charts.line("Cases", Line(POINTS, "1"))


def test_a_loss_lies_left_of_a_zero_line_and_gains_have_none() -> None:
    rows = (Bar("Kept", 40, "R 40.00", "h", "/a", 10), Bar("Lost", -20, "−R 20.00", "h", "/b", 5))
    root = tree(charts.bars("Money kept", rows))
    (zero,) = (path for path in root.iter("path") if path.get("class") == "base")
    at = float(str(zero.get("d")).removeprefix("M").split()[0])
    now = next(group for group in root.iter("g") if group.get("class") == "now")
    lost, kept = ((float(bar.get("x", 0)), float(bar.get("width", 0))) for bar in now.iter("rect"))
    assert round(lost[0] + lost[1] - at, 1) == 0
    assert round(kept[0] - at, 1) == 0
    assert float(str(zero.get("d")).partition("V")[2]) > 60, "it runs along both bars"
    assert not [path for path in tree(charts.bars("Rework", ROWS)).iter("path") if path.get("class") == "base"]


def test_a_scale_below_nothing_writes_a_true_minus_and_draws_its_zero() -> None:
    points = tuple(Point(f"{n} Oct", value, "h") for n, value in enumerate([4.0, -6.0, 2.0], 1))
    root = tree(charts.line("Margin", Line(points, "2.0 %", " %")))
    words = [text.text or "" for text in root.iter("text")]
    assert any(word.startswith("\u2212") for word in words)
    assert not any(word.startswith("-") for word in words)
    assert len([path for path in root.iter("path") if path.get("class") == "base"]) == 1


LONG = "The Very Long Named Optical Laboratory of the Western Cape and its Environs (Pty) Ltd"


@pytest.mark.parametrize("width", [charts.WIDE, charts.NARROW])
def test_a_long_name_is_told_whole_in_two_lines_above_its_bar(width: int) -> None:
    root = tree(charts.bars("Rework", (Bar(LONG, 7, "7", LONG, "/a", 2), Bar("Axis", 4, "4", "Axis", "/b", 3)), width))
    names = [(text.text or "", float(text.get("y", 0))) for text in root.iter("text") if text.get("class") == "name"]
    lines = [(words, y) for words, y in sorted(names, key=lambda one: one[1]) if words != "Axis"]
    tops = [float(rect.get("y", 0)) for rect in root.iter("rect")]
    assert " ".join(words for words, _y in lines) == LONG
    assert len(lines) == 2
    assert all(7 * len(words) <= width for words, _y in lines)
    assert lines[0][1] - svg.FONT > 0
    assert lines[1][1] < min(tops)


def test_labels_of_a_scale_leave_room_between_them() -> None:
    points = tuple(Point(f"{n} Nov 2025", n, "h") for n in range(1, 13))
    root = tree(charts.line("Rework", Line(points, "12.0 %", " %"), charts.NARROW))
    places = [float(text.get("x", 0)) for text in root.iter("text") if "Nov" in str(text.text) and text.text]
    assert len(places) >= 2
    assert min(b - a for a, b in pairwise(sorted(places))) >= 7 * len("12 Nov 2025")


def test_words_stand_where_they_belong_on_a_page_from_right_to_left() -> None:
    root = tree(charts.bars("Rework", ROWS))
    assert root.get("direction") == "ltr"
    assert {text.get("unicode-bidi") for text in root.iter("text")} == {"plaintext"}
