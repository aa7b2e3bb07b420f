"""What reconciliation leaves for a person."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Role
from cases.kinds import CaseKind, ClosureItem, register
from cases.models import Case


def _agrees(case: Case) -> bool:
    """Whether the newest comparison found nothing more in this branch."""
    from reports.reconciling import running

    made = running.last()
    return made is not None and not made.differences.filter(branch_id=case.branch_id).exists()


register(
    CaseKind(
        code="reconciliation",
        label=_("Records that disagree"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=24,
        closure=(ClosureItem("agrees", _("The newest reconciliation finds nothing in this branch"), _agrees),),
        severity=2,
        by_hand=False,
    )
)
