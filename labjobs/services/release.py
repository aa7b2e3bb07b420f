"""Release to the laboratory: refused with every missing thing named, or a job that freezes what it rests on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from branches.roles import Can
from cases import selectors as cases
from core import formats
from core.actor import Actor
from core.errors import DomainError, GateClosed, Missing
from labjobs import jobvalues, states
from labjobs.models import Job, JobMove, Lab, Stage, Tray
from labjobs.services import common, passing
from orders import basis, resting, workdays
from orders.models import FrameChoice, FrameStatus, LensSpecification, Order, OrderState, Quotation, QuotationState
from orders.services import common as order_common
from orders.services import ledger, orders, payments
from orders.services.orders import frame_held
from prescriptions.models import PrescriptionState
from records.facts import role_word
from records.services import approvals, reviews


@dataclass(frozen=True)
class ReleaseData:
    """Where and when it is made. Without a tray the next free one is taken; without a date the lab's lead days count."""

    order_id: int
    lab_id: int
    tray_code: str = ""
    promised_on: date | None = None
    version: int | None = None


@transaction.atomic
def release(actor: Actor, data: ReleaseData) -> Job:
    """Make the job. Raises GateClosed with everything that is missing, DomainError at `tray` or `lab`."""
    order = order_common.open_for(actor, Can.RELEASE_JOBS, data.order_id, data.version)
    missing = missing_for(order)
    if missing:
        raise GateClosed(_("The order cannot be released yet."), code="release_refused", missing=missing)
    lab = Lab.objects.filter(pk=data.lab_id, is_active=True).first()
    if lab is None:
        message = _("Choose a laboratory.")
        raise DomainError(message, fields={"lab": message}, code="lab_missing")
    job = _make(actor, order, lab, data)
    orders.start_production(actor, order.pk, lab.branch_id)
    _keep_promise(actor, order, job)
    passing.to_laboratory(actor, order, job)
    common.tell(
        "labjob.released",
        actor,
        job,
        common.Said(
            new={"laboratory": lab.name, "tray": job.tray.code if job.tray else "", "promised": str(job.promised_on)},
        ),
    )
    return job


def missing_for(order: Order) -> list[Missing]:
    """Everything that stands between this order and the laboratory, with who can mend it. Empty: it may go."""
    lenses = LensSpecification.objects.filter(order=order).select_related("right", "left").first()
    quotation: Quotation | None = order.quotations.filter(state=QuotationState.APPROVED).first()
    return [
        *_order_state(order),
        *_prescription(order),
        *_frame(order),
        *_lenses(order, lenses),
        *_measurements(order, lenses),
        *_approval(order, quotation),
        *_deposit(order, quotation),
        *_held_by_others(order),
    ]


def missing_for_renewal(order: Order) -> list[Missing]:
    """The same for a job that is out already: its own review is what the renewal decides."""
    own = {review.asks for review in reviews.blocking(order.pk, "production")}
    return [one for one in missing_for(order) if one.code not in ("job", "state") and one.message not in own]


def _order_state(order: Order) -> Iterator[Missing]:
    """A job in the laboratory has taken its order out of “confirmed”, so a confirmed order need not be asked for one."""
    if order.state == OrderState.CONFIRMED:
        return
    if states_open_job(order):
        yield Missing("job", _("The order is in the laboratory already."))
    else:
        word = OrderState(order.state).label
        yield Missing("state", _("The order is “%(state)s”, not confirmed.") % {"state": word})


def states_open_job(order: Order) -> bool:
    """Whether a job of this order is still open."""
    return order.jobs.filter(state__in=[state.value for state in states.OPEN]).exists()


def _prescription(order: Order) -> Iterator[Missing]:
    rx = order.prescription
    optometrist = role_word("optometrist")
    if rx is None:
        yield Missing("prescription", _("No prescription is chosen."), optometrist)
        return
    if rx.state == PrescriptionState.DRAFT:
        yield Missing("prescription_unsigned", _("The prescription is not signed."), optometrist)
    elif rx.state != PrescriptionState.CURRENT:
        word = PrescriptionState(rx.state).label.lower()
        yield Missing(
            "prescription_changed", _("The prescription of this order is %(state)s.") % {"state": word}, optometrist
        )
    today = order_common.today(order.branch)
    if rx.expires_on and rx.expires_on < today:
        day = formats.day(rx.expires_on, today=today)
        yield Missing("prescription_expired", _("The prescription expired on %(day)s.") % {"day": day}, optometrist)


def _frame(order: Order) -> Iterator[Missing]:
    frame = FrameChoice.objects.filter(order=order).first()
    optician = role_word("dispensing_optician")
    if frame is None:
        yield Missing("frame", _("No frame is chosen."), optician)
    elif frame.status == FrameStatus.SUPPLY and not frame_held(frame):
        yield Missing("frame_not_reserved", _("The frame is not reserved from stock."), role_word("frame_controller"))
    elif frame.status == FrameStatus.PATIENT_OWN and frame.liability_waived_at is None:
        yield Missing("waiver", _("The customer has not accepted the risk for their own frame."), optician)


