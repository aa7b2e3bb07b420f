"""`manage.py write_docs` writes the generated pages of docs/; `--check` only says which are out of date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import reference


class Command(BaseCommand):
    help = "Write the pages of docs/ that come from the code: states, permissions, settings."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a page is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            stale = reference.out_of_date()
            if stale:
                names = ", ".join(path.name for path in stale)
                raise CommandError(f"Out of date: {names}. Run: ./dev docs")
            return
        for path in reference.write():
            self.stdout.write(f"written: {path.name}")
