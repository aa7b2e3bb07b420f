"""What the customer agreed to, when staff quote something else: the agreement is opened again, owned, and holds what follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import formats
from core.actor import Actor
from core.errors import DomainError
from core.money import money
from core.prepared import Slot, prepared
from orders import rules
from orders.models import Order, Quotation, QuotationState
from orders.services import common
from orders.services.common import Said
from records.services import approvals, changes
from records.services.changes import Change, FieldChange

KIND, QUOTED = "quotation", "quoted"


@dataclass(frozen=True)
class Offer:
    """What the next version of the quotation says."""

    sums: rules.Sums
    deposit: Decimal
    promised_on: date


def standing(order: Order) -> Quotation | None:
    """The version that the customer agreed to, while that agreement is not out of date."""
    quotation = _approved().row(order=order.pk)
    return quotation if quotation is not None and approvals.current(quotation, KIND) else None


@prepared
def _approved() -> QuerySet[Quotation]:
    return Quotation.objects.filter(order=Slot("order"), state=QuotationState.APPROVED)


def reopen(actor: Actor, order: Order, offer: Offer, reason: str) -> None:
    """Before another version takes the place of an agreed one. Raises DomainError at `reason` when there is none.

    Where the agreement is out of date already, what moved it has said why and opened the review.
    """
    agreed = standing(order)
    if agreed is None:
        return
    if not reason.strip():
        words = _("The customer has agreed to version %(n)s already. Say why another one is made.")
        message = words % {"n": agreed.version}
        raise DomainError(message, code="reason_missing", fields={"reason": message})
    moved = list(_differences(agreed, offer))
    said = Said(
        reason=reason.strip(),
        old={one.label: one.old for one in moved},
        new={one.label: one.new for one in moved},
        data={"quotation": agreed.pk, "version": agreed.version},
    )
    event = common.tell("quotation.reopened", actor, order, said, agreed)
    changes.announce(order, Change(moved, "", reason.strip(), event, order.version), actor)


def _differences(agreed: Quotation, offer: Offer) -> Iterable[FieldChange]:
    """What the next version changes for the customer; that there is one, when it says the same."""
    amounts = (
        (_("discount"), agreed.discount, offer.sums.discount),
        (_("total"), agreed.total, offer.sums.total),
        (_("deposit"), agreed.deposit_required, offer.deposit),
    )
    found = [FieldChange(QUOTED, label, money(old), money(new)) for label, old, new in amounts if old != new]
    if agreed.promised_on != offer.promised_on:
        days = (formats.day(day, today=date.min) for day in (agreed.promised_on, offer.promised_on))
        found.append(FieldChange(QUOTED, _("promised date"), *days))
    version = FieldChange(QUOTED, _("quotation version"), str(agreed.version), str(agreed.version + 1))
    return found or [version]
