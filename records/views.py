"""Files of evidence, served only to those who may see the record they belong to."""

from pathlib import PurePosixPath

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404

from branches import access
from branches.middleware import StaffRequest
from core.errors import DomainError
from records import registry
from records.models import Evidence


@login_required
def evidence_file(request: StaffRequest, evidence_id: int, size: str = "full") -> FileResponse:
    """Streams one file. Outside the scope or without the right: 404, as for a file that does not exist."""
    evidence = Evidence.objects.filter(pk=evidence_id).first()
    if evidence is None or not evidence.file:
        raise Http404
    try:
        kind, record = registry.load(evidence.subject_type, evidence.subject_id, request.scope)
        access.require(request.actor, kind.can_view, kind.branch_id(record))
    except DomainError as error:
        raise Http404 from error
    small = size == "small" and evidence.thumbnail
    response = FileResponse(
        (evidence.thumbnail if small else evidence.file).open("rb"),
        content_type="image/jpeg" if small else evidence.content_type,
        as_attachment=not evidence.content_type.startswith("image/"),
        filename=f"evidence-{evidence.pk}{PurePosixPath(evidence.file.name or '').suffix}",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
