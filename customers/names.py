"""Names as they are sorted and searched: lower case, without accents, in any script."""

import unicodedata

from django.db.models import Q

# Letters that carry no combining mark to drop, so that decomposition leaves them as they are.
_LETTERS = str.maketrans(
    {
        "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe", "ŋ": "n",
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None,
        "'": None, "’": None, "ʼ": None, "`": None,
    }
)  # fmt: skip


def fold(text: str) -> str:
    """`O'Brien-Núñez` becomes `obrien nunez`: what a hurried typist and a careful one have in common."""
    plain = text.casefold().translate(_LETTERS)
    decomposed = unicodedata.normalize("NFKD", plain)
    letters = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(letters).split())


def sort_key(given_names: str, family_name: str) -> str:
    """Family name first, folded; at most 210 characters."""
    return fold(f"{family_name} {given_names}")[:210]


def search_text(*parts: str) -> str:
    """All name parts with a leading blank, so that ` tha` finds the beginning of any part."""
    return f" {fold(' '.join(parts))}"


def holding(text: str, customer: str = "") -> Q:
    """Rows whose customer's names or number hold every word of the text; `customer` is the way to them (`order__customer__`).

    A text without a letter or digit names nobody.
    """
    words = fold(text).split()
    wanted = Q() if words else Q(pk__in=[])
    for word in words:
        wanted &= Q(**{f"{customer}search_text__contains": word})
    return wanted
