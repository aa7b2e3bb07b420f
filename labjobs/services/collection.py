"""Collection: identity, balance, fitting, hand-over in one step; refused with everything missing named and owned."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can, Role
from branches.scope import Scope
from cases import selectors as cases
from core.actor import Actor, system
from core.errors import DomainError, GateClosed, Missing
from core.money import money
from core.states import Words
from inventory.models import Reservation, ReservationState
from inventory.services import stock
from labjobs import states
from labjobs.models import Job, JobState
from labjobs.services import common, fittings, passing, warranties
from labjobs.services.common import Said, Step
from labjobs.services.fittings import FittingData
from orders.models import FrameChoice, Order, OrderState
from orders.services import orders, payments, payments_due
from orders.services.payments import PaymentData
from records.facts import role_word
from records.models import EvidenceKind
from records.services import evidence, handovers, reviews
from records.services.evidence import EvidenceData, Subject, Upload

IDENTITY: dict[str, Words] = {
    "name": gettext_lazy("Full name"),
    "birth_date": gettext_lazy("Date of birth"),
    "phone": gettext_lazy("Phone number"),
}
WANTED_PROOFS = 2


@dataclass(frozen=True)
class CollectionData:
    """One hand-over. `proofs` are the codes of IDENTITY that were asked and answered right.

    `received_by` is the typed name of who takes the glasses, `signature_png` what they signed with a finger.
    `payment` and `fitting` are done in the same step when given; `version` is the job's when the page was opened.
    """

    job_id: int
    proofs: frozenset[str]
    received_by: str = ""
    signature_png: bytes = b""
    payment: PaymentData | None = None
    fitting: FittingData | None = None
    version: int | None = None


@transaction.atomic
def collect(actor: Actor, data: CollectionData) -> Job:
    """Hand the glasses over. Raises GateClosed naming everything that stands in the way; then nothing is kept."""
    order, job = common.open_for(actor, Can.COLLECT_ORDERS, data.job_id)
    if job.state == JobState.COLLECTED:
        raise DomainError(_("These glasses have been handed over already."), code="collected")
    _check(data)
    if data.payment is not None:
        payments.take(actor, data.payment)
    if data.fitting is not None:
        fittings.record(actor, data.fitting)
        job.refresh_from_db()
    missing = missing_for(order, job)
    if missing:
        raise GateClosed(_("The glasses cannot be handed over yet."), code="collection_refused", missing=missing)
    states.JOB.step("collect", job.state)
    job.ended_at = timezone.now()
    common.move(actor, job, Step(job.stage, JobState.COLLECTED, "collection"))
    _keep_proof(actor, order, job, data)
    _take_frame_from_stock(actor, order)
    handovers.received(actor, order)
    orders.collect(actor, order.pk)
    common.tell(
        "labjob.collected", actor, job, Said(data={"proofs": sorted(data.proofs), "signed": bool(data.signature_png)})
    )
    warranties.start(actor, order, job)
    return job


def _check(data: CollectionData) -> None:
    fields = {}
    if len(data.proofs & set(IDENTITY)) < WANTED_PROOFS:
        fields["proofs"] = _("Ask for two of name, date of birth and phone number, and tick what was right.")
    if not data.received_by.strip() and not data.signature_png:
        fields["received_by"] = _("Sign, or type the name of who takes the glasses.")
    if fields:
        raise DomainError(_("The hand-over is not complete."), fields=fields, code="incomplete")


def missing_for(order: Order, job: Job | None, *, with_fitting: bool = True) -> list[Missing]:
    """What stands between the customer and the glasses, each with who can mend it. Empty: they may go."""
    return [
        *_quality(order, job),
        *_balance(order),
        *(_fitting(job) if with_fitting and job else ()),
        *_held(order),
    ]


def _quality(order: Order, job: Job | None) -> list[Missing]:
    if job is None:
        return [Missing("job", _("No glasses were made for this order."), role_word(Role.DISPENSING_OPTICIAN))]
    if job.state == JobState.READY and order.state in (OrderState.READY, OrderState.SHIPPED):
        return []
    owner = job.lab.lead.full_name if job.lab.lead else role_word(Role.LAB_TECHNICIAN)
    if job.state == JobState.REWORK:
        return [Missing("quality", _("The quality check failed; the job is in rework."), owner)]
    if job.state == JobState.PASSED:
        return [Missing("arrival", _("Checked, but not yet marked as arrived in the shop."), owner)]
    words = {"stage": job.get_stage_display()}
    return [Missing("quality", _("The quality check is not passed; the job is at %(stage)s.") % words, owner)]


def _balance(order: Order) -> list[Missing]:
    due = payments_due.still_due(order, payments_due.Before.COLLECTION)
    if due <= 0:
        return []
    return [Missing("balance", _("%(amount)s is due.") % {"amount": money(due)}, role_word(Role.RECEPTIONIST))]


def _fitting(job: Job) -> list[Missing]:
    last = fittings.last_of(job)
    optician = role_word(Role.DISPENSING_OPTICIAN)
    if last is None:
        return [Missing("fitting", _("The glasses have not been fitted."), optician)]
    if last.outcome == fittings.FAILED:
        return [Missing("fitting_failed", _("The last fitting failed."), optician)]
    return []


def _held(order: Order) -> list[Missing]:
    found = []
    for review in reviews.before_handover(order.pk):
        owner = review.owner.full_name if review.owner else role_word(review.owner_role)
        found.append(Missing("review", review.asks, owner))
    for case in cases.blocking(order.pk, "collection"):
        owner = case.owner.full_name if case.owner else role_word(case.owner_role)
        found.append(Missing("case", f"{case.number} {case.title}", owner))
    return found + passing.unread(order, passing.FITTING)


def _keep_proof(actor: Actor, order: Order, job: Job, data: CollectionData) -> None:
    proofs = ", ".join(str(IDENTITY[code]).lower() for code in IDENTITY if code in data.proofs)
    name = data.received_by.strip()
    note = _("Taken by %(name)s. Asked for: %(proofs)s.") % {"name": name or _("the customer"), "proofs": proofs}
    kind = EvidenceKind.SIGNATURE if data.signature_png else EvidenceKind.NOTE
    upload = Upload("signature.png", data.signature_png) if data.signature_png else None
    evidence.add(
        actor,
        Subject(job, order.branch_id, order.customer_id, order.pk),
        EvidenceData(kind, _("Hand-over"), note, upload=upload),
    )


def sent(actor: Actor, order: Order) -> None:
    """The glasses leave with a carrier: the frame is off the shelf. For verbs that hold the order's lock."""
    _take_frame_from_stock(actor, order)


