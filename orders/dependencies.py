"""What rests on a prescription, frame, lens or measurement of an order: its approval and its promised date."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Role
from orders import states
from orders.models import Order, OrderState, Quotation, QuotationState
from orders.record_kinds import order_url
from orders.services.decisions import KIND, REVIEW
from orders.services.orders import DATE_REVIEW
from records.services import approvals
from records.services.changes import Affected, Dependency, declare

# Once handed over, a change concerns the warranty and the next order, no longer this approval.
_OPEN = (OrderState.APPROVED, *states.PROMISED)

Orders = Callable[[Any], QuerySet[Order]]


def _of_prescription(record: Any) -> QuerySet[Order]:
    return Order.objects.filter(prescription=record, state__in=_OPEN).select_related("owner", "seller").order_by("pk")


def _of_child(record: Any) -> QuerySet[Order]:
    return Order.objects.filter(pk=record.order_id, state__in=_OPEN).select_related("owner", "seller")


def _approved(orders: Orders) -> Callable[[Any], Iterable[Affected]]:
    """The customer's approvals that stand on the record."""

    def find(record: Any) -> Iterable[Affected]:
        for order in orders(record):
            quotation = Quotation.objects.filter(order=order, state=QuotationState.APPROVED).first()
            approval = approvals.current(quotation, KIND) if quotation else None
            if quotation is not None and approval is not None:
                title = _("Approval of quotation %(number)s, version %(version)s")
                words = title % {"number": quotation.number, "version": quotation.version}
                yield _affected(order, words, approval=approval, amount=quotation.total)

    return find


def _promised(orders: Orders) -> Callable[[Any], Iterable[Affected]]:
    """Dates that were promised on the assumption that the old values are made."""

    def find(record: Any) -> Iterable[Affected]:
        for order in orders(record):
            if order.state == OrderState.IN_PRODUCTION and order.promised_on:
                words = _("Promised date of %(number)s, %(day)s")
                yield _affected(order, words % {"number": order.number, "day": order.promised_on.isoformat()})

    return find


def _affected(order: Order, title: str, **more: Any) -> Affected:
    owner = order.owner or order.seller
    return Affected(
        subject=order,
        title=title,
        url=order_url(order),
        owner_id=owner.pk if owner else None,
        owner_name=owner.full_name if owner else "",
        branch_id=order.branch_id,
        customer_id=order.customer_id,
        order_id=order.pk,
        **more,
    )


def _rows(on: str, orders: Orders) -> list[Dependency]:
    return [
        Dependency(
            on=on,
            decision=REVIEW,
            label=gettext_lazy("The customer's approval"),
            why=gettext_lazy("The customer agreed to the earlier values; what is made must be what was agreed."),
            before_next_stage=gettext_lazy("A new version of the quotation approved by the customer"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_approved(orders),
            blocks="release",
        ),
        Dependency(
            on=on,
            decision=DATE_REVIEW,
            label=gettext_lazy("The promised date"),
            why=gettext_lazy("Work that has begun may have to begin again, so the date may not hold."),
            before_next_stage=gettext_lazy("The date confirmed or a new one promised"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_promised(orders),
            blocks="collection",
        ),
    ]


declare(
    [
        *_rows("prescriptions.prescription", _of_prescription),
        *_rows("orders.framechoice", _of_child),
        *_rows("orders.lensspecification", _of_child),
        *_rows("orders.measurement", _of_child),
    ]
)
