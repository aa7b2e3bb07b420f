"""Files to and from a laboratory: the order out, verification powers and status messages in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from labjobs import lab_order, states
from labjobs.exchange import dcs, order_file, profiles, statuses, verification
from labjobs.exchange.order_file import OrderFile
from labjobs.exchange.profiles import LabProfile
from labjobs.exchange.statuses import LabStatus
from labjobs.exchange.verification import Verification
from labjobs.models import Job, JobState, Lab, LabKind, LabMessage, Stage
from labjobs.services import common, jobs
from labjobs.services.common import Said, Step

LONGEST_FILE = 1_000_000


def profile_of(lab: Lab) -> LabProfile:
    """How files for this laboratory look; the standard where it asks for nothing of its own."""
    return profiles.from_dict(lab.profile) if lab.profile else profiles.STANDARD


def order_of(job: Job) -> OrderFile:
    """The file of a job by its laboratory's profile. Raises ExchangeError for what the file cannot hold."""
    return order_file.write(lab_order.of_job(job), profile_of(job.lab))


@transaction.atomic
def sent(actor: Actor, job_id: int) -> Job:
    """The order went to an outside laboratory: the job is there from now on."""
    _order, job = common.open_for(actor, Can.VIEW_JOBS, job_id)
    _may_tell(actor, job)
    common.require_free(job)
    if job.lab.kind != LabKind.OUTSIDE or job.state != JobState.RELEASED:
        raise DomainError(_("Only a released job of an outside laboratory is sent."), code="not_to_send")
    job.lab_sent_at = timezone.now()
    common.move(actor, job, Step(Stage.AT_LAB, JobState.IN_PRODUCTION, "sent"))
    common.tell("labjob.sent", actor, job, Said(new={"laboratory": job.lab.name}))
    return job


@transaction.atomic
def acknowledged(actor: Actor, job_id: int, reference: str) -> Job:
    """The laboratory has it, under its own number."""
    _order, job = common.open_for(actor, Can.VIEW_JOBS, job_id)
    _may_tell(actor, job)
    if job.lab.kind != LabKind.OUTSIDE or job.stage != Stage.AT_LAB:
        raise DomainError(_("The job is not at an outside laboratory."), code="not_at_lab")
    job.lab_acknowledged_at = job.lab_acknowledged_at or timezone.now()
    job.lab_reference = reference.strip()[:60]
    common.save(job)
    common.tell("labjob.acknowledged", actor, job, Said(new={"reference": job.lab_reference}))
    return job


@transaction.atomic
def shipped(actor: Actor, job_id: int) -> Job:
    """The laboratory has sent it back to us."""
    _order, job = common.open_for(actor, Can.VIEW_JOBS, job_id)
    _may_tell(actor, job)
    if job.lab.kind != LabKind.OUTSIDE or job.stage != Stage.AT_LAB:
        raise DomainError(_("The job is not at an outside laboratory."), code="not_at_lab")
    job.lab_shipped_at = job.lab_shipped_at or timezone.now()
    common.save(job)
    common.tell("labjob.shipped", actor, job, Said(new={"laboratory": job.lab.name}))
    return job


def _may_tell(actor: Actor, job: Job) -> None:
    """Whoever releases to an outside laboratory also knows how it goes there; so do technicians."""
    may = [Can.RELEASE_JOBS, Can.ADVANCE_JOBS]
    allowed = any(access.allowed(actor, one, place) for one in may for place in common.places(job, job.order))
    if not allowed:
        common.require_here(actor, Can.ADVANCE_JOBS, job, job.order)


@transaction.atomic
def take_verification(actor: Actor, job_id: int, content: bytes) -> Job:
    """The powers that the focimeter must show, from the laboratory's file. Raises ExchangeError with the line."""
    _order, job = common.open_for(actor, Can.CHECK_QUALITY, job_id)
    if job.state not in states.ON_BOARD:
        raise DomainError(_("The job is no longer in the laboratory."), code="left_lab")
    found = verification.read(_checked(content), encoding=profile_of(job.lab).encoding)
    values = {side: _plain(one) for side, one in (("right", found.right), ("left", found.left)) if one}
    if not values:
        message = _("The file names no powers to verify (INS…, LDDR…).")
        raise DomainError(message, code="no_verification", fields={"file": message})
    job.verification = values
    common.save(job)
    words = {
        side: f"{value['sphere']} {value['cylinder'] or ''} {value['axis'] or ''}".strip()
        for side, value in values.items()
    }
    common.tell("labjob.verification", actor, job, Said(new=words))
    return job


