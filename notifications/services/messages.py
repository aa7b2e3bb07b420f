"""What staff do with a message: send it again, send it another way, close it with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from branches.scope import Scope
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible
from customers.models import Channel
from notifications import addresses, bell, facts, triggers
from notifications.models import Message, MessageState
from notifications.services import dead, outbox, planning

_CAN_REPEAT = {
    MessageState.SENT, MessageState.DELIVERED, MessageState.FAILED, MessageState.DEAD, MessageState.WITHHELD,
    MessageState.SUPERSEDED,
}  # fmt: skip
_CAN_CLOSE = {MessageState.FAILED, MessageState.DEAD}


@transaction.atomic
def resend(actor: Actor, message_id: int) -> Message:
    """The same words once more, to the address on file now. Raises DomainError without consent or address."""
    message = _lock(actor, message_id)
    if message.state not in _CAN_REPEAT:
        raise IllegalTransition(_("This message has not been sent yet. It goes by itself."), code="not_sent_yet")
    _check_allowed(message, message.channel)
    return _again(actor, message, message.channel)


@transaction.atomic
def send_by(actor: Actor, message_id: int, channel: str) -> Message:
    """The same news by another channel, in that channel's words."""
    message = _lock(actor, message_id)
    trigger = triggers.BY_TEMPLATE.get(message.template_key)
    if trigger is None or channel == message.channel or channel not in trigger.channels:
        raise DomainError(_("This message has no words for that channel."), code="no_such_channel")
    _check_allowed(message, channel)
    if message.state in {MessageState.QUEUED, MessageState.RETRY}:
        message.state, message.why = MessageState.WITHHELD, f"sent by {channel} instead"
        message.save(update_fields=["state", "why"])
    return _again(actor, message, channel)


@transaction.atomic
def close(actor: Actor, message_id: int, reason: str) -> Message:
    """Nothing more is to be sent: the customer was told, or need not be."""
    message = _lock(actor, message_id)
    if message.state not in _CAN_CLOSE:
        raise IllegalTransition(_("Only a message that was given up is closed by hand."), code="not_dead")
    if not reason.strip():
        raise DomainError(_("Say what was done."), fields={"reason": _("Say what was done.")}, code="reason_missing")
    message.handled_at, message.handled_by_id = timezone.now(), actor.user_id
    message.handled_reason = reason.strip()[:200]
    message.save(update_fields=["handled_at", "handled_by", "handled_reason"])
    dead.handled(actor, message)
    return message


def _lock(actor: Actor, message_id: int) -> Message:
    """Raises NotVisible outside the actor's branches, NotAllowed where the role does not reach."""
    message = (
        Message.objects.select_for_update(of=("self",))
        .select_related("order", "customer", "branch", "event")
        .filter(pk=message_id)
        .first()
    )
    if message is None or not Scope.of(actor).covers(*branches_of(message)):
        raise NotVisible(_("Not found."), code="not_visible")
    here = next((branch for branch in branches_of(message) if actor.roles_in(branch)), actor.branch_id)
    access.require(actor, Can.RESEND_MESSAGES, here)
    return message


def branches_of(message: Message) -> tuple[int | None, ...]:
    """The branches that see a message: where it comes from, and where its order is sold."""
    return (message.branch_id, message.order.branch_id if message.order else None)


def _check_allowed(message: Message, channel: str) -> None:
    trigger = triggers.BY_TEMPLATE.get(message.template_key)
    why = (
        planning.why_not(trigger, message.customer, channel, message.order)
        if trigger and message.customer
        else "no customer"
    )
    words = {
        "no address": _("There is no address for this channel on file."),
        "no subscription": _("No browser has asked for notices about this order."),
        "no consent": _("The customer does not want messages of this kind by this channel."),
        "address is blocked": _("This address is blocked: it bounced, or the customer asked us to stop."),
    }
    if why:
        raise DomainError(words.get(why, _("This channel cannot be used for this customer.")), code="not_allowed_here")


def _again(actor: Actor, message: Message, channel: str) -> Message:
    copy = _same_words(message) if channel == message.channel else _other_words(message, channel)
    if channel != Channel.PUSH:
        copy.recipient = addresses.address_of(message.customer, channel) if message.customer else ""
    copy.fallback_of, copy.requested_by_id = message, actor.user_id
    times = Message.objects.filter(fallback_of=message, channel=channel).count() + 1
    copy.dedupe_key = f"again:{message.pk}:{channel}:{times}"
    copy.supersedes_older = False
    transaction.on_commit(bell.ring, robust=True)
    return outbox.add(copy)


def _same_words(message: Message) -> Message:
    names = (
        "event_id", "template_key", "template_version", "channel", "language", "customer_id", "order_id", "branch_id",
        "recipient", "subject", "body", "html", "picture", "critical", "expires_at",
    )  # fmt: skip
    return Message(**{name: getattr(message, name) for name in names})


def _other_words(message: Message, channel: str) -> Message:
    """In the other channel's words, from the facts as they are now."""
    known = facts.of_event(message.event) if message.event else None
    if known is None or message.event is None:
        raise DomainError(_("What this message was about is gone."), code="gone")
    return planning.draft(message.event, triggers.BY_TEMPLATE[message.template_key], known, channel)


def channels_left(message: Message) -> list[tuple[str, str]]:
    """Other channels this news could take, for the buttons: (code, label)."""
    trigger = triggers.BY_TEMPLATE.get(message.template_key)
    if trigger is None or message.customer is None:
        return []
    labels = dict(Channel.choices)
    return [
        (channel, str(labels[Channel(channel)]))
        for channel in planning.channels_for(trigger, message.customer)
        if channel != message.channel and not planning.why_not(trigger, message.customer, channel, message.order)
    ]


def can_repeat(message: Message) -> bool:
    return message.state in _CAN_REPEAT


def can_close(message: Message) -> bool:
    return message.state in _CAN_CLOSE and message.handled_at is None
