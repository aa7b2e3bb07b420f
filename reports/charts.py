"""Charts as SVG, drawn by pygal without script or style sheet: the same drawing in a page, a PDF and a mail's attachment.

Colours stand as attributes (light, for paper); pages give the same classes the tokens of the design system, so that dark
mode and print work. A chart is a pure function of its values and kept in memory while they stay the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.etree import etree
from pygal.style import Style

etree.to_etree()  # the standard library's trees, also where lxml happens to be installed

WIDE, NARROW = 540, 340
_FONT = 12
_SLOT, _SLOT_ALONE = 52, 40
_LINE_HEIGHT, _LETTER = 200, 7
_XLINK = "{http://www.w3.org/1999/xlink}href"
_NOW, _BEFORE, _TEXT, _MUTED, _RULE = "#0072b2", "#a9b1bd", "#14181f", "#566070", "#dfe3ea"
_SPLIT = "\x1f"
_SPARK = '<svg class="spark" viewBox="0 0 120 34" preserveAspectRatio="none" aria-hidden="true">%s</svg>'
_STYLE = Style(font_family="sans-serif", label_font_size=_FONT, major_label_font_size=_FONT, value_font_size=_FONT)


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
    """Bars from the top down, each name above its bar so that no name is cut; the paler bar is the span before."""
    compared = any(row.before is not None for row in rows)
    slot = _SLOT if compared else _SLOT_ALONE
    chart = pygal.HorizontalBar(
        style=_STYLE, width=width, height=slot * len(rows) + 4, margin=0, margin_right=16 + _LETTER * max(len(row.shown) for row in rows), margin_top=2, margin_bottom=2,
        show_legend=False, show_y_labels=False, show_x_labels=False, spacing=0, js=[], css=[],
        disable_xml_declaration=True,
    )  # fmt: skip
    upwards = rows[::-1]
    chart.add("", [None] * len(rows))
    chart.add("", [_value(row.value, row.shown, row.hover, row.url) for row in upwards])
    if compared:
        # No link: what a bar leads to are the records of now.
        chart.add("", [_value(row.before or 0, "", row.hover, "") for row in upwards])
    chart.add_xml_filter(lambda root: _bars(_clean(root, title), upwards))
    return _markup(chart)


@lru_cache(maxsize=512)
def line(title: str, of: Line, width: int = WIDE) -> SafeString:
    """A line with a dot for each part of the span, its last value written at its end, and the target dashed.

    An open part has a hollow dot, and the line to it is dotted: it may still move.
    """
    every = max(1, -(-len(of.points) // (4 if width >= WIDE else 3)))
    chart = pygal.Line(
        style=_STYLE, width=width, height=_LINE_HEIGHT, margin=0, margin_right=16 + _LETTER * max(len(of.shown), len(of.target_shown)), margin_top=12, margin_left=4,
        margin_bottom=4, show_legend=False, truncate_label=-1, include_x_axis=of.from_zero, max_scale=5, min_scale=3,
        show_minor_x_labels=False, show_x_guides=False, js=[], css=[], disable_xml_declaration=True,
        value_formatter=lambda value: f"{value:g}{of.unit}", allow_interruptions=True,
    )  # fmt: skip
    chart.x_labels = [point.label for point in of.points]
    chart.x_labels_major = [point.label for n, point in enumerate(of.points) if (len(of.points) - 1 - n) % every == 0]
    chart.add("", [_point(point, of) for point in of.points], dots_size=3)
    if of.target is not None:
        chart.add(
            "", [_value(of.target, of.target_shown, of.target_shown, "") for _point_ in of.points], show_dots=False
        )
    chart.add_xml_filter(lambda root: _line(_clean(root, title), of))
    return _markup(chart)


def _value(value: float, shown: str, hover: str, url: str) -> dict[str, Any]:
    found: dict[str, Any] = {"value": value, "label": f"{shown}{_SPLIT}{hover}"}
    return found | ({"xlink": {"href": url, "target": "_self"}} if url else {})


def _point(point: Point, of: Line) -> dict[str, Any] | None:
    if point.value is None:
        return None
    return _value(point.value, of.shown if point is of.points[-1] else "", point.hover, point.url)


def _markup(chart: Any) -> SafeString:
    drawn: str = chart.render(is_unicode=True)  # every text is escaped by the tree's own writer
    return mark_safe(drawn)  # noqa: S308


def _clean(root: Element, title: str) -> Element:
    """Without style sheet, script, inline styles and pygal's own hints; hover words and links in plain SVG."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _is_rest(child):
                parent.remove(child)
    for element in root.iter():
        element.attrib.pop("style", None)
        if _XLINK in element.attrib:
            element.set("href", element.attrib.pop(_XLINK))
            element.attrib.pop("target", None)
        _take_hints(element)
    root.attrib.pop("id", None)
    root.set("class", "chart")
    root.set("role", "group")
    root.set("aria-label", title)
    return root


def _is_rest(element: Element) -> bool:
    classes = str(element.get("class", "")).split()
    if not isinstance(element.tag, str):
        return True
    return element.tag in {"defs", "title"} or bool(
        {"tooltip-overlay", "text-overlay", "background", "titles"} & set(classes)
    )


def _take_hints(element: Element) -> None:
    """pygal's `desc` elements become one `title` (what a browser shows on hover) and the words printed beside."""
    hints = [child for child in element if child.tag == "desc"]
    for hint in hints:
        if hint.get("class") == "label":
            shown, _split, hover = (hint.text or "").partition(_SPLIT)
            element.set("data-shown", shown)
            title = Element("title")
            title.text = hover
            element.insert(0, title)
            if element.tag == "a":
                element.set("aria-label", hover)
        element.remove(hint)


