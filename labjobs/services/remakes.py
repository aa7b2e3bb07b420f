"""Remake, reglaze, repair: asked for by one person, approved by another; a new job linked both ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import numbers
from branches.roles import Can
from cases.services import cases
from cases.services.cases import CaseData, Link
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, Problems
from core.states import Words
from labjobs import jobvalues, remake_rules, states
from labjobs.credit_rules import REASONS
from labjobs.models import (
    Job,
    JobMove,
    JobState,
    Remake,
    RemakeKind,
    RemakeState,
    Stage,
    Warranty,
)
from labjobs.services import common, passing, release
from labjobs.services.common import Said, Step
from orders import basis, workdays
from orders.models import EntryKind, Order, OrderState
from orders.services import common as order_common
from orders.services import orders, payments
from orders.services.ledger import Entry

PAYERS: dict[str, Words] = {
    "lab": gettext_lazy("The laboratory"),
    "supplier": gettext_lazy("The supplier"),
    "shop": gettext_lazy("We do"),
    "customer": gettext_lazy("The customer"),
}


@dataclass(frozen=True)
class CostLine:
    """One part of what it costs us."""

    words: str
    amount: Decimal


@dataclass(frozen=True)
class RemakeData:
    """What is asked for. `cause` is one of `credit_rules.REASONS`; the customer's share is posted on approval."""

    job_id: int
    kind: str
    cause: str
    payer: str
    reason: str
    eyes: str = "both"
    costs: Sequence[CostLine] = ()
    returned: bool = False

    @property
    def cost(self) -> Decimal:
        return sum((line.amount for line in self.costs), Decimal("0.00"))


