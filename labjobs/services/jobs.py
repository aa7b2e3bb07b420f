"""The way of a job through the laboratory: advance, move, hold, promise anew, cancel."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, GateClosed, IllegalTransition
from labjobs import states
from labjobs.models import Job, JobState, Stage
from labjobs.services import common, passing
from labjobs.services.common import Said, Step
from orders.models import Order, OrderState
from orders.services import common as order_common
from orders.services import orders
from records.services import handovers


@transaction.atomic
def advance(actor: Actor, job_id: int, how: str = "key") -> Job:
    """One stage further on the laboratory's way. Past the check only a passed check leads. Raises GateClosed when held."""
    order, job = common.open_for(actor, Can.VIEW_JOBS, job_id)
    if job.state == JobState.PASSED:
        return _hand_on(actor, job, order, how)
    common.require_here(actor, Can.ADVANCE_JOBS, job, order)
    common.require_free(job)
    handovers.received(actor, order)
    target = states.next_stage(job.lab.kind, job.stage)
    if job.state not in states.ON_BOARD:
        raise _left(job)
    if job.stage == Stage.QUALITY or target is None:
        raise IllegalTransition(_("The quality check decides what comes next."), code="quality_decides")
    return _to(actor, job, Step(target, _state_at(job, target), how))


@transaction.atomic
def move(actor: Actor, job_id: int, stage: str, reason: str = "", how: str = "menu") -> Job:
    """To any stage of the laboratory's way; against it only with a reason. Never past the quality check."""
    order, job = common.open_for(actor, Can.ADVANCE_JOBS, job_id)
    if stage == job.stage:
        return job
    common.require_free(job)
    handovers.received(actor, order)
    if job.state not in states.ON_BOARD:
        raise _left(job)
    _check_target(job, stage, reason)
    return _to(actor, job, Step(stage, _state_at(job, stage), how, reason.strip()))


def _check_target(job: Job, stage: str, reason: str) -> None:
    if stage not in states.WAY[job.lab.kind]:
        message = _("This stage is not on the way of %(lab)s.") % {"lab": job.lab.name}
        raise DomainError(message, fields={"stage": message}, code="off_way")
    if stage == Stage.DISPATCH:
        raise IllegalTransition(_("Only a passed quality check leads to dispatch."), code="quality_decides")
    if states.is_backwards(job.lab.kind, job.stage, stage) and not reason.strip():
        raise DomainError(_("Say why it goes back."), fields={"reason": _("Enter a reason.")}, code="reason_missing")


def _left(job: Job) -> IllegalTransition:
    word = {"state": job.get_state_display()}
    return IllegalTransition(_("The job is “%(state)s” and no longer in the laboratory.") % word, code="left_lab")


def _state_at(job: Job, stage: str) -> str:
    """What being at a stage makes of the job. In rework it stays so until it is checked again."""
    if stage == Stage.QUALITY:
        return JobState.QUALITY
    if job.state == JobState.REWORK or (stage == Stage.RECEIVED and job.state == JobState.RELEASED):
        return job.state
    return JobState.IN_PRODUCTION


def _to(actor: Actor, job: Job, step: Step) -> Job:
    states.require_step(job.state, step.state)
    was = Stage(job.stage).label
    common.move(actor, job, step)
    common.tell(
        "labjob.moved" if step.reason else "labjob.advanced",
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


def _hand_on(actor: Actor, job: Job, order: Order, how: str) -> Job:
    """A passed job leaves: on its way to another shop first, ready where it is handed out."""
    far = job.lab_branch_id is not None and job.lab_branch_id != order.collect_branch_id
    if far and job.dispatched_at is None:
        common.require_here(actor, Can.ADVANCE_JOBS, job, order)
        common.require_free(job)
        return _dispatch(actor, job, order, how)
    may = Can.COLLECT_ORDERS if access.allowed(actor, Can.COLLECT_ORDERS, order.collect_branch_id) else Can.ADVANCE_JOBS
    common.require_here(actor, may, job, order)
    common.require_free(job)
    return _ready(actor, job, how)


def _dispatch(actor: Actor, job: Job, order: Order, how: str) -> Job:
    job.dispatched_at = timezone.now()
    common.move(actor, job, Step(Stage.DISPATCH, job.state, how))
    said = Said(new={"to": order.collect_branch.name}, data={"stage": Stage.DISPATCH.value, "how": how})
    common.tell("labjob.dispatched", actor, job, said)
    return job


def _ready(actor: Actor, job: Job, how: str) -> Job:
    """Checked and in the shop: the order is ready for its owner."""
    states.JOB.step("dispatch", job.state)
    job.ready_at = timezone.now()
    common.move(actor, job, Step(Stage.DISPATCH, JobState.READY, how))
    common.tell("labjob.ready", actor, job)
    passing.to_shop(actor, orders.mark_ready(actor, job.order_id))
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
    waiting = common.reviews_in_the_way(job)
    if waiting:
        raise GateClosed(_("A decision has to be made first."), code="job_blocked", missing=waiting)
    since, why = job.on_hold_since, job.on_hold_reason
    job.on_hold_since, job.on_hold_reason = None, ""
    common.save(job)
    minutes = int((timezone.now() - since).total_seconds() // 60)
    common.tell("labjob.resumed", actor, job, Said(reason=reason, old={"hold": why}, data={"minutes": minutes}))
    return job


@transaction.atomic
def repromise(actor: Actor, job_ids: Sequence[int], new_date: date, cause: str, reason: str) -> list[Job]:
    """One new date for several jobs, with its cause; the customers are told. A job promised for that day stays as it is."""
    if not job_ids:
        raise DomainError(_("Select at least one job."), fields={"pick": _("Select at least one job.")}, code="none")
    moved = []
    for job_id in sorted(set(job_ids)):
        order, job = common.open_for(actor, Can.REPROMISE_JOBS, job_id)
        if order.promised_on != new_date:
            orders.promise_anew(actor, order, new_date, cause, reason)
            job.refresh_from_db()
            moved.append(job)
    return moved


def follow_promise(order: Order, actor: Actor, reason: str) -> None:
    """The customer's date moved: the open job's date is the same day. The first promise stays."""
    job = Job.objects.select_for_update().filter(order=order, state__in=states.OPEN).first()
    if job is not None and order.promised_on and job.promised_on != order.promised_on:
        job.promised_on = order.promised_on
        common.save(job)


@transaction.atomic
def cancel(actor: Actor, job_id: int, reason: str) -> Job:
    """Take the order back from the laboratory unmade; the tray is free again."""
    order, job = common.open_for(actor, Can.RELEASE_JOBS, job_id)
    text = order_common.needs_reason(reason, _("Say why the job is cancelled."))
    if order.state != OrderState.IN_PRODUCTION:
        raise IllegalTransition(_("The order is not in production. Send it back first."), code="not_in_production")
    _end(actor, job, text)
    orders.stop_production(actor, order.pk)
    return job


def follow_cancellation(order: Order, actor: Actor, reason: str) -> None:
    """The order is cancelled: its open job ends with it."""
    job = Job.objects.select_for_update().filter(order=order, state__in=states.OPEN).first()
    if job is not None:
        _end(actor, job, reason)


def _end(actor: Actor, job: Job, reason: str) -> None:
    states.JOB.step("cancel", job.state)
    job.ended_at = timezone.now()
    common.move(actor, job, Step(job.stage, JobState.CANCELLED, "menu", reason))
    common.tell("labjob.cancelled", actor, job, Said(reason=reason))
