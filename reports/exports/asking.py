"""Ask for a file, decide on large ones, cancel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from branches.scope import Scope
from core import jobs
from core.actor import Actor
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed, NotVisible
from core.models import Job
from records import events
from records.models import ApprovalMethod
from records.services import approvals
from reports.datasets import querying
from reports.datasets.base import Definition
from reports.datasets.querying import Query
from reports.models import Export, ExportFormat, ExportState

JOB = "reports.export"
# What a report can be taken home as; archives are made of one customer's data alone.
FORMATS = (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.PDF)


@dataclass(frozen=True)
class Request:
    """What somebody wants: a question, a format, a name for the file."""

    definition: Definition
    format: str
    title: str = ""


@transaction.atomic
def ask(actor: Actor, wanted: Request) -> Export:
    """Start the work, or lay it before a second person when it is more than one may take alone.

    Needs the right to export in the actor's branch; rows come from the branches in which it is held. Raises DomainError
    with `fields` where the question is wrong.
    """
    export = _new(actor, wanted, actor)
    if export.state == ExportState.QUEUED:
        _start(actor, export)
    return export


@transaction.atomic
def prepare(reader: Actor, wanted: Request, by: Actor) -> Export:
    """A file for a reader, with the reader's rights, that the caller makes at once; `by` is who had it scheduled.

    Raises as `ask`, and GateClosed with code `too_many` where a second person would have to agree.
    """
    export = _new(reader, wanted, by)
    if export.state != ExportState.QUEUED:
        raise GateClosed(_("There are more rows than one person may export alone."), code="too_many")
    return export


def _new(actor: Actor, wanted: Request, by: Actor) -> Export:
    branch, owner = placed(actor)
    access.require(actor, Can.EXPORT_DATA, branch.pk)
    if wanted.format not in FORMATS:
        raise DomainError(_("Choose CSV, XLSX or PDF."), fields={"format": _("Choose CSV, XLSX or PDF.")})
    query = querying.build(actor, wanted.definition, today_in(branch), Can.EXPORT_DATA)
    limit = alone_limit(query)
    expected = query.count(limit + 1)
    export = Export.objects.create(
        title=(wanted.title or str(query.dataset.label))[:160],
        dataset=query.dataset.key,
        definition=wanted.definition.as_json(),
        format=wanted.format,
        state=ExportState.ASKED if expected > limit else ExportState.QUEUED,
        personal=bool(query.personal),
        rows_expected=expected,
        branch=branch,
        language=get_language() or settings.LANGUAGE_CODE,
        requested_by_id=owner,
    )
    told = {"format": export.format, "columns": [one.key for one in query.columns], "personal": query.personal}
    record("export.asked", export, by, data=told)
    return export


def placed(actor: Actor) -> tuple[Branch, int]:
    """The branch and the key of a person at work. Raises NotAllowed for anybody else: files and reports have an owner."""
    if actor.branch_id is None or actor.user_id is None:
        raise NotAllowed(_("Only a member of staff in a branch can do this."), code="not_allowed")
    return Branch.objects.get(pk=actor.branch_id), actor.user_id


def alone_limit(query: Query) -> int:
    """How many rows one person may take without a second one; fewer where they are personal."""
    limit: int = settings.EXPORT_ALONE_PERSONAL_ROWS if query.personal else settings.EXPORT_ALONE_ROWS
    return limit


def today_in(branch: Branch) -> date:
    return timezone.localdate(timezone=ZoneInfo(branch.time_zone))


def record(kind: str, export: Export, actor: Actor, reason: str = "", data: Mapping[str, Any] | None = None) -> None:
    """An event about an export; what it is called is always told."""
    told = {"what": export.title, **(data or {})}
    events.record(kind, actor, events.Fact(export, branch_id=export.branch_id, reason=reason, data=told))


def _start(actor: Actor, export: Export) -> None:
    jobs.enqueue(JOB, export.job_key, {"export": export.pk}, actor=_owner(export, actor))


def _owner(export: Export, actor: Actor) -> Actor:
    """The bell rings for who asked, whoever approved."""
    return Actor(actor.name, actor.role, actor.source, user_id=export.requested_by_id, branch_id=export.branch_id)


@transaction.atomic
def approve(actor: Actor, export_id: int, reason: str = "") -> Export:
    """A second person lets a large export go. It is recorded as an approval."""
    return _decide(actor, export_id, ExportState.QUEUED, reason)


@transaction.atomic
def refuse(actor: Actor, export_id: int, reason: str) -> Export:
    """A second person says no, and why."""
    if not reason.strip():
        raise DomainError(_("Say why."), fields={"reason": _("Say why.")})
    return _decide(actor, export_id, ExportState.REFUSED, reason)


def _decide(actor: Actor, export_id: int, state: ExportState, reason: str) -> Export:
    export = Export.objects.select_for_update().get(pk=export_id)
    require_decider(actor, export)
    if export.state != ExportState.ASKED:
        raise IllegalTransition(_("This export is not waiting for a decision."), code="illegal_transition")
    export.state, export.decided_by_id = state, actor.user_id
    export.decided_at, export.decision_reason = timezone.now(), reason.strip()[:200]
    export.save()
    approved = state == ExportState.QUEUED
    approvals.record(
        approvals.Decision(
            export, "export", ApprovalMethod.STAFF, (), approved, branch_id=export.branch_id, reason=reason,
            text_shown=_("%(title)s, more than %(n)d rows") % {"title": export.title, "n": export.rows_expected - 1},
        ),
        actor,
    )  # fmt: skip
    record("export.approved" if approved else "export.refused", export, actor, reason)
    if approved:
        _start(actor, export)
    return export


def require_decider(actor: Actor, export: Export) -> None:
    """Raises unless the actor may export the same things in that branch and is somebody else."""
    access.require(actor, Can.EXPORT_DATA, export.branch_id)
    if export.personal:
        access.require(actor, Can.EXPORT_PERSONAL, export.branch_id)
    if actor.user_id == export.requested_by_id:
        raise NotAllowed(_("A second person decides on a large export."), code="two_people")


def may_decide(actor: Actor, export: Export) -> bool:
    try:
        require_decider(actor, export)
    except (NotAllowed, NotVisible):
        return False
    return export.state == ExportState.ASKED


@transaction.atomic
def cancel(actor: Actor, export_id: int) -> Export:
    """Stop the work, or throw the finished file away. Only who asked may."""
    export = Export.objects.select_for_update().get(pk=export_id)
    if actor.user_id != export.requested_by_id:
        raise NotVisible(_("Not found."), code="not_visible")
    if export.state not in (ExportState.ASKED, ExportState.QUEUED, ExportState.DONE):
        raise IllegalTransition(_("This export has ended already."), code="illegal_transition")
    job = work_of(export)
    if job is not None:
        jobs.cancel(job.pk)
    _drop_file(export)
    export.state = ExportState.CANCELLED
    export.save()
    record("export.cancelled", export, actor)
    return export


@transaction.atomic
def again(actor: Actor, export_id: int) -> Export:
    """Ask for the same once more: a new file with today's rows."""
    old = Export.objects.get(pk=export_id)
    if actor.user_id != old.requested_by_id:
        raise NotVisible(_("Not found."), code="not_visible")
    return ask(actor, Request(Definition.of_json(old.definition), old.format, old.title))


def work_of(export: Export) -> Job | None:
    """The background work that makes it."""
    return Job.objects.filter(key=export.job_key).first()


def _drop_file(export: Export) -> None:
    """The file goes after the transaction has held: a rolled back cancellation keeps it."""
    name, storage = export.file.name, export.file.storage
    if name:
        export.file = ""
        transaction.on_commit(lambda: storage.delete(name))


def visible(scope_actor: Actor, public_id: UUID) -> Export:
    """One's own export, or one that waits for one's decision. Raises NotVisible."""
    export = Export.objects.select_related("branch", "requested_by", "decided_by").filter(public_id=public_id).first()
    if export is None or not (scope_actor.user_id == export.requested_by_id or may_decide(scope_actor, export)):
        raise NotVisible(_("Not found."), code="not_visible")
    return export


def covered_by(scope: Scope, export: Export) -> bool:
    """Whether a scope still reaches all that the file was taken from."""
    if scope.everything:
        return True
    return export.covered is not None and set(export.covered) <= scope.branch_ids
