"""The machine of a laboratory job, and the way of the tray through the stages."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.errors import IllegalTransition
from core.states import Machine, Transition
from labjobs.models import JobState as S
from labjobs.models import LabKind, Stage

JOB = Machine(
    "job",
    S.choices,
    [
        Transition("start", S.RELEASED, S.IN_PRODUCTION, Can.ADVANCE_JOBS, _("Start making")),
        Transition("to_quality", S.RELEASED, S.QUALITY, Can.ADVANCE_JOBS, _("Bring to the quality check")),
        Transition("to_quality", S.IN_PRODUCTION, S.QUALITY, Can.ADVANCE_JOBS, _("Bring to the quality check")),
        Transition("to_quality", S.REWORK, S.QUALITY, Can.ADVANCE_JOBS, _("Check again")),
        Transition("back", S.QUALITY, S.IN_PRODUCTION, Can.ADVANCE_JOBS, _("Take back a stage"), True),
        Transition("back", S.PASSED, S.QUALITY, Can.ADVANCE_JOBS, _("Check again"), True),
        Transition("back", S.PASSED, S.IN_PRODUCTION, Can.ADVANCE_JOBS, _("Take back a stage"), True),
        Transition("pass_check", S.QUALITY, S.PASSED, Can.CHECK_QUALITY, _("Pass the check")),
        Transition("fail_check", S.QUALITY, S.REWORK, Can.CHECK_QUALITY, _("Fail the check")),
        Transition("override_check", S.REWORK, S.PASSED, Can.OVERRIDE_QUALITY, _("Accept the failed check"), True),
        Transition("dispatch", S.PASSED, S.READY, Can.ADVANCE_JOBS, _("Ready in the shop")),
        Transition("collect", S.READY, S.COLLECTED, Can.COLLECT_ORDERS, _("Hand over")),
        Transition("refit", S.READY, S.REWORK, Can.RECORD_FITTINGS, _("Send back after the fitting"), True),
        Transition("renew", S.IN_PRODUCTION, S.RELEASED, Can.RELEASE_JOBS, _("Make with the new values"), True),
        Transition("renew", S.QUALITY, S.RELEASED, Can.RELEASE_JOBS, _("Make with the new values"), True),
        Transition("renew", S.REWORK, S.RELEASED, Can.RELEASE_JOBS, _("Make with the new values"), True),
        Transition("renew", S.PASSED, S.RELEASED, Can.RELEASE_JOBS, _("Make with the new values"), True),
        Transition("renew", S.READY, S.RELEASED, Can.RELEASE_JOBS, _("Make with the new values"), True),
        Transition("remake", S.REWORK, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("remake", S.RELEASED, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("remake", S.IN_PRODUCTION, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("remake", S.QUALITY, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("remake", S.PASSED, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("remake", S.READY, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("remake", S.COLLECTED, S.REMADE, Can.APPROVE_REMAKES, _("Replace by a remake"), True),
        Transition("cancel", S.RELEASED, S.CANCELLED, Can.RELEASE_JOBS, _("Cancel"), True),
        Transition("cancel", S.IN_PRODUCTION, S.CANCELLED, Can.RELEASE_JOBS, _("Cancel"), True),
        Transition("cancel", S.REWORK, S.CANCELLED, Can.RELEASE_JOBS, _("Cancel"), True),
        Transition("cancel", S.QUALITY, S.CANCELLED, Can.RELEASE_JOBS, _("Cancel"), True),
        Transition("cancel", S.PASSED, S.CANCELLED, Can.RELEASE_JOBS, _("Cancel"), True),
        Transition("cancel", S.READY, S.CANCELLED, Can.RELEASE_JOBS, _("Cancel"), True),
    ],
)

OPEN = (S.RELEASED, S.IN_PRODUCTION, S.QUALITY, S.REWORK, S.PASSED, S.READY)
ON_BOARD = (S.RELEASED, S.IN_PRODUCTION, S.QUALITY, S.REWORK, S.PASSED)

# The way through our own laboratory, and through an outside one that sends finished or uncut lenses back.
WAY = {
    LabKind.OWN.value: (
        Stage.RECEIVED, Stage.SURFACING, Stage.COATING, Stage.EDGING, Stage.ASSEMBLY, Stage.QUALITY, Stage.DISPATCH,
    ),
    LabKind.OUTSIDE.value: (Stage.RECEIVED, Stage.AT_LAB, Stage.ASSEMBLY, Stage.QUALITY, Stage.DISPATCH),
}  # fmt: skip


def next_stage(lab_kind: str, stage: str) -> Stage | None:
    """The stage after this one on the laboratory's way, or None at its end or off the way."""
    way = WAY[lab_kind]
    if stage not in way or stage == way[-1]:
        return None
    return way[way.index(Stage(stage)) + 1]


def is_backwards(lab_kind: str, stage: str, target: str) -> bool:
    """Whether a move goes against the way; such a move needs a reason."""
    way = WAY[lab_kind]
    return stage in way and target in way and way.index(Stage(target)) < way.index(Stage(stage))


def require_step(start: str, end: str) -> None:
    """Whether the table leads from one state to the other in one step. Raises IllegalTransition."""
    if start == end or any(step.end == end for step in JOB.from_state(start)):
        return
    words = {"start": JOB.states[start], "end": JOB.states[end]}
    raise IllegalTransition(_("A job cannot go from “%(start)s” to “%(end)s”.") % words, code="illegal_transition")