@transaction.atomic
def request(actor: Actor, data: RemakeData) -> Remake:
    """Ask for it. The warranty and the laboratory's terms answer at once; somebody else approves."""
    order, job = common.open_for(actor, Can.VIEW_JOBS, data.job_id)
    _may_ask(actor, job, order)
    _check(data)
    if not states.JOB.allows("remake", job.state):
        states.JOB.step("remake", job.state)
    if job.remake_requests.filter(state=RemakeState.REQUESTED).exists():
        raise DomainError(_("A remake of this job is waiting for its approval already."), code="asked_already")
    verdict = remake_rules.judge(order, job, data.cause, order_common.today(order.branch), returned=data.returned)
    remake = Remake.objects.create(
        number=f"RM-{numbers.draw('remake'):05d}",
        order=order,
        job=job,
        kind=data.kind,
        eyes=data.eyes,
        cause=data.cause,
        party_at_fault=REASONS[data.cause][0].value,
        payer=data.payer,
        cost_lines=[{"words": line.words, "amount": f"{line.amount:.2f}"} for line in data.costs],
        cost=data.cost,
        warranty=verdict.warranty,
        expected_credit=verdict.credit_of(data.cost),
        explained=list(verdict.explained),
        reason=data.reason.strip(),
        requested_by_id=actor.user_id,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    _open_case(actor, order, job, remake)
    said = Said(
        reason=remake.reason,
        reason_code=remake.cause,
        new={"number": remake.number, "kind": str(remake.get_kind_display())},
        data={"remake": remake.pk, "cost": f"{remake.cost:.2f}", "payer": remake.payer},
    )
    common.tell("remake.requested", actor, job, said, remake)
    return remake


def _may_ask(actor: Actor, job: Job, order: Order) -> None:
    try:
        common.require_here(actor, Can.RECORD_FITTINGS, job, order)
    except NotAllowed:
        common.require_here(actor, Can.CHECK_QUALITY, job, order)


def _check(data: RemakeData) -> None:
    problems = Problems()
    if data.kind not in RemakeKind.values:
        problems.add("kind", _("Choose what is asked for."))
    if data.cause not in REASONS:
        problems.add("cause", _("Choose the cause."))
    if data.payer not in PAYERS:
        problems.add("payer", _("Choose who pays."))
    if data.eyes not in ("both", "right", "left"):
        problems.add("eyes", _("Choose which lenses."))
    if not data.reason.strip():
        problems.add("reason", _("Say what is wrong with the pair."))
    if any(line.amount < 0 for line in data.costs):
        problems.add("costs", _("A cost is never below zero."))
    problems.raise_if_any(_("The remake was not asked for."))


def _open_case(actor: Actor, order: Order, job: Job, remake: Remake) -> None:
    words = {"kind": remake.get_kind_display(), "number": job.number, "why": REASONS[remake.cause][1]}
    links = [Link("remake", remake, remake.number), Link("job", job, job.number)]
    if remake.warranty:
        links.append(Link("warranty", remake.warranty, remake.warranty.covers))
    case = cases.open_case(
        actor,
        CaseData(
            kind="warranty_remake",
            subject=remake,
            branch_id=common.case_branch(actor, job, order),
            title=_("%(kind)s of %(number)s: %(why)s") % words,
            description="\n".join([remake.reason, *remake.explained]),
            customer_id=order.customer_id,
            order_id=order.pk,
            owner_id=order.owner_id,
            cause_code=remake.cause,
            party_at_fault=remake.party_at_fault,
            cost=remake.cost,
            links=links,
        ),
    )
    remake.case = case
    remake.save()


@transaction.atomic
def approve(actor: Actor, remake_id: int, reason: str) -> Remake:
    """A second person agrees: the old job ends as remade, the new one starts, the order is in production again."""
    remake, order, job = _waiting(actor, remake_id)
    _decide(actor, remake, RemakeState.APPROVED, reason)
    states.JOB.step("remake", job.state)
    job.ended_at = job.ended_at or timezone.now()
    common.move(actor, job, Step(job.stage, JobState.REMADE, "remake", remake.reason))
    remake.new_job = _again(actor, order, job, remake)
    _use_warranty(remake)
    _back_to_production(actor, order, remake)
    passing.to_laboratory(actor, order, remake.new_job)
    _charge_customer(actor, order, remake)
    _save(remake)
    said = Said(
        reason=remake.reason,
        reason_code=remake.cause,
        new={"new_job": remake.new_job.number},
        data={"remake": remake.pk, "stage_at_fault": job.stage, "cost": f"{remake.cost:.2f}"},
    )
    common.tell("labjob.remade", actor, job, said)
    common.tell("remake.approved", actor, job, Said(reason=reason, new={"number": remake.number}), remake)
    return remake


@transaction.atomic
def refuse(actor: Actor, remake_id: int, reason: str) -> Remake:
    """No; the job stays as it is and the reason is kept."""
    remake, _order, job = _waiting(actor, remake_id)
    if not reason.strip():
        raise DomainError(_("Say why it is refused."), fields={"reason": _("Enter a reason.")}, code="reason_missing")
    _decide(actor, remake, RemakeState.REFUSED, reason)
    _save(remake)
    common.tell("remake.refused", actor, job, Said(reason=reason, new={"number": remake.number}), remake)
    return remake


def _waiting(actor: Actor, remake_id: int) -> tuple[Remake, Order, Job]:
    job_id = Remake.objects.filter(pk=remake_id).values_list("job_id", flat=True).first()
    if job_id is None:
        raise NotVisible(_("Not found."), code="not_visible")
    order, job = common.open_for(actor, Can.APPROVE_REMAKES, job_id)
    remake = Remake.objects.select_for_update(of=("self",)).select_related("warranty").get(pk=remake_id)
    if remake.state != RemakeState.REQUESTED:
        raise IllegalTransition(_("This remake is decided already."), code="decided")
    if remake.requested_by_id == actor.user_id:
        raise NotAllowed(_("Somebody else has to approve what you asked for."), code="own_request")
    return remake, order, job


def _decide(actor: Actor, remake: Remake, state: RemakeState, reason: str) -> None:
    remake.state = state
    remake.decided_at, remake.decided_by_id = timezone.now(), actor.user_id
    remake.decision_reason = reason.strip()


def _save(remake: Remake) -> None:
    remake.version += 1
    remake.save()


def _again(actor: Actor, order: Order, job: Job, remake: Remake) -> Job:
    """A new job from the values that hold now, in a tray of its own, promised as the laboratory's lead days allow."""
    today = order_common.today(order.branch)
    promised = workdays.after(today, job.lab.lead_days, order.branch)
    made = Job.objects.create(
        number=f"{order.number}-{order.jobs.count() + 1}",
        order=order,
        branch_id=job.branch_id,
        lab_id=job.lab_id,
        lab_branch_id=job.lab_branch_id,
        tray=release.free_tray(job.lab_branch_id or job.branch_id),
        eyes=remake.eyes,
        inputs=basis.stored(basis.live(order)),
        values=jobvalues.frozen(order),
        first_promised_on=promised,
        promised_on=promised,
        released_by_id=actor.user_id,
        remake_of=job,
        remake_reason=remake.cause,
        party_at_fault=remake.party_at_fault,
        payer=remake.payer,
        remake_cost=remake.cost,
        expected_credit=remake.expected_credit,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    JobMove.objects.create(
        job=made, to_stage=Stage.RECEIVED, to_state=made.state, by_id=actor.user_id, by_name=actor.name, how="remake"
    )
    new = {"laboratory": job.lab.name, "tray": made.tray.code if made.tray else "", "promised": promised.isoformat()}
    common.tell("labjob.released", actor, made, Said(new=new, data={"remake_of": job.number}))
    return made


def _use_warranty(remake: Remake) -> None:
    """Count it, on what is left now. Raises DomainError when it was used up since the remake was asked for."""
    if remake.warranty_id is None:
        return
    warranty = Warranty.objects.select_for_update().get(pk=remake.warranty_id)
    if warranty.times_used >= warranty.times_allowed:
        message = _("The warranty “%(part)s” was used up since this was asked for. Refuse it, and ask for it anew.")
        raise DomainError(message % {"part": warranty.covers}, code="warranty_used_up")
    warranty.times_used += 1
    warranty.version += 1
    warranty.save()


def _back_to_production(actor: Actor, order: Order, remake: Remake) -> None:
    if order.state in (OrderState.READY, OrderState.COLLECTED):
        orders.send_back(actor, order.pk, remake.reason)
    fresh = order_common.lock(order.pk)
    promised = remake.new_job.promised_on if remake.new_job else None
    if promised and (fresh.promised_on is None or promised > fresh.promised_on):
        said = order_common.Said(reason=_("Made again"), reason_code="failed_check")
        orders.set_promise(actor, fresh, promised, said)


def _charge_customer(actor: Actor, order: Order, remake: Remake) -> None:
    """What the customer pays is owed from now on; every other payer is an internal cost."""
    if remake.payer == "customer" and remake.cost:
        words = {"kind": remake.get_kind_display(), "number": remake.number}
        entry = Entry(EntryKind.ADJUSTMENT, remake.cost, reason=_("%(kind)s %(number)s") % words)
        payments.post_adjustment(order, entry, actor)
