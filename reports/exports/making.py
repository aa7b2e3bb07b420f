"""The worker's part: write the file row by row, keep it, remove it after a week. Safe to repeat, may be cancelled."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches import workers
from branches.models import User
from branches.roles import Can
from core import jobs
from core.actor import Actor, Source, system
from reports.datasets import querying
from reports.datasets.base import Definition
from reports.datasets.querying import Query
from reports.exports import asking
from reports.exports.files import WRITERS, Content
from reports.models import Export, ExportState

Progress = Callable[[int, int], None]
EACH = 500
CHUNK = 2_000


def make(export_id: int, progress: Progress) -> Export:
    """Make the file with the rights that who asked holds now. Done already: nothing happens.

    Rows go to a nameless temporary file, which the system removes however the worker ends; the next attempt begins anew.
    Raises jobs.GiveUp where trying again cannot help.
    """
    export = Export.objects.select_related("branch", "requested_by").get(pk=export_id)
    if export.state != ExportState.QUEUED:
        return export
    with translation.override(export.language), timezone.override(ZoneInfo(export.branch.time_zone)):
        query = _query(export)
        with tempfile.TemporaryFile() as space:
            rows = _write(export, query, space, progress)
            covered = None if query.scope.everything else sorted(query.scope.branch_ids)
            return keep(export, Made(rows, covered), space)


def actor_of(person: User, branch_id: int | None) -> Actor:
    """The person with the roles they hold now; work asked for before a role was taken away is refused."""
    return workers.actor_of(person.pk, branch_id, Source.COUNTER)


def _query(export: Export) -> Query:
    actor = actor_of(export.requested_by, export.branch_id)
    definition = Definition.of_json(export.definition)
    query = querying.build(actor, definition, asking.today_in(export.branch), Can.EXPORT_DATA)
    if not query.scope.everything and not query.scope.branch_ids:
        raise jobs.GiveUp(_("The right to export was taken away."))
    return query


def _write(export: Export, query: Query, space: IO[bytes], progress: Progress) -> int:
    total = query.rows.order_by().count()
    if export.decided_by_id is None and total > asking.alone_limit(query):
        raise jobs.GiveUp(_("There are more rows now than one person may export. Ask again for a second person."))
    counted = _Counted(query.rows.iterator(chunk_size=CHUNK), total, progress)
    content = Content(export.title, query.columns, counted, query.said, export.requested_by.full_name)
    WRITERS[export.format](content, space)
    progress(counted.done, counted.done)
    return counted.done


class _Counted:
    """Rows that tell how far they are; the telling raises when the work was cancelled."""

    def __init__(self, rows: Iterator[Any], total: int, progress: Progress) -> None:
        self.rows, self.total, self.progress, self.done = rows, total, progress, 0

    def __iter__(self) -> Iterator[Any]:
        for row in self.rows:
            yield row
            self.done += 1
            if self.done % EACH == 0:
                self.progress(self.done, max(self.total, self.done))


@dataclass(frozen=True)
class Made:
    """How many rows a file holds, and the branches they were taken from (None: every branch)."""

    rows: int
    covered: list[int] | None


def keep(export: Export, made: Made, space: IO[bytes]) -> Export:
    """Store the file and say so, unless it was cancelled meanwhile."""
    space.seek(0, 2)
    size, digest = space.tell(), _digest(space)
    with transaction.atomic():
        held = Export.objects.select_for_update().get(pk=export.pk)
        if held.state != ExportState.QUEUED:
            return held
        now = timezone.now()
        held.file.save(f"{held.public_id}.{held.format}", File(space), save=False)
        held.state, held.rows, held.size_bytes, held.sha256 = ExportState.DONE, made.rows, size, digest
        held.finished_at, held.expires_at = now, now + timedelta(days=settings.EXPORT_KEPT_DAYS)
        held.covered = made.covered
        held.save()
        actor = actor_of(export.requested_by, export.branch_id)
        asking.record("export.made", held, actor, data={"rows": made.rows, "sha256": digest})
    return held


def _digest(space: IO[bytes]) -> str:
    """SHA-256 of the whole file; afterwards it stands at its beginning again."""
    space.seek(0)
    digest = hashlib.sha256()
    while block := space.read(1 << 20):
        digest.update(block)
    space.seek(0)
    return digest.hexdigest()


def remove_expired() -> int:
    """Nightly and hourly: files whose week is over. The row stays."""
    due = Export.objects.filter(state=ExportState.DONE, expires_at__lte=timezone.now()).values_list("pk", flat=True)
    return sum(_remove(pk) for pk in list(due))


@transaction.atomic
def _remove(export_id: int) -> int:
    export = Export.objects.select_for_update(skip_locked=True).filter(pk=export_id, state=ExportState.DONE).first()
    if export is None:
        return 0
    storage, name = export.file.storage, export.file.name
    export.file, export.state = "", ExportState.EXPIRED
    export.save()
    asking.record("export.expired", export, system())
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    return 1
