"""Columns of rows that tell their person, order and record by bare keys; each leads there."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.states import Words
from customers.models import Customer
from orders.models import Order
from records import registry
from records.models import Evidence
from reports.datasets.base import Column, Kind
from reports.datasets.expressions import full_name
from reports.privacy import subject

# Types of records that have no page of shared facts, and so no word of their own.
_MORE_WORDS = {
    "orders.ledgerentry": _("Payment or refund"),
    "notifications.message": _("Message"),
    "reports.export": _("Export"),
    "reports.savedreport": _("Saved report"),
    "reports.schedule": _("Scheduled report"),
    "branches.user": _("Person of the staff"),
    "branches.branch": _("Branch"),
    "inventory.stockitem": _("Stock of a frame"),
    "labjobs.lab": _("Laboratory"),
    "catalogue.supplier": _("Supplier"),
    "orders.drawersession": _("Till"),
    "shipping.carrier": _("Carrier"),
    "shipping.carrierendpoint": _("Door for carrier events"),
    "reports.pack": _("Month-end pack"),
    "reports.target": _("Target"),
    "aftersales.returnpolicy": _("Conditions of returns"),
    "labjobs.toleranceedition": _("Tolerance table"),
    "labjobs.warrantyterm": _("Warranty terms"),
    "notifications.template": _("Message text"),
}


# Pages of records that have none of shared facts, by their key.
_PAGES = {
    "notifications.message": "messages:message",
    "inventory.stockitem": "inventory:item",
    "orders.drawersession": "orders:drawer_report",
    "catalogue.supplier": "catalogue:supplier",
    "branches.user": "branches:person",
    "branches.branch": "branches:branch",
    "reports.savedreport": "reporting:saved",
    "reports.schedule": "reporting:schedule",
}


def page_of(record_type: str, key: int) -> str:
    """The address of a record by its type and key; empty where it has no page."""
    if record_type in registry.all_kinds():
        return reverse("records:record", args=[record_type, key])
    return reverse(_PAGES[record_type], args=[key]) if record_type in _PAGES else ""


def subject_words() -> Mapping[str, Words]:
    """Every type of record that an audit may speak of, in words."""
    return {**_MORE_WORDS, **{name: kind.label for name, kind in registry.all_kinds().items()}}


def of_person(number: str) -> Q:
    """Rows about the customer with this number, under numbers that were merged into it as well."""
    found = Customer.objects.filter(number=number.upper()).first()
    return Q(customer_id__in=subject.people(found)) if found else Q(pk__in=[])


def _of_order(number: str) -> Q:
    return Q(order_id__in=Order.objects.filter(number=number.upper()).values("pk"))


def _beside(model: Any, key: str, value: Any) -> Subquery:
    """A value of the row whose key stands here without a foreign key."""
    return Subquery(model.objects.filter(pk=OuterRef(key)).values_list(value)[:1])


def evidence_of(record_type: Value | OuterRef, key: str) -> Coalesce:
    """How many pieces of evidence stand by a record."""
    found = Evidence.objects.filter(subject_type=record_type, subject_id=OuterRef(key), withdrawn_at=None)
    counted = found.order_by().values("subject_id").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), Value(0), output_field=IntegerField())


def record_columns() -> tuple[Column, ...]:
    """Person, order and record of a row."""
    return (
        Column(
            "customer",
            _("Customer number"),
            source=lambda: _beside(Customer, "customer_id", "number"),
            page="customers:page",
            found_by=of_person,
        ),
        Column(
            "customer_name",
            _("Customer"),
            source=lambda: _beside(Customer, "customer_id", full_name()),
            is_personal=True,
        ),
        Column(
            "order",
            _("Order"),
            source=lambda: _beside(Order, "order_id", "number"),
            page="orders:page",
            found_by=_of_order,
        ),
        Column("subject", _("Record"), Kind.CHOICE, source="subject_type", choices=subject_words),
        Column("subject_id", _("Record's key"), Kind.NUMBER, adds=False, opens="subject"),
        Column(
            "evidence",
            _("Evidence"),
            Kind.NUMBER,
            source=lambda: evidence_of(OuterRef("subject_type"), "subject_id"),
            adds=False,
        ),
    )
