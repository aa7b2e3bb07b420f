"""The protected records of an order: what each tells about itself on the shared pages."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from branches.scope import Scope
from core import formats
from core.prepared import Slot, prepared
from orders.models import (
    BankStatement,
    Claim,
    FrameChoice,
    LensSpecification,
    Measurement,
    Order,
    OrderState,
    Quotation,
)
from records.models import Approval
from records.registry import RecordKind, register

Words = tuple[str, str]


def order_url(order: Order) -> str:
    return reverse("orders:page", args=[order.number])


def order_visible(order: Order, scope: Scope) -> bool:
    return scope.covers(order.branch_id, order.collect_branch_id, order.made_branch_id)


def order_closes_when(order: Order) -> str:
    if order.state == OrderState.CANCELLED:
        return _("cancelled, nothing owed either way")
    return _("collected and paid in full")


def approval_words(order: Order) -> Words:
    """The approval on which the order stands: current, out of date, or not asked yet."""
    approval = None if order.never_quoted else _approval().row(order=order.pk)
    if approval is None:
        return _("not asked yet"), ""
    if approval.out_of_date_at is not None:
        since = formats.day_time(approval.out_of_date_at, today=timezone.localdate())
        return _("out of date since %(when)s") % {"when": since}, "review"
    return _("by %(name)s, %(how)s") % {
        "name": approval.decided_by_name,
        "how": approval.get_method_display(),
    }, "success"


@prepared
def _approval() -> QuerySet[Approval]:
    return Approval.objects.filter(order_id=Slot("order"), kind="quotation", approved=True).order_by("-pk")[:1]


def _child_visible(record: Any, scope: Scope) -> bool:
    return order_visible(record.order, scope)


def _child_links(record: Any) -> tuple[int | None, int | None]:
    return record.order.customer_id, record.order_id


def _child(model: Any, label: Any, anchor: str, closes_when: Any) -> RecordKind:
    """A record that belongs to one order: seen, approved and linked as the order is."""
    return RecordKind(
        model=model,
        label=label,
        can_view=Can.VIEW_ORDERS,
        url=lambda record: f"{order_url(record.order)}#{anchor}",
        title=lambda record: _("%(what)s of %(order)s") % {"what": label, "order": record.order.number},
        visible=_child_visible,
        links=_child_links,
        approval=lambda record: approval_words(record.order),
        closes_when=closes_when,
        branch_id=lambda record: record.order.branch_id,
    )


register(
    RecordKind(
        model=Order,
        label=gettext_lazy("Order"),
        can_view=Can.VIEW_ORDERS,
        url=order_url,
        title=lambda order: _("Order %(number)s") % {"number": order.number},
        visible=order_visible,
        links=lambda order: (order.customer_id, order.pk),
        approval=approval_words,
        closes_when=order_closes_when,
        branch_id=lambda order: order.branch_id,
    )
)
register(
    RecordKind(
        model=Quotation,
        label=gettext_lazy("Quotation"),
        can_view=Can.VIEW_ORDERS,
        url=lambda quotation: f"{order_url(quotation.order)}#items",
        title=lambda quotation: (
            _("Quotation %(number)s, version %(version)s") % {"number": quotation.number, "version": quotation.version}
        ),
        visible=_child_visible,
        links=_child_links,
        approval=lambda quotation: approval_words(quotation.order),
        closes_when=lambda quotation: (
            _("decided, replaced or lapsed on %(day)s") % {"day": quotation.valid_until.isoformat()}
        ),
        branch_id=lambda quotation: quotation.order.branch_id,
        hidden_fields=("inputs", "text_shown", "content_hash"),
    )
)
register(
    RecordKind(
        model=Claim,
        label=gettext_lazy("Claim"),
        can_view=Can.VIEW_ORDERS,
        url=lambda claim: reverse("orders:claim", args=[claim.order.number, claim.pk]),
        title=lambda claim: (
            _("Claim on %(insurer)s for %(order)s") % {"insurer": claim.insurer, "order": claim.order.number}
        ),
        visible=_child_visible,
        links=_child_links,
        approval=lambda claim: (claim.get_state_display(), ""),
        closes_when=lambda claim: _("paid, rejected or withdrawn"),
        branch_id=lambda claim: claim.order.branch_id,
        hidden_fields=("key",),
    )
)
register(_child(FrameChoice, gettext_lazy("Frame"), "items", lambda record: _("handed over with the order")))
register(_child(LensSpecification, gettext_lazy("Lenses"), "items", lambda record: _("checked and handed over")))
register(_child(Measurement, gettext_lazy("Measurements"), "rx", lambda record: _("confirmed at the fitting")))
register(
    RecordKind(
        model=BankStatement,
        label=gettext_lazy("Bank statement"),
        can_view=Can.RECONCILE_PAYMENTS,
        url=lambda batch: reverse("orders:bank_statement", args=[batch.number]),
        title=lambda batch: _("Statement %(number)s") % {"number": batch.number},
        visible=lambda batch, scope: scope.covers(batch.branch_id),
        links=lambda _batch: (None, None),
        approval=lambda _batch: (_("not needed"), ""),
        closes_when=lambda _batch: _("every line settled"),
        branch_id=lambda batch: batch.branch_id,
    )
)
