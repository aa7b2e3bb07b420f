"""One person, one prescription: changes after the customer agreed and before the laboratory begins.

Working sections: why the process matters (who the customer is), essential records (the prescription as a record).
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from branches.roles import Role
from core.errors import DomainError
from customers import merging
from customers.models import Customer
from labjobs.services import release
from orders.services import agreement
from prescriptions.models import Prescription
from records.models import Approval, Review
from records.services import changes
from tests import factories
from tests.journeys import live as examples
from tests.journeys.live import Live


@pytest.fixture(scope="module")
def started(django_db_setup: None, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.once(django_db_blocker, lambda live: live.quote().confirm())


@pytest.fixture
def live(started: Live, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.again(django_db_blocker, started)


def prescription_corrected_after_approval(live: Live) -> None:
    """Essential records: the axis was written down wrong. The agreement is out of date until the customer agrees again."""
    first, shop = live.prescription, live.bench.shop
    charged = live.order.ledger.filter(kind="charge").count()
    with live.nothing_else_moves():
        live.tester.open(f"/prescriptions/{first.pk}/correct/")
        assert "Approval of quotation" in live.tester.text and live.order.number in live.tester.text
        live.tester.send(
            {"right_axis": "90", "reason_code": "P02", "reason": "trial frame read 090", "do": "sign"}, button="Sign"
        )
    second = Prescription.objects.get(series=first.series, version=2)
    first.refresh_from_db()
    assert (first.state, first.eyes.get(eye="right").axis) == ("superseded", 65)
    assert (second.correction_reason, second.eyes.get(eye="right").axis) == ("trial frame read 090", 90)
    approval = Approval.objects.get(order_id=live.order.pk)
    assert approval.out_of_date_because == "Right axis 065° → 090°"
    assert live.reviews() == [("quotation_approval", "open", "release", shop.optician.user_id)]
    assert Review.objects.get(order_id=live.order.pk).what_changed == "Right axis 065° → 090°. trial frame read 090"
    refused = live.release()
    assert "out of date" in refused.text and not live.job.pk
    live.optician.open(f"/orders/{live.order.number}/quote/").send(button="Make version 2")
    live.agree()
    assert live.reviews() == [("quotation_approval", "decided", "release", shop.optician.user_id)]
    assert live.order.ledger.filter(kind="charge").count() == charged
    live.release()
    assert live.job.values["eyes"]["right"]["axis"] == 90


def customer_merged(live: Live) -> None:
    """Why it matters who somebody is: two records of one person become one while the glasses are ordered."""
    merged, shop = live.customer, live.bench.shop
    kept = factories.customer(
        shop.branch, number="C-900002", given_names="John", family_name="Exemple", birth_date=merged.birth_date
    )
    with live.nothing_else_moves():
        live.manager.open(f"/customers/{kept.number}/merge/")
        live.manager.send({"other": merged.number, "reason": "same card, same phone"})
    merged.refresh_from_db()
    live.fresh()
    assert merged.merged_into_id == kept.pk, live.manager.said
    assert (live.customer, live.prescription.customer) == (kept, kept)
    moved = live.event("order.customer_merged")
    assert (moved.old, moved.new) == ({"customer": merged.number}, {"customer": kept.number})
    assert live.event("customer.merged").reason == "same card, same phone"
    assert live.reviews() == [("order_identity", "open", "collection", shop.optician.user_id)]
    assert live.order.number in live.receptionist.open(f"/customers/{kept.number}/").text
    live.release()
    live.read_what_changed()
    live.make_ready()
    refused = live.hand_over()
    assert live.order.state == "ready" and "this person" in refused.text
    review = Review.objects.get(order_id=live.order.pk)
    page = live.receptionist.open(f"/records/reviews/{review.pk}/decide/")
    assert kept.number in page.text
    page.send({"reason": "identity card seen"}, form="decide")
    live.hand_over()
    assert (live.order.state, live.open_reviews()) == ("collected", [])


def birth_date_filled_by_a_merge(live: Live) -> None:
    """The record that stays had no date of birth: what it takes over from the other is decided again for its own order."""
    kept, shop = live.customer, live.bench.shop
    Customer.objects.filter(pk=kept.pk).update(birth_date=None)
    other = factories.customer(shop.branch, number="C-900003", given_names="Jon", birth_date=date(1975, 3, 4))
    with live.nothing_else_moves():
        live.manager.open(f"/customers/{kept.number}/merge/").send({"other": other.number, "reason": "same phone"})
    kept.refresh_from_db()
    assert kept.birth_date == date(1975, 3, 4), live.manager.said
    assert live.reviews() == [("order_identity", "open", "collection", shop.optician.user_id)]
    assert "1975" in Review.objects.get(order_id=live.order.pk).what_changed


def name_corrected(live: Live) -> None:
    """The date of birth was typed wrong: who hands the glasses over confirms whom they are for."""
    customer: Customer = live.customer
    with live.nothing_else_moves():
        live.receptionist.open(f"/customers/{customer.number}/change/")
        assert f"Whom order {live.order.number} is for" in live.receptionist.text
        live.receptionist.send({"birth_date": "1975-03-04", "reason": "typed wrong, card seen"})
    customer.refresh_from_db()
    assert customer.birth_date is not None and customer.birth_date.year == 1975, live.receptionist.said
    assert live.event("customer.changed").reason == "typed wrong, card seen"
    assert [one[:3] for one in live.reviews()] == [("order_identity", "open", "collection")]
    assert Review.objects.get(order_id=live.order.pk).owner_role == Role.RECEPTIONIST
    live.release()
    assert live.order.state == "in_production"


def frame_swapped_after_approval(live: Live) -> None:
    """Another frame after the agreement: the reason is asked for, the agreement is out of date, the stock follows."""
    shop = live.bench.shop
    with live.nothing_else_moves():
        page = live.optician.open(f"/orders/{live.order.number}/dispense/")
        assert "Approval of quotation" in page.text
        page.send({"frame": live.other_frame.sku, "reason": ""}, form="dispense/frame")
        assert live.fresh().order.frame_choice.frame_id == live.frame.pk
        page.send({"frame": live.other_frame.sku, "reason": "hinge broke at the counter"}, form="dispense/frame")
    live.fresh()
    assert (live.stock_of(live.frame), live.stock_of(live.other_frame)) == ((2, 0), (2, 1))
    assert live.event("order.frame_chosen").reason == "hinge broke at the counter"
    assert live.reviews() == [("quotation_approval", "open", "release", shop.optician.user_id)]
    refused = live.release()
    assert "out of date" in refused.text and not live.job.pk


def discount_after_approval(live: Live) -> None:
    """Only a discount is quoted anew: the agreement is opened again with its reason, owned, and the laboratory waits."""
    shop, agreed = live.bench.shop, live.order.quotations.get()
    was, page = live.event("order.confirmed").pk, live.optician.open(f"/orders/{live.order.number}/quote/")
    assert "This affects" in page.text and f"Approval of quotation {agreed.number}, version 1" in page.said
    less = {"discount:frame": "10", "reason:frame": "loyalty"}
    assert page.send(less, button="Make version 2").status == 422 and "Say why another version is made" in page.text
    assert live.order.quotations.count() == 1 and live.open_reviews() == []
    with live.nothing_else_moves():
        page.send({"reason": "comes for the third pair"}, button="Make version 2")
    approval, event = Approval.objects.get(order_id=live.order.pk), live.event("quotation.reopened")
    assert (event.reason, event.new["discount"][2:]) == ("comes for the third pair", "245.00")
    assert approval.out_of_date_because.startswith("discount R\N{NO-BREAK SPACE}0.00 → ")
    assert live.reviews() == [("quotation_approval", "open", "release", shop.optician.user_id)]
    assert live.order.number in live.optician.open("/records/reviews/").text
    agreed.refresh_from_db()
    assert (agreed.state, agreed.total) == ("replaced", Decimal("8830.00"))
    refused = live.release()
    assert "has not approved" in refused.text and not live.job.pk
    live.agree()
    assert live.open_reviews() == [] and live.event("order.confirmed").pk == was
    assert [entry.amount for entry in live.order.ledger.filter(kind="adjustment")] == [Decimal("-245.00")]
    live.release()
    assert live.order.state == "in_production"


JOURNEYS = (
    prescription_corrected_after_approval,
    customer_merged,
    name_corrected,
    frame_swapped_after_approval,
    birth_date_filled_by_a_merge,
    discount_after_approval,
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
def test_a_change_after_the_approval_waits_for_whoever_owns_it(live: Live, journey: Any) -> None:
    journey(live)


CONTROLS = {
    "announced": (prescription_corrected_after_approval, changes, "announce", lambda *_: []),
    "refused": (prescription_corrected_after_approval, release, "missing_for", lambda *_: []),
    "moved": (customer_merged, merging, "move_all", lambda *_: {}),
    "asked": (customer_merged, changes, "preview", lambda *_: []),
    "identity": (name_corrected, changes, "announce", lambda *_: []),
    "frame": (frame_swapped_after_approval, changes, "announce", lambda *_: []),
    "filled": (birth_date_filled_by_a_merge, changes, "announce", lambda *_: []),
    "discount": (discount_after_approval, agreement, "reopen", lambda *_: None),
    "discount refused": (discount_after_approval, release, "_approval", lambda *_: []),
    "discount owned": (discount_after_approval, changes, "announce", lambda *_: []),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_without_its_guard_the_journey_fails(live: Live, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    journey, module, guard, nothing = CONTROLS[name]
    monkeypatch.setattr(module, guard, nothing)
    with pytest.raises((AssertionError, DomainError)):
        journey(live)
