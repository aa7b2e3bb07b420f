"""Orders of earlier months: whole orders that the services made, copied with the people and days of another time.

The one thing that no service does is to let a year pass. Everything a copy holds was made by a service once; only days,
people, numbers, discounts and what went wrong are its own. Rows go in bulk and without history: nobody changed them.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model

from branches.models import Branch, NumberSeries
from cases.models import Case, CaseState
from core.actor import Source
from customers.models import Customer
from labjobs.models import Job, JobMove, JobState, QualityCheck, QualityLine, Stage
from orders import rules
from orders.models import (
    EntryKind,
    FrameChoice,
    LedgerEntry,
    LensSpecification,
    Measurement,
    Order,
    OrderLink,
    OrderState,
    Quotation,
    QuotationLine,
    QuotationState,
)
from prescriptions.models import PrescribedEye, Prescription
from records.models import Approval, Event

Row = TypeVar("Row", bound=Model)
_LETTER = {EntryKind.CHARGE: "I", EntryKind.PAYMENT: "R", EntryKind.REFUND: "C", EntryKind.ADJUSTMENT: "A"}
_STAGES = (Stage.RECEIVED, Stage.SURFACING, Stage.COATING, Stage.EDGING, Stage.ASSEMBLY, Stage.QUALITY, Stage.DISPATCH)
_HOUR = timedelta(hours=1)


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
        return self.confirmed_at + 2 * _HOUR

    def job_hours(self, n: int) -> tuple[datetime, datetime]:
        """When the n-th job was released and ready: a remake begins two days after the one before was ready."""
        begins = self.released_at + n * (self.lab_hours + 48) * _HOUR
        return begins, begins + self.lab_hours * _HOUR

    @property
    def ready_at(self) -> datetime:
        return self.job_hours(len(self.remakes))[1]

    @property
    def collected_at(self) -> datetime | None:
        return None if self.wait_hours is None else self.ready_at + self.wait_hours * _HOUR

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
    return type(row)(**(values | changes))


def signed(rows: Sequence[Prescription], eyes: Sequence[Sequence[PrescribedEye]]) -> list[Prescription]:
    """Store prescriptions with their eyes: as drafts first, because a signed one takes no more eyes."""
    moments = [row.signed_at for row in rows]
    for row in rows:
        row.state, row.signed_at = "draft", None
    made = Prescription.objects.bulk_create(rows)
    PrescribedEye.objects.bulk_create(
        again(eye, prescription_id=row.pk) for row, pair in zip(made, eyes, strict=True) for eye in pair
    )
    for row, moment in zip(made, moments, strict=True):
        row.state, row.signed_at = "current", moment
    Prescription.objects.bulk_update(made, ["state", "signed_at"], batch_size=500)
    return made


@dataclass
class Copier:
    """Copies one list of past orders. `numbers` gives each its order number."""

    templates: Sequence[Template]
    pasts: Sequence[Past]
    numbers: Sequence[str]
    orders: list[Order] = field(default_factory=list)
    _drawn: dict[tuple[int, str, int], int] = field(default_factory=dict)

    def save(self) -> list[Order]:
        """Everything, parents first. Returns the orders in the order of the list."""
        self._orders(self._prescriptions())
        self._choices()
        self._quotations()
        self._money()
        self._jobs()
        self._links()
        self._events()
        self._keep_numbers()
        return self.orders

    def _each(self) -> Iterable[tuple[Past, Template, Order]]:
        for past, order in zip(self.pasts, self.orders, strict=True):
            yield past, self.templates[past.template], order

    def _prescriptions(self) -> list[Prescription]:
        rows = []
        for past, number in zip(self.pasts, self.numbers, strict=True):
            at, of = past.confirmed_at - _HOUR, self.templates[past.template].prescription
            rows.append(
                again(
                    of,
                    customer_id=past.customer.pk,
                    branch_id=past.branch.pk,
                    series=uuid.uuid4(),
                    number=f"RX-{number}",
                    visit_id=None,
                    eye_test_id=None,
                    corrects_id=None,
                    version=1,
                    signed_at=at,
                    recorded_at=at,
                    examined_on=at.date(),
                    issued_on=at.date(),
                    expires_on=(at + timedelta(days=730)).date(),
                    state="current",
                    origin="own_test",
                    external_document=None,
                )
            )
        eyes = [self.templates[past.template].eyes for past in self.pasts]
        return signed(rows, eyes)

    def _orders(self, prescriptions: Sequence[Prescription]) -> None:
        rows = [
            self._order(past, number, rx)
            for past, number, rx in zip(self.pasts, self.numbers, prescriptions, strict=True)
        ]
        self.orders = Order.objects.bulk_create(rows)

    def _order(self, past: Past, number: str, rx: Prescription) -> Order:
        at, sold = past.confirmed_at, past.was_sold and not past.cancelled
        promised = (at + timedelta(days=past.promised_days)).date()
        return again(
            self.templates[past.template].order, number=number, public_code=f"P-{uuid.uuid4().hex[:9].upper()}",
            branch_id=past.branch.pk, collect_branch_id=past.branch.pk, customer_id=past.customer.pk, visit_id=None,
            prescription_id=rx.pk, state=_state(past), seller_id=past.seller_id, owner_id=past.seller_id,
            first_promised_on=promised if past.was_sold else None, promised_on=promised if past.was_sold else None,
            payment_due_on=promised, recorded_at=at - _HOUR, quoted_at=at - _HOUR, second_pair_of_id=None,
            approved_at=at if past.was_sold else None, confirmed_at=at if past.was_sold else None,
            production_started_at=past.released_at if sold else None, ready_at=past.ready_at if sold else None,
            collected_at=past.collected_at if sold else None, closed_at=past.collected_at if sold else None, shipped_at=None,
            cancelled_at=None if sold else at + _HOUR, cancelled_reason="" if sold else (past.declined or "Changed their mind"),
        )  # fmt: skip

    def _choices(self) -> None:
        FrameChoice.objects.bulk_create(
            again(of.frame, order_id=order.pk, reservation_reference="", stock_branch_id=past.branch.pk)
            for past, of, order in self._each()
        )
        made = LensSpecification.objects.bulk_create(
            again(of.lenses, order_id=order.pk) for _p, of, order in self._each()
        )
        through = LensSpecification.add_ons.through
        through.objects.bulk_create(
            through(lensspecification_id=row.pk, lensaddon_id=add_on)
            for row, (_past, of, _order) in zip(made, self._each(), strict=True)
            for add_on in of.add_ons
        )
        Measurement.objects.bulk_create(
            again(of.measurement, order_id=order.pk, measured_by_id=past.seller_id) for past, of, order in self._each()
        )

    def _quotations(self) -> None:
        rows, lines = [], []
        for past, of, order in self._each():
            quotation, of_order = _priced(past, of, order)
            rows.append(quotation)
            lines.append(of_order)
        made = Quotation.objects.bulk_create(rows)
        for row, of_order in zip(made, lines, strict=True):
            for line in of_order:
                line.quotation_id = row.pk
        QuotationLine.objects.bulk_create(line for of_order in lines for line in of_order)
        Approval.objects.bulk_create(
            Approval(
                subject_type="orders.quotation", subject_id=row.pk, kind="quotation", decided_at=past.confirmed_at,
                decided_by_name=past.customer.full_name, method="typed_in_shop", branch_id=past.branch.pk,
                customer_id=past.customer.pk, order_id=row.order_id, amount=row.total,
            )
            for past, row in zip(self.pasts, made, strict=True)
            if past.was_sold
        )  # fmt: skip
        self.totals = {row.order_id: row.total for row in made}

    def _money(self) -> None:
        rows = []
        for past, _of, order in self._each():
            if not past.was_sold:
                continue
            total = self.totals[order.pk]
            rows.append(self._entry(past, order, EntryKind.CHARGE, total, past.confirmed_at, quotation_version=1))
            if past.cancelled:
                at = past.confirmed_at + _HOUR
                rows.append(self._entry(past, order, EntryKind.ADJUSTMENT, -total, at, reason="Cancelled"))
                continue
            end = past.collected_at or past.confirmed_at
            paid = total if past.collected_at else total / 2
            rows.append(self._entry(past, order, EntryKind.PAYMENT, -rules.to_cents(paid), end, method="card"))
            if past.credit:
                late = end + timedelta(days=1)
                rows.append(self._entry(past, order, EntryKind.ADJUSTMENT, -past.credit, late, reason="For the delay"))
                rows.append(
                    self._entry(past, order, EntryKind.REFUND, past.credit, late, method="card", reason="Delay")
                )
        LedgerEntry.objects.bulk_create(rows)

    def _entry(
        self, past: Past, order: Order, kind: EntryKind, amount: Decimal, at: datetime, **more: Any
    ) -> LedgerEntry:
        key = (past.branch.pk, kind.value, at.year)
        if key not in self._drawn:
            series = NumberSeries.objects.filter(branch=past.branch, kind=f"ledger-{kind.value}", year=at.year).first()
            self._drawn[key] = series.last if series else 0
        self._drawn[key] += 1
        return LedgerEntry(
            order_id=order.pk, branch_id=past.branch.pk, kind=kind, amount=amount, at=at, by_id=past.seller_id,
            number=f"{past.branch.code}-{_LETTER[kind]}{at.year % 100:02d}-{self._drawn[key]:06d}",
            source=Source.COUNTER.value, **more,
        )  # fmt: skip

    def _keep_numbers(self) -> None:
        for (branch_id, kind, year), last in self._drawn.items():
            NumberSeries.objects.update_or_create(
                branch_id=branch_id, kind=f"ledger-{kind}", year=year, defaults={"last": last}
            )

    def _jobs(self) -> None:
        made = [(past, of, order) for past, of, order in self._each() if past.was_sold and not past.cancelled]
        parents: dict[int, Job] = {}
        for n in range(1 + max((len(past.remakes) for past, _of, _order in made), default=0)):
            level = [(past, of, order) for past, of, order in made if len(past.remakes) >= n]
            jobs = Job.objects.bulk_create(_job(past, of, order, n, parents.get(order.pk)) for past, of, order in level)
            parents |= {job.order_id: job for job in jobs}
            self._work([(past, of, job, n) for (past, of, _order), job in zip(level, jobs, strict=True)])
        cases = Case.objects.bulk_create(
            case for past, _of, order in made for case in _cases(past, order, parents[order.pk])
        )
        Event.objects.bulk_create(_closed(case) for case in cases)

    def _work(self, done: Sequence[tuple[Past, Template, Job, int]]) -> None:
        """The moves of these jobs and their quality checks; the first job of an order may fail once before it passes."""
        JobMove.objects.bulk_create(move for past, _of, job, n in done for move in _moves(past, job, n))
        rows = []
        for past, of, job, n in done:
            failed = bool(past.failed_check) and n == 0
            at = past.job_hours(n)[1] - 2 * _HOUR
            if failed:
                rows.append((of, again(of.check, job_id=job.pk, attempt=1, passed=False, checked_at=at - 8 * _HOUR)))
            rows.append((of, again(of.check, job_id=job.pk, attempt=2 if failed else 1, checked_at=at)))
        checks = QualityCheck.objects.bulk_create(check for _of, check in rows)
        QualityLine.objects.bulk_create(
            again(line, check_record_id=check.pk)
            for (of, _row), check in zip(rows, checks, strict=True)
            for line in of.check_lines
        )

    def _links(self) -> None:
        OrderLink.objects.bulk_create(
            OrderLink(
                order_id=order.pk, channel="sms", token_digest=uuid.uuid4().hex * 2, use_count=past.looks,
                last_used_at=past.ready_at, created_at=past.confirmed_at,
            )
            for past, _of, order in self._each()
            if past.looks
        )  # fmt: skip

    def _events(self) -> None:
        Event.objects.bulk_create(event for past, _of, order in self._each() for event in _events(past, order))


def _state(past: Past) -> str:
    if past.declined or past.cancelled:
        return OrderState.CANCELLED
    return OrderState.CLOSED if past.collected_at else OrderState.READY


def _priced(past: Past, of: Template, order: Order) -> tuple[Quotation, list[QuotationLine]]:
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
        subtotal=total + off, total=total, tax=sum((line.tax for line in lines), Decimal(0)), recorded_at=at - _HOUR,
        deposit_required=rules.to_cents(total / 2), decided_at=at, sent_at=None, opened_at=None,
        declined_reason=past.declined, promised_on=order.promised_on or (at + timedelta(days=7)).date(),
        valid_until=(at + timedelta(days=30)).date(), content_hash="",
    )  # fmt: skip
    return quotation, lines


def _job(past: Past, of: Template, order: Order, n: int, parent: Job | None) -> Job:
    begins, ends = past.job_hours(n)
    is_last = n == len(past.remakes)
    cause = past.remakes[n - 1] if n else ""
    ended = past.collected_at if is_last else ends + 24 * _HOUR
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


def _moves(past: Past, job: Job, n: int) -> list[JobMove]:
    """Through the stages, half of the time in the slow one."""
    begins, ends = past.job_hours(n)
    step = (ends - begins) / (2 * (len(_STAGES) - 1))
    moves, at, before = [], begins, ""
    for stage in _STAGES:
        state = JobState.RELEASED if stage == Stage.RECEIVED else JobState.IN_PRODUCTION
        moves.append(JobMove(job_id=job.pk, from_stage=before, to_stage=stage, to_state=state, at=at, how="scan"))
        at, before = at + step * (len(_STAGES) - 1 if stage == past.slow else 1), stage
    return moves


def _cases(past: Past, order: Order, job: Job) -> list[Case]:
    """A case for each remake and for a failed check, closed when the new pair was ready."""
    causes = [*past.remakes, *([past.failed_check] if past.failed_check else [])]
    closed = past.ready_at
    return [
        Case(
            number=f"K-{order.number}-{n}", kind="remake" if cause in past.remakes else "qc_failed", title=f"{order.number}",
            branch_id=past.branch.pk, subject_type="labjobs.job", subject_id=job.pk, customer_id=past.customer.pk,
            order_id=order.pk, owner_id=past.seller_id, owner_role="dispensing_optician", state=CaseState.CLOSED,
            recorded_at=past.released_at, closed_at=closed, closed_by_id=past.seller_id, cause_code=cause,
            party_at_fault=_party(cause), decision="remake", closing_note="Made again",
        )
        for n, cause in enumerate(causes, 1)
    ]  # fmt: skip


def _closed(case: Case) -> Event:
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


def _events(past: Past, order: Order) -> list[Event]:
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
        told.append(("order.cancelled", past.confirmed_at + _HOUR, {}))
    return [
        Event(
            kind=kind, at=at, actor_id=past.seller_id, actor_name="", branch_id=past.branch.pk, source=Source.COUNTER.value,
            subject_type="orders.order", subject_id=order.pk, customer_id=past.customer.pk, order_id=order.pk, data=data,
            reason_code="lab_delay" if kind == "order.repromised" else "",
        )
        for kind, at, data in told
    ]  # fmt: skip


def count_up(prefixes: Iterable[str], first: int = 1) -> list[str]:
    """Order numbers below those of the day: `RSB-00001`, each branch by itself."""
    counts: dict[str, int] = defaultdict(lambda: first)
    found = []
    for prefix in prefixes:
        found.append(f"{prefix}-{counts[prefix]:05d}")
        counts[prefix] += 1
    return found
