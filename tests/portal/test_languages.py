"""The customer's pages and papers in the customer's language: no word of them is left in English, RTL is marked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation
from django.utils.translation import trans_real

from customers.models import Customer
from notifications import addresses
from orders import documents
from orders.models import EntryKind, Order, PaymentMethod
from orders.services import links, payments
from orders.services.payments import PaymentData
from tests.aftersales import makers as after
from tests.orders import makers
from tests.portal.test_helping import place, send

pytestmark = pytest.mark.django_db


@contextmanager
def spoken(monkeypatch: pytest.MonkeyPatch, language: str) -> Iterator[set[str]]:
    """The words that were looked up in this language and are not there."""
    untold: set[str] = set()
    real: Callable[[str], str] = trans_real.gettext
    known = vars(trans_real.translation(language))["_catalog"]

    def listening(word: str) -> str:
        if word and translation.get_language() == language and word not in known:
            untold.add(word)
        return real(word)

    with monkeypatch.context() as patch:
        patch.setattr(vars(translation)["_trans"], "gettext", listening)
        yield untold


def guest(order: Order, language: str) -> Client:
    Customer.objects.filter(pk=order.customer_id).update(language=language)
    client = Client(headers={"accept-language": language})
    client.get("/" + links.link_for(order, "sms").partition("//")[2].partition("/")[2])
    return client


@pytest.mark.parametrize("language", ["fr", "pt", "ar"])
def test_no_page_of_the_link_keeps_a_word_of_english(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order = makers.confirmed(makers.shop("RSB"))
    phone = guest(order, language)
    with spoken(monkeypatch, language) as untold:
        for page in ("", "problem/", "privacy/", "details/", "pay/", "collect/shop/", "notices/", "approve/"):
            answer = phone.get(place(order, page))
            assert answer.status_code == 200, page
            assert f'lang="{language}"' in answer.content.decode(), page
        assert send(phone, place(order, "problem/"), words="").status_code == 422
        for page in ("/t/", "/t/nothing-of-ours-0000", f"/t/visit/{addresses.booking_key(order.customer)}/"):
            phone.get(page)
        phone.post("/t/", {"number": order.number, "phone": "0825550100"})
    assert untold == set()


@pytest.mark.parametrize("language", ["fr", "pt", "ar"])
def test_no_page_after_the_hand_over_keeps_a_word_of_english(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    order = after.handed_over(makers.shop("RSB"))
    phone = guest(order, language)
    with spoken(monkeypatch, language) as untold:
        for page in ("", "return/", "return/?go=1&keys=lenses&reason=damaged", "feedback/", "thanks/"):
            assert phone.get(place(order, page)).status_code == 200, page
        after.asked(order)
        phone.get(place(order))
    assert untold == set()


def test_arabic_pages_run_from_right_to_left_and_others_do_not() -> None:
    order = makers.confirmed(makers.shop("RSB"))
    assert 'dir="rtl"' in guest(order, "ar").get(place(order)).content.decode()
    assert 'dir="ltr"' in guest(order, "pt").get(place(order)).content.decode()


@pytest.mark.parametrize(
    ("language", "title", "direction"),
    [("fr", "Facture", "ltr"), ("pt", "Fatura", "ltr"), ("ar", "فاتورة ضريبية", "rtl")],
)
def test_papers_are_written_in_the_customers_language(
    language: str, title: str, direction: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = makers.shop("RSB")
    order = makers.confirmed(shop)
    payments.take(shop.receptionist, PaymentData(order.pk, Decimal("500.00"), PaymentMethod.CARD, "slip 6021"))
    entry = order.ledger.filter(kind=EntryKind.PAYMENT).get()
    quoted = order.quotations.get()
    with spoken(monkeypatch, language) as untold, translation.override(language):
        papers = [
            documents.html(one, for_pdf=True)
            for one in (
                documents.invoice(order),
                documents.receipt(entry),
                documents.quotation(quoted),
                documents.statement(order.customer),
            )
        ]
    assert untold == set()
    assert title in papers[0] and f'dir="{direction}"' in papers[0]
