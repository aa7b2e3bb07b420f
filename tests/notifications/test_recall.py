"""Recall: the day by rule, reminders once and only with consent, stopped by a booking, answered by the link."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from branches.models import User
from cases.models import Case
from core.actor import Actor, system
from core.actor import customer as by_link
from core.errors import DomainError
from customers import consent
from customers.models import Customer
from customers.services import consents
from notifications import addresses
from notifications.models import Message, MessageState, RecallRule, Suppression
from notifications.services import delivery, planning, recall
from records.models import Event
from tests import factories
from tests.orders import makers
from visits.models import Appointment

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def _day(settings: Any) -> None:
    settings.QUIET_HOURS = ""


def due(shop: makers.Shop, *channels: str, **fields: Any) -> Customer:
    """A person whose day came yesterday and who agreed to reminders by these channels."""
    person = makers.customer(shop.branch, **({"recall_on": TODAY - timedelta(days=1)} | fields))
    for channel in channels:
        consents.give_consent(by_link("Thandi"), person.pk, "recall", channel)
    return person


def booked(shop: makers.Shop, person: Customer, days: int = 3, state: str = "booked") -> None:
    starts = timezone.now() + timedelta(days=days)
    clinician = factories.user("optometrist", shop.branch)
    Appointment.objects.create(
        branch=shop.branch, customer=person, clinician=clinician, kind="eye_test", state=state,
        period=(starts, starts + timedelta(minutes=30)),
    )  # fmt: skip


def as_staff(client: Client, actor: Actor) -> Client:
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


@pytest.mark.parametrize(("kind", "years", "months"), [
    ("spectacles", 7, 12), ("spectacles", 16, 24), ("spectacles", 59, 24), ("spectacles", 60, 12), ("contact_lenses", 30, 12),
])  # fmt: skip
def test_the_usual_months_follow_what_was_tested_and_the_age(kind: str, years: int, months: int) -> None:
    assert recall.months_after(kind, years) == months


@pytest.mark.parametrize(("start", "months", "end"), [
    (date(2026, 8, 31), 6, date(2027, 2, 28)), (date(2026, 12, 15), 12, date(2027, 12, 15)), (date(2027, 1, 31), 13, date(2028, 2, 29)),
])  # fmt: skip
def test_months_are_added_as_the_calendar_has_them(start: date, months: int, end: date) -> None:
    assert recall.add_months(start, months) == end


def test_a_signed_prescription_sets_the_day_once_by_the_practices_rule() -> None:
    shop = makers.shop()
    person = makers.customer(shop.branch)
    recall.set_rules(shop.manager, {("spectacles", 0): 12, ("spectacles", 16): 18, ("spectacles", 60): 12})
    row = makers.prescription(person, shop.branch)
    assert row.recall_months is None
    assert [recall.follow_prescriptions(TODAY), recall.follow_prescriptions(TODAY)] == [1, 0]
    person.refresh_from_db()
    tested = row.examined_on or row.issued_on
    assert tested is not None and person.recall_on == recall.add_months(tested, 18)


def test_months_outside_the_calendar_are_refused_and_nothing_is_kept() -> None:
    shop = makers.shop()
    with pytest.raises(DomainError):
        recall.set_rules(shop.manager, {("spectacles", 0): 0})
    assert not RecallRule.objects.exists()


def test_a_reminder_goes_by_the_channel_agreed_to_and_says_how_to_book() -> None:
    shop = makers.shop()
    person = due(shop, "email")
    assert recall.send(shop.receptionist, [person.pk, person.pk], TODAY) == recall.Outcome(sent=1)
    planning.plan_waiting()
    delivery.deliver_due()
    [made] = Message.objects.filter(template_key="recall")
    assert (made.channel, made.state) == ("email", MessageState.SENT)
    assert made.customer_id == person.pk and "next visit" in made.subject and made.order_id is None
    assert addresses.booking_url(person) in addresses.with_links(made.body, made)
    assert addresses.booking_key(person) not in made.body


def test_without_consent_the_person_is_left_to_a_call() -> None:
    shop = makers.shop()
    person = due(shop)
    assert recall.send(shop.receptionist, [person.pk], TODAY) == recall.Outcome(to_call=1)
    assert not Event.objects.filter(kind="customer.recall_sent").exists()


def test_a_refused_mail_is_followed_by_the_sms(monkeypatch: pytest.MonkeyPatch) -> None:
    from notifications.channels import mail
    from notifications.channels.base import Permanent

    def refuse(_out: object) -> None:
        raise Permanent("no such address")

    monkeypatch.setattr(mail, "send", refuse)
    shop = makers.shop()
    person = due(shop, "email", "sms")
    recall.send(shop.receptionist, [person.pk], TODAY)
    planning.plan_waiting()
    delivery.deliver_due()
    states = dict(Message.objects.filter(template_key="recall").values_list("channel", "state"))
    assert states == {"email": "failed", "sms": "sent"}


def test_a_booking_stops_it_even_between_choosing_and_writing() -> None:
    shop = makers.shop()
    first, second = due(shop, "email"), due(shop, "email")
    booked(shop, first)
    assert recall.send(shop.receptionist, [first.pk, second.pk], TODAY) == recall.Outcome(sent=1, come=1)
    booked(shop, second)
    planning.plan_waiting()
    assert not Message.objects.filter(template_key="recall").exists()


def test_nobody_is_reminded_twice_in_two_weeks_or_more_than_three_times() -> None:
    shop = makers.shop()
    person = due(shop, "email")
    recall.send(shop.receptionist, [person.pk], TODAY)
    assert recall.send(shop.receptionist, [person.pk], TODAY) == recall.Outcome(lately=1)
    assert Event.objects.filter(kind="customer.recall_sent").count() == 1


def test_another_branchs_people_are_not_reminded() -> None:
    here, there = makers.shop(), makers.shop()
    person = due(there, "email")
    assert recall.send(here.receptionist, [person.pk], TODAY) == recall.Outcome()
    assert not Event.objects.filter(kind="customer.recall_sent").exists()


def test_the_list_shows_who_is_due_and_how_they_would_be_reminded(client: Client) -> None:
    shop = makers.shop()
    due(shop, "email", family_name="Adams")
    due(shop, family_name="Botha")
    gone = due(shop, "email", family_name="Cele")
    booked(shop, gone)
    body = as_staff(client, shop.receptionist).get("/messages/recall/").content.decode()
    assert "Adams" in body and "E-mail" in body and "no consent to reminders" in body and "Cele" not in body
    sent = client.post("/messages/recall/send/", {"everybody": "1"}, follow=True).content.decode()
    assert "1 reminder on its way, 1 only by a call" in sent


@pytest.mark.parametrize("page", ["/messages/recall/", "/messages/recall/automatic/"])
def test_the_queries_of_the_lists_do_not_grow_with_the_people(client: Client, page: str) -> None:
    shop = makers.shop()
    as_staff(client, shop.receptionist)
    counted = []
    for more in (2, 9):
        for number in range(more):
            one = due(shop, "email", "sms")
            blocked = addresses.hash_of("email", one.email)
            Suppression.objects.create(channel="email", address_hash=blocked, reason="bounce")
            if number == 0:
                recall.send(shop.receptionist, [one.pk], TODAY)
            due(shop)
        client.get(page)
        with CaptureQueriesContext(connection) as caught:
            assert "SMS" in client.get(page).content.decode()
        counted.append(len(caught))
    assert counted[0] == counted[1] and counted[1] < 40


def test_rules_are_changed_by_a_manager_only(client: Client) -> None:
    shop = makers.shop()
    as_staff(client, shop.receptionist)
    assert client.get("/messages/recall/rules/").status_code == 403
    as_staff(client, shop.manager)
    page = client.get("/messages/recall/rules/").content.decode()
    assert 'name="spectacles_60"' in page
    values = {"spectacles_0": 6, "spectacles_16": 24, "spectacles_60": 12, "contact_lenses_0": 12}
    assert client.post("/messages/recall/rules/", values).status_code == 303
    assert recall.months_after("spectacles", 5) == 6


def link_of(person: Customer) -> str:
    return f"/t/visit/{addresses.booking_key(person)}/"


def test_the_link_asks_for_a_call_and_opens_one_case(client: Client) -> None:
    shop = makers.shop()
    person = due(shop, "email")
    page = client.get(link_of(person)).content.decode()
    assert (
        "Thandi" in page
        and "Mokoena" not in page
        and not Event.objects.filter(kind="customer.recall_answered").exists()
    )
    for wish in ("Tuesday", "or Friday"):
        assert client.post(link_of(person), {"choice": "ask", "wish": wish}).status_code == 303
    case = Case.objects.get(kind="visit_wish")
    assert case.customer_id == person.pk and "Tuesday" in case.description


@pytest.mark.parametrize(
    ("choice", "day"), [("later", TODAY + timedelta(days=90)), ("elsewhere", None), ("stop", None)]
)
def test_the_link_puts_off_or_ends_reminders(client: Client, choice: str, day: date | None) -> None:
    shop = makers.shop()
    person = due(shop, "email")
    client.post(link_of(person), {"choice": choice, "wish": ""})
    person.refresh_from_db()
    assert person.recall_on == day
    assert consent.answers(person)[("recall", "email")] is (choice != "stop")


def test_a_forged_link_says_nothing(client: Client) -> None:
    shop = makers.shop()
    person = due(shop, "email")
    assert client.get(f"/t/visit/{person.public_id.hex}:forged/").status_code == 404


def test_what_reminders_brought_is_counted() -> None:
    from branches.scope import Scope
    from notifications import recalls

    shop = makers.shop()
    first, second = due(shop, "email"), due(shop, "email")
    recall.send(shop.receptionist, [first.pk, second.pk], TODAY)
    recall.answer(system(), first.pk, "ask")
    booked(shop, first)
    assert recalls.response(Scope.of(shop.receptionist), shop.branch, TODAY) == recalls.Response(2, 1, 1)
