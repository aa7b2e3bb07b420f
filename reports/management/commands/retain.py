"""`manage.py retain`: cut what has been kept long enough. With --dry-run only the keys of what is due are listed."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from reports.privacy import retention


class Command(BaseCommand):
    """For whoever runs the practice; the nightly task cuts messages the same way."""

    help = "Cuts the words of old messages and lists customers whose records have been kept long enough."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="List what is due and change nothing.")
        parser.add_argument(
            "--on", type=date.fromisoformat, default=None, help="As it will be on this day (dry run only)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        customers = retention.customers_due(options["on"])
        self.stdout.write(f"customers for two people to decide on: {_list(customers)}")
        if options["dry_run"]:
            self.stdout.write(f"messages to cut: {_list(retention.messages_due(options['on']))}")
            self.stdout.write(f"who opened what, to drop: before {retention.looks_before(options['on'])}")
            return
        self.stdout.write(f"messages cut: {retention.cut_messages()}")
        self.stdout.write(f"rows of who opened what dropped: {retention.drop_looks()}")


def _list(keys: list[int]) -> str:
    return " ".join(map(str, keys)) or "none"
