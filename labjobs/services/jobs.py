"""The way of a job through the laboratory: advance, move, hold, promise anew, cancel."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, IllegalTransition
from labjobs import states
from labjobs.models import Job, JobState, Stage
from labjobs.services import common
from labjobs.services.common import Said, Step
from orders.services import common as order_common
from orders.services import orders


@transaction.atomic
def advance(actor: Actor, job_id: int, how: str = "key") -> Job:
    """One stage further on the laboratory's way. Past the check only a passed check leads. Raises GateClosed when held."""
    _order, job = common.open_for(actor, Can.ADVANCE_JOBS, job_id)
    common.require_free(job)
    if job.state == JobState.PASSED:
        return _to_shop(actor, job, how)
    target = states.next_stage(job.lab.kind, job.stage)
    if job.state == JobState.QUALITY or target is None or target == Stage.DISPATCH:
        raise IllegalTransition(_("The quality check decides what comes next."), code="quality_decides")
    return _to(actor, job, Step(target, _state_at(job, target), how))


@transaction.atomic
def move(actor: Actor, job_id: int, stage: str, reason: str = "", how: str = "menu") -> Job:
    """To any stage of the laboratory's way; against it only with a reason. Never past the quality check."""
    _order, job = common.open_for(actor, Can.ADVANCE_JOBS, job_id)
    common.require_free(job)
    if stage not in states.WAY[job.lab.kind]:
        raise IllegalTransition(_("This stage is not on the way of %(lab)s.") % {"lab": job.lab.name}, code="off_way")
    if stage == job.stage:
        return job
    if stage == Stage.DISPATCH:
        raise IllegalTransition(_("Only a passed quality check leads to dispatch."), code="quality_decides")
    backwards = states.is_backwards(job.lab.kind, job.stage, stage)
    if backwards and not reason.strip():
        raise DomainError(_("Say why it goes back."), fields={"reason": _("Enter a reason.")}, code="reason_missing")
    if job.state not in (JobState.RELEASED, JobState.IN_PRODUCTION, JobState.REWORK, JobState.QUALITY, JobState.PASSED):
        raise IllegalTransition(_("The job has left the laboratory."), code="left_lab")
    return _to(actor, job, Step(stage, _state_at(job, stage), how, reason.strip()))


def _state_at(job: Job, stage: str) -> str:
    """A job in rework stays so until it is checked again."""
    if job.state == JobState.REWORK and stage != Stage.QUALITY:
        return JobState.REWORK
    return common.STATE_AT[stage]


def _to(actor: Actor, job: Job, step: Step) -> Job:
    was = Stage(job.stage).label
    common.move(actor, job, step)
    common.tell(
        "labjob.advanced" if not step.reason else "labjob.moved",
        actor,
        job,
        Said(
            reason=step.reason,
            old={"stage": str(was)},
            new={"stage": str(Stage(step.stage).label)},
            data={"stage": step.stage, "how": step.how},
        ),
    )
    return job


def _to_shop(actor: Actor, job: Job, how: str) -> Job:
    """Checked and sent: the order is ready for its owner."""
    states.JOB.step("dispatch", job.state)
    common.move(actor, job, Step(Stage.DISPATCH, JobState.READY, how))
    job.ready_at = timezone.now()
    common.save(job)
    common.tell("labjob.ready", actor, job)
    orders.mark_ready(actor, job.order_id)
    return job


@transaction.atomic
def hold(actor: Actor, job_id: int, reason: str) -> Job:
    """Stop the job where it stands, with a reason that everybody reads."""
    _order, job = common.open_for(actor, Can.ADVANCE_JOBS, job_id)
    if not reason.strip():
        raise DomainError(_("Say why it waits."), fields={"reason": _("Enter a reason.")}, code="reason_missing")
    return put_on_hold(actor, job, reason)


def put_on_hold(actor: Actor, job: Job, reason: str) -> Job:
    """For verbs that hold the lock: a change of what the job rests on stops it at once."""
    if job.on_hold_since is None:
        job.on_hold_since = timezone.now()
    job.on_hold_reason = reason[:200]
    common.save(job)
    common.tell("labjob.held", actor, job, Said(reason=reason))
    return job


@transaction.atomic
def resume(actor: Actor, job_id: int, reason: str) -> Job:
    """Let the job go on. Open reviews and blocking cases still stop it until they are decided."""
    _order, job = common.open_for(actor, Can.ADVANCE_JOBS, job_id)
    if job.on_hold_since is None:
        raise DomainError(_("The job is not on hold."), code="not_held")
    if not reason.strip():
        raise DomainError(_("Say why it may go on."), fields={"reason": _("Enter a reason.")}, code="reason_missing")
    since, why = job.on_hold_since, job.on_hold_reason
    job.on_hold_since, job.on_hold_reason = None, ""
    common.save(job)
    minutes = int((timezone.now() - since).total_seconds() // 60)
    common.tell("labjob.resumed", actor, job, Said(reason=reason, old={"hold": why}, data={"minutes": minutes}))
    return job


@transaction.atomic
def repromise(actor: Actor, job_ids: Sequence[int], new_date: date, cause: str, reason: str) -> list[Job]:
    """One new date for several jobs, with its cause; the customers' dates move along. The first promise stays."""
    moved = []
    for job_id in sorted(job_ids):
        order, job = common.open_for(actor, Can.REPROMISE_JOBS, job_id)
        if order.promised_on != new_date:
            orders.repromise(actor, order.pk, new_date, cause, reason)
        job.promised_on = new_date
        common.save(job)
        moved.append(job)
    return moved


@transaction.atomic
def cancel(actor: Actor, job_id: int, reason: str) -> Job:
    """Take the order back from the laboratory unmade; the tray is free again."""
    order, job = common.open_for(actor, Can.RELEASE_JOBS, job_id)
    text = order_common.needs_reason(reason, _("Say why the job is cancelled."))
    states.JOB.step("cancel", job.state)
    common.move(actor, job, Step(job.stage, JobState.CANCELLED, "menu", text))
    job.ended_at = timezone.now()
    common.save(job)
    common.tell("labjob.cancelled", actor, job, Said(reason=text))
    if order.state == "in_production":
        orders.stop_production(actor, order.pk)
    return job
