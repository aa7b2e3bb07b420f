"""Paying online: a customer asks for a payment page; nothing is paid before the gateway's own notice says so."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import DomainError
from core.money import money
from orders import gateways, rules, states
from orders.gateways.base import Asked, Gateway, NotReached, Refused
from orders.models import Order, PaymentRequest, RequestState
from orders.services import common, ledger
from orders.services.common import Said

log = logging.getLogger(__name__)
# A page lives for most of a day: gateways allow 24 hours at the most.
PAGE_LIFE = timedelta(hours=23)


@dataclass(frozen=True)
class Ways:
    """Where the gateway sends the customer: after paying, and after leaving."""

    done: str
    left: str


def offered(order: Order) -> bool:
    """Whether the customer's page may offer to pay: a gateway is set up and something is owed."""
    return can_pay(order.state, due(order))


def can_pay(state: str, balance: Decimal) -> bool:
    """The same from what a page has read already."""
    return gateways.current() is not None and state in states.PLACED and balance > 0


def due(order: Order) -> Decimal:
    """What the customer owes without what is claimed from an insurer; never negative."""
    return ledger.money_of(order).share


@transaction.atomic
def ask(actor: Actor, order_id: int, amount: Decimal) -> PaymentRequest:
    """A request for this amount; asked again while it is open it is the same one, so that no amount is asked twice.

    The actor is the customer by their link. Raises DomainError at `amount`, or when nothing can be paid.
    """
    order = common.lock(order_id)
    gateway = _gateway()
    owed = due(order) if order.state in states.PLACED else rules.ZERO
    if owed <= 0:
        raise DomainError(_("There is nothing to pay now. Thank you."), code="nothing_due")
    _check(amount, owed)
    same = PaymentRequest.objects.filter(
        order=order, gateway=gateway.name, amount=amount, state=RequestState.OPEN, declined_at=None,
        expires_at__gt=timezone.now() + timedelta(minutes=5),
    )  # fmt: skip
    found = same.order_by("-pk").first()
    if found is not None:
        return found
    made = PaymentRequest.objects.create(
        order=order, branch=order.branch, gateway=gateway.name, amount=rules.to_cents(amount),
        currency=settings.CURRENCY, expires_at=timezone.now() + PAGE_LIFE,
    )  # fmt: skip
    data = {"request": made.pk, "amount": f"{made.amount:.2f}", "method": "online"}
    common.tell("payment.asked", actor, order, Said(data=data))
    return made


def _gateway() -> Gateway:
    gateway = gateways.current()
    if gateway is None:
        raise DomainError(_("Paying online is not possible at the moment. Please call us."), code="no_gateway")
    return gateway


def _check(amount: Decimal, owed: Decimal) -> None:
    message = ""
    if amount <= 0:
        message = _("Enter an amount above zero.")
    elif amount > owed:
        message = _("You owe %(amount)s. Enter that or less.") % {"amount": money(owed)}
    if message:
        raise DomainError(message, fields={"amount": message}, code="amount_range")


def open_page(request: PaymentRequest, ways: Ways) -> str:
    """The address of the gateway's page, made at the first call. Outside of any transaction: this talks to the gateway.

    Raises DomainError when the request has ended, or the gateway cannot be reached or refuses; then nothing was taken.
    """
    if not request.is_open:
        raise DomainError(_("This payment has ended. Begin again from your order."), code="ended")
    if request.url:
        return request.url
    gateway = gateways.named(request.gateway)
    if gateway is None:
        raise DomainError(_("Paying online is not possible at the moment. Please call us."), code="no_gateway")
    _close_others(gateway, request)
    return _made(gateway, request, ways)


def _made(gateway: Gateway, request: PaymentRequest, ways: Ways) -> str:
    try:
        session = gateway.create(_asked(request, ways))
    except NotReached as error:
        log.warning("Gateway %s not reached for request %s: %s", gateway.name, request.pk, error)
        message = _("The payment page does not answer. Nothing was taken. Try again in a minute, or pay in the shop.")
        raise DomainError(message, code="not_reached") from error
    except Refused as error:
        # The refusal stays under this key at the gateway: the next try is another one.
        PaymentRequest.objects.filter(pk=request.pk, attempt=request.attempt).update(attempt=request.attempt + 1)
        log.error("Gateway %s refuses request %s: %s", gateway.name, request.pk, error.words)
        message = _("The payment page cannot be opened. Nothing was taken. Please call us, or pay in the shop.")
        raise DomainError(message, code="gateway_refused") from error
    # Two tabs get the same page: same key, same session.
    PaymentRequest.objects.filter(pk=request.pk).update(session_ref=session.ref, url=session.url)
    return session.url


def _asked(request: PaymentRequest, ways: Ways) -> Asked:
    return Asked(
        request=str(request.public_id),
        key=f"pr:{request.public_id}:{request.attempt}",
        amount=request.amount,
        currency=request.currency,
        order=request.order.number,
        words=_("Order %(number)s") % {"number": request.order.number},
        done_url=ways.done,
        left_url=ways.left,
        language=(get_language() or settings.LANGUAGE_CODE).split("-")[0],
        expires_at=request.expires_at,
    )


def _close_others(gateway: Gateway, request: PaymentRequest) -> None:
    """Pages for other amounts must not be paid beside this one. What cannot be closed is settled when it is paid."""
    others = PaymentRequest.objects.filter(order_id=request.order_id, gateway=gateway.name, state=RequestState.OPEN)
    for other in others.exclude(pk=request.pk).exclude(session_ref=""):
        try:
            gateway.close(other.session_ref)
        except (NotReached, Refused):
            continue
        PaymentRequest.objects.filter(pk=other.pk, state=RequestState.OPEN).update(state=RequestState.EXPIRED)
