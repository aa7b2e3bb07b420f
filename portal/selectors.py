"""What the public order page shows: plain words, days and amounts. No power, no birth date, no full name, no address."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from notifications import facts
from notifications.facts import Row
from orders.models import Delivery, EntryKind, Order, OrderState, Quotation, QuotationState
from orders.services import ledger
from orders.states import CUSTOMER_WORDS, PLACED
from portal import services
from records.models import Event

_MADE = (OrderState.READY, OrderState.SHIPPED, OrderState.COLLECTED, OrderState.CLOSED)
_OVER = (OrderState.COLLECTED, OrderState.CLOSED)


@dataclass(frozen=True)
class Step:
    """One step of the story. `state`: done, now, wait (for the customer) or empty for what comes."""

    label: str
    state: str = ""
    day: str = ""
    note: str = ""

    @property
    def icon(self) -> str:
        return {"done": "check", "now": "hourglass", "wait": "review"}.get(self.state, "todo")


@dataclass(frozen=True)
class Delay:
    """Why it takes longer, in the words of the person who gave the new date."""

    reason: str
    new_day: str
    old_day: str


@dataclass(frozen=True)
class Shown:
    """The page."""

    order: Order
    name: str
    headline: str
    day: str
    old_day: str
    steps: list[Step]
    rows: list[Row]
    glasses: str
    next_words: str
    delay: Delay | None = None
    waiting: Quotation | None = None
    changed: bool = False
    is_ready: bool = False
    is_over: bool = False
    planned: str = ""
    may_confirm: bool = False


def order(found: Order) -> Shown:
    """Everything the page says about one order."""
    waiting = found.quotations.filter(state__in=[QuotationState.SENT, QuotationState.DRAFT]).first()
    waiting = waiting if waiting is not None and waiting.sent_at else None
    known = facts.of_order(found)
    changed = waiting is not None and found.state in PLACED
    return Shown(
        order=found,
        name=found.customer.first_name,
        headline=_headline(found, waiting is not None),
        day=known.values["date"] if found.state not in (*_OVER, OrderState.CANCELLED) else "",
        old_day=_old_day(found),
        steps=steps(found, waiting),
        rows=list(known.rows),
        glasses=known.values["glasses"],
        next_words=_next(found, waiting is not None),
        delay=_delay(found),
        waiting=waiting,
        changed=changed,
        is_ready=found.state == OrderState.READY,
        is_over=found.state in _OVER,
        planned=services.planned_collection(found) if found.state == OrderState.READY else "",
        may_confirm=found.state in _OVER and not services.has_confirmed(found),
    )


def _headline(found: Order, waiting: bool) -> str:
    if waiting and found.state in PLACED:
        return _("We need your OK before we go on")
    return str(CUSTOMER_WORDS[found.state])


def _old_day(found: Order) -> str:
    moved = found.first_promised_on and found.promised_on and found.promised_on != found.first_promised_on
    open_still = found.state not in (*_OVER, OrderState.CANCELLED)
    return _day(found.first_promised_on) if moved and open_still else ""


def _delay(found: Order) -> Delay | None:
    """The last new date that is later than the one before, while the customer still waits."""
    if found.state not in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION):
        return None
    event = Event.objects.filter(order_id=found.pk, kind="order.repromised").order_by("-pk").first()
    if event is None or str(event.new.get("promised", "")) <= str(event.old.get("promised", "")):
        return None
    return Delay(event.reason, _day(found.promised_on), _day(facts.as_date(event.old.get("promised"))))


def _next(found: Order, waiting: bool) -> str:
    """What happens next, in one sentence."""
    if waiting:
        return _("As soon as you have agreed, we go on.")
    if found.state == OrderState.READY:
        return _("Come in when it suits you. We fit them for you in about 10 minutes.")
    if found.state in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION):
        return _("You need not do anything. We write to you as soon as they are ready.")
    return ""


def steps(found: Order, waiting: Quotation | None) -> list[Step]:
    """Making and handing over as one story, each with its day: past ones as they were, coming ones as expected."""
    if found.state == OrderState.CANCELLED:
        return [Step(_("Order cancelled"), "done", _day(_local(found.cancelled_at)))]
    story = [
        Step(_("Order confirmed"), "done" if found.confirmed_at else "", _day(_local(found.confirmed_at))),
        *_deposit(found),
        _laboratory(found),
        *_wait(found, waiting),
        Step(
            _("Quality check"),
            "done" if found.state in _MADE else "",
            _day(_local(found.ready_at) or found.promised_on),
        ),
        *_hand_over(found),
    ]
    return _with_now(story)


def _deposit(found: Order) -> list[Step]:
    first = found.ledger.filter(kind=EntryKind.PAYMENT).order_by("pk").first()
    if first is None:
        return []
    whole = ledger.money_of(found).balance <= 0
    return [Step(_("Paid in full") if whole else _("Deposit paid"), "done", _day(_local(first.at)))]


def _laboratory(found: Order) -> Step:
    begun = found.production_started_at is not None or found.state in _MADE
    finished = found.state in _MADE
    state = "done" if finished else "now" if begun else ""
    return Step(_("In the laboratory"), state, _day(_local(found.production_started_at)))


def _wait(found: Order, waiting: Quotation | None) -> list[Step]:
    if waiting is None:
        return []
    return [Step(_("Waiting for your OK"), "wait", _("today"), _("Then we go on."))]


def _hand_over(found: Order) -> list[Step]:
    ship = found.delivery == Delivery.SHIP
    made, over = found.state in _MADE, found.state in _OVER
    ready = Step(
        _("Ready to send") if ship else _("Ready to collect"),
        "done" if made else "",
        _day(_local(found.ready_at) or found.promised_on),
        "" if made or ship else _("At %(branch)s. You get a message.") % {"branch": found.collect_branch.name},
    )
    last = Step(_("Delivered") if ship else _("Collected"), "done" if over else "", _day(_local(found.collected_at)))
    sent = [Step(_("Sent to you"), "done" if found.shipped_at else "", _day(_local(found.shipped_at)))] if ship else []
    return [ready, *sent, last]


def _with_now(story: list[Step]) -> list[Step]:
    """The first open step is where the order stands."""
    if any(step.state in ("now", "wait") for step in story):
        return story
    for place, step in enumerate(story):
        if not step.state:
            story[place] = Step(step.label, "now", step.day, step.note)
            break
    return story


def _local(value: datetime | None) -> date | None:
    return timezone.localtime(value).date() if value else None


def _day(value: date | None) -> str:
    return formats.day(value, today=timezone.localdate()) if value else ""
