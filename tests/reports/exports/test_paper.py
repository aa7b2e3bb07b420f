"""A drawing on paper is that of the page, with its words as text: Arabic is joined and in its order."""

import re
from base64 import b64decode
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from reports import charts
from reports.charts import Bar, Line, Point
from reports.packs import paper

BARS = (
    Bar("مختبر العدسات", 7, "7 س", "مختبر: 7", "/rows/", 2, True),
    Bar("Coating & tint", 4, "4 h", "h", "/rows/", 3),
)


def parts(drawing: str) -> tuple[Element, dict[str, str]]:
    """The picture, and the style of each text."""
    html = paper.drawn(drawing, 85)
    found = re.search(r"base64,([A-Za-z0-9+/=]+)", html)
    assert found is not None
    spans = re.findall(r'<span style="([^"]+)">([^<]*)</span>', html)
    return fromstring(b64decode(found[1])), {words: style for style, words in spans}


def test_every_word_is_text_of_the_page_and_none_is_left_in_the_picture() -> None:
    picture, words = parts(charts.bars("Rework", BARS, charts.NARROW))
    assert set(words) == {"مختبر العدسات", "7 س", "Coating &amp; tint", "4 h"}
    assert {element.tag.rpartition("}")[2] for element in picture.iter()} <= {"svg", "g", "a", "rect", "path"}
    assert len([one for one in picture.iter() if one.tag.endswith("rect")]) == 4


def test_arabic_reads_from_right_to_left_and_the_name_of_the_mover_is_bold() -> None:
    _picture, words = parts(charts.bars("Rework", BARS, charts.NARROW))
    assert "direction: rtl" in words["مختبر العدسات"]
    assert "font: 700" in words["مختبر العدسات"]
    assert "direction: ltr" in words["Coating &amp; tint"]
    assert "font: 400" in words["Coating &amp; tint"]


def test_words_keep_their_place_at_the_new_size() -> None:
    """340 units are 85 millimetres: a quarter of a millimetre each."""
    points = tuple(Point(f"{n} Oct", value, "h") for n, value in enumerate([2.0, 4.0], 1))
    drawing = charts.line("Rework", Line(points, "4.0 %", " %"), charts.NARROW)
    _picture, words = parts(drawing)
    text = next(one for one in fromstring(drawing).iter() if one.text == "4.0 %")
    moved = re.search(
        r'class="plot" transform="translate\(([\d.]+)|transform="translate\(([\d.]+)[^"]*" class="plot"', drawing
    )
    assert moved is not None
    x = float(str(text.get("x"))) + float(moved[1] or moved[2])
    assert f"left: {x / 4:.2f}mm" in words["4.0 %"]
    assert "font: 700 3.00mm" in words["4.0 %"]


def test_no_drawing_is_nothing_on_paper() -> None:
    assert paper.drawn("", 85) == ""