def _checked(content: bytes) -> bytes:
    if len(content) > LONGEST_FILE:
        message = _("The file is larger than 1 MB. That is no laboratory file.")
        raise DomainError(message, code="too_large", fields={"file": message})
    return content


def _plain(found: Verification) -> dict[str, Any]:
    power = found.power
    return {
        "source": found.source,
        "sphere": str(power.sphere),
        "cylinder": None if power.cylinder is None else str(power.cylinder),
        "axis": None if power.axis is None else str(power.axis),
        "add": None if power.add is None else str(power.add),
    }


@dataclass(frozen=True)
class Taken:
    """What a status file did: jobs that moved, jobs that wait for us, codes that nobody explained yet."""

    moved: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@transaction.atomic
def take_status(actor: Actor, lab_id: int, content: bytes) -> Taken:
    """A status message of a laboratory, read by its own table. An unknown code counts as in production and is listed."""
    lab = Lab.objects.get(pk=lab_id)
    profile = profile_of(lab)
    file = dcs.parse(_checked(content), encoding=profile.encoding)
    number = file.text("JOB") or ""
    job = Job.objects.filter(lab=lab, number=number, state__in=states.OPEN).first()
    if job is None:
        message = _("“%(number)s” is no open job of %(lab)s.") % {"number": number, "lab": lab.name}
        raise DomainError(message, code="job_unknown", fields={"file": message})
    said = [statuses.understood(profile.status_table(), one.code, one.text) for one in statuses.messages(file)]
    if not said:
        message = _("The file carries no status (STATUS, XSTATUS).")
        raise DomainError(message, code="no_status", fields={"file": message})
    return apply_status(actor, job.pk, said[-1])


@transaction.atomic
def apply_status(actor: Actor, job_id: int, status: LabStatus) -> Taken:
    """What a laboratory says about a job: kept word for word, then as far as it is understood."""
    _order, job = common.open_for(actor, Can.VIEW_JOBS, job_id)
    _may_tell(actor, job)
    LabMessage.objects.create(
        lab=job.lab, job=job, code=status.code[:60], text=status.text[:200], known=status.known, by_name=actor.name
    )
    job.lab_status_raw = f"{status.code} {status.text}".strip()[:120]
    common.save(job)
    if not status.known:
        return Taken(unknown=(status.code,))
    if status.meaning.needs_us:
        jobs.put_on_hold(
            actor, job, _("%(lab)s waits for us: %(what)s") % {"lab": job.lab.name, "what": job.lab_status_raw}
        )
        return Taken(waiting=(job.number,))
    if job.state == JobState.RELEASED and common.in_the_way(job):
        # What holds the job here is not undone by what the laboratory says: its word is kept, the job waits.
        return Taken(waiting=(job.number,))
    return Taken(moved=(job.number,)) if _follow(actor, job, status) else Taken()


def _follow(actor: Actor, job: Job, status: LabStatus) -> bool:
    if job.lab.kind != LabKind.OUTSIDE:
        return False
    if job.state == JobState.RELEASED:
        sent(actor, job.pk)
    if status.meaning.outcome == "shipped" and job.lab_shipped_at is None:
        shipped(actor, job.pk)
    elif job.lab_acknowledged_at is None:
        acknowledged(actor, job.pk, job.lab_reference)
    return True


def unknown_codes(lab: Lab) -> Mapping[str, int]:
    """Codes that came and that the laboratory's table still does not explain, most frequent first."""
    table = profile_of(lab).status_table()
    rows = LabMessage.objects.filter(lab=lab, known=False).values_list("code", "text")
    return dict(statuses.to_be_mapped(statuses.understood(table, code, text) for code, text in rows))
