"""Moving jobs: gates, holds, new promises, cancellation, what a changed value does, late cases; who may and who sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from branches.roles import Role
from branches.scope import Scope
from cases.models import Case
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed, NotVisible
from labjobs.models import Job, Stage
from labjobs.selectors import finding
from labjobs.services import delays, jobs, renewal
from orders.models import Order
from orders.services import decisions, orders, quotations
from orders.services.common import today
from orders.services.quotations import QuoteRequest
from records.models import Event, Review
from tests import factories
from tests.labjobs import makers
from tests.orders import makers as selling

pytestmark = pytest.mark.django_db


def test_going_back_needs_a_reason_and_the_check_cannot_be_passed_by_moving() -> None:
    at = makers.bench()
    job = makers.released(at)
    jobs.move(at.technician, job.pk, Stage.EDGING)
    with pytest.raises(DomainError) as refused:
        jobs.move(at.technician, job.pk, Stage.SURFACING)
    assert refused.value.code == "reason_missing"
    moved = jobs.move(at.technician, job.pk, Stage.SURFACING, "wrong curve")
    assert (moved.stage, Event.objects.filter(kind="labjob.moved").get().reason) == ("surfacing", "wrong curve")
    for stage, code in ((Stage.DISPATCH, "quality_decides"), (Stage.AT_LAB, "off_way")):
        with pytest.raises(DomainError) as refused:
            jobs.move(at.technician, job.pk, stage)
        assert refused.value.code == code
    jobs.move(at.technician, job.pk, Stage.QUALITY)
    with pytest.raises(IllegalTransition):
        jobs.advance(at.technician, job.pk)
    assert Job.objects.get(pk=job.pk).stage == "quality"


def test_a_held_job_goes_nowhere_until_it_is_resumed_with_a_reason() -> None:
    at = makers.bench()
    job = makers.released(at)
    jobs.hold(at.technician, job.pk, "frame to come")
    with pytest.raises(GateClosed) as refused:
        jobs.advance(at.technician, job.pk)
    assert [one.code for one in refused.value.missing] == ["hold"]
    assert Job.objects.get(pk=job.pk).stage == "received"
    jobs.resume(at.technician, job.pk, "frame is here")
    assert jobs.advance(at.technician, job.pk).stage == "surfacing"


def test_a_corrected_prescription_holds_the_job_and_asks_the_lead_and_the_seller() -> None:
    at = makers.bench()
    job = makers.released(at)
    assert job.order.prescription is not None
    selling.correct(job.order.prescription)
    job.refresh_from_db()
    assert job.on_hold_since is not None and job.on_hold_reason.startswith("Changed: ")
    reviews = {review.decision: review for review in Review.objects.filter(order_id=job.order_id)}
    assert reviews["lab_job"].owner_id == at.lab.lead_id and reviews["lab_job"].blocks == "production"
    assert set(reviews) == {"lab_job", "quotation_approval", "promised_date"}
    with pytest.raises(GateClosed):
        jobs.resume(at.technician, job.pk, "go on")
    with pytest.raises(GateClosed) as refused:
        renewal.renew(at.shop.optician, job.pk, "new axis")
    assert {one.code for one in refused.value.missing} >= {"approval"}
    assert Job.objects.get(pk=job.pk).values["eyes"]["right"]["axis"] == 65


def test_a_new_date_for_several_jobs_moves_the_orders_too_and_keeps_the_first_promise() -> None:
    at = makers.bench()
    made = [makers.released(at), makers.released(at)]
    day = today(at.shop.branch) + timedelta(days=30)
    moved = jobs.repromise(at.technician, [job.pk for job in made], day, "breakage", "the machine stood still")
    assert [job.promised_on for job in moved] == [day, day]
    for job in made:
        fresh = Job.objects.select_related("order").get(pk=job.pk)
        assert (fresh.order.promised_on, fresh.first_promised_on) == (day, job.first_promised_on)
    events = Event.objects.filter(kind="order.repromised", reason_code="breakage")
    assert events.count() == 2
    with pytest.raises(DomainError):
        jobs.repromise(at.technician, [made[0].pk], today(at.shop.branch) - timedelta(days=1), "breakage", "x")
    assert Job.objects.get(pk=made[0].pk).promised_on == day


def test_a_technician_of_a_distant_laboratory_may_promise_anew() -> None:
    at = makers.bench(far=True)
    job = makers.released(at)
    day = today(at.shop.branch) + timedelta(days=30)
    assert jobs.repromise(at.technician, [job.pk], day, "breakage", "the lens broke")[0].promised_on == day


def test_the_orders_new_date_reaches_the_job_once() -> None:
    at = makers.bench()
    job = makers.released(at)
    day = today(at.shop.branch) + timedelta(days=20)
    orders.repromise(at.shop.optician, job.order_id, day, "customer", "she travels")
    job.refresh_from_db()
    assert job.promised_on == day
    assert Event.objects.filter(kind="order.repromised", order_id=job.order_id, reason_code="customer").count() == 1


def test_cancelling_the_order_ends_its_job_and_frees_the_tray() -> None:
    at = makers.bench(trays=1)
    job = makers.released(at)
    orders.cancel(at.shop.optician, job.order_id, "moves abroad")
    job.refresh_from_db()
    assert (job.state, job.ended_at is None) == ("cancelled", False)
    assert str(makers.released(at).tray) == "T-317"


def test_taking_a_job_back_leaves_a_confirmed_order() -> None:
    at = makers.bench()
    job = makers.released(at)
    jobs.cancel(at.shop.optician, job.pk, "wrong laboratory")
    assert (Job.objects.get(pk=job.pk).state, Order.objects.get(pk=job.order_id).state) == ("cancelled", "confirmed")


def test_three_branches_see_a_job_and_a_fourth_does_not() -> None:
    at = makers.bench(far=True)
    other = factories.branch()
    job = makers.released(at, collect_branch=other)
    for place in (at.shop.branch, at.lab_branch, other):
        assert finding.job_of(Scope(frozenset({place.pk})), job.number) == job
    with pytest.raises(NotVisible):
        finding.job_of(Scope(frozenset({factories.branch().pk})), job.number)
    with pytest.raises(NotVisible):
        jobs.advance(factories.staff(Role.LAB_TECHNICIAN, factories.branch()), job.pk)
    with pytest.raises(NotAllowed):
        jobs.advance(at.shop.receptionist, job.pk)
    assert Job.objects.get(pk=job.pk).stage == "received"


def test_a_late_job_gets_one_case_a_promise_and_none_when_it_is_in_time() -> None:
    at = makers.bench()
    job = makers.released(at)
    assert delays.open_due(timezone.now()) == 0
    job.promised_on = today(at.shop.branch) - timedelta(days=1)
    job.save()
    assert delays.open_due(timezone.now()) == 1
    assert delays.open_due(timezone.now()) == 0
    case = Case.objects.get()
    assert (case.kind, case.owner_id, case.title) == ("lab_delay", at.lab.lead_id, "T-317 is late at Received")


def test_new_values_start_the_job_again_once_they_are_approved() -> None:
    at = makers.bench()
    job = makers.released(at)
    jobs.advance(at.technician, job.pk)
    order = job.order
    assert order.prescription is not None
    new = selling.correct(order.prescription)
    Order.objects.get(pk=order.pk)
    order = Order.objects.get(pk=order.pk)
    order.prescription = new
    order.save()
    quotation = quotations.make(at.shop.optician, order.pk, QuoteRequest())
    decisions.approve(at.shop.optician, quotation.pk, selling.answer(quotation))
    done = renewal.renew(at.shop.optician, job.pk, "axis corrected")
    assert (done.stage, done.state, done.on_hold_since, done.values["eyes"]["right"]["axis"]) == (
        "received",
        "released",
        None,
        90,
    )
    assert not Review.objects.filter(order_id=order.pk, decision="lab_job", state="open").exists()