def delivered(actor: Actor, order: Order) -> None:
    """A carrier handed the glasses over: the job ends and the warranty starts, as at the counter."""
    job = (
        Job.objects.select_for_update(of=("self",))
        .select_related("lab")
        .filter(order=order, state=JobState.READY)
        .first()
    )
    if job is None:
        return
    states.JOB.step("collect", job.state)
    job.order, job.ended_at = order, timezone.now()
    common.move(actor, job, Step(job.stage, JobState.COLLECTED, "carrier"))
    common.tell("labjob.collected", actor, job, Said(data={"proofs": [], "signed": False, "carrier": True}))
    warranties.start(actor, order, job)


def _take_frame_from_stock(actor: Actor, order: Order) -> None:
    """The held piece is sold. Its shelf may stand in a branch where the person at this counter has no role."""
    frame = FrameChoice.objects.filter(order=order).exclude(reservation_reference="").first()
    if frame is None:
        return
    held = Reservation.objects.select_related("item").filter(
        reference=frame.reservation_reference, state=ReservationState.HELD
    )
    reservation = held.first()
    if reservation is None:
        return
    branch_id = reservation.item.branch_id
    here = Scope.of(actor).covers(branch_id)
    stock.consume(actor if here else replace(system(actor.name), branch_id=branch_id), frame.reservation_reference)
