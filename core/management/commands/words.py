"""`manage.py words` compiles the words of other languages; `--check` says what is out of date, `--missing fr` what lacks its French."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core import customer_words, words


class Command(BaseCommand):
    help = "Compile locale/*/LC_MESSAGES/django.po for gettext."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", metavar="LANGUAGE", help="change nothing; list words without a translation")
        parser.add_argument("--check", action="store_true", help="change nothing; fail when a file is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["missing"]:
            for word, place in sorted(customer_words.missing(options["missing"], customer_words.everywhere()).items()):
                self.stdout.write(f"{place}: {' '.join(word.replace(customer_words.BETWEEN, ' | ').split())}")
            return
        if not options["check"]:
            for path in words.build():
                self.stdout.write(f"compiled: {path.parent.parent.name}")
            return
        stale = words.stale()
        if stale:
            names = ", ".join(path.parent.parent.name for path in stale)
            raise CommandError(f"not current: {names}. Run `manage.py words`.")
