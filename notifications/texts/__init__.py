"""The texts the product ships with: one TOML file a language, `[template.channel]` with subject and body."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("en", "fr", "pt", "ar")
_HERE = Path(__file__).parent


@cache
def shipped(language: str) -> dict[str, dict[str, dict[str, str]]]:
    """Every text of a language; a language we do not ship reads English."""
    path = _HERE / f"{language if language in LANGUAGES else 'en'}.toml"
    with path.open("rb") as file:
        texts: dict[str, dict[str, dict[str, str]]] = tomllib.load(file)
    return texts


def base_of(language: str) -> str:
    """`pt-br` reads `pt`; what we do not ship reads `en`."""
    base = language.lower().replace("_", "-").split("-")[0]
    return base if base in LANGUAGES else "en"
