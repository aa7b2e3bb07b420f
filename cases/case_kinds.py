"""Kinds that belong to no single app."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can, Role
from cases.kinds import CaseKind, ClosureItem, DecisionOption, register
from cases.services import dead_work, nightly

register(
    CaseKind(
        code="complaint",
        label=_("Complaint"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=16,
        closure=(
            ClosureItem("customer_answered", _("The customer has an answer")),
            ClosureItem("cause_found", _("The cause is named"), lambda case: bool(case.cause_code)),
        ),
        needs_cause=True,
        decision_needs=Can.DECIDE_CASES,
        decisions=(
            DecisionOption("apology", _("Answer and apologise")),
            DecisionOption("discount", _("Discount on this or the next order")),
            DecisionOption("part_refund", _("Refund in part")),
            DecisionOption("redo", _("Do it again at our cost")),
        ),
    ),
    CaseKind(
        code=nightly.DATA,
        label=_("Data check failed"),
        owner_role=Role.HEAD_OFFICE,
        due_hours=8,
        closure=(ClosureItem("data_mended", _("The check has run again and passes"), nightly.passed_since),),
        severity=1,
        by_hand=False,
    ),
    CaseKind(
        code=nightly.FILES,
        label=_("Files of evidence not as they were kept"),
        owner_role=Role.HEAD_OFFICE,
        due_hours=8,
        closure=(
            ClosureItem(
                "files_mended",
                _("The files are read again and are right, or it is known what happened to them"),
                nightly.passed_since,
                or_by_hand=True,
            ),
        ),
        severity=1,
        by_hand=False,
    ),
    CaseKind(
        code="dead_job",
        label=_("Background work given up"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=8,
        closure=(
            ClosureItem(
                "work_done", _("The work was done again or is no longer needed"), dead_work.is_done, or_by_hand=True
            ),
        ),
        severity=1,
        by_hand=False,
    ),
)
