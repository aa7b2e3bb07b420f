"""What each event tells its customer: the values of its parcel, return, payment or delay, and nothing of the eye."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from cases.services.cases import CaseData, open_case
from core.actor import system
from notifications import pictures, saying
from notifications.channels import mail
from notifications.channels.base import Outgoing
from notifications.models import Message
from notifications.services import planning
from orders.models import Order
from orders.services.common import Said, tell
from tests.orders import makers

pytestmark = pytest.mark.django_db
CLINICAL = [
    "The cylinder is -0.75 now", "−2.25 is wrong", "axis 065 was turned", "cut at 90°", "add 2.00 too low", "PD 31.5 measured again",
    "OD only", "sph +1.50", "made with 2.25 dpt",
]  # fmt: skip
PLAIN = ["One lens came scratched from the supplier.", "The courier comes on 3 Dec at 10.30.", "Paid 1 250.00 too much"]


def told(kind: str, template: str, channel: str = "email", **said: Any) -> Message:
    """The message of one event about a confirmed order, in English."""
    order = makers.confirmed(makers.shop())
    tell(kind, system(), order, Said(**said))
    planning.plan_waiting()
    return Message.objects.get(template_key=template, channel=channel)


@pytest.mark.parametrize("words", CLINICAL)
def test_words_that_hold_a_value_of_the_eye_are_left_out(words: str) -> None:
    assert saying.discreet(words) == ""


@pytest.mark.parametrize("words", PLAIN)
def test_ordinary_words_are_told(words: str) -> None:
    assert saying.discreet(words) == words


def test_a_reason_with_a_power_leaves_its_heading_out_too() -> None:
    order = makers.confirmed(makers.shop())
    new = {"promised": (timezone.localdate() + timedelta(days=30)).isoformat()}
    tell("order.repromised", system(), order, Said(reason="Cylinder is -0.75 now", new=new))
    planning.plan_waiting()
    body = Message.objects.get(template_key="new_date", channel="email").body
    assert "What happened" not in body and "0.75" not in body
    assert "We look for another way with you" in body


def test_a_shipped_message_names_carrier_number_link_method_and_day() -> None:
    day = timezone.localdate() + timedelta(days=3)
    data = {
        "carrier": "DHL", "tracking": "JD0146", "tracking_link": "https://carrier.example/?n=JD0146", "service": "Express",
        "expected_on": day.isoformat(), "items": "Karoo 214 frame",
    }  # fmt: skip
    body = told("shipment.shipped", "shipped", "sms", data=data).body
    for part in ("Karoo 214 frame", "DHL", "JD0146", "https://carrier.example/?n=JD0146", "Express", saying.day(day)):
        assert part in body, part


def test_a_delivery_says_its_exact_time_and_asks_to_check_the_condition() -> None:
    body = told(
        "shipment.delivered", "delivered", data={"carrier": "DHL", "delivered_at": "2026-11-30 11:20", "signed_by": "T. M."}
    ).body  # fmt: skip
    assert "Delivered: Mon 30 Nov" in body and "11:20" in body and "Taken by: T. M." in body
    assert "Check that nothing is damaged or missing" in body and "How did we do?" in body


@pytest.mark.parametrize(
    ("state", "template"),
    [
        ("exception", "delivery_problem"),
        ("attempt_failed", "delivery_problem"),
        ("available_for_pickup", "pickup_ready"),
        ("returning", "parcel_returned"),
    ],
)
def test_trouble_with_a_parcel_is_told_by_what_it_is(state: str, template: str) -> None:
    told("shipment.problem", template, data={"carrier": "DHL", "tracking": "JD0146", "state": state})
    assert set(Message.objects.exclude(template_key="order_confirmed").values_list("template_key", flat=True)) == {
        template
    }


@pytest.mark.parametrize("stage", ["requested", "approved", "declined", "received", "refunded", "replaced"])
def test_each_stage_of_a_return_is_told_with_its_number(stage: str) -> None:
    data = {"return": "RSB-RT-0007", "items": "Karoo 214 frame", "amount": "2450.00", "new_order": "RSB-10519"}
    made = told(f"return.{stage}", f"return_{stage}", reason="Too narrow at the temples", data=data)
    assert "RSB-RT-0007" in made.body and "Karoo 214 frame" in made.body
    if stage == "refunded":
        assert "R\u00a02\u00a0450.00" in made.body
    if stage == "replaced":
        assert "RSB-10519" in made.body


def test_a_failed_payment_says_that_nothing_was_charged_and_what_to_do() -> None:
    made = told(
        "payment.declined", "payment_failed", reason="The card was declined", data={"amount": "500.00", "method": "card"}
    )  # fmt: skip
    assert "R\u00a0500.00" in made.body and "Nothing was charged" in made.body and "The card was declined" in made.body


def late_case(order: Order) -> None:
    branch = order.branch_id
    open_case(system(), CaseData("lab_delay", order, branch, "Late", "x", order.customer_id, order.pk))


def test_a_job_past_its_promise_is_told_at_once_and_only_without_a_later_date() -> None:
    order = makers.confirmed(makers.shop())
    late_case(order)
    planning.plan_waiting()
    assert not Message.objects.filter(template_key="order_held").exists()
    other = makers.confirmed(makers.shop())
    Order.objects.filter(pk=other.pk).update(promised_on=timezone.localdate() - timedelta(days=1))
    late_case(other)
    planning.plan_waiting()
    body = Message.objects.get(template_key="order_held", channel="email").body
    assert "Making your lenses takes longer than planned." in body and "your money back" in body


def test_the_frame_is_drawn_into_the_mail_without_any_fetch() -> None:
    order = makers.confirmed(makers.shop())
    planning.plan_waiting()
    made = Message.objects.get(template_key="order_confirmed", channel="email")
    frame = order.frame_choice.frame
    assert made.picture == f"frame:{frame.pk}" and 'src="cid:frame"' in made.html
    sent = mail.build(Outgoing("message-1", "a@b.example", "Hi", made.body, made.html, made.picture)).message()
    [image] = [part for part in sent.walk() if part.get_content_type() == "image/png"]
    assert image["Content-ID"] == "<frame>"
    drawn = Image.open(BytesIO(image.get_payload(decode=True)))
    assert drawn.width == 640 and len(image.get_payload(decode=True)) < 30_000


def test_a_photo_is_taken_and_a_file_that_is_no_picture_is_not() -> None:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    photo = default_storage.save("frames/photo.png", ContentFile(out.getvalue()))
    page = default_storage.save("frames/photo.svg", ContentFile(b"<svg><script/></svg>"))
    try:
        assert pictures.read(photo) == (out.getvalue(), "png")
        assert pictures.read(page) is None
    finally:
        default_storage.delete(photo)
        default_storage.delete(page)


def test_a_day_is_said_as_the_customers_language_says_it() -> None:
    shop = makers.shop()
    order = makers.confirmed(shop)
    order.customer.language = "fr"
    order.customer.save()
    tell(
        "shipment.shipped", system(), order, Said(data={"carrier": "DHL", "expected_on": date(2026, 12, 7).isoformat()})
    )
    planning.plan_waiting()
    assert "Prévue le lun 7 déc" in Message.objects.get(template_key="shipped", channel="sms").body


def test_an_insurers_answer_says_what_is_paid_and_what_is_left() -> None:
    data = {"insurer": "Ubuntu Health", "amount": "8000.00", "approved": "5000.00"}
    body = told("claim.answered", "claim_decided", data=data).body
    assert "The answer: partly approved." in body and "Left for you to pay: R\u00a03\u00a0000.00" in body
    assert "Paid by Ubuntu Health: R\u00a05\u00a0000.00" in body
