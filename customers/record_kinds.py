"""How the shared pages (history, evidence, cases) reach a customer. Customers belong to the organisation."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from core import formats
from core.actor import Source
from customers.models import Customer, CustomerImport, CustomerImportRow
from records.registry import RecordKind, register


def _approval(customer: Customer) -> tuple[str, str]:
    checked = customer.identity_checked_at
    if checked is None:
        return _("identity not checked"), ""
    return _("identity checked %(day)s") % {"day": formats.day(checked, today=timezone.localdate())}, ""


def _source(customer: Customer) -> str:
    """For an imported customer the file and its row; whoever was made here was entered at the counter."""
    if customer.source != Source.IMPORT:
        return ""
    row = CustomerImportRow.objects.filter(customer=customer).select_related("batch").order_by("pk").first()
    if row is None:
        return ""
    words = {"number": row.batch.number, "file": row.batch.file_name, "row": row.row_number}
    return _("Import %(number)s: %(file)s, row %(row)d") % words


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
        source=_source,
        hidden_fields=("public_id", "phone_as_typed", "other_phone_as_typed"),
    )
)
register(
    RecordKind(
        model=CustomerImport,
        label=gettext_lazy("Customer import"),
        can_view=Can.IMPORT_CUSTOMERS,
        url=lambda batch: reverse("customers:import", args=[batch.number]),
        title=lambda batch: _("Import %(number)s") % {"number": batch.number},
        visible=lambda batch, scope: scope.covers(batch.branch_id),
        links=lambda _batch: (None, None),
        approval=lambda _batch: (_("not needed"), ""),
        closes_when=lambda _batch: _("applied, taken back or discarded"),
        branch_id=lambda batch: batch.branch_id,
    )
)
