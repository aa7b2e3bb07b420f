"""The order itself: confirm, promise anew, assign, note, cancel; and the steps the laboratory and the counter call."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import User
from branches.roles import Can
from core import formats
from core.actor import Actor
from core.errors import DomainError, GateClosed, Missing
from core.prepared import Slot, prepared
from inventory.models import Reservation, ReservationState
from inventory.services import stock
from orders import followers, needs, rules
from orders.models import EntryKind, FrameChoice, FrameStatus, Order, OrderState, Quotation, QuotationState
from orders.services import claims, common, ledger, payments, quotations
from orders.services.common import Said
from orders.services.ledger import Entry
from records.services import approvals, changes, reviews
from records.services.changes import Change, FieldChange

# The rest is due on collection; a fortnight after the promise it is overdue.
PAYMENT_GRACE = timedelta(days=14)
# The decision that a change opens beside the customer's approval.
DATE_REVIEW = "promised_date"


@transaction.atomic
def confirm(actor: Actor, order_id: int) -> Order:
    """The approved quotation becomes an order and a charge. Confirming again changes nothing. Raises GateClosed."""
    order = common.open_for(actor, Can.APPROVE_ORDERS, order_id)
    if order.state in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION, OrderState.READY):
        return order
    return confirm_approved(actor, order)


def confirm_approved(actor: Actor, order: Order) -> Order:
    """For verbs that hold the lock and have checked the right: the customer's approval is the order."""
    missing = confirmation_missing(order)
    if missing:
        raise GateClosed(_("The order cannot be confirmed yet."), missing=missing, code="not_confirmable")
    return place(actor, order, order.quotations.get(state=QuotationState.APPROVED))


def place(actor: Actor, order: Order, quotation: Quotation) -> Order:
    """For verbs that know that nothing is missing: the approved quotation becomes the order and its charge."""
    common.move(order, "confirm")
    order.confirmed_at = timezone.now()
    order.promised_on = quotation.promised_on
    order.first_promised_on = order.first_promised_on or quotation.promised_on
    order.payment_due_on = quotation.promised_on + PAYMENT_GRACE
    common.save(order)
    charge(actor, order, quotation)
    said = Said(
        new={"total": f"{quotation.total:.2f}", "promised": quotation.promised_on.isoformat()},
        data={"quotation": quotation.pk, "total": f"{quotation.total:.2f}"},
    )
    common.tell("order.confirmed", actor, order, said)
    followers.follow(followers.CONFIRMED, order, actor, "")
    return order


def confirmation_missing(order: Order) -> list[Missing]:
    """Everything that stands between the customer's approval and a confirmed order."""
    missing = []
    quotation = order.quotations.filter(state=QuotationState.APPROVED).first()
    if quotation is None or approvals.current(quotation, "quotation") is None:
        missing.append(Missing("approval", _("The customer has not approved the quotation as it is now.")))
    return missing + frame_missing(order)


def frame_missing(order: Order) -> list[Missing]:
    """A frame from stock has to be held for the order."""
    frame = needs.frame_choice_of(order)
    if frame is not None and frame.status == FrameStatus.SUPPLY and not frame_held(frame):
        return [Missing("frame", _("The frame is not reserved from stock."))]
    return []


def frame_held(frame: FrameChoice) -> bool:
    reference = frame.reservation_reference
    return bool(reference) and _held().row(reference=reference) is not None


@prepared
def _held() -> QuerySet[Reservation, int]:
    held = Reservation.objects.filter(state__in=[ReservationState.HELD, ReservationState.CONSUMED])
    return held.filter(reference=Slot("reference")).values_list("pk", flat=True)[:1]


def charge(actor: Actor, order: Order, quotation: Quotation) -> None:
    """Post what the approved version costs: the invoice at first, afterwards only the difference to it."""
    posted = ledger.entries_of(order)
    if not any(entry.kind == EntryKind.CHARGE for entry in posted):
        if quotation.total:
            ledger.post(order, Entry(EntryKind.CHARGE, quotation.total, quotation_version=quotation.version), actor)
        return
    difference = quotation.total - ledger.money_from(posted, None).charged
    if difference:
        reason = _("Quotation version %(version)s") % {"version": quotation.version}
        entry = Entry(EntryKind.ADJUSTMENT, difference, reason=reason, quotation_version=quotation.version)
        payments.post_adjustment(order, entry, actor)


