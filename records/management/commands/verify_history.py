"""`manage.py verify_history`: seals what is new, then every seal against its rows; exits with 1 at the first broken one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from records.models import Seal
from records.services import sealing


class Command(BaseCommand):
    """For auditors: was anything in the history changed after it was written?"""

    help = "Verifies the hash chain over events and history."

    def handle(self, *args: Any, **options: Any) -> None:
        sealed = sealing.seal_new()
        broken = sealing.verify()
        for fault in broken:
            self.stderr.write(f"{fault.table}, rows {fault.from_id} to {fault.to_id}: {fault.what}")
        if broken:
            raise CommandError("The history was tampered with.")
        self.stdout.write(f"{Seal.objects.count()} seals verified, {sealed} rows newly sealed.")
