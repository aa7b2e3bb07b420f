"""What the public order page shows: plain words, days and amounts. No power, no birth date, no full name, no address."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.selectors import public
from core import formats
from core.money import money
from notifications import bought, offers
from notifications.bought import Row
from notifications.saying import as_date, discreet
from orders.models import Delivery, EntryKind, Order, OrderState, Quotation
from orders.states import CUSTOMER_WORDS, PLACED
from portal import parcels
from portal.parcels import Parcel
from portal.reading import Known
from shipping.models import ShipmentState

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
    """Why it takes longer, in the words of the person who told it; `new_day` is empty while nobody knows one."""

    reason: str
    new_day: str
    old_day: str
    offer: str = ""


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
    parcels: tuple[Parcel, ...] = ()
    back: public.Shown | None = None
    due: str = ""


def order(known: Known) -> Shown:
    """Everything the page says about one order."""
    found, waiting = known.order, known.waiting
    changed = waiting is not None and found.state in PLACED
    back = public.shown(known.returned)
    over = back is None or back.is_over
    return Shown(
        order=found,
        name=found.customer.first_name,
        headline=_headline(known),
        day=_expected(known),
        old_day=_old_day(found),
        steps=steps(known),
        rows=_rows(known),
        glasses=bought.called(known.facts["frame_name"] or "", known.facts["lens_name"] or ""),
        next_words=_next(known),
        delay=_delay(known),
        waiting=waiting,
        changed=changed,
        is_ready=found.state == OrderState.READY,
        is_over=found.state in _OVER,
        planned=_planned(known),
        may_confirm=found.state in _OVER and "order.receipt_confirmed" not in known.events and over,
        parcels=tuple(parcels.shown(one) for one in known.parcels),
        back=back,
        due=money(known.money.share) if found.state in PLACED and known.money.share > 0 else "",
    )


def _expected(known: Known) -> str:
    """Today while the driver has it, the parcel's own day once it is on its way, else the promise."""
    found = known.order
    if found.state in (*_OVER, OrderState.CANCELLED):
        return ""
    if any(parcels.comes_today(parcel, timezone.localdate()) for parcel in known.parcels):
        return _day(timezone.localdate())
    days = [parcel.expected_on for parcel in known.parcels if parcel.expected_on and parcel.delivered_at is None]
    if found.state == OrderState.SHIPPED and days:
        return _day(max(days))
    return _day(found.promised_on or (known.quotation.promised_on if known.quotation else None))


def _rows(known: Known) -> list[Row]:
    """The things and their money."""
    things = bought.items(known.order, known.quotation) if known.quotation else []
    return things + bought.money_rows(known.quotation, known.entries, known.money)


def _planned(known: Known) -> str:
    event = known.events.get("order.collection_planned")
    return str(event.new.get("when", "")) if event and known.order.state == OrderState.READY else ""


def _headline(known: Known) -> str:
    found = known.order
    if known.waiting and found.state in PLACED:
        return _("We need your OK before we go on")
    being_prepared = found.state == OrderState.QUOTED and not known.waiting
    return str(CUSTOMER_WORDS[OrderState.DRAFT if being_prepared else found.state])


def _old_day(found: Order) -> str:
    moved = found.first_promised_on and found.promised_on and found.promised_on != found.first_promised_on
    open_still = found.state not in (*_OVER, OrderState.CANCELLED)
    return _day(found.first_promised_on) if moved and open_still else ""


def _delay(known: Known) -> Delay | None:
    """What was told last: that it is held up, or a date later than the one before; while the customer still waits.

    A day that passed without a word is told too: nobody is left to read yesterday's date.
    """
    found = known.order
    if found.state not in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION, OrderState.SHIPPED):
        return None
    event, held = known.events.get("order.repromised"), known.events.get("order.held_up")
    if held is not None and (event is None or held.pk > event.pk):
        return Delay(discreet(held.reason), "", _day(found.promised_on), offers.words_of(held.data))
    if found.state != OrderState.SHIPPED and found.promised_on and found.promised_on < timezone.localdate():
        return Delay(
            _("The day that we named has passed. We are finding out what is missing."), "", _day(found.promised_on)
        )
    if event is None or str(event.new.get("promised", "")) <= str(event.old.get("promised", "")):
        return None
    old = _day(as_date(event.old.get("promised")))
    return Delay(discreet(event.reason), _day(found.promised_on), old, offers.words_of(event.data))


def _next(known: Known) -> str:
    """What happens next, in one sentence."""
    found = known.order
    if known.waiting:
        return _("As soon as you have agreed, we go on.")
    if found.state == OrderState.READY and found.delivery == Delivery.SHIP:
        return _("We pack them and send them to you. The tracking number comes by message.")
    if found.state == OrderState.READY:
        return _("Come in when it suits you. We fit them for you in about 10 minutes.")
    if found.state in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION):
        return _("You need not do anything. We write to you as soon as they are ready.")
    return ""


def steps(known: Known) -> list[Step]:
    """Making and handing over as one story, each with its day: past ones as they were, coming ones as expected."""
    found = known.order
    if found.state == OrderState.CANCELLED:
        return [Step(_("Order cancelled"), "done", _day(_local(found.cancelled_at)))]
    story = [
        Step(_("Order confirmed"), "done" if found.confirmed_at else "", _day(_local(found.confirmed_at))),
        *_deposit(known),
        _laboratory(found),
        *_wait(known.waiting),
        Step(
            _("Quality check"),
            "done" if found.state in _MADE else "",
            _day(_local(found.ready_at) or found.promised_on),
        ),
        *_hand_over(known),
    ]
    return _with_now(story)


def _deposit(known: Known) -> list[Step]:
    first = next((entry for entry in known.entries if entry.kind == EntryKind.PAYMENT), None)
    if first is None:
        return []
    whole = known.money.balance <= 0
    return [Step(_("Paid in full") if whole else _("Deposit paid"), "done", _day(_local(first.at)))]


def _laboratory(found: Order) -> Step:
    begun = found.production_started_at is not None or found.state in _MADE
    finished = found.state in _MADE
    state = "done" if finished else "now" if begun else ""
    return Step(_("In the laboratory"), state, _day(_local(found.production_started_at)))


def _wait(waiting: Quotation | None) -> list[Step]:
    if waiting is None:
        return []
    return [Step(_("Waiting for your OK"), "wait", _("today"), _("Then we go on."))]


def _hand_over(known: Known) -> list[Step]:
    found = known.order
    ship = found.delivery == Delivery.SHIP
    made, over = found.state in _MADE, found.state in _OVER
    ready = Step(
        _("Ready to send") if ship else _("Ready to collect"),
        "done" if made else "",
        _day(_local(found.ready_at) or found.promised_on),
        "" if made or ship else _("At %(branch)s. You get a message.") % {"branch": found.collect_branch.name},
    )
    last = Step(_("Delivered") if ship else _("Collected"), "done" if over else "", _day(_local(found.collected_at)))
    return [ready, *_on_the_way(known), last] if ship else [ready, last]


def _on_the_way(known: Known) -> list[Step]:
    """From the parcel: sent, and out for delivery while it is."""
    found = known.order
    sent = [Step(_("Sent to you"), "done" if found.shipped_at else "", _day(_local(found.shipped_at)))]
    out = [parcel for parcel in known.parcels if parcel.state == ShipmentState.OUT_FOR_DELIVERY]
    return [*sent, Step(_("Out for delivery"), "now", _day(_local(out[0].state_at)))] if out else sent


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
