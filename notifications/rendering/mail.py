"""The e-mail: one text, drawn twice. Tables and inline style for mail programs, plain text for everybody else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import css_inline
from django.template.defaultfilters import linebreaksbr
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from notifications import grammar
from notifications.bought import Row
from notifications.facts import PREFERENCES_MARK, Facts, reading_as
from notifications.library import Words
from notifications.texts import RIGHT_TO_LEFT
from notifications.variables import BLOCKS

_BUTTON = re.compile(r"^\[(?P<label>[^\]]+)\]\s+(?P<url>\S+)$")
PICTURE_ID = "frame"


@dataclass(frozen=True)
class Block:
    """One piece of an e-mail: `title`, `heading`, `text`, `button`, `link`, `items` or `picture`."""

    kind: str
    text: str = ""
    url: str = ""
    rows: tuple[Row, ...] = ()


def both(words: Words, facts: Facts) -> tuple[str, str]:
    """(plain text, HTML). Raises UnknownVariable."""
    blocks = read(words, facts)
    return plain(blocks, facts), html(blocks, words, facts)


def read(words: Words, facts: Facts) -> list[Block]:
    """The blocks of a filled text. A heading under which nothing was left goes away with it."""
    lines = grammar.fill(words.body, facts.values, keep=BLOCKS)
    return _without_bare_headings([_block(line.strip(), facts) for line in lines if line.strip()])


def _block(line: str, facts: Facts) -> Block:
    if line == "{items}":
        return Block("items", rows=facts.rows)
    if line == "{picture}":
        return Block("picture", text=facts.picture_words)
    if line.startswith("## "):
        return Block("heading", line[3:])
    if line.startswith("# "):
        return Block("title", line[2:])
    button = _BUTTON.match(line)
    return Block("button", button["label"], button["url"]) if button else Block("text", line)


def _without_bare_headings(blocks: list[Block]) -> list[Block]:
    following = [*blocks[1:], Block("heading")]
    return [
        one for one, after in zip(blocks, following, strict=True) if one.kind != "heading" or after.kind != "heading"
    ]


def plain(blocks: list[Block], facts: Facts) -> str:
    """For readers without pictures and tables: the same facts in the same order."""
    parts = [part for part in (_plain(block) for block in blocks) if part]
    with reading_as(facts.language, facts.branch):
        change = f"{_('Change how we write to you')}:\n{PREFERENCES_MARK}"
    return "\n\n".join(parts) + f"\n\n-- \n{facts.values['shop']}\n\n{change}\n"


def _plain(block: Block) -> str:
    if block.kind == "items":
        width = max((len(row.label) for row in block.rows), default=0)
        return "\n".join(f"{row.label.ljust(width)}  {row.amount}" for row in block.rows)
    if block.kind == "picture":
        return ""
    return f"{block.text}:\n{block.url}" if block.url else block.text


def html(blocks: list[Block], words: Words, facts: Facts) -> str:
    """The branded page with every style inline."""
    context = _frame(blocks, words.language, facts.values["shop"], facts.branch.colour) | {
        "blocks": [(block, _called(block.text, facts.values["phone"])) for block in blocks],
        "unsubscribe": PREFERENCES_MARK,
    }
    with reading_as(facts.language, facts.branch):
        return _drawn(context)


def for_staff(blocks: Sequence[Block], language: str, shop: str, colour: str = "") -> tuple[str, str]:
    """(plain text, HTML) of a mail to somebody who works here, in the language that is set. The title stands in the subject."""
    context = _frame(blocks, language, shop, colour) | {
        "blocks": [(block, linebreaksbr(block.text, autoescape=True)) for block in blocks]
    }
    text = "\n\n".join(_plain(block) for block in blocks if block.kind != "title")
    return text, _drawn(context)


def _frame(blocks: Sequence[Block], language: str, shop: str, colour: str) -> dict[str, object]:
    """What stands around the blocks."""
    right_to_left = language in RIGHT_TO_LEFT
    return {
        "shop": shop,
        "title": next((block.text for block in blocks if block.kind == "title"), shop),
        "first": next((block.text for block in blocks if block.kind == "text"), ""),
        "language": language,
        "direction": "rtl" if right_to_left else "ltr",
        "start": "right" if right_to_left else "left",
        "end": "left" if right_to_left else "right",
        "colour": _COLOURS.get(colour, _COLOURS["blue"]),
        "picture_id": PICTURE_ID,
    }


def _drawn(context: dict[str, object]) -> str:
    return str(_inliner().inline(render_to_string("notifications/email.html", context)))


def _called(text: str, phone: str) -> SafeString:
    """The text with the shop's number to be tapped; the number reads left to right in every language."""
    dialled = "".join(char for char in phone if char.isdigit() or char == "+")
    if not dialled:
        return format_html("{}", text)
    link = format_html('<a class="m-link" dir="ltr" href="tel:{}">{}</a>', dialled, phone)
    return format_html_join(link, "{}", ((part,) for part in text.split(phone)))


_COLOURS = {
    "blue": "#0072b2", "orange": "#b04a00", "green": "#007a5a", "pink": "#a3497f", "olive": "#6b6100", "grey": "#566070",
}  # fmt: skip


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    """Keeps the one style block for dark mode; fetches nothing."""
    return css_inline.CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False)
