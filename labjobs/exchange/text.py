"""Text for files that only hold a few characters: accents are dropped, and the person is told."""

import unicodedata

SPELLED_OUT = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "’": "'", "‘": "'", "“": '"',
        "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "×": "x", "…": "...", "\u00a0": " ",
    }
)  # fmt: skip


def fits(text: str, encoding: str) -> bool:
    """Whether every character of the text exists in the encoding."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def simplified(text: str, encoding: str) -> str:
    """The text with what the encoding lacks spelled out or without its accents; the rest is left for the caller."""
    if fits(text, encoding):
        return text
    return "".join(_simplified_character(character, encoding) for character in unicodedata.normalize("NFC", text))


def _simplified_character(character: str, encoding: str) -> str:
    if fits(character, encoding):
        return character
    parts = unicodedata.normalize("NFKD", character.translate(SPELLED_OUT))
    return "".join(part for part in parts if not unicodedata.combining(part))
