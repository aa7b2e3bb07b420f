"""What pygal drew, made fit for a strict page, a paper and a mail: no style, no script, words and links in plain SVG."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element

FONT = 12
SPLIT = "\x1f"
_XLINK = "{http://www.w3.org/1999/xlink}href"


def clean(root: Element, title: str) -> Element:
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
    # Drawings are not mirrored; without this a page from right to left would turn every text's anchor around.
    root.set("direction", "ltr")
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
            shown, _split, hover = (hint.text or "").partition(SPLIT)
            element.set("data-shown", shown)
            title = Element("title")
            title.text = hover
            element.insert(0, title)
            if element.tag == "a":
                element.set("aria-label", hover)
        element.remove(hint)


def text(words: str, x: float, y: float, name: str, colour: str) -> Element:
    """Words that begin at a place; class for the page, colour for paper."""
    font = {"font-family": "sans-serif", "font-size": str(FONT)}
    found = Element("text", {"x": f"{x:.1f}", "y": f"{y:.1f}", "class": name, "fill": colour, **font})
    found.set("unicode-bidi", "plaintext")  # each name reads in its own direction
    found.text = words
    return found


def with_class(root: Element, name: str) -> Sequence[Element]:
    """Every element that carries a class."""
    return [element for element in root.iter() if name in str(element.get("class", "")).split()]
