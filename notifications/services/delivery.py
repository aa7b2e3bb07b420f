"""Deliver what is due: one message at a time, from claim to settlement."""

import logging
import time
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from customers.models import Channel
from notifications import addresses, attachments, facts, quiet, triggers
from notifications.channels import mail, push, sms
from notifications.channels.base import Adapter, Misconfigured, Outgoing, Permanent, Transient, Unreachable
from notifications.models import Attempt, Message, MessageState
from notifications.services import dead, outbox, planning, receipts_due

log = logging.getLogger(__name__)
_UNSUBSCRIBABLE = {"feedback", "marketing", "recall"}


def deliver_due(seconds: float = 40.0) -> int:
    """Deliver until nothing is due or the time is up; how many messages were dealt with."""
    end = time.monotonic() + seconds
    done = 0
    for message_id in outbox.return_expired():
        dead.given_up(Message.objects.get(pk=message_id))
    follow_up_silence()
    while time.monotonic() < end:
        message = outbox.claim()
        if message is None:
            break
        deliver(message)
        done += 1
    return done


def deliver(message: Message) -> None:
    """One claimed message: check again that it may go, send, settle. Its row tells the outcome."""
    if _held_back(message):
        return
    try:
        adapter = adapter_of(message.channel)
    except Misconfigured as error:
        _pause(message, str(error))
        return
    attempt = outbox.started(message, adapter.code)
    try:
        sent = adapter.send(outgoing(message))
    except Permanent as error:
        outbox.ended(attempt, "refused", str(error))
        refuse(message, str(error))
    except Misconfigured as error:
        outbox.ended(attempt, "not set up", str(error))
        _pause(message, str(error))
    except Unreachable as error:
        outbox.ended(attempt, "later", str(error))
        outbox.pause_unreachable(message.channel, str(error))
        outbox.settle_back(message, timezone.now(), str(error))
    except Transient as error:
        outbox.ended(attempt, "later", str(error))
        _later(message, error)
    except Exception as error:  # a provider's library may fail in any way; it counts as a try
        log.exception("Message %s could not be sent", message.pk)
        outbox.ended(attempt, "error", type(error).__name__)
        _later(message, Transient(type(error).__name__))
    else:
        _sent(message, attempt, sent)


def adapter_of(channel: str) -> Adapter:
    """The way this channel goes in this practice. Raises Misconfigured."""
    return {Channel.EMAIL: mail.adapter, Channel.SMS: sms.adapter, Channel.PUSH: push.adapter}[Channel(channel)]()


def outgoing(message: Message) -> Outgoing:
    """The frozen words with this channel's own link put in."""
    trigger = triggers.BY_TEMPLATE.get(message.template_key)
    unsubscribe = ""
    if trigger and trigger.purpose in _UNSUBSCRIBABLE and message.customer is not None:
        unsubscribe = addresses.preferences_url(message.customer, trigger.purpose, message.channel)
    return Outgoing(
        key=f"message-{message.pk}",
        recipient=message.recipient,
        subject=message.subject,
        body=addresses.with_links(message.body, message),
        html=addresses.with_links(message.html, message),
        picture=message.picture,
        unsubscribe=unsubscribe,
        reference=message.order.number if message.order else "",
        urgent=message.critical,
        topic="progress" if message.supersedes_older else "",
        attachments=attachments.of(message) if message.channel == Channel.EMAIL else (),
        shop=facts.shop_name(message.branch) if message.branch else "",
        answers_to=message.branch.email if message.branch else "",
    )


def _sent(message: Message, attempt: Attempt, sent: outbox.Sent) -> None:
    with transaction.atomic():
        if not outbox.settle_sent(message, sent):
            outbox.ended(attempt, "sent late", "another worker had taken over", sent.provider_id)
            return
        outbox.ended(attempt, "sent", sent.note, sent.provider_id)
        dead.record(message, "message.sent")


def refuse(message: Message, why: str) -> None:
    """It can never arrive this way: the next channel of its line takes over, else a person."""
    with transaction.atomic():
        if outbox.settle_final(message, MessageState.FAILED, why):
            message.why = why
            if fall_back(message) is None:
                dead.given_up(message)


