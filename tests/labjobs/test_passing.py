"""Hand-overs between shop and laboratory: what changed is read by whoever receives the work, before they go on."""

import pytest
from django.test import Client

from branches.models import User
from core.actor import Actor
from core.errors import GateClosed
from labjobs.models import Job
from labjobs.services import collection, jobs, passing, renewal
from orders.services import decisions, dispense, orders, quotations
from orders.services.dispense import Why
from orders.services.quotations import QuoteRequest
from records.models import Handover
from records.services import handovers
from tests import factories
from tests.labjobs import makers
from tests.orders import makers as selling

pytestmark = pytest.mark.django_db


def person(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def remeasured(at: makers.Bench) -> Job:
    """Released, the heights measured again, agreed anew, and renewed: the laboratory has to hear of it."""
    job = makers.released(at)
    why = Why("S02", "measured again with the frame adjusted")
    dispense.measure(at.shop.optician, job.order_id, factories.measured(right_height_mm=22, left_height_mm=22), why=why)
    later = quotations.make(at.shop.optician, job.order_id, QuoteRequest())
    decisions.approve(at.shop.optician, later.pk, selling.answer(later))
    return renewal.renew(at.shop.optician, job.pk, "measured again")


def test_a_first_release_without_changes_is_acknowledged_by_the_first_step() -> None:
    at = makers.bench()
    job = makers.released(at)
    passed = Handover.objects.get()
    assert (passed.from_role, passed.to_role, passed.stage, passed.changes) == (
        "dispensing_optician", "lab_technician", "production", [],
    )  # fmt: skip
    jobs.advance(at.technician, job.pk)
    passed.refresh_from_db()
    assert passed.acknowledged_by_id == at.technician.user_id


def test_the_laboratory_reads_what_changed_before_it_goes_on() -> None:
    at = makers.bench()
    job = remeasured(at)
    with pytest.raises(GateClosed) as refused:
        jobs.advance(at.technician, job.pk)
    assert [one.code for one in refused.value.missing] == ["handover"]
    job.refresh_from_db()
    assert job.stage == "received"
    [passed] = handovers.waiting(job.order_id)
    told = {(one["what"], one["old"], one["new"], one["why"]) for one in passed.changes}
    assert ("right fitting height", "21.0", "22.0", "measured again with the frame adjusted") in told
    handovers.acknowledge(at.technician, passed.pk)
    assert jobs.advance(at.technician, job.pk).stage == "surfacing"


def test_control_without_the_unread_hand_over_the_laboratory_would_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "unread", lambda order, stage: [])
    at = makers.bench()
    assert jobs.advance(at.technician, remeasured(at).pk).stage == "surfacing"


def test_the_pages_show_the_change_and_take_the_receivers_word() -> None:
    at = makers.bench()
    job = remeasured(at)
    [passed] = handovers.waiting(job.order_id)
    technician, receptionist = person(at.technician), person(at.shop.receptionist)
    url = f"/records/handovers/{passed.pk}/read/"
    for page in (f"/lab/jobs/{job.number}/", f"/orders/{job.order.number}/", "/records/handovers/"):
        assert url in technician.get(page).content.decode(), page
        assert url not in receptionist.get(page).content.decode(), page
    assert receptionist.post(url).status_code == 422
    passed.refresh_from_db()
    assert passed.acknowledged_at is None
    assert technician.post(f"{url}?next=/lab/jobs/{job.number}/").headers["Location"] == f"/lab/jobs/{job.number}/"
    passed.refresh_from_db()
    assert passed.acknowledged_by_id == at.technician.user_id
    assert url not in technician.get(f"/lab/jobs/{job.number}/").content.decode()


def test_the_shop_receives_a_ready_pair_and_a_new_date_needs_no_word() -> None:
    at = makers.bench()
    job = makers.passed(at)
    assert job.promised_on is not None
    later = job.promised_on + selling.timedelta(days=9)
    orders.repromise(at.shop.optician, job.order_id, later, "lab", "the furnace stood still")
    job = jobs.advance(at.technician, job.pk)
    passed = Handover.objects.order_by("-pk")[0]
    assert (passed.from_role, passed.to_role, passed.stage) == ("lab_technician", "dispensing_optician", "fitting")
    assert [one["new"] for one in passed.changes if one["kind"] == "order.repromised"] == [later.isoformat()]
    makers.fitted(at, job)
    makers.pay_rest(at, job.order)
    collection.collect(at.shop.receptionist, makers.handing_over(job))
    passed.refresh_from_db()
    assert passed.acknowledged_by_id == at.shop.receptionist.user_id


def test_an_outside_laboratory_signs_nothing_here() -> None:
    at = makers.bench()
    makers.released(at, lab=makers.outside_lab())
    assert not Handover.objects.exists()
