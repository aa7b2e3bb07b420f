"""`manage.py prepare`: everything between a new version of the code and its start. Safe to repeat, and at the same time."""

import hashlib
import logging
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from core.health import forget_hearts

log = logging.getLogger(__name__)
_LOCK = 8_215_904


class Command(BaseCommand):
    help = "Migrate, collect the static files, and make the sample practice once unless SAMPLE=0."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            try:
                self._prepare()
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        plan_quickly()
        forget_hearts()
        collect_static()
        if wants_sample():
            self._make_sample()
        if not get_user_model().objects.exists():
            self.stdout.write("Open it to set up the practice.")

    def _make_sample(self) -> None:
        try:
            call_command("sample_practice", stdout=self.stdout)
        except Exception:  # whatever is wrong with the sample must not keep a person out of the practice
            log.exception("The sample practice could not be made")
            self.stdout.write(
                "The sample practice could not be made; the practice starts without it (logs/prepare.log)."
            )


def plan_quickly() -> None:
    """A page's queries are short, and PostgreSQL must not think longer about one than it takes to answer it.

    `jit` compiles what it takes for long queries. `join_collapse_limit`: an order with its branches, people and
    prescription is ten tables, whose joins it would try in thousands of orders; we write them in a good one.
    Settings of the database, so that they hold behind a connection pooler too. Only its owner may set them.
    """
    own = "SELECT quote_ident(datname) FROM pg_database WHERE datname = current_database() AND pg_has_role(datdba, 'USAGE')"
    with connection.cursor() as cursor:
        cursor.execute(own)
        for (name,) in cursor.fetchall():
            cursor.execute(f"ALTER DATABASE {name} SET jit = off")
            cursor.execute(f"ALTER DATABASE {name} SET join_collapse_limit = 6")


def wants_sample() -> bool:
    """Unless SAMPLE says otherwise: on one machine yes; where others can reach it never by itself (known passwords)."""
    here = not str(settings.SETTINGS_MODULE).endswith(".production")
    return os.environ.get("SAMPLE", "1" if here else "0") != "0"


def collect_static() -> bool:
    """Collect the static files if one has changed since the last time; True if it did."""
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    now = _static_sum()
    if stamp.exists() and stamp.read_text() == now:
        return False
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(now)
    return True


def _static_sum() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            facts = os.stat(storage.path(name))
            digest.update(f"{storage.path(name)}:{facts.st_size}:{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()
