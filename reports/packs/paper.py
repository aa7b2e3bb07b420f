"""A drawing on paper: the same one as on the page, with its words set as text of the page.

The library that makes PDFs sets the words inside an SVG letter by letter: Arabic would be neither joined nor in its order.
"""

from base64 import b64encode
from collections.abc import Iterator
from unicodedata import bidirectional
from xml.etree.ElementTree import Element, register_namespace, tostring

from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # the library has no types
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from reports import svg

_SVG = "http://www.w3.org/2000/svg"
_TEXT, _HOVER = f"{{{_SVG}}}text", f"{{{_SVG}}}title"
_BASELINE = 0.85  # of the letters' size, from the top of a line as high as the letters
_ROOM, _WIDEST = 200, 1000  # for words that stand around a place, or begin there
register_namespace("", _SVG)


def drawn(drawing: str, millimetres: float) -> SafeString:
    """The drawing so wide, as HTML; nothing for none."""
    if not drawing:
        return SafeString("")
    root = fromstring(drawing)
    _left, _top, width, height = (float(part) for part in root.attrib["viewBox"].split())
    scale = millimetres / width
    words = format_html_join("", '<span style="{}">{}</span>', _words(root, scale))
    size = f"width: {millimetres}mm; height: {height * scale:.2f}mm"
    picture = "data:image/svg+xml;base64," + b64encode(tostring(root)).decode()
    return format_html(
        '<div class="on-paper" style="{0}"><img style="{0}" src="{1}" alt="">{2}</div>', size, picture, words
    )


def _words(parent: Element, scale: float, at: tuple[float, float] = (0, 0)) -> Iterator[tuple[str, str]]:
    """Every text with the style that puts it where it stood; it is taken out of the drawing, and so is what only hovers."""
    for child in list(parent):
        if child.tag == _HOVER:
            parent.remove(child)
        elif child.tag == _TEXT:
            parent.remove(child)
            yield _style(child, at, scale), child.text or ""
        else:
            yield from _words(child, scale, _moved(child, at))


def _moved(element: Element, at: tuple[float, float]) -> tuple[float, float]:
    numbers = element.get("transform", "translate(0, 0)").removeprefix("translate(").removesuffix(")").split(",")
    return at[0] + float(numbers[0]), at[1] + float(numbers[1])


def _style(text: Element, at: tuple[float, float], scale: float) -> str:
    x, y = (float(text.get(name, 0)) + moved for name, moved in zip("xy", at, strict=True))
    anchor = text.get("text-anchor", "start")
    left = x - {"start": 0, "middle": _ROOM / 2, "end": _ROOM}[anchor]
    align = {"start": "left", "middle": "center", "end": "right"}[anchor]
    top = y - _BASELINE * svg.FONT
    reads = "rtl" if any(bidirectional(letter) in {"R", "AL"} for letter in text.text or "") else "ltr"
    weight = text.get("font-weight") or ("700" if text.get("class") == "lab" else "400")
    width = _ROOM if anchor != "start" else _WIDEST
    return (
        f"left: {left * scale:.2f}mm; top: {top * scale:.2f}mm; width: {width * scale:.2f}mm; direction: {reads};"
        f" text-align: {align}; font: {weight} {svg.FONT * scale:.2f}mm/1 sans-serif; color: {text.get('fill')}"
    )
