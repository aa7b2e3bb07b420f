"""The words of other languages: `locale/<language>/LC_MESSAGES/django.po` is edited, the compiled file beside it is checked in.

Compiled by Babel, so that no system program is needed; a test holds both together. In French the spaces typed before `: ; ! ?` and
inside « » become such that no line ends at them.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings

# Babel would write the time of compiling, and no two files would be the same.
_NO_DAY = datetime(2026, 1, 1, tzinfo=UTC)
_NBSP = "\u00a0"
# Imprimerie nationale, Lexique des règles typographiques: a sign of two parts is held to its word by a space.
_HELD = {"fr": re.compile(r" (?=[:;!?»])|(?<=«) ")}
FOLDER = Path(settings.BASE_DIR) / "locale"


def sources() -> list[Path]:
    return sorted(FOLDER.glob("*/LC_MESSAGES/django.po"))


def compiled(source: Path) -> bytes:
    """What gettext reads. A plural that a language writes in as many forms as it has."""
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parent.parent.name)
    if held := _HELD.get(catalog.locale_identifier or ""):
        for message in catalog:
            message.string = _bound(message.string or "", held)
    catalog.creation_date = catalog.revision_date = _NO_DAY
    out = BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def _bound(said: str | Sequence[str], held: re.Pattern[str]) -> str | tuple[str, ...]:
    return held.sub(_NBSP, said) if isinstance(said, str) else tuple(held.sub(_NBSP, form) for form in said)


def stale() -> list[Path]:
    """Compiled files that differ from what their sources give."""
    found = [(source.with_suffix(".mo"), compiled(source)) for source in sources()]
    return [path for path, content in found if not path.exists() or path.read_bytes() != content]


def build() -> list[Path]:
    """Compile all; the files that changed."""
    changed = stale()
    for path in changed:
        path.write_bytes(compiled(path.with_suffix(".po")))
    return changed
