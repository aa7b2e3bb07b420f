"""`manage.py read_tracking --adapter NAME FILE…`: what a carrier's events would do, as JSON. Nothing is saved or sent."""

import json
import sys
from argparse import ArgumentParser
from datetime import tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error
from django.utils import timezone

from shipping.tracking import outcome, readers
from shipping.tracking.moments import ZoneOf
from shipping.tracking.vocabulary import ADAPTERS, Taught

_LARGEST = 32 * 1024 * 1024


class Command(BaseCommand):
    """Several files are one merged history; `-` reads from standard input."""

    help = "Shows state, reason, checkpoints and messages that a carrier's events would lead to. Saves nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The adapter is a name of the list; times without zone are read in `--zone` (default: the practice's)."""
        parser.add_argument("--adapter", required=True, metavar="NAME", help=", ".join(ADAPTERS))
        parser.add_argument("--zone", default="", help="zone of times that name none, such as Africa/Johannesburg")
        parser.add_argument("files", nargs="+", metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        adapter = ADAPTERS.get(str(options["adapter"]).lower())
        if adapter is None:
            raise CommandError(f"There is no adapter {options['adapter']!r}; there are: {', '.join(ADAPTERS)}")
        zone_of, taught = _zone_of(options["zone"]), _taught(adapter.name)
        trackings = []
        for name in options["files"]:
            try:
                trackings += readers.read(adapter, readers.parse(_bytes(name)), zone_of, taught)
            except readers.Unreadable as error:
                raise CommandError(f"{name}: {error}") from error
        now = timezone.now()
        parcels = [outcome.describe(number, parts, now) for number, parts in outcome.together(trackings).items()]
        told: dict[str, Any] = {"adapter": adapter.name}
        if len(parcels) == 1:
            told |= parcels[0]
        self.stdout.write(json.dumps({**told, "shipments": parcels}, indent=2, ensure_ascii=False))


def _bytes(name: str) -> bytes:
    try:
        raw = sys.stdin.buffer.read(_LARGEST + 1) if name == "-" else _file(Path(name))
    except OSError as error:
        raise CommandError(f"{name}: {error.strerror or error}") from error
    except ValueError as error:  # a zero byte in the name
        raise CommandError(f"{name!r}: {error}") from error
    if len(raw) > _LARGEST:
        raise CommandError(f"{name}: larger than {_LARGEST // 2**20} MB")
    return raw


def _file(path: Path) -> bytes:
    with path.open("rb") as opened:
        return opened.read(_LARGEST + 1)


def _zone_of(name: str) -> ZoneOf:
    """The named zone for everything; else the practice's branches by country; without a database the server's zone."""
    if name:
        zone = _zone(name)
        return lambda _country: zone
    try:
        from shipping import zones

        return zones.of_branches()
    except Error:
        server = _zone(settings.TIME_ZONE)
        return lambda _country: server


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CommandError(f"There is no time zone {name!r}") from error


def _taught(adapter: str) -> Taught:
    """Words that the practice has mapped itself."""
    try:
        from shipping.selectors import vocabulary

        return vocabulary.taught(adapter)
    except Error:
        return {}
