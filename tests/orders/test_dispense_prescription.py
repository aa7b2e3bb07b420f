"""The prescription on the page of frame and lens: the version that stands, one that was withdrawn, one that expired."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from branches.models import User
from core.errors import DomainError
from orders.models import Order, Quotation
from orders.services import quotations
from orders.services.quotations import QuoteRequest
from prescriptions import rows, screens
from prescriptions.models import Prescription
from prescriptions.services import prescriptions
from prescriptions.values import PrismEntry
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db
Page = Callable[[], str]


@pytest.fixture
def shop() -> makers.Shop:
    return makers.shop()


@pytest.fixture
def order(shop: makers.Shop) -> Order:
    return makers.order(shop)


@pytest.fixture
def page(client: Client, shop: makers.Shop, order: Order) -> Page:
    client.force_login(User.objects.get(pk=shop.optician.user_id))
    return lambda: client.get(reverse("orders:dispense", args=[order.number])).content.decode()


def choose(client: Client, order: Order, row: Prescription, **more: Any) -> int:
    answer = client.post(reverse("orders:choose_prescription", args=[order.number]), {"prescription": row.pk} | more)
    return answer.status_code


def withdraw(row: Prescription) -> None:
    prescriptions.withdraw(factories.optometrist(row.branch), row.pk, ("W01", "Cataract found"))


def test_a_corrected_prescription_is_shown_beside_the_orders_own_and_taken_over_with_one_button(
    client: Client, page: Page, order: Order
) -> None:
    assert "stands now" not in page()
    corrected = makers.correct(order.prescription, right_axis=90)
    body = page()
    assert "Version 2 stands now." in body and "written down wrong" in body
    assert "<del>065°</del> → <ins>090°</ins>" in body
    assert reverse("prescriptions:page", args=[corrected.pk]) in body
    assert "Version 2 of the prescription stands now: make it for that one first" in body
    assert choose(client, order, corrected) == 303
    order.refresh_from_db()
    assert order.prescription == corrected
    assert "stands now" not in page() and "090°" in page()


def test_nothing_is_quoted_on_the_way_from_the_page_before_the_new_version_was_looked_at(
    client: Client, page: Page, order: Order
) -> None:
    makers.correct(order.prescription)
    page()
    answer = client.post(reverse("orders:dispense", args=[order.number]), {"do": "quote", "method": "pupilometer"})
    assert (answer.status_code, answer["Location"].partition("#")[2]) == (303, "prescription")
    assert not Quotation.objects.exists()


def test_an_agreed_order_takes_the_new_version_with_the_reason_of_the_correction(
    client: Client, shop: makers.Shop, page: Page, order: Order
) -> None:
    quotation = quotations.make(shop.optician, order.pk, QuoteRequest())
    makers.decisions.approve(shop.optician, quotation.pk, makers.answer(quotation))
    corrected = makers.correct(order.prescription)
    assert 'value="written down wrong" required' in page()
    assert choose(client, order, corrected, reason="") == 422
    order.refresh_from_db()
    assert order.prescription != corrected
    assert choose(client, order, corrected, reason="written down wrong") == 303


def test_a_withdrawn_prescription_says_why_and_is_not_quoted(page: Page, shop: makers.Shop, order: Order) -> None:
    other = makers.prescription(order.customer, shop.branch)
    withdraw(order.prescription)
    body = page()
    assert "Cataract found" in body and "choose another prescription" in body
    assert f'value="{other.pk}"' in body and "<details open>" in body
    with pytest.raises(DomainError, match="is withdrawn: choose another one"):
        quotations.make(shop.optician, order.pk, QuoteRequest())
    assert not Quotation.objects.exists()
    order.refresh_from_db()
    assert order.state == "draft"


def test_what_is_promised_already_may_still_be_quoted_anew_after_a_withdrawal(shop: makers.Shop) -> None:
    order = makers.confirmed(shop)
    withdraw(order.prescription)
    made = quotations.make(shop.optician, order.pk, QuoteRequest(reason="less to pay"))
    assert made.version == 2


def test_an_expired_prescription_is_told_before_the_laboratory_refuses_it(
    page: Page, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Expired on" not in page()
    monkeypatch.setattr(
        "orders.views.dispense.today", lambda _branch: order.prescription.expires_on + timedelta(days=1)
    )
    assert "Expired on" in page() and "test the eyes again" in page()


def test_prisms_and_a_balance_lens_are_seen_where_lenses_are_chosen(
    client: Client, page: Page, shop: makers.Shop, order: Order
) -> None:
    up = PrismEntry(Decimal("1.50"), base="up")
    blind = {"balance": True, "sphere": None, "cylinder": None, "axis": None, "add": None}
    row = factories.signed_prescription(
        factories.optometrist(shop.branch), order.customer, right={"prisms": (up,)}, left=blind
    )
    assert choose(client, order, row) == 303
    body = page()
    assert "PRISM V" in body and "1.50 up" in body and "PRISM H" not in body
    assert "Balance" in body


def test_the_letters_of_the_eyes_differ_in_every_language(page: Page, order: Order) -> None:
    """In Arabic the names of both eyes begin with the same letter."""
    for language in ("en", "fr", "pt", "ar"):
        with translation.override(language):
            right, left = screens.short_table(rows.data_of(order.prescription))["rows"]
            assert str(right.letter) != str(left.letter), language
