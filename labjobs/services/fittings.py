"""Fitting: the glasses on the face. Passed, adjusted or failed; a failure names its cause and opens a case."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor
from core.errors import IllegalTransition, Problems
from core.prepared import Slot, prepared
from core.states import Words
from labjobs.models import Fitting, Job, JobState
from labjobs.services import common
from labjobs.services.common import Said
from orders.models import Order

PASSED, ADJUSTED, FAILED = "passed", "adjusted", "failed"
OUTCOMES: dict[str, Words] = {
    PASSED: gettext_lazy("Fits"),
    ADJUSTED: gettext_lazy("Adjusted, fits"),
    FAILED: gettext_lazy("Does not fit"),
}
CHECKS: dict[str, Words] = {
    "marks": gettext_lazy("Centration marks before the pupils"),
    "sides": gettext_lazy("Sides long enough, no pressure"),
    "nose": gettext_lazy("Bridge and pads sit well"),
    "far": gettext_lazy("Sees well far off"),
    "near": gettext_lazy("Sees well near by"),
}


@dataclass(frozen=True)
class Cause:
    """Why a pair does not fit: the words, the trade's code, whose fault, and what is proposed."""

    label: Words
    code: str
    party: str
    remedy: Words


CAUSES: dict[str, Cause] = {
    "frame_size": Cause(
        gettext_lazy("Frame size"), "S03", "shop", gettext_lazy("Adjust, or choose another size and reglaze")
    ),
    "prescription": Cause(
        gettext_lazy("Prescription"), "P01", "prescriber", gettext_lazy("Check the eyes again, then remake")
    ),
    "measurement": Cause(
        gettext_lazy("Measurement of PD or height"), "S02", "shop", gettext_lazy("Measure again, then remake")
    ),
    "adaptation": Cause(
        gettext_lazy("Does not get used to it"), "C01", "customer", gettext_lazy("Two weeks more, then another design")
    ),
    "defect": Cause(gettext_lazy("Defect of lens or frame"), "L08", "lab", gettext_lazy("Back to the laboratory")),
}


@dataclass(frozen=True)
class FittingData:
    """What was seen at the fitting. `checks` are the points that are right; `cause` only when it failed."""

    job_id: int
    outcome: str
    checks: frozenset[str] = frozenset()
    acuity: Mapping[str, str] = field(default_factory=dict)
    remark: str = ""
    cause: str = ""


@transaction.atomic
def record(actor: Actor, data: FittingData) -> Fitting:
    """Keep a fitting of a ready pair. Raises DomainError at the outcome, the points or the cause."""
    order, job = common.open_for(actor, Can.RECORD_FITTINGS, data.job_id)
    if job.state != JobState.READY:
        words = {"state": job.get_state_display()}
        raise IllegalTransition(_("The glasses are “%(state)s”; only ready ones are fitted.") % words, code="not_ready")
    _check(data)
    fitting = Fitting.objects.create(
        order=order,
        job=job,
        outcome=data.outcome,
        checks={code: code in data.checks for code in CHECKS},
        right_va=data.acuity.get("right", "")[:12],
        left_va=data.acuity.get("left", "")[:12],
        binocular_va=data.acuity.get("both", "")[:12],
        cause=data.cause if data.outcome == FAILED else "",
        remark=data.remark.strip(),
        fitted_at=timezone.now(),
        fitted_by_id=common.person(actor),
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    if data.outcome == FAILED:
        _open_case(actor, order, job, fitting)
    said = Said(
        reason=fitting.remark,
        reason_code=CAUSES[fitting.cause].code if fitting.cause else "",
        data={"fitting": fitting.pk, "cause": fitting.cause},
    )
    common.tell(f"fitting.{data.outcome}", actor, job, said, fitting)
    return fitting


def _check(data: FittingData) -> None:
    problems = Problems()
    if data.outcome not in OUTCOMES:
        problems.add("outcome", _("Choose the outcome."))
    elif data.outcome == FAILED and data.cause not in CAUSES:
        problems.add("cause", _("Choose why it does not fit."))
    elif data.outcome != FAILED and set(CHECKS) - data.checks:
        names = ", ".join(str(CHECKS[code]) for code in CHECKS if code not in data.checks)
        problems.add(
            "checks", _("Not right yet: %(names)s. Adjust it, or record that it does not fit.") % {"names": names}
        )
    problems.raise_if_any(_("The fitting was not recorded."))


def _open_case(actor: Actor, order: Order, job: Job, fitting: Fitting) -> None:
    cause = CAUSES[fitting.cause]
    data = CaseData(
        kind="failed_fitting",
        subject=job,
        branch_id=order.collect_branch_id,
        title=_("%(number)s does not fit: %(cause)s") % {"number": order.number, "cause": cause.label},
        description=" ".join([fitting.remark, _("Proposed: %(remedy)s.") % {"remedy": cause.remedy}]).strip(),
        customer_id=order.customer_id,
        order_id=order.pk,
        owner_id=order.owner_id or actor.user_id,
        cause_code=cause.code,
        party_at_fault=cause.party,
        earlier_value={str(CHECKS[code]): [_("right"), _("not right")] for code in CHECKS if not fitting.checks[code]},
    )
    case = cases.open_case(actor, data)
    fitting.case_id = case.pk
    fitting.save()


def last_of(job: Job) -> Fitting | None:
    """The fitting that counts: the newest."""
    return _newest().row(job=job.pk)


@prepared
def _newest() -> QuerySet[Fitting]:
    return Fitting.objects.filter(job=Slot("job")).order_by("-pk")[:1]


def needs_fitting(job: Job) -> bool:
    last = last_of(job)
    return last is None or last.outcome == FAILED
