"""What the system can answer for the closure rules of the laboratory's cases."""

from typing import TypeVar

from django.db.models import Model, QuerySet

from cases.models import Case
from core.actor import Actor
from labjobs.models import Fitting, Job, JobState, Remake, RemakeState
from labjobs.services import returns
from orders.models import Order
from records.models import Event, Review, ReviewState

Rows = TypeVar("Rows", bound=Model)

_SETTLED = (JobState.PASSED, JobState.READY, JobState.COLLECTED, JobState.REMADE, JobState.CANCELLED)
_DONE = (JobState.READY, JobState.COLLECTED, JobState.REMADE, JobState.CANCELLED)


def job_of(case: Case) -> Job | None:
    """The job a case is about: its subject, or the newest of its order."""
    if case.subject_type == "labjobs.job":
        return Job.objects.filter(pk=case.subject_id).first()
    if case.order_id is None:
        return None
    return Job.objects.filter(order_id=case.order_id).order_by("-pk").first()


def check_settled(case: Case) -> bool:
    """The job passed since, by the numbers or by a second person's word; or it was replaced or cancelled.

    A pair that was handed over before says nothing: its defect is settled by what was decided, a remake or its refusal.
    """
    job = job_of(case)
    if job is None or job.state == JobState.COLLECTED:
        return _decided(case) or _made_again(case)
    return job.state in _SETTLED


def _decided(case: Case) -> bool:
    """A way out was asked for, and somebody else agreed to it."""
    return bool(case.decision and case.decided_at)


def _made_again(case: Case) -> bool:
    """A remake of the order was asked for after the case was opened, and it is decided."""
    later = Remake.objects.filter(recorded_at__gt=case.recorded_at).exclude(state=RemakeState.REQUESTED)
    return case.order_id is not None and later.filter(order_id=case.order_id).exists()


def delay_settled(case: Case) -> bool:
    """The day promised has not passed, or there is nothing to wait for."""
    job = job_of(case)
    if job is None or job.state in _DONE:
        return True
    return Event.objects.filter(kind="order.repromised", order_id=job.order_id, pk__gt=_first_event(case)).exists()


def customer_told(case: Case) -> bool:
    """A message went out after the case was opened, or somebody promised anew or finished the glasses."""
    told = Event.objects.filter(
        kind__in=["message.sent", "order.repromised", "order.ready", "order.collected", "order.cancelled"],
        pk__gt=_first_event(case),
    )
    return _about(case, told).exists()


def _about(case: Case, rows: QuerySet[Rows]) -> QuerySet[Rows]:
    """The rows of the case's order; of its customer where it is about no order; none where it is about neither."""
    if case.order_id is not None:
        return rows.filter(order_id=case.order_id)
    return rows.filter(customer_id=case.customer_id) if case.customer_id is not None else rows.none()


def _first_event(case: Case) -> int:
    opened = Event.objects.filter(kind="case.opened", subject_type="cases.case", subject_id=case.pk)
    return opened.values_list("pk", flat=True).first() or 0


def no_reviews(case: Case) -> bool:
    """Nothing that rested on the order's, or the customer's, records waits to be decided again."""
    return not _about(case, Review.objects.filter(state=ReviewState.OPEN)).exists()


def fitting_passed_since(case: Case) -> bool:
    """A fitting after the case was opened went well, or the order is cancelled.

    Where no order is behind the record (a prescription, a frame in the shop), what was decided settles it.
    """
    if case.order_id is None:
        return _decided(case)
    if Order.objects.filter(pk=case.order_id, state="cancelled").exists():
        return True
    later = Fitting.objects.filter(order_id=case.order_id, fitted_at__gt=case.recorded_at)
    last = later.order_by("-pk").first()
    return last is not None and last.outcome != "failed"


def send_back(case: Case, actor: Actor) -> None:
    """The approved way out of a failed fitting: the pair goes to rework."""
    job = job_of(case)
    if job is not None and job.state == JobState.READY:
        returns.send_back(actor, job.pk, case.decision_reason or case.title)


def _remake(case: Case) -> Remake | None:
    return Remake.objects.filter(case=case).first()


def remake_decided(case: Case) -> bool:
    remake = _remake(case)
    return remake is not None and remake.state != RemakeState.REQUESTED


def remake_done(case: Case) -> bool:
    remake = _remake(case)
    if remake is None:
        return False
    if remake.state == RemakeState.REFUSED:
        return True
    return Job.objects.filter(made_for_remake=remake, state=JobState.COLLECTED).exists()


def remake_accounted(case: Case) -> bool:
    remake = _remake(case)
    return remake is not None and bool(remake.cause and remake.payer)
