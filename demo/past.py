"""What a copied order of earlier months holds: its plan, its template, and each row made from them. Nothing is stored here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from django.db.models import Model

from branches.models import Branch, User
from cases.models import Case, CaseState
from core.actor import Source
from customers.models import Customer
from labjobs.models import Job, JobMove, JobState, QualityCheck, QualityLine, Stage
from orders import rules
from orders.models import (
    FrameChoice,
    LensSpecification,
    Measurement,
    Order,
    OrderState,
    Quotation,
    QuotationLine,
    QuotationState,
)
from prescriptions.models import PrescribedEye, Prescription
from records.models import Event

Row = TypeVar("Row", bound=Model)
_STAGES = (Stage.RECEIVED, Stage.SURFACING, Stage.COATING, Stage.EDGING, Stage.ASSEMBLY, Stage.QUALITY, Stage.DISPATCH)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Past:
    """One order of earlier days. Hours count from the confirmation; a cause (L02 …) for every remake, one after another."""

    template: int
    branch: Branch
    customer: Customer
    seller_id: int | None
    confirmed_at: datetime
    lab_id: int = 0
    lab_hours: int = 60
    wait_hours: int | None = 30
    promised_days: int = 7
    slow: str = Stage.COATING
    discount: Decimal = Decimal(0)
    reason: str = ""
    dearer: Decimal = Decimal(1)
    remakes: tuple[str, ...] = ()
    failed_check: str = ""
    credit: Decimal = Decimal(0)
    declined: str = ""
    cancelled: bool = False
    looks: int = 0
    ratings: tuple[int, int, int] | None = None

    @property
    def released_at(self) -> datetime:
        return self.confirmed_at + 2 * HOUR

    def job_hours(self, n: int) -> tuple[datetime, datetime]:
        """When the n-th job was released and ready: a remake begins two days after the one before was ready."""
        begins = self.released_at + n * (self.lab_hours + 48) * HOUR
        return begins, begins + self.lab_hours * HOUR

    @property
    def ready_at(self) -> datetime:
        return self.job_hours(len(self.remakes))[1]

    @property
    def collected_at(self) -> datetime | None:
        return None if self.wait_hours is None else self.ready_at + self.wait_hours * HOUR

    @property
    def was_sold(self) -> bool:
        return not self.declined


@dataclass
class Template:
    """One order with its parts, read once."""

    order: Order
    prescription: Prescription
    eyes: Sequence[PrescribedEye]
    frame: FrameChoice
    lenses: LensSpecification
    add_ons: Sequence[int]
    measurement: Measurement
    quotation: Quotation
    lines: Sequence[QuotationLine]
    job: Job
    check: QualityCheck
    check_lines: Sequence[QualityLine]

    @classmethod
    def of(cls, job: Job) -> "Template":
        order = job.order
        quotation = order.quotations.get(state=QuotationState.APPROVED)
        check = job.checks.filter(passed=True).latest("pk")
        if order.prescription is None:
            raise LookupError(order.number)
        return cls(
            order,
            order.prescription,
            list(order.prescription.eyes.all()),
            FrameChoice.objects.get(order=order),
            LensSpecification.objects.get(order=order),
            list(LensSpecification.objects.get(order=order).add_ons.values_list("pk", flat=True)),
            Measurement.objects.get(order=order),
            quotation,
            list(quotation.lines.all()),
            job,
            check,
            list(check.lines.all()),
        )


def again(row: Row, **changes: Any) -> Row:
    """An unsaved copy of a row with other values (by column: `order_id`)."""
    values = {
        field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
    }
    fresh = {"version": 1} if "version" in values else {}
    return type(row)(**(values | fresh | changes))


def store(model: type[Row]) -> Callable[[Iterable[Row]], list[Row]]:
    """How rows of a model go in: in bulk, with the first entry of their history where it is kept."""

    def save(rows: Iterable[Row]) -> list[Row]:
        made: list[Row] = model._default_manager.bulk_create(rows)
        remember(model, made)
        return made

    return save


def remember(model: type[Row], made: Sequence[Row]) -> None:
    """One entry of history for each row as it stands."""
    history = getattr(model, "history", None)
    if history is not None:
        history.bulk_history_create(made)


def state_of(past: Past) -> str:
    if past.declined or past.cancelled:
        return OrderState.CANCELLED
    return OrderState.CLOSED if past.collected_at else OrderState.READY


def priced(past: Past, of: Template, order: Order) -> tuple[Quotation, list[QuotationLine]]:
    """The quotation with this order's discount on its frame, summed anew; costs may have been dearer then."""
    rate = of.quotation.tax_percent
    lines = []
    for line in of.lines:
        gross = line.unit_price * line.quantity
        percent = past.discount if line.kind == "frame" else Decimal(0)
        off = rules.to_cents(gross * percent / 100)
        net = gross - off
        lines.append(
            again(
                line, discount=off, discount_percent=percent, discount_reason=past.reason if off else "", net=net,
                discount_approved_by_id=None, tax=rules.to_cents(net - net / (1 + rate / 100)),
                unit_cost=rules.to_cents(line.unit_cost * past.dearer),
            )
        )  # fmt: skip
    total = sum((line.net for line in lines), Decimal(0))
    off = sum((line.discount for line in lines), Decimal(0))
    state = QuotationState.DECLINED if past.declined else QuotationState.APPROVED
    at = past.confirmed_at
    quotation = again(
        of.quotation, order_id=order.pk, number=f"Q-{order.number}", version=1, state=state, discount=off, tax_included=True,
        subtotal=total + off, total=total, tax=sum((line.tax for line in lines), Decimal(0)), recorded_at=at - HOUR,
        deposit_required=rules.to_cents(total / 2), decided_at=at, sent_at=None, opened_at=None,
        declined_reason=past.declined, promised_on=order.promised_on or (at + timedelta(days=7)).date(),
        valid_until=(at + timedelta(days=30)).date(), content_hash="",
    )  # fmt: skip
    return quotation, lines


