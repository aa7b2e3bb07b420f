"""Files of evidence against what was kept about them: present, with the recorded hash; and no file that nobody knows."""

import hashlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from records.models import Evidence

FOLDER = "evidence"
GRACE = timedelta(hours=24)
_CHUNK = 1024 * 1024


def faults(now: datetime) -> list[str]:
    """Every missing, changed or unknown file, in a sentence each. Reads each file once."""
    known: set[str] = set()
    found = []
    for piece in Evidence.objects.exclude(file="").order_by("pk").iterator(chunk_size=500):
        known.update(name for name in (piece.file.name, piece.thumbnail.name) if name)
        found += _fault_of(piece)
    return found + [_("%(name)s belongs to no record.") % {"name": name} for name in _unknown(known, now)]


def _fault_of(piece: Evidence) -> list[str]:
    words = {"n": piece.pk, "name": piece.file.name}
    if not default_storage.exists(piece.file.name or ""):
        return [_("Evidence %(n)d: the file %(name)s is missing.") % words]
    digest = hashlib.sha256()
    with piece.file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return [] if digest.hexdigest() == piece.sha256 else [_("Evidence %(n)d: the file %(name)s was changed.") % words]


def _unknown(known: set[str], now: datetime) -> Iterator[str]:
    """Files older than a day that no row names. Only where files lie on a disk of ours."""
    try:
        root = Path(default_storage.path(FOLDER))
    except NotImplementedError:
        return
    base = root.parent
    for folder, _folders, names in os.walk(root):
        for name in names:
            path = Path(folder) / name
            old = now.timestamp() - path.stat().st_mtime > GRACE.total_seconds()
            if old and str(path.relative_to(base)) not in known:
                yield str(path.relative_to(base))
