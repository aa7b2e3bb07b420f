"""Starting right, agreeing on what stands now, and having it: changes while the quotation lies on the table.

Working sections: starting the workflow correctly, approvals and responsibility, resource and availability control,
choosing and rolling out (a price list taken in).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from catalogue.models import Frame
from core.errors import DomainError
from core.forms import Form
from orders.models import Order
from orders.services import decisions, quotations
from records.models import Approval, Review
from records.services import changes
from tests.journeys import live as examples
from tests.journeys.live import Live


@pytest.fixture(scope="module")
def started(django_db_setup: None, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.once(django_db_blocker, Live.quote)


@pytest.fixture
def live(started: Live, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.again(django_db_blocker, started)


def measured_again(live: Live) -> None:
    """Starting right: the PD is measured again while the tablet still shows the quotation made with the first one."""
    shop = live.bench.shop
    tablet = live.tablet()
    first = live.order.quotations.get()
    with live.nothing_else_moves():
        at_desk = examples.Person(examples.User.objects.get(pk=shop.manager.user_id))
        at_desk.open(f"/orders/{live.order.number}/dispense/").send({"right_far_pd_mm": "32.0"}, form="dispense")
        tablet.send({"name": "John Example", "agree": "on"}, button="Agree")
    live.fresh()
    assert not Approval.objects.filter(order_id=live.order.pk).exists()
    assert live.order.state == "draft"
    first.refresh_from_db()
    assert (first.state, live.order.measurement.right_far_pd_mm) == ("replaced", Decimal("32.00"))
    assert [(one.right_far_pd_mm, one.version) for one in live.order.measurement.history.order_by("history_id")] == [
        (Decimal("31.50"), 1),
        (Decimal("32.00"), 2),
    ]
    assert live.event("order.measured").old == {"right far PD": "31.5"}
    live.optician.open(f"/orders/{live.order.number}/quote/").send(button="Make version 2")
    live.agree()
    approval = Approval.objects.get(order_id=live.order.pk)
    assert live.order.state == "confirmed"
    assert approval.inputs.get(record_type="orders.measurement").record_version == 2


def stale_tab(live: Live) -> None:
    """Two people on the measurements: the later save sees both sides and overwrites nothing."""
    shop = live.bench.shop
    early, late = live.optician, examples.Person(examples.User.objects.get(pk=shop.manager.user_id))
    page = f"/orders/{live.order.number}/dispense/"
    early.open(page)
    late.open(page)
    late.send({"right_height_mm": "24"}, form="dispense")
    with live.nothing_else_moves():
        early.send({"right_height_mm": "20", "remark": "rush"}, form="dispense")
    assert early.status == 409
    assert "24" in early.text and "20" in early.text and "rush" in early.text
    live.fresh()
    assert live.order.measurement.right_height_mm == Decimal("24.00")


def lens_discontinued(live: Live) -> None:
    """Approvals: the lens is discontinued after the quotation. Its owner decides again before anything is made."""
    shop = live.bench.shop
    with live.nothing_else_moves():
        live.stock.open(f"/catalogue/lenses/{live.lens.pk}/")
        assert live.order.number in live.stock.text
        live.stock.send({"on": examples.today().isoformat(), "reason": "maker stopped it"}, form="discontinue")
    assert live.reviews() == [("lens_supply", "open", "release", shop.optician.user_id)]
    review = Review.objects.get(order_id=live.order.pk)
    assert review.what_changed.endswith("maker stopped it")
    assert live.event("catalogue.lens_discontinued").reason == "maker stopped it"
    live.confirm()
    refused = live.release()
    assert "no longer made" in refused.text and not live.job.pk
    decide = live.optician.open(f"/records/reviews/{review.pk}/decide/")
    decide.send({"reason": "two blanks kept for us"}, form="decide")
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == ("decided", "two blanks kept for us")
    live.release()
    assert live.order.state == "in_production"


def price_changed(live: Live) -> None:
    """A price list is taken in after the quotation: the quoted price stays, its seller decides, the release waits."""
    shop = live.bench.shop
    quotation = live.order.quotations.get()
    quoted = quotation.lines.get(key="frame").unit_price
    with live.nothing_else_moves():
        live.stock.open(f"/catalogue/frames/{live.frame.pk}/change/")
        live.stock.send({"price": "2950.00", "reason": "price list of December"})
    assert Frame.objects.get(pk=live.frame.pk).price == Decimal("2950.00"), live.stock.said
    assert live.frame.history.order_by("history_id").first().price == Decimal("2450.00")
    assert live.reviews() == [("quoted_price", "open", "release", shop.optician.user_id)]
    quotation.refresh_from_db()
    assert quotation.lines.get(key="frame").unit_price == quoted == Decimal("2450.00")
    live.confirm()
    assert sum(entry.amount for entry in live.order.ledger.filter(kind="charge")) == quotation.total
    refused = live.release()
    assert "quoted price" in refused.text and not live.job.pk
    review = Review.objects.get(order_id=live.order.pk)
    page = live.optician.open(f"/records/reviews/{review.pk}/decide/")
    assert "2" in page.text and "950" in page.text
    page.send({"reason": "quoted before the new list"}, form="decide")
    live.release()
    assert (live.order.state, live.open_reviews()) == ("in_production", [])


def frame_swapped(live: Live) -> None:
    """Resources: another frame after measuring. The first piece goes back, and the heights are measured again."""
    assert live.stock_of(live.frame) == (2, 1)
    quotation = live.order.quotations.get()
    with live.nothing_else_moves():
        browser = live.optician.open(f"/orders/{live.order.number}/dispense/")
        browser.send({"frame": live.other_frame.sku}, form="dispense/frame")
    live.fresh()
    quotation.refresh_from_db()
    assert (live.stock_of(live.frame), live.stock_of(live.other_frame)) == ((2, 0), (2, 1))
    assert (live.order.state, quotation.state) == ("draft", "replaced")
    assert live.event("order.frame_chosen").old["frame"].startswith("Karoo 214")
    browser = live.optician.open(f"/orders/{live.order.number}/quote/")
    assert "again" in browser.text
    browser.open(f"/orders/{live.order.number}/dispense/").send(
        {"right_height_mm": "21", "left_height_mm": "21"}, form="dispense", button="Make quotation"
    )
    browser.send(button="Make version 2")
    live.fresh()
    assert live.order.state == "quoted", browser.said


JOURNEYS = (measured_again, stale_tab, lens_discontinued, price_changed, frame_swapped)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
def test_a_change_before_the_approval_is_seen_by_who_agrees(live: Live, journey: Any) -> None:
    journey(live)


def _no_question(*_args: Any, **_more: Any) -> list[Any]:
    return []


def _no(*_args: Any, **_more: Any) -> None:
    return None


CONTROLS: dict[str, Any] = {
    "measured_again": (measured_again, (quotations, "drop_live", _no), (decisions, "_check_open", _no)),
    "stale_tab": (stale_tab, (Form, "_meet", _no)),
    "lens_discontinued": (lens_discontinued, (changes, "preview", _no_question)),
    "price_changed": (price_changed, (changes, "preview", _no_question)),
    "frame_swapped": (frame_swapped, (quotations, "drop_live", _no)),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_without_its_guard_the_journey_fails(live: Live, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    journey, *guards = CONTROLS[name]
    for module, guard, nothing in guards:
        monkeypatch.setattr(module, guard, nothing)
    with pytest.raises((AssertionError, DomainError, Order.DoesNotExist)):
        journey(live)