@transaction.atomic
def repromise(actor: Actor, order_id: int, new_date: date, cause: str, reason: str) -> Order:
    """A new date for the customer, with its cause. The first promise stays: lateness is judged against it."""
    order = common.open_for(actor, Can.REPROMISE_JOBS, order_id)
    return promise_anew(actor, order, new_date, cause, reason)


def promise_anew(
    actor: Actor, order: Order, new_date: date, cause: str, reason: str, data: Mapping[str, Any] | None = None
) -> Order:
    """For verbs that hold the lock and have checked the right, such as the laboratory's. `data`: what else is told."""
    if order.state not in (OrderState.CONFIRMED, OrderState.IN_PRODUCTION, OrderState.READY, OrderState.SHIPPED):
        raise DomainError(_("Only a confirmed order that is not handed over has a date to change."), code="no_promise")
    text = common.needs_reason(reason, _("Say why the date moves; the customer will read it."))
    if not cause.strip():
        raise DomainError(_("Choose the cause."), fields={"cause": _("Choose the cause.")}, code="cause_missing")
    _check_date(order, new_date)
    old = order.promised_on
    moved = set_promise(actor, order, new_date, Said(reason=text, reason_code=cause, data=data or {}))
    days = [formats.day(day, today=date.min) if day else "" for day in (old, new_date)]
    moving = FieldChange("promised_on", _("Promised date"), *days)
    changes.announce(order, Change([moving], cause, text, new_version=order.version), actor)
    followers.follow(followers.REPROMISED, moved, actor, text)
    return moved


def _check_date(order: Order, new_date: date) -> None:
    message = ""
    if new_date < common.today(order.branch):
        message = _("The date lies in the past. Choose today or a later day.")
    elif new_date == order.promised_on:
        message = _("This is the date promised now. Choose another one.")
    if message:
        raise DomainError(message, fields={"new_date": message}, code="date_range")


def set_promise(actor: Actor, order: Order, new_date: date, said: Said) -> Order:
    """For verbs that hold the lock: store the new date and tell it."""
    old = order.promised_on
    order.promised_on = new_date
    order.payment_due_on = new_date + PAYMENT_GRACE
    common.save(order)
    told = Said(
        reason=said.reason,
        reason_code=said.reason_code,
        old={"promised": old.isoformat() if old else ""},
        new={"promised": new_date.isoformat()},
        data={"first_promised": order.first_promised_on.isoformat() if order.first_promised_on else "", **said.data},
    )
    common.tell("order.repromised", actor, order, told)
    reviews.settle(order, DATE_REVIEW, actor, said.reason)
    return order


@transaction.atomic
def assign(actor: Actor, order_id: int, owner_id: int) -> Order:
    """Name who looks after the order. Raises DomainError for somebody who does not work in its branches."""
    order = common.open_for(actor, Can.EDIT_ORDERS, order_id)
    owner = User.objects.filter(pk=owner_id, is_active=True).first()
    if owner is None or not _works_for(owner, order):
        message = _("Choose somebody who works in the branch of this order.")
        raise DomainError(message, fields={"owner": message}, code="owner_elsewhere")
    if order.owner_id == owner.pk:
        return order
    old = order.owner.full_name if order.owner else ""
    order.owner = owner
    common.save(order)
    common.tell("order.assigned", actor, order, Said(old={"owner": old}, new={"owner": owner.full_name}))
    return order


def _works_for(person: User, order: Order) -> bool:
    """In a branch that sells, makes or hands out the order, or in all of them."""
    here = [branch for branch in (order.branch_id, order.collect_branch_id, order.made_branch_id) if branch]
    return person.memberships.filter(Q(branch_id__in=here) | Q(branch__isnull=True)).exists()


@transaction.atomic
def note(actor: Actor, order_id: int, text: str) -> Order:
    """What was done or agreed, for the next person: it stands in the list until the next note."""
    order = common.open_for(actor, Can.VIEW_ORDERS, order_id)
    if not text.strip():
        raise DomainError(_("Write the note first."), fields={"text": _("Write the note first.")}, code="empty")
    order.note = text.strip()[:200]
    common.save(order)
    common.tell("order.note", actor, order, Said(new={"note": order.note}))
    return order


