"""`manage.py assets` joins static/src into static/css and static/js; `--check` only says what is out of date."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import assets


class Command(BaseCommand):
    help = "Join the sources of the style sheets and scripts into the files that pages load."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when a joined file is not current"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        stale = assets.stale()
        if options["check"]:
            if stale:
                raise CommandError(f"not current: {', '.join(path.name for path in stale)}. Run `manage.py assets`.")
            return
        for path, text in assets.build().items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
