"""What transfers and counts tell about themselves."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from branches.roles import Can
from inventory.models import OpeningImport, StockCount, Transfer, TransferState
from records.registry import RecordKind, register


def _transfer_ends(transfer: Any) -> str:
    if transfer.state in (TransferState.RECEIVED, TransferState.CANCELLED):
        return str(transfer.get_state_display()).lower()
    return _("received and counted")


register(
    RecordKind(
        model=Transfer,
        label=pgettext_lazy("stock", "Transfer"),
        can_view=Can.VIEW_STOCK,
        url=lambda transfer: reverse("inventory:transfer", args=[transfer.number]),
        title=lambda transfer: _("Transfer %(number)s") % {"number": transfer.number},
        visible=lambda transfer, scope: scope.covers(transfer.from_branch_id, transfer.to_branch_id),
        links=lambda transfer: (None, None),
        approval=lambda transfer: (_("not needed"), ""),
        closes_when=_transfer_ends,
        branch_id=lambda transfer: transfer.to_branch_id,
    )
)
register(
    RecordKind(
        model=StockCount,
        label=gettext_lazy("Stock count"),
        can_view=Can.VIEW_STOCK,
        url=lambda count: reverse("inventory:count", args=[count.number]),
        title=lambda count: _("Count %(number)s") % {"number": count.number},
        visible=lambda count, scope: scope.covers(count.branch_id),
        links=lambda count: (None, None),
        approval=lambda count: (_("not needed"), ""),
        closes_when=lambda count: _("posted or cancelled"),
        branch_id=lambda count: count.branch_id,
    )
)
register(
    RecordKind(
        model=OpeningImport,
        label=gettext_lazy("Opening stock"),
        can_view=Can.MANAGE_STOCK,
        url=lambda batch: reverse("inventory:opening", args=[batch.number]),
        title=lambda batch: _("Opening stock %(number)s") % {"number": batch.number},
        visible=lambda batch, scope: scope.covers(batch.branch_id),
        links=lambda batch: (None, None),
        approval=lambda batch: (_("not needed"), ""),
        closes_when=lambda batch: _("applied, taken back or discarded"),
        branch_id=lambda batch: batch.branch_id,
    )
)
