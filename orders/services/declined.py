"""A payment that the gateway declined and that nobody made good: after a while a person takes it up."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cases.models import Case, CaseNote
from core.money import money
from orders.models import EntryKind, LedgerEntry, Order, PaymentRequest, RequestState
from orders.services import common, gateway_notices, ledger
from orders.services.common import local
from orders.states import PLACED

# What is older was looked at long ago, or is from before somebody set up the clock.
_LOOK_BACK = timedelta(days=30)


def open_unpaid(now: datetime) -> int:
    """A case for every order whose declined payment stays unpaid after DECLINED_PAYMENT_HOURS; how many were opened.

    Once for each decline: a case that was closed is not opened again by the same one, an open one hears of it once.
    """
    return sum(_open(pk) for pk in _unpaid(now).values_list("pk", flat=True))


def _unpaid(now: datetime) -> QuerySet[PaymentRequest]:
    """The last word on the money of the order was the decline."""
    waited = now - timedelta(hours=settings.DECLINED_PAYMENT_HOURS)
    entries = LedgerEntry.objects.filter(
        order=OuterRef("order"), kind=EntryKind.PAYMENT, at__gt=OuterRef("declined_at")
    )
    later = PaymentRequest.objects.filter(order=OuterRef("order"), declined_at__gt=OuterRef("declined_at"))
    taken_up = Case.objects.filter(
        kind=gateway_notices.PROBLEM, order_id=OuterRef("order_id"), recorded_at__gt=OuterRef("declined_at")
    )
    found = PaymentRequest.objects.filter(
        declined_at__range=(now - _LOOK_BACK, waited), order__state__in=PLACED
    ).exclude(state=RequestState.PAID)
    return found.exclude(Exists(entries)).exclude(Exists(later)).exclude(Exists(taken_up)).order_by("pk")


@transaction.atomic
def _open(request_id: int) -> bool:
    request = PaymentRequest.objects.get(pk=request_id)
    order = common.lock(request.order_id)
    due = ledger.money_of(order).share
    if due <= 0 or request.declined_at is None:
        return False
    words = {
        "when": f"{local(order.branch, request.declined_at):%d.%m. %H:%M}",
        "amount": money(request.amount),
        "why": request.decline_reason or "–",
        "due": money(due),
    }
    text = _("The online payment of %(amount)s was declined %(when)s (%(why)s) and not made good; %(due)s is owed.")
    if _is_noted(order, text % words):
        return False
    gateway_notices.problem(order, text % words)
    return True


def _is_noted(order: Order, text: str) -> bool:
    """A case that was open before the decline keeps it as a note."""
    notes = CaseNote.objects.filter(case__kind=gateway_notices.PROBLEM, case__order_id=order.pk, text=text)
    return notes.exists()
