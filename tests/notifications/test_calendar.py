"""Reminders and questions fall due once, by the calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.actor import customer as by_link
from customers.services import consents
from notifications.models import Message
from notifications.services import calendar, planning
from orders.models import Order, OrderState
from records.models import Event
from tests import factories
from tests.orders import makers
from visits.models import Appointment

pytestmark = pytest.mark.django_db


def test_an_appointment_of_tomorrow_is_reminded_of_once() -> None:
    shop = makers.shop()
    person = makers.customer(shop.branch)
    starts = timezone.now() + timedelta(hours=20)
    Appointment.objects.create(
        branch=shop.branch,
        customer=person,
        clinician=factories.user("optometrist", shop.branch),
        kind="eye_test",
        period=(starts, starts + timedelta(minutes=30)),
        recorded_at=timezone.now() - timedelta(days=3),
    )
    assert (calendar.remind(), calendar.remind()) == (1, 0)
    planning.plan_waiting()
    made = Message.objects.get(template_key="appointment_reminder")
    assert made.expires_at == starts


def test_the_question_how_it_was_needs_consent_and_comes_once() -> None:
    order = makers.confirmed(makers.shop())
    Order.objects.filter(pk=order.pk).update(
        state=OrderState.COLLECTED, collected_at=timezone.now() - timedelta(days=8)
    )
    consents.give_consent(by_link("Thandi"), order.customer_id, "feedback", "email")
    assert (calendar.fall_due(), calendar.fall_due()) == (1, 0)
    planning.plan_waiting()
    made = Message.objects.get(template_key="feedback_request")
    assert (made.channel, made.state) == ("email", "queued")
    assert Event.objects.filter(kind="order.feedback_due").count() == 1
