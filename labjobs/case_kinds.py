"""The exceptions of the laboratory, the fitting and the warranty: owner, evidence, closure rule, ways out."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can, Role
from cases.kinds import CaseKind, ClosureItem, DecisionOption, register
from cases.models import Case
from core.actor import Actor
from labjobs import closing

_CAUSE = ClosureItem("cause_named", _("The cause is named"), lambda case: bool(case.cause_code))
_TOLD = ClosureItem("customer_told", _("The customer knows the new date"), closing.customer_told, or_by_hand=True)


def _send_back(case: Case, actor: Actor) -> None:
    closing.send_back(case, actor)


register(
    CaseKind(
        code="qc_failed",
        label=_("Quality check failed"),
        owner_role=Role.LAB_TECHNICIAN,
        due_hours=8,
        closure=(
            ClosureItem("check_passed", _("The lenses pass, or the failure is accepted"), closing.check_settled),
            _CAUSE,
        ),
        needs_cause=True,
        decision_needs=Can.DECIDE_CASES,
        decisions=(
            DecisionOption("rework", _("Make the lens again"), _("The job stays in rework until it passes.")),
            DecisionOption("accept", _("Accept as it is"), _("A second person accepts the check on its page.")),
        ),
        severity=2,
        by_hand=False,
    ),
    CaseKind(
        code="coating_defect",
        label=_("Coating defect"),
        owner_role=Role.LAB_TECHNICIAN,
        due_hours=8,
        evidence_needed=_("a photo of the lens"),
        closure=(
            ClosureItem(
                "check_passed", _("The lenses pass, or for worn ones a way out is decided"), closing.check_settled
            ),
            _CAUSE,
        ),
        needs_cause=True,
        decision_needs=Can.DECIDE_CASES,
        decisions=(
            DecisionOption("recoat", _("Coat again")),
            DecisionOption("remake", _("Make new lenses"), _("Ask for the remake on the order's page.")),
        ),
    ),
    CaseKind(
        code="lab_delay",
        label=_("Late in the laboratory"),
        owner_role=Role.LAB_TECHNICIAN,
        due_hours=4,
        closure=(
            ClosureItem("date_or_done", _("A new date is promised, or the glasses are ready"), closing.delay_settled),
            _TOLD,
        ),
        decision_needs=Can.DECIDE_CASES,
        decisions=(
            DecisionOption("express", _("Send it by express")),
            DecisionOption("loan", _("Lend a pair meanwhile")),
            DecisionOption("discount", _("Discount for the delay"), _("Posted on the order by whoever may.")),
        ),
        severity=2,
    ),
    CaseKind(
        code="prescription_mismatch",
        label=_("Prescription mismatch"),
        owner_role=Role.OPTOMETRIST,
        due_hours=8,
        evidence_needed=_("the document or reading that differs"),
        blocks="collection",
        closure=(
            ClosureItem("values_decided", _("It is decided which values hold, and how it is known")),
            ClosureItem("reviews_decided", _("Every decision that rested on them is made again"), closing.no_reviews),
            _CAUSE,
        ),
        needs_cause=True,
        decision_needs=Can.DECIDE_CASES,
        decisions=(
            DecisionOption("retest", _("Test the eyes again")),
            DecisionOption(
                "correct", _("Correct the prescription"), _("A new signed version; the order is quoted again.")
            ),
            DecisionOption("keep", _("Keep the values as they are")),
        ),
        severity=1,
    ),
    CaseKind(
        code="wrong_frame_size",
        label=_("Wrong frame size"),
        owner_role=Role.DISPENSING_OPTICIAN,
        due_hours=8,
        evidence_needed=_("a photo of the frame on the face"),
        blocks="collection",
        closure=(
            ClosureItem(
                "fits",
                _("A later fitting passed; without an order, a way out is decided"),
                closing.fitting_passed_since,
            ),
            _CAUSE,
        ),
        needs_cause=True,
        decision_needs=Can.DECIDE_CASES,
        decisions=(
            DecisionOption("exchange", _("Exchange the frame and reglaze"), _("Ask for it on the order's page.")),
            DecisionOption("adjust", _("Adjust the frame")),
            DecisionOption("refund", _("Take the order back"), _("A refund is posted on the order by whoever may.")),
        ),
    ),
    CaseKind(
        code="failed_fitting",
        label=_("Failed fitting"),
        owner_role=Role.DISPENSING_OPTICIAN,
        due_hours=8,
        blocks="collection",
        closure=(
            ClosureItem("fits", _("A later fitting passed"), closing.fitting_passed_since),
            _CAUSE,
        ),
        needs_cause=True,
        decision_needs=Can.APPROVE_REMAKES,
        decisions=(
            DecisionOption("refit", _("Adjust and fit again")),
            DecisionOption(
                "send_back", _("Send back to the laboratory"), _("The job goes to rework at once."), _send_back
            ),
            DecisionOption("remake", _("Remake"), _("Ask for the remake on the order's page.")),
            DecisionOption("retest", _("Test the eyes again")),
        ),
        severity=1,
    ),
    CaseKind(
        code="warranty_remake",
        label=_("Remake"),
        owner_role=Role.BRANCH_MANAGER,
        due_hours=8,
        closure=(
            ClosureItem("decided", _("The remake is approved or refused"), closing.remake_decided),
            ClosureItem(
                "handed_over", _("The new pair is handed over, or the remake was refused"), closing.remake_done
            ),
            ClosureItem("paid_for", _("Cause, cost and payer are named"), closing.remake_accounted),
        ),
        needs_cause=True,
        decision_needs=Can.APPROVE_REMAKES,
        by_hand=False,
    ),
)
