"""What providers tell us: stored once on its raw bytes, applied afterwards, in any order. Receipts only move forward."""

import json
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from core import jobs
from core.actor import Source, system
from customers.models import Channel, Customer
from customers.services import consents
from notifications import addresses
from notifications.models import InboundEvent, Message, MessageState, Suppression
from notifications.services import dead, delivery

JOB = "notifications.inbound"
STOP_WORDS = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "ARRET", "PARAR", "SAIR", "إيقاف", "توقف"}
START_WORDS = {"START", "UNSTOP", "YES"}
_ACTOR = system("Provider's notice", source=Source.WEBHOOK)


@dataclass(frozen=True)
class Notice:
    """One notice of a provider in our words: `sms` from a person, `delivered`, `failed`, `opened`, `complained`."""

    event_id: str
    kind: str
    address: str = ""
    text: str = ""
    message: str = ""


def keep(provider: str, event_id: str, raw: bytes) -> bool:
    """Store a verified notice and ask for its application. False when it was here before."""
    try:
        with transaction.atomic():
            row = InboundEvent.objects.create(provider=provider, event_id=event_id[:160], raw=raw)
            jobs.enqueue(JOB, f"{JOB}:{row.pk}", {"inbound": row.pk})
    except IntegrityError:
        return False
    return True


@transaction.atomic
def apply(inbound_id: int) -> str:
    """Read a stored notice and do what it says; applied once."""
    row = InboundEvent.objects.select_for_update().get(pk=inbound_id)
    if row.applied_at is not None:
        return row.result
    notice = read(bytes(row.raw))
    row.result = _reply(notice) if notice.kind == "sms" else _receipt(row.provider, notice)
    row.applied_at = timezone.now()
    row.save(update_fields=["applied_at", "result"])
    return row.result


def read(raw: bytes) -> Notice:
    """The generic JSON: `{"id", "type": "sms"|"delivered"|"failed", "from", "text", "message"}`. Raises ValueError."""
    found = json.loads(raw)
    if not isinstance(found, dict) or not found.get("id") or not found.get("type"):
        raise ValueError("id and type are needed")
    return Notice(
        str(found["id"]),
        str(found["type"]),
        str(found.get("from", "")),
        str(found.get("text", "")),
        str(found.get("message", "")),
    )


def _reply(notice: Notice) -> str:
    """STOP blocks the number and withdraws what was granted; START lifts the block."""
    word = notice.text.strip().upper().rstrip(".!")
    if word in STOP_WORDS:
        suppress(Channel.SMS, notice.address, "STOP")
        return "stopped"
    if word in START_WORDS:
        hashed = addresses.hash_of(Channel.SMS, notice.address)
        Suppression.objects.filter(channel=Channel.SMS, address_hash=hashed, lifted_at=None).update(
            lifted_at=timezone.now()
        )
        return "started"
    return "not a word we know"


def suppress(channel: str, address: str, reason: str) -> None:
    """Never write to this address again until it is lifted; the customers who have it hear of it in their story."""
    hashed = addresses.hash_of(channel, address)
    Suppression.objects.get_or_create(
        channel=channel, address_hash=hashed, lifted_at=None, defaults={"reason": reason[:40]}
    )
    whose = Q(phone=address) if channel == Channel.SMS else Q(email__iexact=address)
    for person in Customer.objects.filter(whose, erased_at=None):
        for purpose in ("marketing", "feedback", "recall"):
            consents.withdraw_consent(_ACTOR, person.pk, purpose, channel, reason)


def _receipt(provider: str, notice: Notice) -> str:
    """Sent becomes delivered, delivered stays; a failure after sending tries the next channel."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("event", "customer", "order", "branch")
        .filter(provider=provider, provider_id=notice.message)
        .first()
    )
    if message is None:
        return "no such message"
    if notice.kind == "delivered" and message.state == MessageState.SENT:
        message.state, message.delivered_at = MessageState.DELIVERED, timezone.now()
        message.save(update_fields=["state", "delivered_at"])
        return "delivered"
    if notice.kind == "opened" and message.opened_at is None:
        message.opened_at = timezone.now()
        message.save(update_fields=["opened_at"])
        return "opened"
    if notice.kind in {"failed", "complained"} and message.state in {MessageState.SENT, MessageState.DELIVERED}:
        return _bounced(message, notice.kind)
    return "nothing to do"


def _bounced(message: Message, kind: str) -> str:
    message.state, message.why = MessageState.FAILED, f"the provider says: {kind}"
    message.save(update_fields=["state", "why"])
    suppress(message.channel, message.recipient, kind)
    went_on = message.fallbacks.exists()
    if delivery.fall_back(message) is None and not went_on:
        dead.given_up(message)
    return kind
