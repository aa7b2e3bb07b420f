"""Work under way: what changes after the release, is late, or does not pass the check.

Working sections: handling changes and exceptions, reports and performance measures (what they count).
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from cases.models import Case
from cases.services import cases
from core import formats
from core.errors import DomainError
from labjobs.services import collection, common, delays, passing
from orders.services import claims, ledger, orders, payments
from orders.services.claims import ClaimData
from orders.services.dispense import common as dispensing
from orders.services.payments import AdjustmentData, RefundData
from orders.views import page as page_views
from prescriptions.models import Prescription
from records.models import EvidenceKind, Handover, Review
from records.services import changes, deciding, evidence
from tests.journeys import live as examples
from tests.journeys.live import Live
from visits.services import appointments
from visits.services.slots import Slot


@pytest.fixture(scope="module")
def started(django_db_setup: None, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.once(django_db_blocker, lambda live: live.quote().confirm().release())


@pytest.fixture
def live(started: Live, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.again(django_db_blocker, started)


def advance(live: Live) -> None:
    live.technician.post(f"/lab/jobs/{live.job.number}/advance/", {})
    live.fresh()


def corrected_after_release(live: Live) -> None:
    """The prescription is corrected while the lenses are being made: the job stops, three people decide again."""
    shop, lead = live.bench.shop, live.bench.lead
    advance(live)
    assert live.job.stage == "surfacing"
    first = live.prescription
    with live.nothing_else_moves():
        live.tester.open(f"/prescriptions/{first.pk}/correct/")
        live.tester.send(
            {"right_axis": "90", "reason_code": "P02", "reason": "trial frame read 090", "do": "sign"}, button="Sign"
        )
    live.fresh()
    first.refresh_from_db()
    assert (first.state, first.eyes.get(eye="right").axis) == ("superseded", 65)
    assert live.reviews() == [
        ("quotation_approval", "open", "release", shop.optician.user_id),
        ("promised_date", "open", "collection", shop.optician.user_id),
        ("lab_job", "open", "production", lead.user_id),
    ]
    assert live.job.on_hold_since is not None and "065° → 090°" in live.job.on_hold_reason
    assert live.job.values["eyes"]["right"]["axis"] == 65
    advance(live)
    assert live.job.stage == "surfacing"
    resume = live.technician.open(f"/lab/jobs/{live.job.number}/resume/").send({"reason": "looks fine"})
    assert resume.status == 422 and live.fresh().job.on_hold_since is not None
    live.optician.open(f"/orders/{live.order.number}/quote/").send(button="Make version 2")
    live.agree()
    live.optician.open(f"/lab/jobs/{live.job.number}/new-values/").send({"reason": "corrected axis"})
    live.fresh()
    assert live.open_reviews() == []
    assert (live.job.values["eyes"]["right"]["axis"], live.job.stage, live.job.on_hold_since) == (90, "received", None)
    assert Prescription.objects.get(series=first.series, version=2).correction_reason == "trial frame read 090"
    advance(live)
    assert live.job.stage == "received"
    passed = Handover.objects.filter(order_id=live.order.pk).latest("pk")
    assert ("065°", "090°") in {(one["old"], one["new"]) for one in passed.changes}
    live.read_what_changed()
    advance(live)
    assert live.job.stage == "surfacing"


def measured_again_after_release(live: Live) -> None:
    """The PD is measured again after the release: the same stop, and the earlier value with its reason."""
    with live.nothing_else_moves():
        page = live.optician.open(f"/orders/{live.order.number}/dispense/")
        assert live.job.tray and live.job.tray.code in page.text
        page.send({"right_far_pd_mm": "32.0", "reason": "measured through the old glasses"}, form="dispense")
    live.fresh()
    assert live.order.measurement.right_far_pd_mm == Decimal("32.00"), page.said
    told = live.event("order.measured")
    assert (told.old["right far PD"], told.reason) == ("31.5", "measured through the old glasses")
    assert set(live.open_reviews()) == {"quotation_approval", "promised_date", "lab_job"}
    assert live.job.on_hold_since is not None
    assert live.job.values["measurement"]["right_far_pd_mm"] == "31.5"


def lens_discontinued_before_the_first_cut(live: Live) -> None:
    """The lens of a job nobody has begun is discontinued: the laboratory's lead decides, the bench waits."""
    with live.nothing_else_moves():
        live.stock.open(f"/catalogue/lenses/{live.lens.pk}/")
        live.stock.send({"on": examples.today().isoformat(), "reason": "maker stopped it"}, form="discontinue")
    assert live.reviews() == [("lens_of_job", "open", "production", live.bench.lead.user_id)]
    advance(live)
    assert live.job.stage == "received"
    review = Review.objects.get(order_id=live.order.pk)
    live.technician.open(f"/records/reviews/{review.pk}/decide/").send({"reason": "two blanks here"}, form="decide")
    advance(live)
    assert (live.job.stage, live.open_reviews()) == ("surfacing", [])


