"""Reminders that go by themselves: seen before, once a working day, never more than wanted, and stopped by a booking."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from branches.scope import Scope
from core.errors import DomainError, NotAllowed
from notifications import recalls
from notifications.models import Message, MessageState, RecallPlan
from notifications.services import delivery, planning, recall_plan
from notifications.services.recall_plan import PlanData
from records.models import Event
from tests.notifications.test_recall import TODAY, as_staff, booked, due
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB", time_zone="Africa/Johannesburg")


def _working(hour: int) -> datetime:
    """A Tuesday after today, at this hour in Johannesburg."""
    day = TODAY + timedelta(days=1)
    while day.weekday() != 1 or (day.month, day.day) in {(12, 25), (12, 26)}:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, hour - 2, 5, tzinfo=UTC)


def switched_on(shop: Shop, most: int = 30) -> None:
    recall_plan.set_plan(shop.manager, shop.branch.pk, PlanData(is_on=True, from_hour=10, most_a_day=most))


def sent() -> int:
    return Event.objects.filter(kind="customer.recall_sent").count()


def test_it_reminds_once_a_working_day_from_its_hour_and_the_longest_due_first(shop: Shop) -> None:
    late = due(shop, "email", recall_on=TODAY - timedelta(days=40))
    due(shop, "email")
    due(shop)  # only a call reaches this one
    switched_on(shop, most=1)
    assert recall_plan.run_due(_working(9)) == 0
    assert [recall_plan.run_due(_working(10)) for _again in range(3)] == [1, 0, 0]
    event = Event.objects.get(kind="customer.recall_sent")
    assert (event.customer_id, event.data["auto"]) == (late.pk, True)
    assert recall_plan.run_due(_working(10) + timedelta(days=1)) == 1
    assert recall_plan.run_due(_working(10) + timedelta(days=2)) == 0, "everybody has been reminded"


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 12, 25)])
def test_it_rests_on_days_without_work(shop: Shop, day: date) -> None:
    due(shop, "email")
    switched_on(shop)
    assert recall_plan.run_due(datetime(day.year, day.month, day.day, 10, tzinfo=UTC)) == 0
    assert sent() == 0


def test_switched_off_nothing_goes_and_the_page_shows_whom_it_would_remind(shop: Shop, client: Client) -> None:
    due(shop, "email", family_name="Adams")
    gone = due(shop, "email", family_name="Cele")
    booked(shop, gone)
    due(shop, family_name="Botha")
    assert recall_plan.run_due(_working(12)) == 0
    page = text(as_staff(client, shop.receptionist).get("/messages/recall/automatic/"))
    assert "Adams" in page and "E-mail" in page and "Cele" not in page and "Botha" not in page
    assert "Nothing goes by itself while it is off." in page and "A manager switches it." in page
    assert sent() == 0


def test_a_manager_switches_it_and_others_are_refused(shop: Shop, client: Client) -> None:
    desk = as_staff(client, shop.manager)
    page = desk.get("/messages/recall/automatic/").content.decode()
    version = re.search(r'name="_version" value="(\d+)"|value="(\d+)" name="_version"', page)
    assert version
    values = {"is_on": "on", "from_hour": "11", "most_a_day": "12", "_version": version[1] or version[2]}
    assert desk.post("/messages/recall/automatic/", values).status_code == 303
    row = RecallPlan.objects.get()
    assert (row.is_on, row.from_hour, row.most_a_day) == (True, 11, 12)
    stale = desk.post("/messages/recall/automatic/", values | {"most_a_day": "9"})
    assert stale.status_code == 409 and "saved first" in text(stale)
    with pytest.raises(NotAllowed):
        recall_plan.set_plan(shop.receptionist, shop.branch.pk, PlanData(is_on=False, from_hour=10, most_a_day=5))
    with pytest.raises(DomainError):
        recall_plan.set_plan(shop.manager, shop.branch.pk, PlanData(is_on=True, from_hour=3, most_a_day=0))
    assert RecallPlan.objects.get().most_a_day == 12


def test_a_booking_after_the_batch_stops_the_message_and_quiet_hours_hold_it(shop: Shop, settings: Any) -> None:
    first, second = due(shop, "sms"), due(shop, "sms")
    switched_on(shop)
    assert recall_plan.run_due(_working(11)) == 2
    booked(shop, first)
    settings.QUIET_HOURS = "00:00-23:59"
    planning.plan_waiting()
    delivery.deliver_due()
    [only] = Message.objects.filter(template_key="recall")
    assert (only.customer_id, only.state, only.why) == (second.pk, MessageState.QUEUED, "quiet hours")


def test_what_it_brought_is_told_apart_from_what_people_sent(shop: Shop, client: Client) -> None:
    person = due(shop, "email")
    switched_on(shop)
    recall_plan.run_due(_working(11))
    booked(shop, person)
    everybody, plan, hand = recalls.responses(Scope(everything=True), shop.branch, TODAY)
    assert (everybody.reminded, everybody.came) == (plan.reminded, plan.came) == (1, 1)
    assert (hand.reminded, hand.came) == (0, 0)
    assert "Automatic: on" in text(as_staff(client, shop.receptionist).get("/messages/recall/"))