def _later(message: Message, error: Transient) -> None:
    if message.attempts_made < outbox.MOST_ATTEMPTS:
        outbox.settle_later(message, str(error), error.retry_after)
        return
    with transaction.atomic():
        if outbox.settle_final(message, MessageState.DEAD, str(error)):
            message.why = str(error)
            fall_back(message)
            dead.given_up(message)


def _pause(message: Message, why: str) -> None:
    """The channel waits as a whole; the message keeps its tries."""
    log.error("The channel %s is paused: %s", message.channel, why)
    outbox.pause(message.channel, why)
    outbox.settle_back(message, timezone.now(), f"channel paused: {why}")


def _held_back(message: Message) -> bool:
    """What was true when the message was made may not be true now."""
    now = timezone.now()
    if message.expires_at is not None and message.expires_at <= now:
        outbox.settle_final(message, MessageState.WITHHELD, "its day has passed")
        return True
    why = _no_longer_allowed(message)
    if why:
        with transaction.atomic():
            if outbox.settle_final(message, MessageState.SUPPRESSED, why):
                fall_back(message)
        return True
    opening = quiet.until(message.channel, now, zone_of(message)) if not message.critical else None
    if opening is not None:
        outbox.settle_back(message, opening, "quiet hours")
    return opening is not None


def _no_longer_allowed(message: Message) -> str:
    trigger = triggers.BY_TEMPLATE.get(message.template_key)
    if trigger is None or message.customer is None or message.requested_by_id is not None:
        if planning.is_suppressed(message.channel, message.recipient):
            return "address is blocked"
        return ""
    return planning.why_not(trigger, message.customer, message.channel, message.order)


def zone_of(message: Message) -> ZoneInfo:
    """The customer's own zone, else the branch's."""
    name = (message.customer.time_zone if message.customer else "") or (
        message.branch.time_zone if message.branch else "UTC"
    )
    return ZoneInfo(name)


def follow_up_silence(limit: int = 100) -> int:
    """Messages whose receipt did not come in time: each is looked at once, and goes by its next channel; how many went."""
    went = 0
    for message_id in receipts_due.waiting(limit):
        try:
            went += _looked_at(message_id)
        except Exception:  # a text or record may be wrong in any way; what waits behind it must still leave
            log.exception("Message %s could not go on by another way", message_id)
            _left_to_a_person(message_id)
    return went


@transaction.atomic
def _looked_at(message_id: int) -> bool:
    message = receipts_due.take(message_id)
    if message is None or receipts_due.is_old_news(message):
        return False
    if receipts_due.reports(message.channel, message.provider):
        return _went_on(message)
    message.why = "no receipt, nor for the others: the provider has stopped reporting"
    message.save(update_fields=["why"])
    return False


@transaction.atomic
def _left_to_a_person(message_id: int) -> None:
    message = receipts_due.take(message_id)
    if message is not None:
        message.why = "no receipt in time, and no other way could be written"
        message.save(update_fields=["why"])
        dead.given_up(message)


def _went_on(message: Message) -> bool:
    """It stays "sent": a receipt may still come. The note and the new message's "belongs to" say what was done."""
    other = fall_back(message)
    if other is None:
        return False
    message.why = f"no receipt in time, went on by {other.channel}"
    message.save(update_fields=["why"])
    dead.record(message, "message.unconfirmed")
    return True


def fall_back(message: Message) -> Message | None:
    """The next channel of the line that can be used and was not tried for this event. None when there is none."""
    trigger = triggers.BY_TEMPLATE.get(message.template_key)
    if trigger is None or message.event is None or message.customer is None:
        return None
    tried = set(
        Message.objects.filter(event=message.event, template_key=message.template_key).values_list("channel", flat=True)
    )
    known = facts.of_event(message.event)
    for channel in planning.channels_for(trigger, message.customer):
        if known is None or channel in tried or planning.why_not(trigger, message.customer, channel, message.order):
            continue
        other = planning.draft(message.event, trigger, known, channel)
        other.fallback_of = message
        return outbox.put(other)
    return None
