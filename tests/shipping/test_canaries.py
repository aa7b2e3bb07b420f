"""Nothing of the eye, no token and no full phone in what parcels, returns and tracking services send, log or keep."""

import json
import logging
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import get_resolver, reverse

import aftersales.tasks  # the handlers of their jobs
import shipping.tasks
from aftersales import documents as after_documents
from aftersales.models import Return
from aftersales.services import returns
from core import job_runs
from core.models import Job
from notifications.models import Message
from notifications.services import delivery, planning
from orders.models import Order
from orders.services import links
from records.models import Event
from shipping import documents
from shipping.services import trackers
from tests.aftersales import makers as after
from tests.labjobs import makers as lab
from tests.shipping import makers
from tests.shipping.files import HISTORY
from tests.shipping.makers import fresh, heard

pytestmark = pytest.mark.django_db
# Powers, axis and PD of the makers' prescription, and the family name and birth year of their customer.
_EYES = ("-2.25", "\u22122.25", "-0.75", "\u22120.75", "+2.00", "065", "31.5")
_PERSON = ("Mokoena", "1974")


@pytest.fixture(autouse=True)
def _set_up(settings: object) -> None:
    assert aftersales.tasks.make_slip and shipping.tasks.make_paper
    settings.QUIET_HOURS = ""


def sent_and_returned() -> Order:
    """A parcel with every event a carrier has, then a return of it with every step, all messages sent."""
    at = lab.bench()
    parcel = makers.sent(at)
    heard(parcel, *HISTORY[:3])
    heard(parcel, *HISTORY[:3], ("2026-11-17T15:00:00Z", "failure", "address_correction", "Axis 65, OD -2.25"))
    heard(parcel, *HISTORY)
    order = Order.objects.get()
    found = after.asked(order, words="With -2.25 I see double, axis 65")
    returns.approve(at.shop.manager, found.pk, "")
    planning.plan_waiting()
    delivery.deliver_due()
    job_runs.run_waiting()
    return order


def alone(canary: str) -> re.Pattern[str]:
    """By itself, not inside a longer number."""
    return re.compile(rf"(?<![\dB]){re.escape(canary)}(?!\d)")


def test_messages_jobs_logs_and_public_pages_hold_no_canary(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    order = sent_and_returned()
    phone = Client()
    token = links.link_for(order, "sms").rsplit("/", 1)[1]
    phone.get(f"/t/{token}")
    pages = [
        phone.get(f"/t/order/{order.public_code}/{name}")
        for name in ("", "return/", "feedback/", "privacy/", "problem/")
    ]
    shown = " ".join(page.content.decode() for page in pages)
    messages = list(Message.objects.filter(order=order))
    assert {"shipped", "delivered", "delivery_problem", "return_approved"} <= {one.template_key for one in messages}
    said = " ".join(f"{one.subject} {one.body} {one.html}" for one in messages)
    sent = " ".join(str(one.message()) for one in mail.outbox)
    kept = json.dumps(list(Job.objects.values_list("payload", "key")))
    kept += json.dumps(list(Event.objects.filter(kind__startswith="message.").values_list("data", flat=True)))
    logged = caplog.text
    for canary in (*_EYES, *_PERSON, order.customer.phone):
        found = alone(canary)
        for place, words in (("message", said), ("page", shown), ("job", kept), ("log", logged)):
            assert not found.search(words), (place, canary)
        assert canary not in _EYES[:5] or not found.search(sent), canary
    tokens = [links.token_of(link) for link in order.links.all()]
    assert tokens
    for one in tokens:
        assert one not in said and one not in kept and one not in logged and one not in shown


def test_papers_that_leave_the_house_hold_no_power() -> None:
    order = sent_and_returned()
    parcel = fresh(order.shipments.get())
    found = Return.objects.get()
    for page in (
        documents.html(parcel, "delivery", for_pdf=True),
        documents.html(parcel, "label", for_pdf=True),
        after_documents.html(found, for_pdf=True),
    ):
        for canary in _EYES:
            assert not alone(canary).search(page), canary
    assert "Mokoena" not in after_documents.html(found, for_pdf=True)


def test_addresses_of_parcels_and_returns_carry_numbers_only() -> None:
    """No address takes a name, a phone or a value: numbers of records, codes and our own words; `rest` leads nowhere."""
    known = {"number", "pk", "code", "kind", "state", "asked", "token", "value", "adapter", "public_id", "rest"}
    for area in ("shipping", "aftersales", "portal"):
        resolver = get_resolver().namespace_dict[area][1]
        names = {
            name
            for key in resolver.reverse_dict
            for _way, taken in [resolver.reverse_dict[key][0][0]]
            for name in taken
        }
        assert names <= known, (area, names - known)
    assert reverse("shipping:pack", args=["RSB-1"]).count("RSB-1") == 1


def test_the_tracking_service_is_told_the_number_and_nothing_of_the_person() -> None:
    at = lab.bench()
    parcel = makers.sent(at)
    asked = trackers.registering.ask_of("easypost", "key", parcel.carrier.code, parcel.tracking_number)
    told = json.dumps(asked.json)
    for private in (*_PERSON, parcel.order.customer.phone, "Bree", parcel.order.number):
        assert private not in told
