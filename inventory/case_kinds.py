"""The exceptions of stock: frames that did not arrive, and counts that differ."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can, Role
from cases.kinds import CaseKind, ClosureItem, register

TRANSFER_VARIANCE = "transfer_variance"
COUNT_VARIANCE = "count_variance"

register(
    CaseKind(
        code=TRANSFER_VARIANCE,
        label=_("Transfer differs"),
        owner_role=Role.FRAME_CONTROLLER,
        due_hours=24,
        closure=(
            ClosureItem("found", _("Both branches searched for the frames")),
            ClosureItem("explained", _("The difference is explained, or written off by the manager")),
        ),
        decision_needs=Can.DECIDE_CASES,
        needs_cause=True,
    ),
    CaseKind(
        code=COUNT_VARIANCE,
        label=_("Stock count differs"),
        owner_role=Role.FRAME_CONTROLLER,
        due_hours=40,
        closure=(ClosureItem("explained", _("The difference is explained or accepted by the manager")),),
    ),
)