def late_in_the_laboratory(live: Live, after: timedelta = timedelta(days=40)) -> None:
    """The day passes: a case with an owner, closed only by a new date; the first promise still counts."""
    first = live.job.promised_on
    now: datetime = timezone.now() + after
    assert delays.open_due(now) >= 1
    assert delays.open_due(now) == 0
    case = Case.objects.get(kind="lab_delay", order_id=live.order.pk)
    assert (case.owner_id, case.earlier_value) == (live.bench.lead.user_id, {"promised": [first.isoformat(), ""]})
    refused = live.close(case, "done")
    assert refused.status == 422 and case.state == "open" and "A new date is promised" in refused.text
    later = first + timedelta(days=60)
    live.optician.open(f"/orders/{live.order.number}/date/").send(
        {"new_date": later.isoformat(), "cause": "lab_delay", "reason": "furnace stood still"}
    )
    live.fresh()
    assert (live.order.promised_on, live.order.first_promised_on) == (later, first), live.optician.said
    assert live.event("order.repromised").reason == "furnace stood still"
    live.close(case, "new date told")
    assert (case.state, case.cause_code, case.party_at_fault) == ("closed", "L12", "lab")


def coating_defect(live: Live) -> None:
    """The coating lifts at the check: rework, a case that wants a photo, closed when the lens passes."""
    live.to_quality()
    with live.nothing_else_moves():
        live.check(missing_look="coating")
    assert live.job.state == "rework", live.technician.said
    case = Case.objects.get(order_id=live.order.pk)
    assert (case.kind, case.cause_code, case.owner_id) == ("coating_defect", "L07", live.bench.lead.user_id)
    refused = live.close(case, "coated again")
    assert refused.status == 422 and case.state == "open"
    assert "a photo of the lens" in refused.text and "The lenses pass" in refused.text
    picture = evidence.EvidenceData(EvidenceKind.NOTE, "photo", note="coating lifts at 4 o'clock")
    evidence.add(live.bench.technician, evidence.Subject(case, case.branch_id), picture)
    live.technician.open(f"/lab/jobs/{live.job.number}/quality/").send(form="rework")
    live.fresh()
    while live.job.stage != "quality":
        advance(live)
    live.check()
    assert [one.passed for one in live.job.checks.order_by("attempt")] == [False, True]
    live.close(case, "coated again, passed")
    assert case.state == "closed"


def promised_anew_with_an_appointment_booked(live: Live) -> None:
    """The customer was to fetch them earlier than they can be there: seen before saving, decided by the reception."""
    shop, first = live.bench.shop, live.order.promised_on
    begins = timezone.make_aware(datetime.combine(first, datetime.min.time())) + timedelta(hours=10)
    slot = Slot(begins, 30, shop.optician.user_id, outside_hours=True)
    booking = appointments.Booking(shop.branch.pk, live.order.customer_id, "collection", slot)
    booked = appointments.book(shop.receptionist, booking)
    later = first + timedelta(days=7)
    page = live.optician.open(f"/orders/{live.order.number}/date/")
    for affected in (
        "Collection of John Example",
        "is told the new date",
        "Approval of quotation",
        "Moves along by itself",
    ):
        assert affected in page.text, affected
    with live.nothing_else_moves():
        page.send({"new_date": later.isoformat(), "cause": "lab_delay", "reason": "furnace stood still"})
    live.fresh()
    assert (live.order.promised_on, live.job.promised_on) == (later, later), page.said
    [review] = Review.objects.filter(order_id=live.order.pk, state="open")
    assert (review.decision, review.owner_role, review.blocks) == ("fetching", "receptionist", "collection")
    assert f"→ {formats.day(later, today=date.min)}" in review.what_changed and "furnace" in review.what_changed
    moved = Slot(begins + timedelta(days=7), 30, shop.optician.user_id, outside_hours=True)
    stale = live.receptionist.open(f"/records/reviews/{review.pk}/decide/")
    appointments.move(shop.receptionist, booked.pk, booked.version, moved)
    assert stale.send({"reason": "rang the customer"}, form="decide").status == 422
    review.refresh_from_db()
    assert review.state == "open"
    stale.send({"reason": "rang the customer, comes a week later"}, form="decide")
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == ("decided", "rang the customer, comes a week later"), stale.said


