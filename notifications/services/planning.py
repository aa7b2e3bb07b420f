"""From event to messages: read the stream, decide who hears what, freeze the words. Nothing is sent here."""

import logging
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from customers.consent import may_send
from customers.models import Channel, Customer
from notifications import addresses, facts, library, rendering, triggers, vapid
from notifications.facts import Facts
from notifications.models import Message, MessageState, PlanCursor, Planned, Suppression, TriggerSwitch
from notifications.services import outbox, subscriptions
from notifications.texts import shipped
from notifications.triggers import Trigger
from orders.models import Order
from records.models import Event

log = logging.getLogger(__name__)
_LOCK = 7_310_423
# A transaction that began before another may commit after it, with the lower number. An hour is longer than any we allow.
TRAIL = timedelta(hours=1)
# Nobody wants last month's news: histories that were imported or filled in later are not told.
OLD_NEWS = timedelta(days=7)
MOST_ATTEMPTS = 5


def plan_waiting(limit: int = 200) -> int:
    """Plan every event that has no messages yet; how many were done. One planner at a time, in the order of events."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        (alone,) = cursor.fetchone()
        if not alone:
            return 0
        cursor_row, _made = PlanCursor.objects.get_or_create(name="events")
        found = list(unplanned(cursor_row.event_id)[:limit])
        done = sum(_plan_safely(event) for event in found)
        if len(found) < limit:
            _advance(cursor_row)
        return done


def unplanned(after: int) -> QuerySet[Event]:
    """Events of interest beyond the cursor without a plan, oldest first."""
    planned = Planned.objects.filter(done=True).values("event_id")
    waiting = Planned.objects.filter(done=False, not_before__gt=Now()).values("event_id")
    events = Event.objects.filter(pk__gt=after, kind__in=triggers.EVENTS)
    return events.exclude(pk__in=planned).exclude(pk__in=waiting).order_by("pk")


def _advance(row: PlanCursor) -> None:
    """Move the cursor behind what is surely planned, and forget the plans behind it that are done."""
    young = Event.objects.filter(pk__gt=row.event_id, at__gt=Now() - TRAIL).order_by("pk").values_list("pk", flat=True)
    open_ones = (
        Planned.objects.filter(done=False, attempts__lt=MOST_ATTEMPTS).order_by("pk").values_list("pk", flat=True)
    )
    stops = [first - 1 for first in (young.first(), open_ones.first()) if first is not None]
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    up_to = min([newest, *stops])
    if up_to > row.event_id:
        row.event_id = up_to
        row.save(update_fields=["event_id"])
        Planned.objects.filter(event_id__lte=up_to, done=True).delete()


def _plan_safely(event: Event) -> bool:
    """One event that cannot be told must not hold up the others; it is tried again, then left to a person."""
    try:
        with transaction.atomic():
            plan(event)
            Planned.objects.update_or_create(event=event, defaults={"done": True, "error": ""})
    except Exception as error:  # a text or record may be wrong in any way; the event stays to be planned
        log.warning("Event %s could not be planned: %s", event.pk, type(error).__name__)
        _note_failure(event, error)
        return False
    return True


def _note_failure(event: Event, error: Exception) -> None:
    row, _made = Planned.objects.get_or_create(event=event)
    Planned.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1,
        error=f"{type(error).__name__}: {error}"[:300],
        not_before=Now() + timedelta(seconds=30 * 2**row.attempts),
        done=row.attempts + 1 >= MOST_ATTEMPTS,
    )
    if row.attempts + 1 >= MOST_ATTEMPTS:
        from notifications.services.dead import open_unplanned

        open_unplanned(event, str(error))


def plan(event: Event) -> list[Message]:
    """The messages of one event, put into the outbox. Called again it adds nothing."""
    lines = [line for line in triggers.of_event(event.kind) if line.only_if is None or line.only_if(event)]
    known = facts.of_event(event) if lines and event.at > timezone.now() - OLD_NEWS else None
    if known is None:
        return []
    made: list[Message] = []
    for line in lines:
        made += _plan_line(event, line, known)
    return made


def _plan_line(event: Event, line: Trigger, known: Facts) -> list[Message]:
    wanted = sorted(channels_for(line, known.customer), key=lambda channel: channel != event.data.get("channel"))
    if not wanted:
        return []
    usable = [channel for channel in wanted if not why_not(line, known.customer, channel, known.order)]
    if not usable:
        shown = next((channel for channel in wanted if channel != Channel.PUSH), wanted[0])
        return _kept([unsendable(event, line, known, shown)])
    chosen = usable if line.together else usable[:1]
    return _kept([draft(event, line, known, channel) for channel in chosen])


def _kept(messages: list[Message]) -> list[Message]:
    return [message for message in (outbox.put(one) for one in messages) if message is not None]


def switched_off(line: Trigger) -> set[str]:
    """The channels by which a manager lets a line not go."""
    rows = TriggerSwitch.objects.filter(template_key=line.template, enabled=False)
    return set(rows.values_list("channel", flat=True))


def channels_for(line: Trigger, customer: Customer, off: Collection[str] | None = None) -> list[str]:
    """The channels of a line that have words and are switched on, the customer's favourite first.

    A browser that asked for notices is a favourite too: lines that begin with push keep it first. `off`: `switched_off`,
    when it was read for many people.
    """
    off = switched_off(line) if off is None else off
    texts = shipped("en")[line.template]
    on = [channel for channel in line.channels if channel in texts and channel not in off]
    push_first = line.channels[0] == Channel.PUSH
    return sorted(on, key=lambda one: (not (push_first and one == Channel.PUSH), one != customer.preferred_channel))


def why_not(
    line: Trigger, customer: Customer, channel: str, order: Order | None = None, blocked: Collection[str] | None = None
) -> str:
    """Why this customer may not be written to by this channel; empty when they may.

    `blocked`: `blocked_among` the addresses of many people, when it was read for all of them.
    """
    if channel == Channel.PUSH:
        return _why_no_push(line, customer, order)
    address = addresses.address_of(customer, channel)
    if not address:
        return "no address"
    if not may_send(customer, line.purpose, channel):
        return "no consent"
    if blocked is None:
        blocked = blocked_among([(channel, address)])
    return "address is blocked" if addresses.hash_of(channel, address) in blocked else ""


def _why_no_push(line: Trigger, customer: Customer, order: Order | None) -> str:
    """A browser must have asked for notices about this very order."""
    if order is None or not vapid.is_set_up() or not subscriptions.of_order(order).exists():
        return "no subscription"
    return "" if may_send(customer, line.purpose, Channel.PUSH) else "no consent"


def is_suppressed(channel: str, address: str) -> bool:
    return bool(address) and bool(blocked_among([(channel, address)]))


def blocked_among(found: Iterable[tuple[str, str]]) -> set[str]:
    """Of these (channel, address), the hashes of those that nobody may write to; in one query."""
    hashes = [addresses.hash_of(channel, address) for channel, address in found]
    rows = Suppression.objects.filter(address_hash__in=hashes, lifted_at__isnull=True)
    return set(rows.values_list("address_hash", flat=True))


def draft(event: Event, line: Trigger, known: Facts, channel: str) -> Message:
    """A message with its words frozen, not yet stored."""
    with facts.reading_as(known.language, known.branch):
        words = library.current(line.template, channel, known.language)
        rendered = rendering.render(words, known)
    recipient = addresses.address_of(known.customer, channel)
    if channel == Channel.PUSH and known.order is not None:
        recipient = f"{addresses.ORDER}{known.order.pk}"
    return Message(
        dedupe_key=key_of(event, line, channel, recipient),
        event=event,
        template_key=line.template,
        template_version=words.version,
        channel=channel,
        language=known.language,
        customer=known.customer,
        order=known.order,
        branch=known.branch,
        recipient=recipient,
        subject=rendered.subject,
        body=rendered.body,
        html=rendered.html,
        picture=known.picture if channel == Channel.EMAIL else "",
        critical=line.critical,
        supersedes_older=line.progress,
        expires_at=known.ends_at,
    )


def unsendable(event: Event, line: Trigger, known: Facts, channel: str) -> Message:
    """A row that says in the log why nothing was sent."""
    message = draft(event, line, known, channel)
    message.state = MessageState.SUPPRESSED
    message.why = why_not(line, known.customer, channel, known.order)
    return message


def key_of(event: Event, line: Trigger, channel: str, recipient: str) -> str:
    return f"{event.pk}:{line.template}:{channel}:{addresses.hash_of(channel, recipient)[:24]}"
