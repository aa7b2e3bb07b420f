"""The exceptions of shipping: owner, closure rule, and alternatives with their effect on money, approved by a second person."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can, Role
from cases.kinds import CaseKind, ClosureItem, DecisionOption, register
from shipping import closing

ALTERNATIVES = (
    DecisionOption(
        "expedite", _("Send it by express"), _("The surcharge is ours: enter it as cost of the case."), closing.expedite
    ),
    DecisionOption(
        "substitute",
        _("Send a substitute"),
        _("The parcel is given up and the order waits in the shop again; a dearer product is our cost."),
        closing.give_up,
    ),
    DecisionOption(
        "replacement",
        _("Make and send it again"),
        _("The parcel is given up; ask for the remake on the order's page. Its cost is claimed from the carrier."),
        closing.give_up,
    ),
    DecisionOption(
        "discount", _("Discount for the delay"), _("Taken off what the order costs. Enter the amount as cost of the case first."), closing.discount
    ),
    DecisionOption(
        "part_refund",
        _("Refund in part"),
        _("Credited on the order and paid out there. Enter the amount as cost of the case first."),
        closing.discount,
    ),
)  # fmt: skip
_TOLD = ClosureItem("customer_told", _("The customer knows what happens next"), closing.customer_told)

register(
    CaseKind(
        code="shipment_stalled",
        label=_("Parcel stands still"),
        owner_role=Role.RECEPTIONIST,
        due_hours=8,
        closure=(
            ClosureItem("moves", _("The parcel moves again, has arrived or was given up"), closing.moves_again),
            _TOLD,
        ),
        decision_needs=Can.DECIDE_CASES,
        decisions=ALTERNATIVES,
        severity=2,
        by_hand=False,
    ),
    CaseKind(
        code="delivery_problem",
        label=_("Delivery problem"),
        owner_role=Role.RECEPTIONIST,
        due_hours=8,
        closure=(
            ClosureItem("settled", _("The parcel has arrived, came back or was given up"), closing.settled),
            _TOLD,
        ),
        decision_needs=Can.DECIDE_CASES,
        decisions=ALTERNATIVES,
        severity=1,
        by_hand=False,
    ),
    CaseKind(
        code="lost_parcel",
        label=_("Lost parcel"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=8,
        closure=(
            ClosureItem("settled", _("The parcel turned up or was given up"), closing.settled),
            ClosureItem("claimed", _("The loss is claimed from the carrier, or why not")),
            _TOLD,
        ),
        decision_needs=Can.DECIDE_CASES,
        decisions=ALTERNATIVES,
        severity=1,
        by_hand=False,
    ),
)
