"""Pages of `docs/` that are written by a command, so that they cannot be out of date.

An app adds one in its `reference.py`: a function with `@page("reference/permissions.md")` that returns Markdown.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.module_loading import autodiscover_modules

from core.states import Machine

NOTE = "<!-- Written by `./dev manage write_docs`. Change the code, not this page. -->\n\n"
_pages: dict[str, Callable[[], str]] = {}


def page(path: str) -> Callable[[Callable[[], str]], Callable[[], str]]:
    """Register the writer of one page below `docs/`."""

    def register(writer: Callable[[], str]) -> Callable[[], str]:
        _pages[path] = writer
        return writer

    return register


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; a bar inside a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


def written() -> dict[Path, str]:
    """Every generated page as it should be now: path and text."""
    autodiscover_modules("reference")
    for name in settings.REFERENCE_MODULES:
        import_module(name)
    docs = Path(settings.BASE_DIR) / "docs"
    with translation.override("en"):
        pages = {docs / path: NOTE + writer() for path, writer in _pages.items()}
        states = {
            docs / "states" / f"{machine.name.replace(' ', '-')}.md": NOTE + _states(machine) for machine in machines()
        }
    return pages | states


def machines() -> Iterator[Machine]:
    """Every state machine of every app, from its `states.py`."""
    for app in apps.get_app_configs():
        if not Path(app.path).joinpath("states.py").exists() or app.name == "core":
            continue
        module = import_module(f"{app.name}.states")
        yield from (value for value in vars(module).values() if isinstance(value, Machine))


def _states(machine: Machine) -> str:
    words = [[f"`{state}`", str(label)] for state, label in machine.states.items()]
    steps = [
        [
            f"`{step.verb}`", str(machine.states[step.start]), str(machine.states[step.end]), str(step.label),
            f"`{step.can}`" if step.can else "", "yes" if step.needs_reason else "",
        ]
        for step in machine
    ]  # fmt: skip
    return (
        f"# States of: {machine.name}\n\n```mermaid\n{machine.mermaid()}```\n\n"
        f"{table(['state', 'word on the screen'], words)}\n"
        f"{table(['verb', 'from', 'to', 'button', 'permission', 'reason needed'], steps)}"
    )


def out_of_date() -> list[Path]:
    """Generated pages that differ from what the code says, and left-over pages of states that are gone."""
    wanted = written()
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    states = Path(settings.BASE_DIR) / "docs" / "states"
    return sorted(changed + [path for path in states.glob("*.md") if path not in wanted])


def write() -> list[Path]:
    """Bring every generated page up to date; which were changed."""
    wanted, changed = written(), out_of_date()
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return changed
