"""From a fact to the record it was counted from: title, customer and address, for a page of facts in one query a kind."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from cases.models import Case
from core import addresses, formats
from core.prepared import one_of, prepared
from customers.models import Customer
from inventory.models import StockItem
from notifications.models import Message
from orders.models import Order
from prescriptions.models import Prescription
from records.models import Event
from reports import words
from reports.measures import Unit
from reports.models import Fact
from visits.models import Appointment


@dataclass(frozen=True)
class Origin:
    """The record behind a fact. Without an address there is no page for it."""

    title: str
    who: str = ""
    url: str = ""


Found = Mapping[int, Origin]


@prepared
def _order_rows() -> QuerySet[Order, tuple[int, str, str, str]]:
    names = ("customer__given_names", "customer__family_name")
    return Order.objects.filter(one_of("pk", "ids")).values_list("pk", "number", *names)


def _orders(ids: Iterable[int]) -> Found:
    rows = _order_rows().rows(ids=list(ids))
    return {
        pk: Origin(number, f"{given} {family}".strip(), addresses.to("orders:page", number))
        for pk, number, given, family in rows
    }


def _appointments(ids: Iterable[int]) -> Found:
    today = timezone.localdate()
    return {
        row.pk: Origin(
            f"{row.get_kind_display()}, {formats.day_time(row.period.lower, today=today)}",
            row.customer.full_name,
            reverse("visits:appointment", args=[row.pk]),
        )
        for row in Appointment.objects.filter(pk__in=ids).select_related("customer")
    }


def _messages(ids: Iterable[int]) -> Found:
    return {
        row.pk: Origin(
            words.message(row.template_key),
            row.customer.full_name if row.customer else "",
            reverse("messages:message", args=[row.pk]),
        )
        for row in Message.objects.filter(pk__in=ids).select_related("customer")
    }


def _cases(ids: Iterable[int]) -> Found:
    return {
        row.pk: Origin(f"{row.number} {row.title}", url=reverse("cases:page", args=[row.number]))
        for row in Case.objects.filter(pk__in=ids)
    }


def _prescriptions(ids: Iterable[int]) -> Found:
    return {
        row.pk: Origin(row.number or str(row.pk), row.customer.full_name, reverse("prescriptions:page", args=[row.pk]))
        for row in Prescription.objects.filter(pk__in=ids).select_related("customer")
    }


def _recalls(ids: Iterable[int]) -> Found:
    events = dict(Event.objects.filter(pk__in=ids).values_list("pk", "customer_id"))
    people = Customer.objects.in_bulk([pk for pk in events.values() if pk is not None])
    found = {}
    for pk, customer_id in events.items():
        if customer_id is not None and (who := people.get(customer_id)):
            found[pk] = Origin(who.full_name, who.number, reverse("customers:page", args=[who.number]))
    return found


def _stock(ids: Iterable[int]) -> Found:
    return {
        row.pk: Origin(str(row.frame), row.frame.sku, reverse("inventory:item", args=[row.pk]))
        for row in StockItem.objects.filter(pk__in=ids).select_related("frame")
    }


_OF: dict[str, Callable[[Iterable[int]], Found]] = {
    Unit.ORDER: _orders,
    Unit.APPOINTMENT: _appointments,
    Unit.MESSAGE: _messages,
    Unit.CASE: _cases,
    Unit.PRESCRIPTION: _prescriptions,
    Unit.RECALL: _recalls,
    Unit.STOCK: _stock,
}


def origins(facts: Sequence[Fact]) -> dict[tuple[str, int], Origin]:
    """The records behind these facts by (unit, id)."""
    by_unit: dict[str, set[int]] = {}
    for fact in facts:
        by_unit.setdefault(fact.unit, set()).add(fact.unit_id)
    return {(unit, pk): one for unit, ids in by_unit.items() for pk, one in _OF[unit](ids).items()}
