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
from typing import Any

from branches.models import NumberSeries
from cases.models import Case
from core.actor import Source
from demo.past import (
    HOUR,
    Past,
    Template,
    again,
    case_rows,
    closed_event,
    event_rows,
    job_row,
    move_rows,
    priced,
    remember,
    state_of,
    store,
)
from inventory.models import Reservation, ReservationState, StockItem
from labjobs.models import Job, JobMove, QualityCheck, QualityLine
from orders import rules
from orders.models import (
    EntryKind,
    FrameChoice,
    FrameStatus,
    LedgerEntry,
    LensSpecification,
    Measurement,
    Order,
    OrderLink,
    Quotation,
    QuotationLine,
)
from prescriptions.models import PrescribedEye, Prescription
from records.models import Approval, Event

_LETTER = {EntryKind.CHARGE: "I", EntryKind.PAYMENT: "R", EntryKind.REFUND: "C", EntryKind.ADJUSTMENT: "A"}


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
    remember(Prescription, made)
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
            at, of = past.confirmed_at - HOUR, self.templates[past.template].prescription
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
        self.orders = store(Order)(rows)

    def _order(self, past: Past, number: str, rx: Prescription) -> Order:
        at, sold = past.confirmed_at, past.was_sold and not past.cancelled
        promised = (at + timedelta(days=past.promised_days)).date()
        return again(
            self.templates[past.template].order, number=number, public_code=f"P-{uuid.uuid4().hex[:9].upper()}",
            branch_id=past.branch.pk, collect_branch_id=past.branch.pk, customer_id=past.customer.pk, visit_id=None,
            prescription_id=rx.pk, state=state_of(past), seller_id=past.seller_id, owner_id=past.seller_id,
            first_promised_on=promised if past.was_sold else None, promised_on=promised if past.was_sold else None,
            payment_due_on=promised, recorded_at=at - HOUR, quoted_at=at - HOUR, second_pair_of_id=None,
            approved_at=at if past.was_sold else None, confirmed_at=at if past.was_sold else None,
            production_started_at=past.released_at if sold else None, ready_at=past.ready_at if sold else None,
            collected_at=past.collected_at if sold else None, closed_at=past.collected_at if sold else None, shipped_at=None,
            cancelled_at=None if sold else at + HOUR, cancelled_reason="" if sold else (past.declined or "Changed their mind"),
        )  # fmt: skip

    def _choices(self) -> None:
        frames = store(FrameChoice)(
            again(of.frame, order_id=order.pk, reservation_reference="", stock_branch_id=past.branch.pk)
            for past, of, order in self._each()
        )
        self._taken_from_stock(frames)
        made = store(LensSpecification)(again(of.lenses, order_id=order.pk) for _p, of, order in self._each())
        through = LensSpecification.add_ons.through
        through.objects.bulk_create(
            through(lensspecification_id=row.pk, lensaddon_id=add_on)
            for row, (_past, of, _order) in zip(made, self._each(), strict=True)
            for add_on in of.add_ons
        )
        store(Measurement)(
            again(of.measurement, order_id=order.pk, measured_by_id=past.seller_id) for past, of, order in self._each()
        )

    def _taken_from_stock(self, frames: Sequence[FrameChoice]) -> None:
        """What was handed over had been held for its order, and then left the shelf."""
        items = {(item.branch_id, item.frame_id): item.pk for item in StockItem.objects.all()}
        rows = []
        for (past, _of, _order), choice in zip(self._each(), frames, strict=True):
            if choice.status == FrameStatus.SUPPLY and choice.frame_id and past.collected_at and not past.cancelled:
                place = (past.branch.pk, choice.frame_id)
                if place not in items:
                    items[place] = StockItem.objects.create(branch_id=place[0], frame_id=place[1]).pk
                rows.append(
                    Reservation(
                        item_id=items[place], reference=f"orders.framechoice:{choice.pk}", held_at=past.confirmed_at,
                        ended_at=past.collected_at, state=ReservationState.CONSUMED, held_by_id=past.seller_id,
                    )
                )  # fmt: skip
        Reservation.objects.bulk_create(rows)

    def _quotations(self) -> None:
        rows, lines = [], []
        for past, of, order in self._each():
            quotation, of_order = priced(past, of, order)
            rows.append(quotation)
            lines.append(of_order)
        made = store(Quotation)(rows)
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
                at = past.confirmed_at + HOUR
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
            jobs = store(Job)(job_row(past, of, order, n, parents.get(order.pk)) for past, of, order in level)
            parents |= {job.order_id: job for job in jobs}
            self._work([(past, of, job, n) for (past, of, _order), job in zip(level, jobs, strict=True)])
        cases = store(Case)(case for past, _of, order in made for case in case_rows(past, order, parents[order.pk]))
        Event.objects.bulk_create(closed_event(case) for case in cases)

    def _work(self, done: Sequence[tuple[Past, Template, Job, int]]) -> None:
        """The moves of these jobs and their quality checks; the first job of an order may fail once before it passes."""
        JobMove.objects.bulk_create(move for past, _of, job, n in done for move in move_rows(past, job, n))
        rows = []
        for past, of, job, n in done:
            failed = bool(past.failed_check) and n == 0
            at = past.job_hours(n)[1] - 2 * HOUR
            if failed:
                rows.append((of, again(of.check, job_id=job.pk, attempt=1, passed=False, checked_at=at - 8 * HOUR)))
            rows.append((of, again(of.check, job_id=job.pk, attempt=2 if failed else 1, checked_at=at)))
        checks = store(QualityCheck)(check for _of, check in rows)
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
        Event.objects.bulk_create(event for past, _of, order in self._each() for event in event_rows(past, order))


def count_up(prefixes: Iterable[str], first: int = 1) -> list[str]:
    """Order numbers below those of the day: `RSB-00001`, each branch by itself."""
    counts: dict[str, int] = defaultdict(lambda: first)
    found = []
    for prefix in prefixes:
        found.append(f"{prefix}-{counts[prefix]:05d}")
        counts[prefix] += 1
    return found
