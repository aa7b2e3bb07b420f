"""Evidence: files, notes and links on any record. Images are re-encoded, so nothing hides in them."""

import hashlib
import io
import json
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.actor import Actor
from core.errors import DomainError
from records import events
from records.models import Evidence, EvidenceKind

MAX_FILE_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 40_000_000
MAX_SIDE = 3000
THUMBNAIL_SIDE = 320
_IMAGE_FORMATS = {"JPEG", "PNG", "WEBP"}


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name typed by the sender and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Stored:
    """A file as it is kept."""

    content: bytes
    content_type: str
    suffix: str
    thumbnail: bytes = b""


@dataclass(frozen=True)
class EvidenceData:
    """What is added to a record: exactly one of upload, note, url (a note may accompany a file)."""

    kind: EvidenceKind
    title: str
    note: str = ""
    url: str = ""
    upload: Upload | None = None


@dataclass(frozen=True)
class Subject:
    """Where evidence belongs, and whom it concerns."""

    record: models.Model
    branch_id: int | None = None
    customer_id: int | None = None
    order_id: int | None = None


@transaction.atomic
def add(actor: Actor, subject: Subject, data: EvidenceData) -> Evidence:
    """Attach evidence. The caller has checked the right to change the record. Raises DomainError at the field."""
    stored = accept(data.upload) if data.upload else None
    if not stored and not data.note.strip() and not data.url:
        raise DomainError(_("Add a file, a note or a link."), fields={"file": _("Choose a file or write a note.")})
    evidence = Evidence(
        subject_type=events.type_of(subject.record),
        subject_id=subject.record.pk,
        kind=data.kind,
        title=data.title[:160] or (data.upload.name[:160] if data.upload else str(EvidenceKind(data.kind).label)),
        note=data.note,
        url=data.url,
        branch_id=subject.branch_id,
        added_by_id=actor.user_id,
        added_by_name=actor.name,
    )
    if stored:
        _keep(evidence, stored)
    evidence.save()
    events.record(
        "evidence.added",
        actor,
        events.Fact(
            subject.record,
            subject.branch_id,
            subject.customer_id,
            subject.order_id,
            data={"evidence": evidence.pk, "kind": evidence.kind, "sha256": evidence.sha256},
        ),
    )
    return evidence


@transaction.atomic
def withdraw(actor: Actor, evidence: Evidence, reason: str) -> None:
    """Take evidence off the record's page with a reason; the file and the fact stay."""
    if not reason.strip():
        raise DomainError(_("Say why it is withdrawn."), fields={"reason": _("Enter a reason.")})
    evidence.withdrawn_at = timezone.now()
    evidence.withdrawn_reason = reason[:200]
    evidence.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    events.record(
        "evidence.withdrawn",
        actor,
        events.Fact(evidence, evidence.branch_id, reason=reason, data={"evidence": evidence.pk}),
    )


def of(record: models.Model) -> "models.QuerySet[Evidence]":
    """The evidence of a record that still stands, oldest first."""
    return Evidence.objects.filter(
        subject_type=events.type_of(record), subject_id=record.pk, withdrawn_at=None
    ).order_by("pk")


def accept(upload: Upload) -> Stored:
    """Check by content, not by name: JPEG, PNG and WebP are re-encoded, PDF and JSON kept. Raises DomainError."""
    if len(upload.content) > MAX_FILE_BYTES:
        raise _refused(_("The file is larger than 15 MB. Choose a smaller one."))
    if upload.content[:5] == b"%PDF-":
        return Stored(upload.content, "application/pdf", ".pdf")
    if upload.content.lstrip()[:1] in (b"{", b"["):
        return _json(upload.content)
    return _image(upload.content)


def _json(content: bytes) -> Stored:
    try:
        json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _refused(_("This is not a readable JSON file.")) from error
    return Stored(content, "application/json", ".json")


def _image(content: bytes) -> Stored:
    """Re-encode without metadata (location, camera); refuses what would unpack too large."""
    try:
        picture = Image.open(io.BytesIO(content))
        if picture.format not in _IMAGE_FORMATS:
            raise _refused(_("Only JPEG, PNG and WebP pictures, PDF and JSON files are taken."))
        if picture.width * picture.height > MAX_PIXELS:
            raise _refused(_("The picture has too many pixels. Choose one up to 40 megapixels."))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise _refused(_("Only JPEG, PNG and WebP pictures, PDF and JSON files are taken.")) from error
    return Stored(_encoded(upright, MAX_SIDE), "image/jpeg", ".jpg", _encoded(upright, THUMBNAIL_SIDE))


def _encoded(picture: Image.Image, side: int) -> bytes:
    copy = picture.copy()
    copy.thumbnail((side, side))
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue()


def _keep(evidence: Evidence, stored: Stored) -> None:
    """File names come from the content's hash; what the sender typed is only a title."""
    digest = hashlib.sha256(stored.content).hexdigest()
    evidence.sha256 = digest
    evidence.content_type = stored.content_type
    evidence.size_bytes = len(stored.content)
    evidence.file.save(f"{digest}{stored.suffix}", ContentFile(stored.content), save=False)
    if stored.thumbnail:
        evidence.thumbnail.save(f"{digest}-small.jpg", ContentFile(stored.thumbnail), save=False)


def _refused(message: str) -> DomainError:
    return DomainError(message, code="file_refused", fields={"file": message})
