"""The texts the product ships with: a folder a language, a TOML file a subject, `[template.channel]` with subject and body."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "pt", "ar")
RIGHT_TO_LEFT = frozenset({"ar"})
_HERE = Path(__file__).parent

Texts = dict[str, dict[str, dict[str, str]]]


@cache
def shipped(language: str) -> Texts:
    """Every text of a language by template and channel; a language we do not ship reads English."""
    folder = _HERE / (language if language in LANGUAGES else "en")
    texts: Texts = {}
    for path in sorted(folder.glob("*.toml")):
        with path.open("rb") as file:
            texts |= tomllib.load(file)
    return texts


def base_of(language: str) -> str:
    """`pt-br` reads `pt`; what we do not ship reads `en`."""
    base = language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"