def _lenses(order: Order, lenses: LensSpecification | None) -> Iterator[Missing]:
    optician = role_word("dispensing_optician")
    if lenses is None or lenses.product is None:
        yield Missing("lenses", _("No lenses are chosen."), optician)
        return
    today = order_common.today(order.branch)
    for product in {p.pk: p for p in (lenses.right, lenses.left) if p}.values():
        if (
            product.discontinued_on
            and product.discontinued_on <= today
            and not resting.supply_confirmed(order, product)
        ):
            yield Missing("lens_discontinued", _("%(lens)s is no longer made.") % {"lens": product.name}, optician)


def _measurements(order: Order, lenses: LensSpecification | None) -> Iterator[Missing]:
    names = jobvalues.missing_measurements(order, lenses)
    if names:
        text = _("Measurements are missing: %(names)s.") % {"names": ", ".join(names)}
        yield Missing("measurements", text, role_word("dispensing_optician"))


def _approval(order: Order, quotation: Quotation | None) -> Iterator[Missing]:
    owner = order.owner.full_name if order.owner else role_word("dispensing_optician")
    approval = approvals.current(quotation, "quotation") if quotation else None
    if quotation is None or approval is None:
        newest = order.quotations.order_by("-version").first()
        decided = newest and newest.decided_at
        text = _("The customer's approval is out of date.") if decided else _("The customer has not approved.")
        yield Missing("approval", text, owner)
        return
    then = [one for one in basis.read(quotation.inputs) if one.record_type != "orders.quotation"]
    moved = basis.differences(then, basis.live(order))
    if moved:
        what = ", ".join(str(change) for change in moved)
        yield Missing("approval_out_of_date", _("Changed since the approval: %(what)s.") % {"what": what}, owner)


def _deposit(order: Order, quotation: Quotation | None) -> Iterator[Missing]:
    short = payments.still_missing(quotation, ledger.money_of(order))
    if short > 0:
        text = _("The deposit is short by %(amount)s.") % {"amount": f"{short:.2f}"}
        yield Missing("deposit", text, role_word("receptionist"))


def _held_by_others(order: Order) -> Iterator[Missing]:
    for review in (
        reviews.open_reviews(order_id=order.pk).filter(blocks__in=("release", "production")).select_related("owner")
    ):
        owner = review.owner.full_name if review.owner else role_word(review.owner_role)
        yield Missing("review", review.asks, owner)
    for case in cases.blocking(order.pk, "release", "production"):
        yield Missing("case", f"{case.number} {case.title}", case.owner.full_name if case.owner else "")


def _make(actor: Actor, order: Order, lab: Lab, data: ReleaseData) -> Job:
    today = order_common.today(order.branch)
    promised = data.promised_on or order.promised_on or workdays.after(today, lab.lead_days, order.branch)
    if promised < today:
        promised = workdays.after(today, lab.lead_days, order.branch)
    tray = _tray(lab.branch_id or order.branch_id, data.tray_code)
    try:
        with transaction.atomic():
            job = Job.objects.create(
                number=f"{order.number}-{order.jobs.count() + 1}",
                order=order,
                branch_id=order.branch_id,
                lab=lab,
                lab_branch_id=lab.branch_id,
                tray=tray,
                inputs=basis.stored(basis.live(order)),
                values=jobvalues.frozen(order),
                first_promised_on=promised,
                promised_on=promised,
                released_by_id=actor.user_id,
                source=actor.source.value,
                recorded_by_id=actor.user_id,
                responsible_role=actor.role,
            )
    except IntegrityError as error:
        raise _tray_taken(data.tray_code) from error
    JobMove.objects.create(
        job=job, to_stage=Stage.RECEIVED, to_state=job.state, by_id=actor.user_id, by_name=actor.name, how="release"
    )
    return job


def _tray(branch_id: int, code: str) -> Tray | None:
    """The named tray, or the first free one of the place where it is made; locked, so that two releases part."""
    if not code.strip():
        return free_tray(branch_id)
    tray = Tray.objects.select_for_update().filter(branch_id=branch_id, code__iexact=code.strip()).first()
    if tray is None or not tray.is_active:
        message = _("There is no tray %(code)s here.") % {"code": code}
        raise DomainError(message, fields={"tray": message}, code="tray_unknown")
    if tray.jobs.filter(state__in=[state.value for state in states.OPEN]).exists():
        raise _tray_taken(code)
    return tray


def free_tray(branch_id: int) -> Tray | None:
    """The first tray of a branch that no open job lies in; None when all are in use."""
    free = Tray.objects.filter(branch_id=branch_id, is_active=True).exclude(
        jobs__state__in=[state.value for state in states.OPEN]
    )
    return Tray.objects.select_for_update(skip_locked=True).filter(pk__in=free).order_by("code").first()


def _tray_taken(code: str) -> DomainError:
    message = _("Tray %(code)s is in use. Scan another one.") % {"code": code}
    return DomainError(message, fields={"tray": message}, code="tray_taken")


def _keep_promise(actor: Actor, order: Order, job: Job) -> None:
    """The order's date follows the job's when the laboratory needs longer than was promised."""
    fresh = order_common.lock(order.pk)
    if fresh.promised_on is None or job.promised_on > fresh.promised_on:
        said = order_common.Said(reason=_("Date of the laboratory"), reason_code="lab_lead_time")
        orders.set_promise(actor, fresh, job.promised_on, said)
