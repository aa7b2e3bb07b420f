"""Text as it is compared: lower case without accents."""

import unicodedata


def plain(text: str) -> str:
    """Lower case without accents, single blanks."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())
