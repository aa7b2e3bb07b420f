"""Short texts: subject lines, SMS with its segments, push notices."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from notifications import grammar
from notifications.facts import Facts
from notifications.library import Words

# GSM 03.38, the basic table and its extension (each of those costs two).
_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_LONG = set("^{}\\[~]|€")
# What typography adds and a telephone does not need: it would more than halve the room.
_PLAINER = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'", "\u2018": "'",
     "\u201c": '"', "\u201d": '"', "\u2026": "...", "×": "x", "«": '"', "»": '"'}
)  # fmt: skip
MOST_SEGMENTS, WANTED_SEGMENTS = 10, 4
# A link's mark is shorter than the link that replaces it.
_LINK_ROOM = 1
# What may be cut in an SMS, and to how many signs.
_LONGEST = {"glasses": 44, "parcel": 44, "returned": 44, "reason": 90, "offer": 60, "instructions": 90, "to_follow": 44}
SUBJECT_LENGTH = 150


@dataclass(frozen=True)
class Segments:
    """How an SMS is billed. `alphabet` is GSM-7 or UCS-2; `units` are septets or 16-bit units."""

    alphabet: str
    units: int
    count: int


def segments(message: str) -> Segments:
    """One segment holds 160 septets or 70 units; several lose 7 or 3 each to their header. Source: 3GPP TS 23.040."""
    if all(char in _GSM or char in _GSM_LONG for char in message):
        units = sum(2 if char in _GSM_LONG else 1 for char in message)
        return Segments("GSM-7", units, 1 if units <= 160 else ceil(units / 153))
    units = len(message.encode("utf-16-be")) // 2
    return Segments("UCS-2", units, 1 if units <= 70 else ceil(units / 67))


def plainer(message: str) -> str:
    """Typographic signs become their plain sisters where the whole text then fits the telephone alphabet."""
    plain = message.translate(_PLAINER)
    return plain if segments(plain).alphabet == "GSM-7" else message.replace("\u00a0", " ").replace("\u202f", " ")


def subject(words: Words, facts: Facts) -> str:
    """One line; a subject whose value is empty falls back to the practice and the order number."""
    lines = grammar.fill(words.subject, facts.values)
    line = " ".join(" ".join(lines).split())
    return line[:SUBJECT_LENGTH] or facts.values["shop"]


def sms(words: Words, facts: Facts) -> str:
    """The lines that remain, joined to one text. Long names and reasons are shortened when it would cost too much."""
    whole = _joined(words, facts.values)
    if segments(whole).count + _LINK_ROOM <= WANTED_SEGMENTS:
        return whole
    return _joined(words, {name: _shortened(value, _LONGEST.get(name)) for name, value in facts.values.items()})


def _joined(words: Words, values: Mapping[str, str]) -> str:
    lines = grammar.fill(words.body, values)
    return plainer(" ".join(line.strip() for line in lines if line.strip()))


def _shortened(value: str, length: int | None) -> str:
    """Cut at a word; the page behind the link says all of it."""
    if length is None or len(value) <= length:
        return value
    return value[: length - 3].rsplit(" ", 1)[0].rstrip(" ,;:.") + "..."


def push(words: Words, facts: Facts) -> str:
    """One or two lines; no health data, no amount."""
    return " ".join(line.strip() for line in grammar.fill(words.body, facts.values) if line.strip())
