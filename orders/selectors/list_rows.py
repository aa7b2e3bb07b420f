"""What each row of the list of orders says, in words and in a fixed number of queries for a page of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.translation import gettext as _

from core import addresses, formats, ui
from core.prepared import one_of, prepared
from orders import stages, states
from orders.models import Delivery, OrderState
from orders.services import ledger
from records import phrases
from records.models import Event, Review, ReviewState


class Listed(NamedTuple):
    """What the list reads of an order: a bare tuple, a record and three more would be made for each row."""

    pk: int
    number: str
    note: str
    state: str
    delivery: str
    promised_on: date | None
    promised_sort: date
    family_name: str
    given_names: str
    branch: str
    owner: str | None

    @property
    def id(self) -> int:
        return self.pk


@dataclass(frozen=True)
class Row:
    """One order of the list, in words alone: the same words are drawn once (`{% still %}`)."""

    key: str
    number: str
    url: str
    customer: str
    branch: str
    owner: str
    work: ui.Badge
    money: ui.Badge
    last: str
    last_by: str
    promised: str
    promise_note: str
    promise_tone: str
    tracking: "Tracking"


@dataclass(frozen=True)
class Tracking:
    """The tracking number with the carrier's page, and beneath it who has the parcel or when it was last seen."""

    text: str = ""
    url: str = ""
    note: str = ""


def rows_of(listed: Sequence[Listed]) -> list[Row]:
    """What each row says: money, last action and review from one query each."""
    today, keys = timezone.localdate(), [order.pk for order in listed]
    money = ledger.money_by_key(keys)
    last = {event.order_id: event for event in _last_events().rows(orders=keys)}
    reviewed = set(_reviewed().rows(orders=keys))
    words = _status_words(listed)
    parcels = _tracked(listed)
    return [
        Row(
            str(order.pk),
            order.number,
            addresses.to("orders:page", order.number),
            ", ".join(part for part in (order.family_name, order.given_names) if part),
            order.branch,
            formats.short_name(order.owner) if order.owner else "",
            words.get(order.pk) or stages.work_badge(order.state, order.pk in reviewed),
            stages.money_badge(money[order.pk], today),
            *_last(order, last.get(order.pk)),
            *_promise(order, today),
            tracking=parcels.get(order.pk) or _collects(order),
        )
        for order in listed
    ]


def _collects(order: Listed) -> Tracking:
    waits = order.delivery == Delivery.COLLECT and order.state == OrderState.READY
    return Tracking(_("collects")) if waits else Tracking()


StatusWords = Callable[[Sequence[Listed]], Mapping[int, ui.Badge]]
_status: list[StatusWords] = []


def register_status(provider: StatusWords) -> None:
    """The laboratory and shipping tell more exactly where an order is, for a whole page of rows at once."""
    if provider not in _status:
        _status.append(provider)


def _status_words(orders: Sequence[Listed]) -> dict[int, ui.Badge]:
    words: dict[int, ui.Badge] = {}
    for provider in _status:
        words.update(provider(orders))
    return words


TrackingOf = Callable[[Sequence[Listed]], Mapping[int, Tracking]]
_tracking: list[TrackingOf] = []


def register_tracking(provider: TrackingOf) -> None:
    """Shipping names the parcels of a whole page of rows at once."""
    if provider not in _tracking:
        _tracking.append(provider)


def _tracked(orders: Sequence[Listed]) -> dict[int, Tracking]:
    found: dict[int, Tracking] = {}
    for provider in _tracking:
        found.update(provider(orders))
    return found


@prepared
def _last_events() -> QuerySet[Event]:
    newest = Event.objects.filter(one_of("order_id", "orders")).exclude(kind__in=phrases.hidden_kinds())
    return newest.order_by("order_id", "-pk").distinct("order_id")


@prepared
def _reviewed() -> QuerySet[Review, int | None]:
    found = Review.objects.filter(one_of("order_id", "orders"), state=ReviewState.OPEN)
    return found.values_list("order_id", flat=True)


def _last(order: Listed, event: Event | None) -> tuple[str, str]:
    """The note somebody left, else the last thing that happened, escaped (changes are marked in it); when, and who."""
    if event is None:
        return conditional_escape(order.note), ""
    who = formats.short_name(event.actor_name) if event.actor_id else event.actor_name
    when = formats.time_ago(event.at, now=timezone.now())
    return conditional_escape(order.note or phrases.text_of(event)), ", ".join(part for part in (when, who) if part)


def _promise(order: Listed, today: date) -> tuple[str, str, str]:
    """The date, and beside it how it stands: late, due, days left."""
    if order.promised_on is None:
        return _("not promised"), "", ""
    day = formats.day(order.promised_on, today=today)
    if order.state not in states.PROMISED:
        return day, "", ""
    left = (order.promised_on - today) // timedelta(days=1)
    if order.state == OrderState.READY:
        return day, _("waiting"), ""
    if left < 0:
        return day, _("Late %(n)d d") % {"n": -left}, "danger"
    if left == 0:
        return day, _("Due today"), "warning"
    return day, _("%(n)d d left") % {"n": left}, ""