def _bars(root: Element, upwards: Sequence[Bar]) -> Element:
    for axis in _with_class(root, "axis"):
        axis.clear()
    left = min((float(rect.get("x", 0)) for rect in root.iter("rect")), default=0.0)
    for series in _with_class(root, "series"):
        name = "now" if "serie-1" in str(series.get("class")) else "before"
        series.set("class", name)
        for row, bar in zip(upwards, _with_class(series, "bar"), strict=False):
            bar.set("class", "bar marked" if row.is_marked else "bar")
            _bar(bar, row, name, left)
    return root


def _bar(bar: Element, row: Bar, name: str, left: float) -> None:
    rect = next(bar.iter("rect"))
    place = {key: float(rect.get(key, 0)) for key in ("x", "y", "width", "height")}
    rect.attrib = {key: f"{value:.1f}" for key, value in place.items()}
    rect.set("fill", _NOW if name == "now" else _BEFORE)
    holder = bar[0] if bar[0].tag == "a" else bar
    if holder.attrib.pop("data-shown", ""):
        middle = place["y"] + place["height"] / 2 + 4
        holder.append(_text(row.label, left, place["y"] - 5, "name", _TEXT))
        holder.append(_text(row.shown, place["x"] + place["width"] + 6, middle, "lab", _TEXT))


def _line(root: Element, of: Line) -> Element:
    for path in root.iter("path"):
        path.set("fill", "none")
    for axis in _with_class(root, "axis"):
        is_scale = "y" in str(axis.get("class")).split()
        _scale(axis, "end" if is_scale else "middle")
    for n, series in enumerate(_with_class(root, "series")):
        is_target = n % 2 == 1 and of.target is not None
        _trend(series, is_target)
    if any(point.is_open for point in of.points):
        _open(root, of.points)
    _end_words(root, of)
    return root


def _scale(axis: Element, anchor: str) -> None:
    for text in axis.iter("text"):
        text.attrib = _text("", float(text.get("x", 0)), float(text.get("y", 0)), "tick", _MUTED).attrib
        text.set("text-anchor", anchor)
    for path in axis.iter("path"):
        if anchor == "middle":
            path.attrib = {}
            continue
        path.attrib = {"d": str(path.get("d")), "class": "grid", "stroke": _RULE, "fill": "none"}


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
    dots = [dot for plot in _with_class(root, "plot") for dot in plot.iter("circle")]
    known = [(n, point, dot) for (n, point), dot in zip(_known(points), dots, strict=True)]
    for _n, point, dot in known:
        if point.is_open:
            dot.attrib |= {"class": "f1 open", "fill": "#fff", "stroke": _NOW, "stroke-width": "2"}
    trend = _with_class(root, "trend")[0]
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
    plots = _with_class(root, "plot")
    dots = [dot for plot in plots for dot in plot.iter("circle")]
    targets = [path for plot in plots for path in plot.iter("path") if path.get("class") == "l2"]
    y = float(dots[-1].get("cy", 0)) if dots and of.points[-1].value is not None else None
    if y is not None:
        plots[0].append(_text(of.shown, float(dots[-1].get("cx", 0)) + 8, y + 4, "lab", _TEXT))
    if targets and of.target_shown:
        numbers = str(targets[0].get("d")).replace("M", "").replace("L", "").split()
        at, height = float(numbers[-2]), float(numbers[-1])
        if y is not None and abs(height - y) < _FONT + 2:
            height = y + _FONT + 3 if height >= y else y - _FONT - 3
        plots[0].append(_text(of.target_shown, at + 8, height + 4, "tick", _MUTED))


def _text(words: str, x: float, y: float, name: str, colour: str) -> Element:
    font = {"font-family": "sans-serif", "font-size": str(_FONT)}
    text = Element("text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": name, "fill": colour, **font})
    text.text = words
    return text


def _with_class(root: Element, name: str) -> Sequence[Element]:
    return [element for element in root.iter() if name in str(element.get("class", "")).split()]


def spark(
    values: Sequence[float | None], target: float | None = None, opened: Sequence[bool] = ()
) -> SafeString | None:
    """A trend as small as a word, too small for a library to help; None with fewer than two values.

    A gap splits the line. Whatever leads to or from an open value is dotted.
    """
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    reached = known if target is None else [*known, target]
    low, high = min(reached), max(reached)
    span, step = (high - low) or 1.0, 118 / max(1, len(values) - 1)
    heights = [None if value is None else 31 - 28 * (value - low) / span for value in values]
    places = [None if y is None else f"{1 + n * step:.1f},{y:.1f}" for n, y in enumerate(heights)]
    drawn = "".join(_spark_lines(places, opened or [False] * len(places)))
    aim = "" if target is None else f'<path class="target" d="M0 {31 - 28 * (target - low) / span:.1f}H120" />'
    return mark_safe(_SPARK % (aim + drawn))  # noqa: S308 (numbers alone)


def _spark_lines(places: Sequence[str | None], opened: Sequence[bool]) -> Iterator[str]:
    line: list[str] = []
    for n, place in enumerate(places):
        before = places[n - 1] if n else None
        is_open = place is not None and before is not None and (opened[n] or opened[n - 1])
        if is_open:
            yield f'<polyline class="open" points="{before} {place}" />'
        if place is None or is_open:
            yield from _spark_line(line)
            line = []
        if place is not None and not opened[n]:
            line.append(place)
    yield from _spark_line(line)


def _spark_line(line: Sequence[str]) -> Iterator[str]:
    if len(line) > 1:
        yield f'<polyline points="{" ".join(line)}" />'