@transaction.atomic
def cancel(actor: Actor, order_id: int, reason: str) -> Order:
    """End the order: give the frame back, take the charge back by a counter-entry. What was paid is then credit."""
    order = common.lock(order_id)
    early = order.state in (OrderState.DRAFT, OrderState.QUOTED)
    common.require_here(actor, Can.EDIT_ORDERS if early else Can.CANCEL_ORDERS, order)
    text = common.needs_reason(reason, _("Say why the order is cancelled."))
    common.move(order, "cancel")
    order.cancelled_at, order.cancelled_reason = timezone.now(), text
    followers.follow(followers.CANCELLED, order, actor, text)
    live = quotations.live_of(order)
    if live is not None and live.state != QuotationState.APPROVED:
        quotations.replace_live(order)
    common.save(order)
    claims.withdraw_all(actor, order, text)
    _take_charge_back(actor, order, text)
    _give_frame_back(actor, order)
    refund_due = -ledger.money_of(order).balance
    common.tell("order.cancelled", actor, order, Said(reason=text, data={"refund_due": f"{refund_due:.2f}"}))
    return order


def _take_charge_back(actor: Actor, order: Order, reason: str) -> None:
    charged = ledger.money_of(order).charged
    if charged:
        payments.post_adjustment(order, Entry(EntryKind.ADJUSTMENT, -charged, reason=reason), actor)


def _give_frame_back(actor: Actor, order: Order) -> None:
    frame = FrameChoice.objects.filter(order=order).exclude(reservation_reference="").first()
    if frame is not None:
        stock.release(actor, frame.reservation_reference)


@transaction.atomic
def start_production(actor: Actor, order_id: int, made_branch_id: int | None = None) -> Order:
    """Called at release: the laboratory has it. `made_branch_id` is the laboratory's branch, which then sees the order."""
    order = common.lock(order_id)
    common.move(order, "start_production")
    order.production_started_at = timezone.now()
    order.made_branch_id = made_branch_id
    common.save(order)
    return order


@transaction.atomic
def stop_production(actor: Actor, order_id: int) -> Order:
    """The laboratory gives it back unmade."""
    order = common.lock(order_id)
    common.move(order, "stop_production")
    order.production_started_at = None
    common.save(order)
    return order


@transaction.atomic
def mark_ready(actor: Actor, order_id: int) -> Order:
    """Checked and waiting for its owner; the ready message follows from the event."""
    order = common.lock(order_id)
    common.move(order, "mark_ready")
    order.ready_at = timezone.now()
    common.save(order)
    common.tell("order.ready", actor, order, Said(data={"delivery": order.delivery}))
    return order


@transaction.atomic
def send_back(actor: Actor, order_id: int, reason: str) -> Order:
    """A failed fitting or a late finding: it is being made again."""
    order = common.lock(order_id)
    text = common.needs_reason(reason, _("Say why it goes back to the laboratory."))
    common.move(order, "remake" if order.state == OrderState.COLLECTED else "send_back")
    order.ready_at = None
    order.collected_at = None
    common.save(order)
    common.tell("order.sent_back", actor, order, Said(reason=text))
    return order


@transaction.atomic
def collect(actor: Actor, order_id: int) -> Order:
    """Handed over. Gates (quality, balance, identity, cases) are the caller's: labjobs knows them."""
    order = common.lock(order_id)
    common.move(order, "collect")
    order.collected_at = timezone.now()
    common.save(order)
    balance = ledger.money_of(order).balance
    common.tell("order.collected", actor, order, Said(data={"balance": f"{balance:.2f}"}))
    return order


@transaction.atomic
def close(actor: Actor, order_id: int) -> Order:
    """Collected and paid in full: nothing is left to do. Raises DomainError while money is owed."""
    order = common.lock(order_id)
    if ledger.money_of(order).balance != rules.ZERO:
        raise DomainError(_("The order closes when it is paid in full."), code="balance_due")
    common.move(order, "close")
    order.closed_at = timezone.now()
    common.save(order)
    common.tell("order.closed", actor, order)
    return order
