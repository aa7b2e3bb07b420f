"""`manage.py check_invariants`: every statement about the data, one query each; exits with 1, and opens a case, when one is broken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.services import nightly
from records import invariants


class Command(BaseCommand):
    """For whoever runs the practice; the clock runs the same nightly."""

    help = "Checks that what must always be true of the data is true."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = nightly.check_data()
        for violation in broken:
            self.stderr.write(f"{violation.invariant.code} is broken: {violation.invariant.statement}")
            for row in violation.rows:
                self.stderr.write(f"    {row}")
        if broken:
            raise CommandError(f"{len(broken)} of {len(invariants.declared())} statements do not hold.")
        self.stdout.write(f"All {len(invariants.declared())} statements hold.")
