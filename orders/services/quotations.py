"""Quotations: price an order, put it before the customer, replace it by a later version, let it lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from core.prepared import Slot, prepared
from orders import basis, discounts, numbering, pricing, quoted_text, resting, rules, states, workdays
from orders.discounts import Discount, Taken
from orders.models import Order, OrderState, Quotation, QuotationLine, QuotationState
from orders.needs import Parts, parts_of, still
from orders.services import agreement, common
from orders.services.common import Said
from orders.services.dispense.checks import require_fit
from prescriptions.models import PrescriptionState
from records.services import approvals, reviews
from records.services.approvals import Input

REQUOTE = "quotation_waiting"
LIVE = (QuotationState.DRAFT, QuotationState.SENT, QuotationState.APPROVED)


@dataclass(frozen=True)
class QuoteRequest:
    """What staff add to what was chosen. `second_person_id` agreed to discounts above the asker's limit.

    Without `promised_on` the date follows from lead days and working days; without `deposit` from the branch. `reason` is
    why an agreed quotation is replaced.
    """

    discounts: Sequence[Discount] = ()
    services: Sequence[pricing.ServiceItem] = ()
    promised_on: date | None = None
    deposit: Decimal | None = None
    second_person_id: int | None = None
    version: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class Priced:
    """The lines of a quotation in money, and who agreed to its discounts beside the asker."""

    lines: Sequence[tuple[pricing.PricedLine, Taken, rules.LineMoney]]
    tax: rules.TaxRule
    agreed_by: Actor | None = None

    @property
    def sums(self) -> rules.Sums:
        return rules.sums([money for _line, _taken, money in self.lines], self.tax)


@transaction.atomic
def make(actor: Actor, order_id: int, request: QuoteRequest, seen: Parts | None = None) -> Quotation:
    """Price the order as it stands now; an earlier live version is replaced. Raises DomainError at the fields.

    `seen` are the parts that the page has read a moment ago: they are taken where they still stand.
    """
    order = common.open_for(actor, Can.EDIT_ORDERS, order_id, request.version)
    if order.state not in states.PROMISED:
        states.ORDER.step("quote", order.state)
    _adopt_current_prescription(order, actor)
    _require_standing_prescription(order)
    parts = still(order, seen) if seen else parts_of(order)
    require_fit(order, parts)
    priced = price(actor, order, request, parts)
    promised, deposit = _promised(order, request, parts), _deposit(order, request, priced.sums.total)
    agreement.reopen(actor, order, agreement.Offer(priced.sums, deposit, promised), request.reason)
    version = _replace_newest(order) + 1
    quotation = _store(actor, order, priced, version, promised, deposit)
    lines = QuotationLine.objects.bulk_create(_lines(quotation, priced))
    _freeze(quotation, [*basis.live(order, parts), basis.total_input(quotation)], lines)
    if order.state not in states.PROMISED:
        common.move(order, "quote")
        order.quoted_at, order.approved_at = timezone.now(), None
    common.save(order)
    common.tell("quotation.made", actor, order, _made(quotation), quotation)
    reviews.settle(order, (REQUOTE, resting.QUOTED_PRICE), actor)
    return quotation


def _made(quotation: Quotation) -> Said:
    return Said(
        new={
            "total": f"{quotation.total:.2f}",
            "promised": quotation.promised_on.isoformat(),
            "version": str(quotation.version),
        },
        data={"quotation": quotation.pk, "total": f"{quotation.total:.2f}", "version": quotation.version},
    )


def proposed_date(order: Order, now: datetime | None = None, parts: Parts | None = None) -> date:
    """The day the order can be ready: lead days of lens and add-ons in working days of the branch."""
    return workdays.after(common.today(order.branch, now), pricing.lead_days(order, parts), order.branch)


def price(actor: Actor, order: Order, request: QuoteRequest, parts: Parts | None = None) -> Priced:
    """Lines, discounts and tax of the order as it would be quoted now. Saves nothing."""
    lines = pricing.lines_of(order, request.services, parts=parts)
    if not lines:
        message = _("There is nothing to quote yet. Choose a frame, lenses or a service first.")
        raise DomainError(message, code="no_lines")
    taken = discounts.in_money(lines, request.discounts)
    second = common.second_person(actor, request.second_person_id)
    agreed = discounts.agreed_by(taken, order.branch_id, actor, second)
    tax = rules.TaxRule(order.branch.tax_percent, order.branch.prices_include_tax)
    rows = []
    for line in lines:
        off = taken.get(line.key, discounts.NOTHING)
        rows.append((line, off, rules.line_money(line.quantity, line.unit_price, off.amount, tax)))
    return Priced(rows, tax, agreed)


def _adopt_current_prescription(order: Order, actor: Actor) -> None:
    """A quotation made after a correction is made for the corrected version."""
    old, current = order.prescription, basis.current_prescription(order)
    if current is None or old is None or current.pk == old.pk:
        return
    order.prescription = current
    said = Said(old={"prescription": str(old)}, new={"prescription": str(current)})
    common.tell("order.prescription_chosen", actor, order, said)
    # Inputs are read from the row, so the pointer is stored before they are frozen.
    common.save(order)


def _require_standing_prescription(order: Order) -> None:
    """Nothing new is offered from a prescription that was withdrawn; what is promised already may still change its price."""
    row = order.prescription
    if row is None or order.state in states.PROMISED or row.state == PrescriptionState.CURRENT:
        return
    message = _("Prescription %(number)s is %(state)s: choose another one for this order first.")
    words = {"number": row.number, "state": row.get_state_display().lower()}
    raise DomainError(message % words, code="prescription_not_current")


def _promised(order: Order, request: QuoteRequest, parts: Parts) -> date:
    promised = request.promised_on or proposed_date(order, parts=parts)
    if promised < common.today(order.branch):
        message = _("The promised date lies in the past. Choose today or a later day.")
        raise DomainError(message, fields={"promised_on": message}, code="date_past")
    return promised


def _deposit(order: Order, request: QuoteRequest, total: Decimal) -> Decimal:
    if request.deposit is None:
        return rules.deposit(total, order.branch.deposit_percent)
    if not rules.ZERO <= request.deposit <= total:
        message = _("A deposit lies between nothing and the total.")
        raise DomainError(message, fields={"deposit": message}, code="deposit_range")
    return rules.to_cents(request.deposit)


def _store(actor: Actor, order: Order, priced: Priced, version: int, promised: date, deposit: Decimal) -> Quotation:
    sums, today = priced.sums, common.today(order.branch)
    return Quotation.objects.create(
        order=order,
        number=numbering.quotation_number(order),
        version=version,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
        valid_until=today + timedelta(days=order.branch.quote_valid_days),
        promised_on=promised,
        subtotal=sums.subtotal,
        discount=sums.discount,
        tax_percent=priced.tax.percent,
        tax_included=priced.tax.included,
        tax=sums.tax,
        total=sums.total,
        deposit_required=deposit,
    )


def _lines(quotation: Quotation, priced: Priced) -> list[QuotationLine]:
    second = priced.agreed_by.user_id if priced.agreed_by else None
    return [
        QuotationLine(
            quotation=quotation,
            position=position,
            key=line.key,
            kind=line.kind,
            description=line.description,
            detail=line.detail,
            record_type=line.record_type,
            record_id=line.record_id,
            eye=line.eye,
            quantity=line.quantity,
            unit_price=line.unit_price,
            unit_cost=line.unit_cost,
            discount_percent=taken.percent,
            discount=taken.amount,
            discount_reason=taken.reason,
            discount_approved_by_id=second if taken.amount else None,
            net=money.net,
            tax=money.tax,
        )
        for position, (line, taken, money) in enumerate(priced.lines, start=1)
    ]


def _freeze(quotation: Quotation, inputs: Sequence[Input], lines: Sequence[QuotationLine]) -> None:
    """Keep what the decision will rest on: inputs, the text the customer reads, and the hash of both."""
    quotation.inputs = basis.stored(inputs)
    quotation.text_shown = quoted_text.text(quotation, lines)
    quotation.content_hash = approvals.content_hash(inputs, quotation.total, quotation.text_shown)
    quotation.save()


def live_of(order: Order) -> Quotation | None:
    """The version that counts: draft, sent or approved."""
    return order.quotations.filter(state__in=LIVE).first()


def _replace_newest(order: Order) -> int:
    """Only the newest version can be the live one. Returns its version, nothing for the first quotation."""
    newest = _newest_locked().row(order=order.pk)
    if newest is None:
        return 0
    if newest.state in LIVE:
        newest.state = states.QUOTATION.step("replace", newest.state).end
        newest.save()
    return newest.version


@prepared
def _newest_locked() -> QuerySet[Quotation]:
    return Quotation.objects.select_for_update().filter(order=Slot("order")).order_by("-version")[:1]


def replace_live(order: Order) -> None:
    """A later version, or a new choice, takes the place of the live one."""
    quotation = order.quotations.select_for_update().filter(state__in=LIVE).first()
    if quotation is not None:
        quotation.state = states.QUOTATION.step("replace", quotation.state).end
        quotation.save()


def drop_live(order: Order, actor: Actor, because: str) -> bool:
    """For the dispensing desk: what was quoted is being chosen again, so the quotation no longer holds.

    Only before the order is confirmed; afterwards a change opens reviews. The caller holds the order's lock and saves it.
    """
    quotation = live_of(order)
    if quotation is None or order.state not in (OrderState.QUOTED, OrderState.APPROVED):
        return False
    replace_live(order)
    common.move(order, "reopen")
    order.approved_at = None
    common.tell("quotation.replaced", actor, order, Said(reason=because, data={"quotation": quotation.pk}), quotation)
    return True


def follow_choice(order: Order, actor: Actor, reason: str) -> None:
    """Frame, lens or measures were chosen again: the quotation on the table is taken back, to be made anew."""
    if drop_live(order, actor, reason):
        common.save(order)


@transaction.atomic
def mark_sent(actor: Actor, order_id: int, channel: str) -> Quotation:
    """The quotation goes to the customer by link; the message itself follows from the event."""
    order = common.open_for(actor, Can.EDIT_ORDERS, order_id)
    quotation = waiting(order)
    quotation.state = states.QUOTATION.step("send", quotation.state).end
    quotation.sent_at = timezone.now()
    quotation.save()
    said = Said(data={"quotation": quotation.pk, "channel": channel, "version": quotation.version})
    common.tell("quotation.sent", actor, order, said, quotation)
    return quotation


def waiting(order: Order) -> Quotation:
    """The version the customer can decide on, locked. Raises DomainError when there is none or it has lapsed."""
    quotation = _waiting_locked().row(order=order.pk)
    if quotation is None:
        raise DomainError(_("There is no quotation waiting for an answer."), code="nothing_to_decide")
    if quotation.valid_until < common.today(order.branch):
        raise DomainError(
            _("This quotation was valid to %(day)s. Make a new one.") % {"day": quotation.valid_until.isoformat()},
            code="quotation_expired",
        )
    return quotation


@prepared
def _waiting_locked() -> QuerySet[Quotation]:
    waiting = Quotation.objects.select_for_update().filter(order=Slot("order"))
    return waiting.filter(state__in=[QuotationState.DRAFT, QuotationState.SENT])


@transaction.atomic
def waiting_now(order: Order) -> Quotation:
    """The version to put before the customer, or the reason why there is none."""
    return waiting(order)


@transaction.atomic
def opened(actor: Actor, quotation_id: int) -> None:
    """The customer has opened the link for the first time; opening again changes nothing."""
    quotation = _with_order().row(quotation=quotation_id)
    if quotation is None or quotation.opened_at is not None or quotation.state != QuotationState.SENT:
        return
    quotation.opened_at = timezone.now()
    quotation.save()
    common.tell("quotation.opened", actor, quotation.order, Said(data={"quotation": quotation.pk}), quotation)


@prepared
def _with_order() -> QuerySet[Quotation]:
    """Both locked."""
    return Quotation.objects.select_for_update().select_related("order").filter(pk=Slot("quotation"))


def lapse_expired(actor: Actor, now: datetime) -> int:
    """For the nightly task: quotations past their validity lapse, one transaction each. Returns how many."""
    open_ones = Quotation.objects.filter(
        state__in=[QuotationState.DRAFT, QuotationState.SENT], valid_until__lt=now.date() + timedelta(days=1)
    )
    return sum(_lapse(actor, order_id, now) for order_id in open_ones.values_list("order_id", flat=True))


@transaction.atomic
def _lapse(actor: Actor, order_id: int, now: datetime) -> bool:
    order = common.lock(order_id)
    quotation = live_of(order)
    if quotation is None or quotation.valid_until >= common.today(order.branch, now):
        return False
    if not states.QUOTATION.allows("lapse", quotation.state):
        return False
    quotation.state = states.QUOTATION.step("lapse", quotation.state).end
    quotation.save()
    if order.state == OrderState.QUOTED:
        common.move(order, "reopen")
        common.save(order)
    common.tell("quotation.lapsed", actor, order, Said(data={"quotation": quotation.pk}), quotation)
    return True
