"""What rests on an order's own date and money: who comes to fetch it, the work that began, what an insurer was asked for."""

from collections.abc import Collection, Iterable, Sequence
from copy import copy
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from branches.scope import Scope
from core import formats, ui
from core.money import money
from orders.models import Claim, Order, OrderState, QuotationState
from orders.models.claim import OPEN_CLAIMS
from orders.record_kinds import order_url
from orders.resting import affected
from orders.services import claims, ledger, payments
from records.events import type_of
from records.facts import role_word
from records.registry import kind_of
from records.services import approvals, changes
from records.services.approvals import Input
from records.services.changes import Affected
from visits.models import Appointment, AppointmentKind, AppointmentState

APPOINTMENT, DEPOSIT, CLAIM = "fetching", payments.DEPOSIT_REVIEW, claims.CLAIM_REVIEW
_FETCHING = (AppointmentKind.COLLECTION, AppointmentKind.FITTING)


def _day(appointment: Appointment) -> date:
    begins: datetime = appointment.period.lower
    return begins.astimezone(ZoneInfo(appointment.branch.time_zone)).date()


def _booked(customers: Collection[int]) -> list[Appointment]:
    found = Appointment.objects.filter(
        customer__in=customers, kind__in=_FETCHING, state=AppointmentState.BOOKED
    ).select_related("branch", "customer")
    return list(found.order_by("period"))


def appointments(order: Order) -> Iterable[Affected]:
    """Appointments to fetch or fit the glasses on a day before the one that is promised now."""
    for one in _booked([order.customer_id]):
        if order.promised_on and _day(one) < order.promised_on:
            found = affected(order, _words(one), approval=approvals.current(order, APPOINTMENT))
            yield replace(found, url=kind_of(type_of(one)).url(one), owner_id=None, owner_name="")


def _words(one: Appointment) -> str:
    clock = one.period.lower.astimezone(ZoneInfo(one.branch.time_zone)).replace(tzinfo=None)
    when = formats.day_time(clock, today=date.min)
    words = {"kind": one.get_kind_display(), "name": one.customer.full_name, "when": when, "branch": one.branch.name}
    return _("%(kind)s of %(name)s, %(when)s, %(branch)s") % words


def coming_before(orders: Sequence[Order], new_date: date | None, scope: Scope) -> list[ui.Affected]:
    """ "This affects" of one new date for many orders, in one query; without a date yet, every appointment to fetch them."""
    day, row = new_date or date.max, changes.of_decision(APPOINTMENT)
    return [
        ui.Affected(_words(one), row.before_next_stage, role_word(row.owner_role), url=kind_of(type_of(one)).url(one))
        for one in _booked({order.customer_id for order in orders})
        if row and _day(one) < day and scope.covers(one.branch_id)
    ]


def as_promised(order: Order, new_date: date | None) -> Order:
    """The order as it would stand, for "This affects" before anything is saved."""
    shown = copy(order)
    shown.promised_on = new_date or date.max
    return shown


def live_appointments(order: Order) -> list[Input]:
    """Every appointment to fetch them beside the promised day."""
    promised = formats.day(order.promised_on, today=date.min) if order.promised_on else "–"
    return [
        Input(
            type_of(one),
            one.pk,
            one.version,
            str(one.get_kind_display()),
            {_("Appointment"): formats.day(_day(one), today=date.min), _("Glasses promised"): promised},
        )
        for one in _booked([order.customer_id])
    ] or [Input(type_of(order), order.pk, order.version, order.number, {_("Glasses promised"): promised})]


def agreed_date(order: Order) -> Iterable[Affected]:
    """The quotation that was approved with the earlier date stays; the customer is told the new one."""
    quotation = order.quotations.filter(state=QuotationState.APPROVED).first()
    if quotation is not None:
        words = {"number": quotation.number, "version": quotation.version}
        yield affected(order, _("Approval of quotation %(number)s, version %(version)s") % words)


def told(order: Order) -> Iterable[Affected]:
    """The customer who was told the earlier date."""
    name = order.customer.full_name
    yield affected(order, _("%(name)s is told the new date with its reason") % {"name": name})


def deposit(order: Order) -> Iterable[Affected]:
    """Work that began because the deposit was paid, when it is paid no longer."""
    missing = payments.deposit_missing(order) if order.state == OrderState.IN_PRODUCTION else None
    if missing:
        words = {"amount": money(missing), "number": order.number}
        title = _("%(amount)s of the deposit is missing while %(number)s is being made") % words
        yield replace(affected(order, title, amount=missing), owner_id=None, owner_name="")


def live_deposit(order: Order) -> list[Input]:
    """What is paid beside what was asked for before the work began."""
    known = ledger.money_of(order)
    values = {
        _("Charged"): money(known.charged),
        _("Paid"): money(known.paid),
        _("Deposit still missing"): money(payments.deposit_missing(order)),
    }
    return [Input(type_of(order), order.pk, order.version, order.number, values)]


def _claims(order: Order) -> list[Claim]:
    return list(Claim.objects.filter(order=order, state__in=OPEN_CLAIMS).order_by("pk"))


def claimed(order: Order) -> Iterable[Affected]:
    """Amounts that an insurer was asked for and has not paid."""
    for claim in _claims(order):
        words = {"insurer": claim.insurer, "amount": money(claim.amount)}
        title = _("Claim of %(amount)s on %(insurer)s") % words
        url = f"{order_url(order)}claims/{claim.pk}/"
        yield replace(affected(order, title, amount=claim.amount), url=url)


def live_claims(order: Order) -> list[Input]:
    """Each open claim beside what the order costs now."""
    charged = money(ledger.money_of(order).charged)
    return [
        Input(
            type_of(claim),
            claim.pk,
            claim.version,
            claim.insurer,
            {_("Claimed"): money(claim.amount), _("Charged"): charged},
        )
        for claim in _claims(order)
    ] or [Input(type_of(order), order.pk, order.version, order.number, {_("Charged"): charged})]
