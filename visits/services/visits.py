"""Receive a customer, with or without appointment, and take the visit to its outcome."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import User
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, NotVisible
from customers.models import Customer
from customers.services.customers import lock as lock_customer
from records import events, saving
from visits import states
from visits.models import Appointment, AppointmentState, Visit, VisitState
from visits.services import appointments


@transaction.atomic
def walk_in(actor: Actor, branch_id: int, customer_id: int, reason: str, at: datetime | None = None) -> Visit:
    """Put a customer into the queue. Raises DomainError `already_here` when they are in it."""
    access.require(actor, Can.MANAGE_VISITS, branch_id)
    customer = lock_customer(customer_id)
    visit = Visit(branch_id=branch_id, customer=customer, reason=reason.strip()[:200], arrived_at=at or timezone.now())
    _open(visit, actor)
    _tell("visit.started", visit, actor, at, what=visit.reason, walk_in=True)
    return visit


@transaction.atomic
def arrive(actor: Actor, appointment_id: int, at: datetime | None = None) -> Visit:
    """The customer of an appointment is here: waiting, until someone takes them."""
    appointment = appointments.lock(appointment_id)
    access.require(actor, Can.MANAGE_VISITS, appointment.branch_id)
    states.APPOINTMENT.step("arrive", appointment.state)
    appointment.state = AppointmentState.ARRIVED
    appointments.take(appointment, actor, "")
    visit = Visit(
        branch_id=appointment.branch_id,
        customer=appointment.customer,
        appointment=appointment,
        walk_in=False,
        reason=appointment.note,
        arrived_at=at or timezone.now(),
    )
    _open(visit, actor)
    with events.one_action():
        _tell("appointment.arrived", visit, actor, at, kind=appointment.kind, subject=appointment)
        _tell("visit.started", visit, actor, at, kind=appointment.kind, walk_in=False)
    return visit


@transaction.atomic
def undo_arrival(actor: Actor, appointment_id: int) -> Appointment:
    """Marked as arrived by mistake: the visit is taken back, the appointment is booked again."""
    appointment = appointments.lock(appointment_id)
    access.require(actor, Can.MANAGE_VISITS, appointment.branch_id)
    states.APPOINTMENT.step("undo_arrival", appointment.state)
    visit = _lock(appointment.visit.pk)
    states.VISIT.step("leave", visit.state)
    visit.state, visit.appointment, visit.ended_at = VisitState.LEFT, None, timezone.now()
    visit.outcome = _("marked as arrived by mistake")
    saving.save(visit, actor, visit.outcome)
    appointment.state = AppointmentState.BOOKED
    saving.save(appointment, actor)
    _tell("visit.ended", visit, actor, None, outcome=visit.outcome)
    return appointment


@transaction.atomic
def start_test(actor: Actor, visit_id: int, at: datetime | None = None) -> Visit:
    """Into the testing room, with the appointment's clinician or, without one, the person who says so."""
    visit = _step(actor, visit_id, "start_test")
    visit.state, visit.test_started_at = VisitState.IN_TEST, at or timezone.now()
    visit.attended_by = _attending(visit, actor, Can.RUN_EYE_TESTS)
    saving.save(visit, actor)
    _tell("visit.test_started", visit, actor, at)
    return visit


@transaction.atomic
def start_dispensing(actor: Actor, visit_id: int, at: datetime | None = None) -> Visit:
    """To the frames."""
    visit = _step(actor, visit_id, "start_dispensing")
    visit.state, visit.dispensing_started_at = VisitState.DISPENSING, at or timezone.now()
    visit.attended_by = _attending(visit, actor, Can.EDIT_ORDERS)
    saving.save(visit, actor)
    _tell("visit.dispensing_started", visit, actor, at)
    return visit


@transaction.atomic
def wait(actor: Actor, visit_id: int, at: datetime | None = None) -> Visit:
    """Back into the queue, between two people or after a mistake. The waiting time counts on from arrival."""
    visit = _step(actor, visit_id, "wait")
    visit.state, visit.attended_by = VisitState.WAITING, None
    saving.save(visit, actor)
    _tell("visit.waiting", visit, actor, at)
    return visit


@transaction.atomic
def end(actor: Actor, visit_id: int, outcome: str, at: datetime | None = None) -> Visit:
    """The customer has been served. What came of it is kept; the appointment is done."""
    visit = _step(actor, visit_id, "end")
    return _finish(visit, actor, VisitState.DONE, outcome, at)


@transaction.atomic
def leave(actor: Actor, visit_id: int, reason: str = "", at: datetime | None = None) -> Visit:
    """Gone without being served."""
    visit = _step(actor, visit_id, "leave")
    return _finish(visit, actor, VisitState.LEFT, reason.strip() or _("left without being served"), at)


def _finish(visit: Visit, actor: Actor, state: VisitState, outcome: str, at: datetime | None) -> Visit:
    visit.state, visit.outcome, visit.ended_at = state, outcome.strip()[:200], at or timezone.now()
    saving.save(visit, actor)
    if visit.appointment_id is not None:
        appointment = appointments.lock(visit.appointment_id)
        states.APPOINTMENT.step("finish", appointment.state)
        appointment.state = AppointmentState.DONE
        saving.save(appointment, actor)
    _tell("visit.ended", visit, actor, at, outcome=visit.outcome or str(state.label))
    return visit


def _open(visit: Visit, actor: Actor) -> None:
    """Save a new visit; the database allows one open visit of a customer in a branch."""
    saving.start(visit, actor)
    try:
        with transaction.atomic():
            saving.save(visit, actor)
    except IntegrityError as error:
        if "one_open_visit" not in str(error):
            raise
        words = _("%(name)s is here already: see the queue.") % {"name": visit.customer}
        raise DomainError(words, code="already_here") from error


def _lock(visit_id: int) -> Visit:
    visit = (
        Visit.objects.select_for_update(of=("self",))
        .select_related("customer", "appointment")
        .filter(pk=visit_id)
        .first()
    )
    if visit is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return visit


def _step(actor: Actor, visit_id: int, verb: str) -> Visit:
    visit = _lock(visit_id)
    access.require(actor, Can.MANAGE_VISITS, visit.branch_id)
    states.VISIT.step(verb, visit.state)
    return visit


def _attending(visit: Visit, actor: Actor, permission: str) -> User | None:
    """Who serves: the actor if that is their work, else whoever the appointment is with."""
    if actor.user_id and access.allowed(actor, permission, visit.branch_id):
        return User.objects.get(pk=actor.user_id)
    return visit.appointment.clinician if visit.appointment else visit.attended_by


def _tell(
    happened: str, visit: Visit, actor: Actor, at: datetime | None, subject: Appointment | None = None, **data: Any
) -> None:
    values = {"visit": visit.pk, **data}
    fact = events.Fact(subject or visit, visit.branch_id, visit.customer_id, data=values, occurred_at=at)
    events.record(happened, actor, fact)


def repoint(kept: Customer, merged: Customer, actor: Actor) -> int:
    """After a merge: open visits and coming appointments of the merged record belong to the kept one."""
    moved = 0
    here = set(Visit.objects.filter(customer=kept, state__in=states.OPEN_VISIT).values_list("branch_id", flat=True))
    rows: list[Visit | Appointment] = [
        *Visit.objects.select_for_update()
        .filter(customer=merged, state__in=states.OPEN_VISIT)
        .exclude(branch_id__in=here),
        *Appointment.objects.select_for_update().filter(customer=merged, state=AppointmentState.BOOKED),
    ]
    for row in rows:
        row.customer = kept
        saving.save(row, actor, _("records merged"))
        moved += 1
    return moved
