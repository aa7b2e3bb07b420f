"""`manage.py reconcile`: compare orders, payments, stock and messages now; exits with 1 when something differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.actor import system
from reports.reconciling import running
from reports.reconciling.checks import BY_CODE


class Command(BaseCommand):
    """For whoever runs the practice. The nightly task does the same."""

    help = "Compares orders, payments, stock and messages, and lists what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        made = running.run(system())
        for row in made.differences.select_related("branch").order_by("check_code", "pk"):
            self.stderr.write(f"{BY_CODE[row.check_code].statement}")
            self.stderr.write(f"    {row.branch.code} {row.label}: {row.expected} / {row.found}")
        if made.counts:
            raise CommandError(f"{sum(made.counts.values())} differences.")
        self.stdout.write(f"All {len(BY_CODE)} comparisons agree.")
