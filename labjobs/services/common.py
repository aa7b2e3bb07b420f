"""What every verb on a job starts with: the locked order and job, the right, nothing in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from cases import selectors as cases
from core.actor import Actor
from core.errors import GateClosed, Missing, NotAllowed, NotVisible
from labjobs.models import Job, JobMove
from labjobs.services import passing
from orders.models import Order
from orders.services import common as orders
from records import events
from records.facts import role_word
from records.models import Event
from records.services import reviews


def open_for(actor: Actor, permission: str, job_id: int) -> tuple[Order, Job]:
    """The order first, then the job, both locked. The right counts where it is sold, made or collected."""
    order_id = Job.objects.filter(pk=job_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotVisible(_("Not found."), code="not_visible")
    order = orders.lock(order_id)
    job = Job.objects.select_for_update(of=("self",)).select_related("lab", "tray", "lab_branch").get(pk=job_id)
    require_here(actor, permission, job, order)
    return order, job


def require_here(actor: Actor, permission: str, job: Job, order: Order) -> None:
    """Raises NotVisible for a stranger to all three branches, NotAllowed where no role reaches."""
    mine = [place for place in places(job, order) if actor.is_system or actor.roles_in(place)]
    if not mine:
        raise NotVisible(_("Not found."), code="not_visible")
    if not any(access.allowed(actor, permission, place) for place in mine):
        access.require(actor, permission, mine[0])


def places(job: Job, order: Order) -> list[int]:
    """Where the job is made, sold and collected: the branches whose people may deal with it."""
    found = (job.lab_branch_id, job.branch_id, order.collect_branch_id)
    return [place for place in dict.fromkeys(found) if place]


def case_branch(actor: Actor, job: Job, order: Order) -> int:
    """The branch that gets a case about the job: the laboratory where the actor works there, else the shop."""
    mine = [place for place in places(job, order) if access.allowed(actor, Can.MANAGE_CASES, place)]
    return mine[0] if mine else order.branch_id


def person(actor: Actor) -> int:
    """The id of whoever answers for a measurement or a fitting. Raises NotAllowed for the system: nobody was there."""
    if actor.user_id is None:
        raise NotAllowed(_("A person has to do this."), code="no_person")
    return actor.user_id


def save(job: Job) -> None:
    """Every change of a job is a new version, with its history row."""
    job.version += 1
    job.save()


@dataclass(frozen=True)
class Step:
    """Where a job goes: its new stage and state, how it was moved (scan, key, menu, file) and why."""

    stage: str
    state: str
    how: str = ""
    reason: str = ""


def move(actor: Actor, job: Job, step: Step) -> JobMove:
    """Change stage and state together and keep the step. The caller has asked the transition table."""
    moved = JobMove.objects.create(
        job=job,
        from_stage=job.stage,
        to_stage=step.stage,
        from_state=job.state,
        to_state=step.state,
        by_id=actor.user_id,
        by_name=actor.name,
        how=step.how,
        reason=step.reason[:200],
    )
    if step.stage != job.stage:
        job.stage_since = timezone.now()
    job.stage, job.state = step.stage, step.state
    save(job)
    return moved


@dataclass(frozen=True)
class Said:
    """What an event of a job says beside whom it concerns."""

    reason: str = ""
    reason_code: str = ""
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


def tell(kind: str, actor: Actor, job: Job, said: Said | None = None, subject: models.Model | None = None) -> Event:
    """An event about a job names its order and customer, so that every timeline reads it."""
    said = said or Said()
    order = job.order
    return events.record(
        kind,
        actor,
        events.Fact(
            subject or job,
            job.branch_id,
            order.customer_id,
            order.pk,
            reason=said.reason,
            reason_code=said.reason_code,
            old=said.old,
            new=said.new,
            data={"job": job.number, "lab": job.lab_id, **said.data},
        ),
    )


def in_the_way(job: Job, stage: str = "production") -> list[Missing]:
    """What stops a job: a hold, a decision to make again, an open case that blocks the stage."""
    missing = []
    if job.on_hold_since:
        missing.append(Missing("hold", _("The job is on hold: %(why)s") % {"why": job.on_hold_reason}))
    missing += reviews_in_the_way(job, stage)
    missing += passing.unread(job.order, stage)
    blocking = cases.blocking(job.order_id, stage)
    missing += [Missing("case", f"{c.number} {c.title}", c.owner.full_name if c.owner else "") for c in blocking]
    return missing


def reviews_in_the_way(job: Job, stage: str = "production") -> list[Missing]:
    """Decisions that rest on something that changed, and who makes them again."""
    return [
        Missing("review", review.asks, review.owner.full_name if review.owner else role_word(review.owner_role))
        for review in reviews.blocking(job.order_id, stage)
    ]


def require_free(job: Job, stage: str = "production") -> None:
    """Raises GateClosed naming everything that stops the job."""
    missing = in_the_way(job, stage)
    if missing:
        raise GateClosed(_("The job cannot go on yet."), code="job_blocked", missing=missing)
