"""What customers tell us by their link, and what follows."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can, Role
from cases.kinds import CaseKind, ClosureItem, DecisionOption, register

_ANSWERED = ClosureItem("customer_answered", _("The customer has an answer"))

register(
    CaseKind(
        code="customer_problem",
        label=_("Problem reported by the customer"),
        owner_role=Role.DISPENSING_OPTICIAN,
        due_hours=8,
        closure=(_ANSWERED, ClosureItem("cause_found", _("The cause is named"), lambda case: bool(case.cause_code))),
        decision_needs=Can.DECIDE_CASES,
        needs_cause=True,
        by_hand=False,
        decisions=(
            DecisionOption("put_right", _("Adjust or repair, free")),
            DecisionOption("make_again", _("Make again")),
            DecisionOption("part_refund", _("Refund in part")),
            DecisionOption("refund", _("Take back and refund")),
        ),
    ),
)
