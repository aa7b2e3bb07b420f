"""Charts as SVG, drawn by pygal without script or style sheet: the same drawing in a page, a PDF and a mail's attachment.

Colours stand as attributes (light, for paper); pages give the same classes the tokens of the design system, so that dark
mode and print work. A chart is a pure function of its values and kept in memory while they stay the same.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Any
from xml.etree.ElementTree import Element

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.etree import etree
from pygal.style import Style

from core import formats
from reports import svg

etree.to_etree()  # the standard library's trees, also where lxml happens to be installed

WIDE, NARROW = 540, 340
_THICK, _ALONE = 17.5, 20  # of a bar, and of a line of its name
_LINE_HEIGHT, _LETTER = 200, 7
_NOW, _BEFORE, _EDGE = "#0072b2", "#dfe3ea", "#76808f"
_TEXT, _MUTED, _RULE = "#14181f", "#566070", "#dfe3ea"
_STYLE = Style(
    font_family="sans-serif", label_font_size=svg.FONT, major_label_font_size=svg.FONT, value_font_size=svg.FONT
)


@dataclass(frozen=True)
class Bar:
    """One bar: its name, value now and before, the words printed at its end, what hovering tells, where it leads."""

    label: str
    value: float
    shown: str
    hover: str
    url: str = ""
    before: float | None = None
    is_marked: bool = False


@dataclass(frozen=True)
class Point:
    """One point of a line; without a value the line is interrupted. `is_open`: its days are not over, or not all of it is here."""

    label: str
    value: float | None
    hover: str
    url: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Line:
    """A trend: its points, the words at its end, a target, and how the scale is written."""

    points: tuple[Point, ...]
    shown: str
    unit: str = ""
    target: float | None = None
    target_shown: str = ""
    from_zero: bool = True


@lru_cache(maxsize=512)
def bars(title: str, rows: tuple[Bar, ...], width: int = WIDE) -> SafeString:
    """Bars from the top down, each name above its bar, in two lines where it is long; the paler bar is the span before."""
    upwards = rows[::-1]
    names = [_folded(row, width) for row in upwards]
    gaps = max(len(name) for name in names)
    compared = any(row.before is not None for row in rows)
    chart = pygal.HorizontalBar(
        style=_STYLE, width=width, height=(_THICK * (gaps + 2) if compared else _ALONE * (gaps + 1)) * len(rows) + 4, margin=0,
        margin_right=16 + _LETTER * max(len(row.shown) for row in rows), margin_top=2, margin_bottom=2,
        show_legend=False, show_y_labels=False, show_x_labels=False, spacing=0, js=[], css=[],
        disable_xml_declaration=True,
    )  # fmt: skip
    for _gap in range(gaps):
        chart.add("", [None] * len(rows))
    chart.add("", [_value(row.value, row.shown, row.hover, row.url) for row in upwards])
    if compared:
        # No link: what a bar leads to are the records of now.
        chart.add("", [_value(row.before or 0, "", row.hover, "") for row in upwards])
    chart.add_xml_filter(lambda root: _bars(svg.clean(root, title), upwards, names, f"serie-{gaps}"))
    return _markup(chart)


def _folded(row: Bar, width: int) -> Sequence[str]:
    """A name in at most two lines; what is longer still is told by hovering and by the table beside."""
    letter = _LETTER + row.is_marked  # bold is wider
    return textwrap.wrap(row.label, (width - 8) // letter, max_lines=2, placeholder=" …") or [""]


@lru_cache(maxsize=512)
def line(title: str, of: Line, width: int = WIDE) -> SafeString:
    """A line with a dot for each part of the span, its last value written at its end, and the target dashed.

    For two values and more: one alone has no scale. An open part has a hollow dot, and the line to it is dotted: it may still move.
    """
    room = 16 + _LETTER * max(len(of.shown), len(of.target_shown))
    chart = pygal.Line(
        style=_STYLE, width=width, height=_LINE_HEIGHT, margin=0, margin_right=room, margin_top=12, margin_left=4,
        margin_bottom=4, show_legend=False, truncate_label=-1, include_x_axis=of.from_zero, max_scale=5, min_scale=3,
        show_minor_x_labels=False, show_x_guides=False, js=[], css=[], disable_xml_declaration=True,
        value_formatter=lambda value: _tick(value, of.unit), allow_interruptions=True,
    )  # fmt: skip
    labels = [point.label for point in of.points]
    every = _every(labels, width - room)
    chart.x_labels = labels
    chart.x_labels_major = [label for n, label in enumerate(labels) if (len(labels) - 1 - n) % every == 0]
    chart.add("", [_point(point, of) for point in of.points], dots_size=3)
    if of.target is not None:
        target = _value(of.target, of.target_shown, of.target_shown, "")
        chart.add("", [target] * len(labels), show_dots=False)
    chart.add_xml_filter(lambda root: _line(svg.clean(root, title), of))
    return _markup(chart)


def _every(labels: Sequence[str], room: float) -> int:
    """Which labels are written, counted from the last: so many that none touches its neighbour."""
    apart = room / max(1, len(labels) - 1)
    return max(1, ceil((_LETTER * max(len(label) for label in labels) + svg.FONT) / apart))


def _tick(value: float, unit: str) -> str:
    """A step of the scale: `2.5 %`, `−5 %`."""
    return f"{value:g}{unit}".replace("-", formats.MINUS)


def _value(value: float, shown: str, hover: str, url: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": value, "label": f"{shown}{svg.SPLIT}{hover}"}
    return found | ({"xlink": {"href": url, "target": "_self"}} if url else {})


def _point(point: Point, of: Line) -> dict[str, Any] | None:
    if point.value is None:
        return None
    return _value(point.value, of.shown if point is of.points[-1] else "", point.hover, point.url)


def _markup(chart: Any) -> SafeString:
    drawn: str = chart.render(is_unicode=True)  # every text is escaped by the tree's own writer
    return mark_safe(drawn)  # noqa: S308


def _bars(root: Element, upwards: Sequence[Bar], names: Sequence[Sequence[str]], now: str) -> Element:
    for axis in svg.with_class(root, "axis"):
        axis.clear()
    left = min((float(rect.get("x", 0)) for rect in root.iter("rect")), default=0.0)
    for series in svg.with_class(root, "series"):
        name = "now" if now in str(series.get("class")).split() else "before"
        series.set("class", name)
        for row, words, bar in zip(upwards, names, svg.with_class(series, "bar"), strict=False):
            bar.set("class", "bar marked" if row.is_marked else "bar")
            _bar(bar, row, words, name, left)
    if any(min(row.value, row.before or 0) < 0 for row in upwards):
        _zero(root, upwards)
    return root


def _bar(bar: Element, row: Bar, words: Sequence[str], name: str, left: float) -> None:
    rect = next(bar.iter("rect"))
    place = {key: float(rect.get(key, 0)) for key in ("x", "y", "width", "height")}
    rect.attrib = {key: f"{value:.1f}" for key, value in place.items()}
    rect.set("fill", _NOW if name == "now" else _BEFORE)
    if name == "before":
        rect.set("stroke", _EDGE)
    holder = bar[0] if bar[0].tag == "a" else bar
    if holder.attrib.pop("data-shown", ""):
        for n, line_of_name in enumerate(reversed(words)):
            label = svg.text(line_of_name, left, place["y"] - 5 - n * (svg.FONT + 3), "name", _TEXT)
            label.set("font-weight", "700" if row.is_marked else "400")
            holder.append(label)
        middle = place["y"] + place["height"] / 2 + 4
        holder.append(svg.text(row.shown, place["x"] + place["width"] + 6, middle, "lab", _TEXT))


def _zero(root: Element, upwards: Sequence[Bar]) -> None:
    """Where bars to the left and to the right meet: a line, so that a loss is seen as one."""
    plot = svg.with_class(root, "plot")[0]
    rects = [rect for series in svg.with_class(plot, "now") for rect in series.iter("rect")]
    row, rect = next((row, rect) for row, rect in zip(upwards, rects, strict=False) if row.value)
    at = float(rect.get("x", 0)) + (float(rect.get("width", 0)) if row.value < 0 else 0)
    bottom = max(float(rect.get("y", 0)) + float(rect.get("height", 0)) for rect in plot.iter("rect"))
    plot.append(Element("path", {"d": f"M{at:.1f} 0V{bottom:.1f}", "class": "base", "stroke": _MUTED, "fill": "none"}))


def _line(root: Element, of: Line) -> Element:
    for path in root.iter("path"):
        path.set("fill", "none")
    for axis in svg.with_class(root, "axis"):
        is_scale = "y" in str(axis.get("class")).split()
        _scale(axis, "end" if is_scale else "middle", _tick(0, of.unit))
    for n, series in enumerate(svg.with_class(root, "series")):
        is_target = n % 2 == 1 and of.target is not None
        _trend(series, is_target)
    if any(point.is_open for point in of.points):
        _open(root, of.points)
    _end_words(root, of)
    return root


def _scale(axis: Element, anchor: str, zero: str) -> None:
    for text in axis.iter("text"):
        text.attrib = svg.text("", float(text.get("x", 0)), float(text.get("y", 0)), "tick", _MUTED).attrib
        text.set("text-anchor", anchor)
    for path in axis.iter("path"):
        if anchor == "middle":
            path.attrib = {}
            continue
        path.attrib = {"d": str(path.get("d")), "class": "grid", "stroke": _RULE, "fill": "none"}
    for guide in svg.with_class(axis, "guides"):
        if guide.findtext("text") == zero:
            for path in guide.iter("path"):
                path.attrib.update({"class": "base", "stroke": _MUTED} if path.attrib else {})


def _trend(series: Element, is_target: bool) -> None:
    series.set("class", "target" if is_target else "trend")
    for path in series.iter("path"):
        path.attrib = {
            "d": str(path.get("d")),
            "class": "l2" if is_target else "l1",
            "fill": "none",
            "stroke-width": "2",
        }
        path.set("stroke", _MUTED if is_target else _NOW)
        if is_target:
            path.set("stroke-dasharray", "4 4")
    for dot in series.iter("circle"):
        dot.attrib = {"cx": str(dot.get("cx")), "cy": str(dot.get("cy")), "r": "3", "class": "f1", "fill": _NOW}
    for holder in series.iter():
        holder.attrib.pop("data-shown", None)


def _open(root: Element, points: Sequence[Point]) -> None:
    """The line anew from dot to dot, dotted where it leads to or from an open one."""
    dots = [dot for plot in svg.with_class(root, "plot") for dot in plot.iter("circle")]
    known = [(n, point, dot) for (n, point), dot in zip(_known(points), dots, strict=True)]
    for _n, point, dot in known:
        if point.is_open:
            dot.attrib |= {"class": "f1 open", "fill": "#fff", "stroke": _NOW, "stroke-width": "2"}
    trend = svg.with_class(root, "trend")[0]
    drawn = {"class": "l1", "fill": "none", "stroke-width": "2", "stroke": _NOW}
    for path in list(trend):
        trend.remove(path)
    for is_open, more in ((False, {}), (True, {"stroke-dasharray": "2 4"})):
        stretches = [
            f"M{_place(dot)} L{_place(following)}"
            for (n, point, dot), (m, beyond, following) in pairwise(known)
            if m == n + 1 and (point.is_open or beyond.is_open) == is_open
        ]
        if stretches:
            trend.append(Element("path", {"d": " ".join(stretches)} | drawn | more))


def _known(points: Sequence[Point]) -> list[tuple[int, Point]]:
    return [(n, point) for n, point in enumerate(points) if point.value is not None]


def _place(dot: Element) -> str:
    return f"{float(dot.get('cx', 0)):.1f} {float(dot.get('cy', 0)):.1f}"


def _end_words(root: Element, of: Line) -> None:
    """The last value and the target, written where their lines end; pushed apart when they would touch."""
    plots = svg.with_class(root, "plot")
    dots = [dot for plot in plots for dot in plot.iter("circle")]
    targets = [path for plot in plots for path in plot.iter("path") if path.get("class") == "l2"]
    y = float(dots[-1].get("cy", 0)) if dots and of.points[-1].value is not None else None
    if y is not None:
        plots[0].append(svg.text(of.shown, float(dots[-1].get("cx", 0)) + 8, y + 4, "lab", _TEXT))
    if targets and of.target_shown:
        numbers = str(targets[0].get("d")).replace("M", "").replace("L", "").split()
        at, height = float(numbers[-2]), float(numbers[-1])
        if y is not None and abs(height - y) < svg.FONT + 2:
            height = y + svg.FONT + 3 if height >= y else y - svg.FONT - 3
        plots[0].append(svg.text(of.target_shown, at + 8, height + 4, "tick", _MUTED))
