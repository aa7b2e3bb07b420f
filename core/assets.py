"""Joins the design system's small source files into the few files that pages load.

No bundler: style sheets and scripts are joined as they are, so that a changed line is the same line in both places.
The joined files are checked in; a test holds them to their sources.
"""

from pathlib import Path

from django.conf import settings

SOURCES = Path(settings.BASE_DIR) / "static" / "src"
TARGETS = Path(settings.BASE_DIR) / "static"

# The customer's pages have a budget of 8 kB: the first four layers and the blocks that they use.
PUBLIC_BLOCKS = frozenset(
    {"50-skip", "52-buttons", "53-badge", "54-callouts", "55-forms", "63-queue", "69-customer", "90-utilities"}
)
LAYERS = "@layer reset, tokens, base, layout, components, utilities;\n"
MADE = "/* Joined by `manage.py assets` from static/src. Change the sources. */\n"


def build() -> dict[Path, str]:
    """Every joined file with its text."""
    sheets = sorted((SOURCES / "css").glob("*.css"))
    scripts = sorted((SOURCES / "js").glob("*.js"))
    public = [sheet for sheet in sheets if sheet.stem in PUBLIC_BLOCKS or sheet.stem < "50"]
    return {
        TARGETS / "css" / "practice.css": MADE + LAYERS + _join(sheets),
        TARGETS / "css" / "public.css": MADE + LAYERS + _join(public),
        TARGETS / "js" / "practice.js": MADE + "".join(_scoped(script) for script in scripts),
    }


def stale() -> list[Path]:
    """The joined files that differ from what their sources give."""
    return [path for path, text in build().items() if not path.exists() or path.read_text() != text]


def _join(paths: list[Path]) -> str:
    return "\n".join(path.read_text().rstrip("\n") + "\n" for path in paths)


def _scoped(path: Path) -> str:
    """A script in a block of its own: its names stay its own in the joined module."""
    return f"\n// {path.name}\n{{\n{path.read_text().rstrip()}\n}}\n"
