"""What an event means for its customer: who, where, in which language, and every value a text may name.

Nothing clinical goes in: no power, no line detail, no surcharge by its name. Amounts, days and names only.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches import hours
from branches.models import Branch, Organisation
from core.money import money
from core.shortlived import remembered
from customers.contact import shown_phone
from customers.models import Customer
from notifications import bought, event_facts, pictures
from notifications.bought import Row
from notifications.coming import still_due
from notifications.saying import as_date, day, discreet, one_line
from notifications.texts import base_of
from orders.models import Delivery, Order, Quotation
from orders.services import ledger
from records.models import Event
from visits.models import Appointment

# Stands for the order's link in what is stored: the real address is put in when the message leaves.
LINK_MARK = "{{order-link}}"
PREFERENCES_MARK = "{{preferences-link}}"
BOOKING_MARK = "{{booking-link}}"

__all__ = ["Facts", "Row", "as_date", "of_event", "of_order", "reading_as"]


@dataclass(frozen=True)
class Facts:
    """Everything that rendering needs; `values` by variable name, as the reader sees them."""

    customer: Customer
    branch: Branch
    language: str
    values: Mapping[str, str]
    order: Order | None = None
    rows: tuple[Row, ...] = ()
    picture: str = ""
    picture_words: str = ""
    ends_at: datetime | None = None


@contextmanager
def reading_as(language: str, branch: Branch) -> Iterator[None]:
    """Words, days and amounts as this customer reads them, times in the branch's zone."""
    with translation.override(base_of(language)), timezone.override(ZoneInfo(branch.time_zone)):
        yield


def of_event(event: Event) -> Facts | None:
    """The facts of one event; None when there is nobody to tell (the record has gone)."""
    if event.kind.startswith("appointment."):
        return _of_appointment(event)
    if event.kind.startswith("customer."):
        return _of_customer(event)
    if event.order_id is None:
        return None
    order = Order.objects.select_related("branch", "collect_branch", "customer").filter(pk=event.order_id).first()
    if order is None or not event_facts.concerns_customer(event, order):
        return None
    return of_order(order, event)


def of_order(order: Order, event: Event | None = None) -> Facts:
    """What may be said about an order, with what the event adds (payment, old date, reason, parcel)."""
    shop = order.collect_branch
    with reading_as(order.customer.language, shop):
        quotation = bought.quotation_of(order)
        values = _everywhere(order.customer, shop) | _order_values(order, quotation)
        if event is not None:
            values |= event_facts.of(event, order, quotation)
        frame = bought.frame_of(order)
        picture, words = (pictures.reference(frame), bought.picture_words(frame)) if frame else ("", "")
        rows = tuple(bought.rows(order, quotation))
        values |= {"items": "table" if rows else "", "picture": "inline" if picture else ""}
        return Facts(order.customer, shop, base_of(order.customer.language), values, order, rows, picture, words)


def _of_appointment(event: Event) -> Facts | None:
    found = Appointment.objects.select_related("branch", "customer").filter(pk=event.subject_id).first()
    if found is None:
        return None
    with reading_as(found.customer.language, found.branch):
        starts = timezone.localtime(found.period.lower)
        values = _everywhere(found.customer, found.branch) | {
            "day": day(starts.date()),
            "time": f"{starts:%H:%M}",
            "kind": str(found.get_kind_display()),
            "reason": discreet(event.reason),
        }
        return Facts(found.customer, found.branch, base_of(found.customer.language), values, ends_at=found.period.lower)


def _of_customer(event: Event) -> Facts | None:
    """A recall: from the branch the person belongs to, while the day it is about still stands."""
    found = Customer.objects.select_related("home_branch").filter(pk=event.customer_id or 0).first()
    due_on = as_date(event.data.get("recall_on"))
    if found is None or due_on is None or found.recall_on != due_on or not still_due(found):
        return None
    with reading_as(found.language, found.home_branch):
        values = _everywhere(found, found.home_branch) | {"due_on": day(due_on), "book_link": BOOKING_MARK}
        return Facts(found, found.home_branch, base_of(found.language), values)


def _everywhere(customer: Customer, shop: Branch) -> dict[str, str]:
    return {
        "name": one_line(customer.first_name),
        "practice": one_line(_practice()),
        "shop": shop_name(shop),
        "phone": shown_phone(shop.phone) if shop.phone.startswith("+") else one_line(shop.phone),
        "address": one_line(", ".join(part for part in (shop.line1, shop.line2, shop.city) if part)),
        "hours": week(shop),
    }


def _practice() -> str:
    found = remembered("organisation", Organisation.objects.first)
    return found.name if found else ""


def shop_name(shop: Branch) -> str:
    """`Meridian Optical Rosebank`: who writes."""
    return one_line(f"{_practice()} {shop.name}".strip())


def week(shop: Branch) -> str:
    """`Mon to Fri 08:30–17:30, Sat 08:30–13:00`, neighbouring days with the same hours drawn together."""
    runs: list[tuple[str, str, str]] = []
    for code, label in hours.DAYS:
        span = hours.write(shop.opening_hours.get(code))
        short = str(label)[:3] if translation.get_language() == "en" else str(label)
        if runs and runs[-1][2] == span:
            runs[-1] = (runs[-1][0], short, span)
        else:
            runs.append((short, short, span))
    return ", ".join(
        f"{first} {span}" if first == last else _("%(first)s to %(last)s %(span)s")
        % {"first": first, "last": last, "span": span}
        for first, last, span in runs
        if span
    )  # fmt: skip


def _order_values(order: Order, quotation: Quotation | None) -> dict[str, str]:
    account = ledger.money_of(order)
    total = account.charged or (quotation.total if quotation else account.charged)
    due = account.share if account.charged else total
    promised = order.promised_on or (quotation.promised_on if quotation else None)
    return {
        "order": order.number,
        "glasses": bought.glasses(order),
        "total": money(total),
        "paid": money(account.paid) if account.paid else "",
        "due": money(due) if due > 0 else "",
        "date": day(promised),
        "old_date": "",
        "reason": "",
        "offer": "",
        "contact": "",
        "link": LINK_MARK,
        "collect_at": one_line(order.collect_branch.name),
        "way": _way(order),
    }


def _way(order: Order) -> str:
    if order.delivery == Delivery.SHIP:
        return _("we send them to you")
    return _("you collect them at %(shop)s") % {"shop": one_line(order.collect_branch.name)}
