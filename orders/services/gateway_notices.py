"""What a gateway tells: verified on its raw bytes, stored once, applied once, in any order. Only this marks money as paid."""

from collections.abc import Callable, Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.services import cases
from cases.services.cases import CaseData
from core import jobs
from core.actor import Source, system
from orders import gateways
from orders.gateways import base
from orders.gateways.base import NotReadable, NotVerified, Told
from orders.models import GatewayNotice, Order, PaymentRequest, RequestState
from orders.services import common, ledger, payments
from orders.services.common import Said

JOB = "orders.gateway_notice"
PROBLEM = "payment_problem"
LARGEST = 256 * 1024
ACTOR = system("Payment gateway", source=Source.WEBHOOK)


def receive(name: str, headers: Mapping[str, str], raw: bytes) -> int:
    """The HTTP status to answer. 200 also for a repetition; 401 without detail for what is not signed, or not of now."""
    gateway = gateways.named(name)
    if gateway is None:
        return 404
    if len(raw) > LARGEST:
        return 413
    try:
        told = gateway.parse(headers, raw)
    except NotVerified:
        return 401
    except NotReadable:
        return 400
    keep(name, told.event_id, raw)
    return 200


def keep(name: str, event_id: str, raw: bytes) -> bool:
    """Store a verified notice and ask for its application. False when it was here before."""
    try:
        with transaction.atomic():
            row = GatewayNotice.objects.create(gateway=name, event_id=event_id[:160], raw=raw)
            jobs.enqueue(JOB, f"{JOB}:{row.pk}", {"notice": row.pk})
    except IntegrityError as error:
        if "gateway_notice_once" not in str(error):
            raise
        return False
    return True


@transaction.atomic
def apply(notice_id: int) -> str:
    """Do what a stored notice says, once; a few words on what that was. Raises GiveUp for a gateway no longer set up."""
    row = GatewayNotice.objects.select_for_update().get(pk=notice_id)
    if row.applied_at is not None:
        return row.result
    gateway = gateways.named(row.gateway)
    if gateway is None:
        raise jobs.GiveUp(f"the gateway {row.gateway} is not set up")
    told = gateway.read(bytes(row.raw))
    row.request = _request_of(row.gateway, told)
    row.result = _apply(told, row.request) if row.request else "not about a request of ours"
    row.applied_at = timezone.now()
    row.save(update_fields=["request", "result", "applied_at"])
    return row.result


def _request_of(gateway: str, told: Told) -> PaymentRequest | None:
    """By our own id, else by the gateway's numbers of page and money."""
    ours = PaymentRequest.objects.filter(gateway=gateway)
    for name, value in (("public_id", told.request), ("session_ref", told.session), ("payment_ref", told.payment)):
        if not value or (name == "public_id" and not _is_uuid(value)):
            continue
        found = ours.filter(**{name: value}).first()
        if found is not None:
            return found
    return None


def _is_uuid(value: str) -> bool:
    return len(value) == 36 and all(sign in "0123456789abcdef-" for sign in value)


def _apply(told: Told, found: PaymentRequest) -> str:
    """Order first, then the request: the same order of locks as every other verb."""
    order = common.lock(found.order_id)
    request = PaymentRequest.objects.select_for_update().get(pk=found.pk)
    does: dict[str, Callable[[Order, PaymentRequest, Told], str]] = {
        base.PAID: _paid,
        base.DECLINED: _declined,
        base.EXPIRED: _expired,
        base.DISPUTED: _disputed,
        base.REFUND_FAILED: _refund_failed,
    }
    verb = does.get(told.kind)
    return verb(order, request, told) if verb else "nothing to do"


def _paid(order: Order, request: PaymentRequest, told: Told) -> str:
    """Post it, if amount and currency are what was asked. What is above the balance becomes credit, and a case."""
    if request.state == RequestState.PAID:
        return _again(order, request, told)
    if (told.amount, told.currency.upper()) != (request.amount, request.currency):
        request.state, request.payment_ref = RequestState.MISMATCH, told.payment
        request.save(update_fields=["state", "payment_ref"])
        words = {"asked": f"{request.amount} {request.currency}", "told": f"{told.amount} {told.currency}"}
        problem(order, _("The gateway took %(told)s, %(asked)s was asked for. Nothing was posted.") % words)
        return "amount does not fit"
    owed = ledger.money_of(order).balance
    entry = payments.take_online(order, request.amount, told.payment, request.public_id, ACTOR)
    request.state, request.entry, request.paid_at = RequestState.PAID, entry, entry.at
    request.payment_ref, request.session_ref = told.payment, request.session_ref or told.session
    request.save(update_fields=["state", "entry", "paid_at", "payment_ref", "session_ref"])
    if request.amount > owed:
        problem(order, _("Paid online although less was owed: pay the credit back, or use it for another order."))
    return "paid"


def _again(order: Order, request: PaymentRequest, told: Told) -> str:
    """The same money told twice is nothing; other money for the same request is a problem."""
    if told.payment in ("", request.payment_ref):
        return "paid before"
    problem(order, _("The gateway tells a second payment, %(ref)s, for the same request.") % {"ref": told.payment})
    return "paid twice"


def _declined(order: Order, request: PaymentRequest, told: Told) -> str:
    """Nothing was taken and the order stays as it is; the customer's page says what to do."""
    if request.state != RequestState.OPEN:
        return "declined before it was paid" if request.state == RequestState.PAID else "nothing to do"
    request.declined_at, request.decline_reason = timezone.now(), told.reason[:200]
    request.save(update_fields=["declined_at", "decline_reason"])
    data = {"request": request.pk, "amount": f"{request.amount:.2f}", "method": "online"}
    common.tell("payment.declined", ACTOR, order, Said(reason=told.reason[:200], data=data))
    return "declined"


def _expired(order: Order, request: PaymentRequest, told: Told) -> str:
    if request.state != RequestState.OPEN:
        return "nothing to do"
    request.state = RequestState.EXPIRED
    request.save(update_fields=["state"])
    return "expired"


def _disputed(order: Order, request: PaymentRequest, told: Told) -> str:
    problem(order, _("The customer's bank disputes the payment %(ref)s: %(why)s") % _named(told))
    return "disputed"


def _refund_failed(order: Order, request: PaymentRequest, told: Told) -> str:
    problem(order, _("Money paid back over the gateway has returned (%(ref)s): %(why)s") % _named(told))
    return "refund failed"


def _named(told: Told) -> dict[str, str]:
    return {"ref": told.payment or told.session, "why": told.reason or "–"}


def problem(order: Order, words: str) -> None:
    """A case with an owner; while one is open for the order, the words are added to it."""
    title = _("Payment of %(number)s") % {"number": order.number}
    data = CaseData(PROBLEM, order, order.branch_id, title, words, order.customer_id, order.pk)
    cases.open_case(ACTOR, data)
