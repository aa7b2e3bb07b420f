"""The list of shipments: saved views with counts, filters in the address, rows in a fixed number of queries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.scope import Scope
from cases.models import Case, CaseState
from core import formats, ui
from core.paging import KeyPage, by_key
from core.prepared import one_of, prepared
from core.states import Words
from customers.names import holding
from orders.models import Order
from orders.selectors.list_rows import Listed, Tracking
from shipping import links, states, wording
from shipping.contents import plain
from shipping.models import Shipment, ShipmentState
from shipping.selectors.finding import shipments_for
from shipping.services import trouble

S = ShipmentState
MOST_COUNTED = 1000
Rows = QuerySet[Shipment]


def _live(rows: Rows) -> Rows:
    return rows.filter(ended_reason="")


def _late(rows: Rows) -> Rows:
    return _live(rows).filter(state__in=states.UNDER_WAY, expected_on__lt=timezone.localdate())


@dataclass(frozen=True)
class View:
    """A saved view: a question somebody asks every day."""

    label: Words
    narrow: Callable[[Rows], Rows]
    tone: str = ""


VIEWS: dict[str, View] = {
    "open": View(gettext_lazy("All open"), lambda rows: _live(rows).filter(state__in=states.OPEN)),
    "packed": View(gettext_lazy("Packed"), lambda rows: rows.filter(state=S.PACKED)),
    "handed_over": View(gettext_lazy("Handed over"), lambda rows: _live(rows).filter(state=S.HANDED_OVER)),
    "in_transit": View(gettext_lazy("In transit"), lambda rows: _live(rows).filter(state=S.IN_TRANSIT)),
    "today": View(gettext_lazy("Out for delivery"), lambda rows: _live(rows).filter(state=S.OUT_FOR_DELIVERY)),
    "problem": View(gettext_lazy("Problems"), lambda rows: _live(rows).filter(state__in=states.PROBLEM), "danger"),
    "late": View(gettext_lazy("Past their day"), _late, "warning"),
    "moves": View(
        gettext_lazy("Between branches"),
        lambda rows: _live(rows).filter(to_branch__isnull=False, state__in=states.OPEN),
    ),
    "done": View(gettext_lazy("Done"), lambda rows: rows.filter(~Q(state__in=states.OPEN) | ~Q(ended_reason=""))),
}


@dataclass(frozen=True)
class Filters:
    view: str = "open"
    q: str = ""
    carrier: str = ""

    @property
    def params(self) -> dict[str, str]:
        return {name: value for name, value in (("q", self.q), ("carrier", self.carrier)) if value}


def read(query: Mapping[str, str]) -> Filters:
    """Anything that is not ours falls away."""
    view = query.get("view", "open")
    return Filters(view if view in VIEWS else "open", query.get("q", "").strip()[:80], query.get("carrier", "")[:20])


def found(scope: Scope, filters: Filters) -> Rows:
    rows = shipments_for(scope)
    if filters.carrier:
        rows = rows.filter(carrier__code=filters.carrier)
    return rows.filter(_matches(filters.q)) if filters.q else rows


def _matches(text: str) -> Q:
    code = plain(text)
    wanted = (
        Q(number__startswith=code) | Q(tracking_number__startswith=code.replace("-", "")) | Q(order__public_code=code)
    )
    return wanted | holding(text, "order__customer__")


@dataclass(frozen=True)
class Row:
    """One parcel of the list, in words."""

    shipment: Shipment
    badge: ui.Badge
    link: str
    last: str
    expected: str
    note: str = ""
    tone: str = ""
    warning: str = ""


def page_of(scope: Scope, filters: Filters, after: str) -> KeyPage[Shipment]:
    rows = VIEWS[filters.view].narrow(found(scope, filters))
    return by_key(rows.select_related("order__customer", "carrier", "branch", "to_branch"), after, ("-id",))


def rows_of(shipments: Sequence[Shipment]) -> list[Row]:
    today = timezone.localdate()
    return [_row(one, today) for one in shipments]


def _row(shipment: Shipment, today: date) -> Row:
    note, tone = _standing(shipment, today)
    at = shipment.last_word_at or shipment.handed_over_at or shipment.packed_at
    return Row(
        shipment,
        wording.badge(shipment),
        links.of(shipment),
        formats.time_ago(at, now=timezone.now()),
        formats.day(shipment.expected_on, today=today) if shipment.expected_on else "",
        note,
        tone,
        str(wording.WARNINGS.get(shipment.number_warning, "")),
    )


def _standing(shipment: Shipment, today: date) -> tuple[str, str]:
    """What a person should notice beside the day: late, silent, contradictory."""
    if shipment.ended_reason:
        return _("Given up"), ""
    if trouble.is_overdue(shipment, today) and shipment.expected_on:
        return _("Late %(n)d d") % {"n": (today - shipment.expected_on).days}, "danger"
    if trouble.is_silent(shipment, today):
        return _("Silent"), "warning"
    return (_("Contradiction"), "review") if shipment.contradiction else ("", "")


def tabs(scope: Scope, filters: Filters) -> list[ui.View]:
    rows, base = found(scope, filters), reverse("shipping:list")
    made = []
    for code, view in VIEWS.items():
        count = None if code == "done" else view.narrow(rows).order_by()[:MOST_COUNTED].count()
        url = f"{base}?{urlencode({'view': code, **filters.params})}"
        shown = "999+" if count is not None and count >= MOST_COUNTED else count
        made.append(ui.View(view.label, url, shown, view.tone, code == filters.view))
    return made


def tracking_of(orders: Sequence[Listed]) -> Mapping[int, Tracking]:
    """For a page of the order list: the newest parcel of each order. One query."""
    return {one.order_id: _tracking(one) for one in _newest().rows(orders=[order.pk for order in orders])}


@prepared
def _newest() -> QuerySet[Shipment]:
    rows = Shipment.objects.filter(one_of("order_id", "orders"), ended_reason="").exclude(state=S.CANCELLED)
    return rows.select_related("carrier").order_by("order_id", "-pk").distinct("order_id")


def _tracking(one: Shipment) -> Tracking:
    note = f"{one.carrier.name}: {wording.badge(one).word}"
    return Tracking(one.tracking_number or str(wording.badge(one).word), links.of(one), note)


def status_words(orders: Sequence[Listed]) -> Mapping[int, ui.Badge]:
    """The word for orders whose parcel is on its way. One query, and none when no order of the page is shipped."""
    sent = [order.pk for order in orders if order.state == "shipped"]
    if not sent:
        return {}
    return {one.order_id: wording.badge(one) for one in _newest_to_customers().rows(orders=sent)}


@prepared
def _newest_to_customers() -> QuerySet[Shipment]:
    rows = Shipment.objects.filter(one_of("order_id", "orders"), ended_reason="", to_branch=None)
    return rows.order_by("order_id", "-pk").distinct("order_id")


def stalled(rows: QuerySet[Order], today: date) -> QuerySet[Order]:
    """Orders with a parcel that has a problem, is past its day or has an open case about standing still."""
    parcels = Shipment.objects.filter(ended_reason="", state__in=states.UNDER_WAY)
    wanted = parcels.filter(Q(expected_on__lt=today) | Q(state__in=states.PROBLEM) | Q(pk__in=_with_cases()))
    return rows.filter(pk__in=wanted.values("order_id"))


def _with_cases() -> Any:
    open_cases = Case.objects.filter(kind=trouble.STALLED, subject_type="shipping.shipment").exclude(
        state=CaseState.CLOSED
    )
    return open_cases.values("subject_id")