def deposit_given_back(live: Live) -> None:
    """Work began on a deposit, and the money goes back: the laboratory waits until the manager has decided or it is paid."""
    manager, paid = live.bench.shop.manager, ledger.money_of(live.order).paid
    second = live.bench.manager.user_id
    payments.refund(
        manager, RefundData(live.order.pk, paid, "card", "card charged back", "slip 9", second_person_id=second)
    )
    [review] = Review.objects.filter(order_id=live.order.pk, state="open")
    assert (review.decision, review.owner_role, review.blocks) == ("deposit", "branch_manager", "production")
    advance(live)
    assert live.job.stage == "received"
    live.receptionist.open(f"/orders/{live.order.number}/pay/").send({"amount": f"{paid:.2f}", "reference": "80"})
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == ("decided", "The deposit is paid again.")
    advance(live)
    assert live.job.stage == "surfacing"


def charged_otherwise_than_claimed(live: Live) -> None:
    """An insurer was asked for a share, then the amount changes: the claim is decided again before the hand-over."""
    manager = live.bench.shop.manager
    data = ClaimData(live.order.pk, "Discovery", "M-1", Decimal("500.00"))
    claim = claims.submit(live.bench.shop.receptionist, data)
    payments.adjust(manager, AdjustmentData(live.order.pk, Decimal("-300.00"), "delay"))
    [review] = Review.objects.filter(order_id=live.order.pk, state="open")
    assert (review.decision, review.owner_role, review.blocks) == ("claim_amount", "receptionist", "collection")
    shown = live.receptionist.open(f"/records/reviews/{review.pk}/decide/")
    assert "500.00" in shown.text and "Discovery" in shown.text, shown.said
    claims.withdraw(live.bench.shop.receptionist, claim.pk, "made again for the new amount")
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == ("decided", "No claim is open any more.")


def quoted_anew_while_it_is_made(live: Live) -> None:
    """A discount and a deposit are agreed anew during the work: nothing is handed over before, and the deposit is owed."""
    shop, page = live.bench.shop, live.optician.open(f"/orders/{live.order.number}/quote/")
    assert "This affects" in page.text
    told = {"discount:frame": "10", "reason:frame": "delay", "deposit": "8585.00", "reason": "the lens came late"}
    with live.nothing_else_moves():
        page.send(told, button="Make version 2")
    assert live.reviews() == [("quotation_approval", "open", "collection", shop.optician.user_id)], page.said
    assert live.fresh().job.state == "released"
    [missing] = [one for one in collection.missing_for(live.order, live.job) if one.code == "review"]
    assert "approved by the customer" in missing.message
    live.agree()
    [review] = Review.objects.filter(order_id=live.order.pk, state="open")
    assert (review.decision, review.owner_role, review.blocks) == ("deposit", "branch_manager", "production")
    advance(live)
    assert live.job.stage == "received"
    live.receptionist.open(f"/orders/{live.order.number}/pay/").send({"reference": "81"})
    review.refresh_from_db()
    assert (review.state, live.open_reviews()) == ("decided", [])
    advance(live)
    assert live.job.stage == "surfacing"


JOURNEYS = (
    corrected_after_release,
    quoted_anew_while_it_is_made,
    promised_anew_with_an_appointment_booked,
    deposit_given_back,
    charged_otherwise_than_claimed,
    measured_again_after_release,
    lens_discontinued_before_the_first_cut,
    late_in_the_laboratory,
    coating_defect,
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
def test_a_change_in_the_laboratory_stops_what_rests_on_it(live: Live, journey: Any) -> None:
    journey(live)


CONTROLS = {
    "announced": (corrected_after_release, changes, "announce", lambda *_: []),
    "stopped": (corrected_after_release, common, "in_the_way", lambda *_: []),
    "read": (corrected_after_release, passing, "unread", lambda *_: []),
    "measured": (measured_again_after_release, dispensing, "differences", lambda *_: []),
    "supply": (lens_discontinued_before_the_first_cut, changes, "preview", lambda *_: []),
    "appointment": (promised_anew_with_an_appointment_booked, changes, "announce", lambda *_: []),
    "seen first": (promised_anew_with_an_appointment_booked, page_views, "affected", lambda *_: []),
    "moved since": (promised_anew_with_an_appointment_booked, deciding, "_moved", lambda *_: []),
    "deposit": (deposit_given_back, changes, "announce", lambda *_: []),
    "waits": (deposit_given_back, common, "in_the_way", lambda *_: []),
    "quoted anew": (quoted_anew_while_it_is_made, changes, "announce", lambda *_: []),
    "quoted anew, handed over": (quoted_anew_while_it_is_made, collection, "_held", lambda *_: []),
    "claim": (charged_otherwise_than_claimed, changes, "announce", lambda *_: []),
    "first promise": (late_in_the_laboratory, orders, "set_promise", lambda *_: None),
    "closing": (coating_defect, cases, "still_missing", lambda *_: []),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_without_its_guard_the_journey_fails(live: Live, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    journey, module, guard, nothing = CONTROLS[name]
    monkeypatch.setattr(module, guard, nothing)
    with pytest.raises((AssertionError, DomainError, KeyError, ValueError)):
        journey(live)
