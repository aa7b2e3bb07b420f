"""Reminders and questions fall due once, by the calendar."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.actor import customer as by_link
from core.actor import system
from customers.services import consents
from notifications.models import Message
from notifications.services import calendar, planning
from orders.models import Order, OrderState
from records import events
from records.models import Event
from tests import factories
from tests.orders import makers
from visits.models import Appointment

pytestmark = pytest.mark.django_db


def test_a_reminder_is_written_for_its_appointment_and_does_not_outlive_it() -> None:
    shop = makers.shop()
    starts = timezone.now() + timedelta(hours=20)
    made = Appointment.objects.create(
        branch=shop.branch,
        customer=makers.customer(shop.branch),
        clinician=factories.user("optometrist", shop.branch),
        kind="eye_test",
        period=(starts, starts + timedelta(minutes=30)),
    )
    events.record("appointment.reminder_due", system(), events.Fact(made, made.branch_id, made.customer_id))
    planning.plan_waiting()
    assert Message.objects.get(template_key="appointment_reminder").expires_at == starts


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
