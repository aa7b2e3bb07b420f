"""Money that does not add up needs a person."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can, Role
from cases.kinds import CaseKind, ClosureItem, DecisionOption, register

register(
    CaseKind(
        code="payment_problem",
        label=_("Payment problem"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=8,
        closure=(
            ClosureItem("money_right", _("Ledger and gateway, or bank, say the same")),
            ClosureItem("customer_told", _("The customer was told, or needs no message")),
        ),
        decision_needs=Can.REFUND_PAYMENTS,
        decisions=(
            DecisionOption("refund", _("Give money back"), _("A refund is posted on the order by whoever may.")),
            DecisionOption("charge_again", _("Ask for payment again"), _("The customer gets a new payment request.")),
            DecisionOption("write_off", _("Write the amount off"), _("An adjustment is posted on the order.")),
        ),
        severity=2,
    )
)
