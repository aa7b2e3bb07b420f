"""`manage.py write_dependencies [--check]`: draws what depends on what in `docs/dependencies.md`."""

from collections import defaultdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from records.facts import role_word
from records.services import changes

HEAD = """# What rests on what

Made by `manage.py write_dependencies` from the `dependencies.py` of the apps. When a record in the first column changes
after it was approved, signed or released, each decision is opened again, owned, and holds the named stage.

| when this changes | this is decided again | because | owner | before the next stage | holds |
| --- | --- | --- | --- | --- | --- |
"""


class Command(BaseCommand):
    """For developers and auditors."""

    help = "Writes docs/dependencies.md."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only compare; exit with 1 on a difference")

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "dependencies.md"
        text = HEAD + _rows() + "\n## As a picture\n\n```mermaid\n" + _picture() + "```\n"
        if not options["check"]:
            path.write_text(text)
        elif not path.exists() or path.read_text() != text:
            raise CommandError("docs/dependencies.md is out of date: run manage.py write_dependencies")


def _rows() -> str:
    return "".join(
        f"| {row.on} | {row.label} | {row.why} | {role_word(row.owner_role)} | {row.before_next_stage} "
        f"| {row.blocks or '–'} |\n"
        for row in changes.table()
    )


def _picture() -> str:
    edges = defaultdict(list)
    for row in changes.table():
        edges[row.on].append(row)
    lines = ["flowchart LR"]
    for on, rows in edges.items():
        lines += [f'    {_node(on)}["{on}"] --> {_node(row.decision)}["{row.label}"]' for row in rows]
    return "\n".join(lines) + "\n"


def _node(name: str) -> str:
    return name.replace(".", "_")
