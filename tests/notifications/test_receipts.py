"""Receipts of e-mail providers: anymail verifies and reads the documented body, ours is what becomes of the message."""

import base64
import json
from typing import Any

import pytest
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.test import RequestFactory

import notifications.tasks  # the handlers of its jobs
from core import job_runs
from notifications.models import InboundEvent, Message, MessageState
from notifications.services import planning
from tests.orders import makers

pytestmark = pytest.mark.django_db
SECRET = "hook:for-tests"


@pytest.fixture(autouse=True)
def _secret(settings: Any) -> None:
    assert notifications.tasks.apply_inbound
    settings.ANYMAIL_WEBHOOK_SECRET = SECRET


def sent() -> Message:
    """An e-mail that Postmark took under its number."""
    makers.confirmed(makers.shop())
    planning.plan_waiting()
    made = Message.objects.get(template_key="order_confirmed", channel="email")
    Message.objects.filter(pk=made.pk).update(
        state=MessageState.SENT, provider="postmark", provider_id="883953f4-6105-42a2-a16a-77a8eac79483"
    )
    return made


def told(record: dict[str, object], secret: str = SECRET) -> int:
    """Postmark's own JSON at anymail's own door."""
    door = "Basic " + base64.b64encode(secret.encode()).decode()
    body = json.dumps({"MessageID": "883953f4-6105-42a2-a16a-77a8eac79483", **record})
    request = RequestFactory().post("/hooks/mail/", body, "application/json", headers={"Authorization": door})
    status: int = PostmarkTrackingWebhookView.as_view()(request).status_code
    job_runs.run_waiting()
    return status


DELIVERY = {
    "RecordType": "Delivery",
    "Recipient": "john@example.com",
    "DeliveredAt": "2019-11-05T16:33:54Z",
    "ServerID": 23,
}
BOUNCE = {
    "RecordType": "Bounce",
    "ID": 42,
    "Type": "HardBounce",
    "TypeCode": 1,
    "Email": "john@example.com",
    "BouncedAt": "2019-11-05T16:33:54Z",
}


def test_a_delivery_is_seen_once_and_a_later_bounce_wins() -> None:
    made = sent()
    assert [told(DELIVERY), told(DELIVERY)] == [200, 200]
    made.refresh_from_db()
    assert made.state == MessageState.DELIVERED and InboundEvent.objects.count() == 1
    told(BOUNCE)
    told(DELIVERY)
    made.refresh_from_db()
    assert made.state == MessageState.FAILED
    assert planning.is_suppressed("email", made.recipient)


def test_a_caller_without_the_secret_changes_nothing() -> None:
    made = sent()
    request = RequestFactory().post("/hooks/mail/", json.dumps(DELIVERY), "application/json")
    with pytest.raises(Exception, match=r"(?i)auth"):
        PostmarkTrackingWebhookView.as_view()(request)
    made.refresh_from_db()
    assert made.state == MessageState.SENT and not InboundEvent.objects.exists()
