"""A correction after the approval: the approval is out of date, a review is open, a new version settles it."""

from typing import Any

import pytest
from django.utils import translation

from branches.scope import Scope
from core.money import money as shown_money
from orders.models import Order
from orders.selectors.page import order_page
from orders.services import decisions, orders, quotations
from orders.services.quotations import QuoteRequest
from orders.viewer import Viewer
from records.models import Approval, Review
from records.services import changes
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", name="Rosebank")


def _page(shop: Shop, order: Order) -> dict[str, Any]:
    return order_page(order, Viewer(shop.optician, Scope.of(shop.optician)))


def test_the_change_screen_lists_what_rests_on_the_prescription(shop: Shop) -> None:
    order = makers.confirmed(shop)
    orders.start_production(shop.optician, order.pk)
    assert order.prescription is not None
    found = changes.preview(order.prescription)
    reopened = [effect.dependency.decision for effect in found if effect.dependency.reopens]
    assert reopened == ["quotation_approval", "promised_date"]
    listed = [str(effect.affected.title) for effect in found if not effect.dependency.reopens]
    assert listed == [f"{shown_money(order.quotations.get().total)} charged for {order.number}"]
    assert found[0].affected.title == f"Approval of quotation Q-{order.number}, version 1"


def test_a_correction_puts_the_approval_out_of_date_and_asks_for_a_new_version(shop: Shop) -> None:
    order = makers.confirmed(shop)
    assert order.prescription is not None
    makers.correct(order.prescription)
    approval = Approval.objects.get(kind="quotation")
    assert approval.out_of_date_at is not None
    review = Review.objects.get(order_id=order.pk, decision="quotation_approval")
    assert (review.blocks, review.owner_id) == ("release", shop.optician.user_id)
    order.refresh_from_db()
    shown = _page(shop, order)
    assert "Make version 2" in str(shown["next"].verb)
    optical = shown["optical"]
    assert optical.differs and optical.current is not None


def test_the_approval_of_a_new_version_settles_the_review_and_charges_nothing_twice(shop: Shop) -> None:
    order = makers.confirmed(shop)
    assert order.prescription is not None
    makers.correct(order.prescription)
    later = quotations.make(shop.optician, order.pk, QuoteRequest())
    decisions.approve(shop.optician, later.pk, makers.answer(later))
    assert not Review.objects.filter(order_id=order.pk, state="open").exists()
    assert order.ledger.count() == 1
    newest = Approval.objects.filter(kind="quotation").order_by("-pk")[0]
    assert newest.is_current
    assert {one.record_version for one in newest.inputs.filter(record_type="prescriptions.prescription")} == {2}


def test_a_new_promise_settles_the_question_of_the_date(shop: Shop) -> None:
    order = makers.confirmed(shop)
    orders.start_production(shop.optician, order.pk)
    assert order.prescription is not None and order.promised_on is not None
    makers.correct(order.prescription)
    assert Review.objects.filter(decision="promised_date", state="open").count() == 1
    orders.repromise(shop.optician, order.pk, order.promised_on + makers.timedelta(days=4), "prescription", "corrected")
    assert Review.objects.filter(decision="promised_date", state="open").count() == 0
    assert Review.objects.filter(decision="quotation_approval", state="open").count() == 1


def test_each_reader_gets_the_four_answers_in_their_language_whoever_caused_the_review(shop: Shop) -> None:
    order = makers.confirmed(shop)
    assert order.prescription is not None
    with translation.override("ar"):
        makers.correct(order.prescription)
    review = Review.objects.get(order_id=order.pk, decision="quotation_approval")
    assert review.asks == "A new version of the quotation approved by the customer"
    with translation.override("fr"):
        assert review.asks == "Une nouvelle version du devis acceptée par le client"
        assert review.matters.startswith("Le client a accepté")
