"""What goes wrong after the sale, and what has to be true before it counts as done."""

from django.utils.translation import gettext_lazy as _

from aftersales.models import Return
from branches.roles import Role
from cases.kinds import CaseKind, ClosureItem, register
from cases.models import Case


def _moved_on(case: Case) -> bool:
    """The return has left the state in which it waited."""
    waited = case.earlier_value.get("state", "")
    return not Return.objects.filter(pk=case.subject_id, state=waited).exists()


register(
    CaseKind(
        code="return_waiting",
        label=_("Return waits too long"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=8,
        closure=(
            ClosureItem("moved_on", _("The return took its next step"), _moved_on),
            ClosureItem("customer_told", _("The customer knows how it stands")),
        ),
        by_hand=False,
    ),
    CaseKind(
        code="low_feedback",
        label=_("Low rating"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=16,
        closure=(ClosureItem("customer_answered", _("The customer has an answer")),),
        by_hand=False,
    ),
)
