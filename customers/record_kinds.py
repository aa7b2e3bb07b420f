"""How the shared pages (history, evidence, cases) reach a customer. Customers belong to the organisation."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from core import formats
from customers.models import Customer
from records.registry import RecordKind, register


def _approval(customer: Customer) -> tuple[str, str]:
    checked = customer.identity_checked_at
    if checked is None:
        return _("identity not checked"), ""
    return _("identity checked %(day)s") % {"day": formats.day(checked, today=timezone.localdate())}, ""


register(
    RecordKind(
        model=Customer,
        label=gettext_lazy("Customer"),
        can_view=Can.VIEW_CUSTOMERS,
        url=lambda customer: reverse("customers:page", args=[customer.number]),
        title=str,
        visible=lambda _customer, scope: scope.everything or bool(scope.branch_ids),
        links=lambda customer: (customer.pk, None),
        approval=_approval,
        closes_when=lambda _customer: _("no open order, balance nil"),
        branch_id=lambda _customer: None,
        # Earlier names and addresses of somebody who was forgotten are for audits alone.
        history_right=lambda customer: Can.VIEW_AUDIT if customer.erased_at else None,
        hidden_fields=("public_id", "phone_as_typed", "other_phone_as_typed"),
    )
)
