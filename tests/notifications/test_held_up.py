"""Telling a customer what holds the order up: seen before it goes, sent once, in their language, nothing of the eye."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from core.errors import NotAllowed
from customers.models import Channel, Customer
from notifications.models import Message, MessageState
from notifications.services import delivery, planning, problems
from notifications.services.problems import Problem
from orders.models import Order
from orders.services import links, orders
from records.models import Event
from tests import factories
from tests.notifications.test_log import as_staff
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_pages import text

pytestmark = pytest.mark.django_db
_REASON = "The supplier sent the wrong lens."


@pytest.fixture(autouse=True)
def _day(settings: object) -> None:
    settings.QUIET_HOURS = ""


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", phone="+27115550142")


@pytest.fixture
def order(shop: Shop) -> Order:
    return makers.confirmed(shop)


def at(order: Order) -> str:
    return f"/messages/order/{order.number}/problem/"


def typed(client: Client, order: Order, **fields: object) -> dict[str, object]:
    """The page's own key with what a person types."""
    page = client.get(at(order)).content.decode()
    key = re.search(r'name="_key" value="([^"]+)"', page) or re.search(r'value="([^"]+)" name="_key"', page)
    assert key
    return {"_key": key[1], "cause": "lens_supplier", "reason": _REASON, "contact": "Zanele"} | fields


def told(template: str) -> dict[str, Message]:
    planning.plan_waiting()
    return {one.channel: one for one in Message.objects.filter(template_key=template)}


def test_the_preview_shows_mail_and_sms_as_they_will_go_and_saves_nothing(
    order: Order, shop: Shop, client: Client
) -> None:
    desk = as_staff(client, shop.optician)
    before = Event.objects.count()
    shown = text(desk.post(at(order), typed(desk, order, preview="1", offers=["loan_pair"], offer="free courier")))
    assert _REASON in shown and "We offer: a loan pair until then, free courier." in shown
    assert "Ask for Zanele." in shown and "1 SMS" not in shown and "SMS segments" in shown
    assert "(link to their choices)" in shown and "{{" not in shown
    assert "Nothing goes this way: no browser of theirs asked for notices." in shown
    assert (Event.objects.count(), Message.objects.filter(template_key="order_held").count()) == (before, 0)
    dated = text(desk.post(at(order), typed(desk, order, preview="1", new_date="2031-02-03")))
    assert "will be ready on" in dated and "3 Feb" in dated


def test_it_is_told_once_by_mail_and_sms_with_the_words_of_the_preview(
    order: Order, shop: Shop, client: Client
) -> None:
    desk = as_staff(client, shop.optician)
    sent = typed(desk, order, offers=["loan_pair"])
    for _click in range(2):
        assert desk.post(at(order), sent).status_code == 303
    event = Event.objects.get(kind="order.held_up")
    assert (event.reason, event.reason_code, event.data["contact"]) == (_REASON, "lens_supplier", "Zanele")
    messages = told("order_held")
    assert set(messages) == {"email", "sms"}
    for one in messages.values():
        assert _REASON in one.body and "a loan pair until then" in one.body and "Ask for Zanele." in one.body
    delivery.deliver_due()
    assert {one.state for one in Message.objects.filter(template_key="order_held")} == {MessageState.SENT}
    assert len([one for one in mail.outbox if "News about your order" in one.subject]) == 1
    assert "Customer told what holds the order up: Lens late from the supplier" in text(
        desk.get(f"/orders/{order.number}/")
    )


def test_with_a_new_date_it_is_a_new_promise_and_one_message(order: Order, shop: Shop, client: Client) -> None:
    desk = as_staff(client, shop.optician)
    new = timezone.localdate() + timedelta(days=30)
    assert desk.post(at(order), typed(desk, order, new_date=new.isoformat(), offers=["discount"])).status_code == 303
    order.refresh_from_db()
    assert order.promised_on == new
    assert not Event.objects.filter(kind="order.held_up").exists()
    assert "a discount for the wait" in told("new_date")["email"].body
    assert not Message.objects.filter(template_key="order_held").exists()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"reason": "Axis 65 was ground as 85"}, "leave out powers and measurements"),
        ({"offer": "lenses of -2.25 instead"}, "leave out powers and measurements"),
        ({"reason": ""}, "fill this in."),
        ({"cause": ""}, "choose one."),
        ({"new_date": "2020-01-01"}, "the date lies in the past."),
    ],
)
def test_what_may_not_be_told_is_refused_at_its_field_and_nothing_goes(
    fields: dict[str, str], words: str, order: Order, shop: Shop, client: Client
) -> None:
    desk = as_staff(client, shop.optician)
    before = Event.objects.count()
    answer = desk.post(at(order), typed(desk, order, **fields))
    assert answer.status_code == 422 and words in text(answer)
    assert Event.objects.count() == before


def test_an_order_that_waits_for_nothing_is_not_held_up(order: Order, shop: Shop, client: Client) -> None:
    desk = as_staff(client, shop.optician)
    sent = typed(desk, order)
    orders.cancel(shop.manager, order.pk, "The customer moved away")
    answer = desk.post(at(order), sent)
    assert answer.status_code == 422 and "Only a confirmed order" in text(answer)
    assert not Event.objects.filter(kind="order.held_up").exists()
    assert "Tell of a problem" not in text(desk.get(f"/orders/{order.number}/"))


def test_the_customer_reads_it_in_their_language_on_page_and_message(order: Order, shop: Shop, client: Client) -> None:
    Customer.objects.filter(pk=order.customer_id).update(language="fr", preferred_channel=Channel.SMS)
    desk = as_staff(client, shop.optician)
    desk.post(at(order), typed(desk, order, reason="Le fournisseur a du retard.", offers=["loan_pair"]))
    assert "une paire de prêt d'ici là" in told("order_held")["sms"].body.replace("\u2019", "'")
    phone = Client()
    phone.get("/" + links.link_for(order, "sms").partition("//")[2].partition("/")[2])
    page = text(phone.get(f"/t/order/{order.public_code}/"))
    assert "Le fournisseur a du retard." in page and "une paire de prêt" in page
    assert "dès que nous la connaissons" in page


def test_a_message_that_has_not_left_is_called_by_its_name_where_a_date_moves(
    order: Order, shop: Shop, client: Client
) -> None:
    planning.plan_waiting()
    shown = text(as_staff(client, shop.optician).get(f"/orders/{order.number}/date/"))
    assert "“Order confirmed” waits to leave by SMS" in shown
    assert "order_confirmed" not in shown


@pytest.mark.parametrize(("role", "where", "status"), [("accountant", "", 403), ("dispensing_optician", "DUR", 404)])
def test_without_the_right_or_from_another_branch_nothing_is_told(
    role: str, where: str, status: int, order: Order, shop: Shop
) -> None:
    desk = as_staff(Client(), factories.staff(role, factories.branch(where) if where else shop.branch))
    before = Event.objects.count()
    for sent in ({"preview": "1"}, {"cause": "lens_supplier", "reason": _REASON}):
        assert desk.post(at(order), sent).status_code == status
    assert (Event.objects.count(), told("order_held")) == (before, {})


def test_the_verb_refuses_by_itself(order: Order, shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        problems.tell(factories.staff("accountant", shop.branch), order.pk, Problem("lens_supplier", _REASON))
    assert not Event.objects.filter(kind="order.held_up").exists()