def job_row(past: Past, of: Template, order: Order, n: int, parent: Job | None) -> Job:
    begins, ends = past.job_hours(n)
    is_last = n == len(past.remakes)
    cause = past.remakes[n - 1] if n else ""
    ended = past.collected_at if is_last else ends + 24 * HOUR
    last = JobState.COLLECTED if past.collected_at else JobState.READY
    return again(
        of.job, number=order.number if n == 0 else f"{order.number}-{n + 1}", order_id=order.pk, branch_id=past.branch.pk,
        lab_id=past.lab_id or of.job.lab_id, tray_id=None, state=last if is_last else JobState.REMADE, stage=Stage.DISPATCH,
        stage_since=ends, released_at=begins, released_by_id=past.seller_id, passed_at=ends, dispatched_at=ends,
        ready_at=ends, ended_at=ended, on_hold_since=None, on_hold_reason="", recorded_at=begins,
        first_promised_on=order.first_promised_on, promised_on=order.first_promised_on, remake_of_id=parent and parent.pk,
        remake_reason=cause, party_at_fault=_party(cause), payer="shop" if cause[:1] in ("S", "P") else ("lab" if cause else ""),
        remake_cost=Decimal("1310.00") if cause else None,
    )  # fmt: skip


def _party(cause: str) -> str:
    return {"L": "lab", "S": "shop", "P": "prescriber", "C": "patient", "W": "warranty"}.get(cause[:1], "")


def move_rows(past: Past, job: Job, n: int) -> list[JobMove]:
    """Through the stages, half of the time in the slow one."""
    begins, ends = past.job_hours(n)
    step = (ends - begins) / (2 * (len(_STAGES) - 1))
    moves, at, before = [], begins, ""
    for stage in _STAGES:
        state = JobState.RELEASED if stage == Stage.RECEIVED else JobState.IN_PRODUCTION
        moves.append(JobMove(job_id=job.pk, from_stage=before, to_stage=stage, to_state=state, at=at, how="scan"))
        at, before = at + step * (len(_STAGES) - 1 if stage == past.slow else 1), stage
    return moves


def case_rows(past: Past, order: Order, job: Job) -> list[Case]:
    """A case for each remake and for a failed check, closed when the new pair was ready."""
    causes = [*past.remakes, *([past.failed_check] if past.failed_check else [])]
    closed = past.ready_at
    return [
        Case(
            number=f"K-{order.number}-{n}", kind="warranty_remake" if cause in past.remakes else "qc_failed", title=f"{order.number}",
            branch_id=past.branch.pk, subject_type="labjobs.job", subject_id=job.pk, customer_id=past.customer.pk,
            order_id=order.pk, owner_id=past.seller_id, owner_role="dispensing_optician", state=CaseState.CLOSED,
            recorded_at=past.released_at, closed_at=closed, closed_by_id=past.seller_id, cause_code=cause,
            party_at_fault=_party(cause), decision="remake", closing_note="Made again",
        )
        for n, cause in enumerate(causes, 1)
    ]  # fmt: skip


def closed_event(case: Case) -> Event:
    return Event(
        kind="case.closed",
        at=case.closed_at or case.recorded_at,
        actor_name="",
        branch_id=case.branch_id,
        source=Source.COUNTER.value,
        subject_type="cases.case",
        subject_id=case.pk,
        order_id=case.order_id,
    )


@cache
def name_of(person: int | None) -> str:
    """Whose name stands in the event; the system's work has none."""
    return User.objects.get(pk=person).full_name if person else ""


def _seller_role(past: Past) -> str:
    return "dispensing_optician" if past.seller_id else ""


def event_rows(past: Past, order: Order) -> list[Event]:
    told: list[tuple[str, datetime, dict[str, Any]]] = []
    if past.was_sold:
        told.append(("order.confirmed", past.confirmed_at, {}))
    if past.was_sold and not past.cancelled:
        if past.ready_at.date() > (order.first_promised_on or past.ready_at.date()):
            told.append(("order.repromised", past.confirmed_at + timedelta(days=2), {}))
        told.append(("order.ready", past.job_hours(0)[1], {}))
        if past.collected_at:
            told.append(("order.collected", past.collected_at, {}))
            if past.ratings:
                ratings = dict(zip(("tracking", "time", "product"), past.ratings, strict=True))
                told.append(("feedback.given", past.collected_at + timedelta(days=8), ratings))
    else:
        told.append(("order.cancelled", past.confirmed_at + HOUR, {}))
    return [
        Event(
            kind=kind, at=at, actor_id=past.seller_id, actor_name=name_of(past.seller_id), role=_seller_role(past),
            branch_id=past.branch.pk, source=Source.COUNTER.value, subject_type="orders.order", subject_id=order.pk,
            customer_id=past.customer.pk, order_id=order.pk, data=data,
            reason_code="lab_delay" if kind == "order.repromised" else "",
            reason=order.cancelled_reason if kind == "order.cancelled" else "",
        )
        for kind, at, data in told
    ]  # fmt: skip
