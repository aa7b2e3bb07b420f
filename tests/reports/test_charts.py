"""Drawings that a strict page may carry: no style, no script, words escaped, every bar a link with a hover text."""

import re
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from reports import charts
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
    for svg in (charts.bars("Rework", ROWS), charts.line("Rework", Line(POINTS, "6.1 %", " %", 5.0, "target 5.0 %"))):
        assert not re.search(r"<style|<script|style=|onload|pygal\.org|http://github", svg)
        assert tree(svg).get("aria-label") == "Rework"


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


def test_sparks_need_two_values_and_break_at_gaps() -> None:
    assert charts.spark([None, 3.0]) is None
    spark = tree(charts.spark([1.0, 2.0, None, 3.0, 1.0], 2.0) or "")
    assert [len(str(line.get("points")).split()) for line in spark.iter("polyline")] == [2, 2]
    assert [path.get("d") for path in spark.iter("path")] == ["M0 17.0H120"]


def test_a_spark_is_dotted_where_it_leads_to_what_is_not_over() -> None:
    spark = tree(charts.spark([1.0, 2.0, 3.0, 0.0], opened=[True, False, False, True]) or "")
    assert [(line.get("class"), line.get("points")) for line in spark.iter("polyline")] == [
        ("open", "1.0,21.7 40.3,12.3"),
        ("open", "79.7,3.0 119.0,31.0"),
        (None, "40.3,12.3 79.7,3.0"),
    ]
