"""Paying back over the gateway: asked for by a person, done by a worker, posted when the gateway has said yes."""

from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core import jobs
from core.actor import Actor, Source
from core.errors import DomainError, Problems
from core.money import money
from orders import gateways, rules
from orders.gateways.base import Refused
from orders.models import (
    EntryKind,
    GatewayRefund,
    LedgerEntry,
    Order,
    PaymentMethod,
    PaymentRequest,
    RefundState,
    RequestState,
)
from orders.services import common, gateway_notices, payments
from orders.services.common import Said
from orders.services.ledger import Entry
from orders.services.payments import RefundData

JOB = "orders.pay_back"


@transaction.atomic
def ask(actor: Actor, data: RefundData) -> GatewayRefund:
    """Send money back to the card it came from. The same key is the same refund; above the limit two people agree."""
    order = common.open_for(actor, Can.REFUND_PAYMENTS, data.order_id)
    earlier = GatewayRefund.objects.filter(key=data.key).first() if data.key else None
    if earlier is not None:
        if (earlier.request.order_id, earlier.amount) != (order.pk, data.amount):
            raise DomainError(
                _("This form was used before for another amount. Open the page again."), code="key_reused"
            )
        return earlier
    reason = common.needs_reason(data.reason, _("Say why money goes back."))
    request = _source(order, data.amount)
    second = payments.second_needed(actor, order, data.second_person_id, data.amount)
    made = GatewayRefund.objects.create(
        request=request, amount=rules.to_cents(data.amount), reason=reason, key=data.key or uuid4(),
        asked_by_id=actor.user_id, by_name=actor.name, approved_by_id=second,
    )  # fmt: skip
    common.tell("payment.refund_asked", actor, order, _said(made, reason))
    jobs.enqueue(JOB, f"{JOB}:{made.pk}", {"refund": made.pk}, actor=actor)
    return made


def _said(refund: GatewayRefund, reason: str) -> Said:
    data = {"refund": refund.pk, "amount": f"{refund.amount:.2f}", "method": PaymentMethod.ONLINE}
    return Said(reason=reason, data=data)


def _source(order: Order, amount: Decimal) -> PaymentRequest:
    """The online payment it is taken from: the newest that still holds so much."""
    problems = Problems()
    free = payments.refundable(order)
    held = left_of(order)
    if amount <= 0:
        problems.add("amount", _("Enter an amount above zero."))
    elif amount > free:
        problems.add("amount", _("Only %(paid)s can go back.") % {"paid": money(free)})
    elif not any(left >= amount for _request, left in held):
        most = max((left for _request, left in held), default=rules.ZERO)
        problems.add(
            "amount", _("At most %(most)s of one online payment can go back this way.") % {"most": money(most)}
        )
    problems.raise_if_any(_("Nothing was refunded."))
    return next(request for request, left in held if left >= amount)


def left_of(order: Order) -> list[tuple[PaymentRequest, Decimal]]:
    """Online payments, newest first, each with what of it has not gone back or is not on its way."""
    paid = PaymentRequest.objects.filter(order=order, state=RequestState.PAID).order_by("-pk")
    gone = GatewayRefund.objects.filter(request__order=order).exclude(state=RefundState.FAILED)
    sums = {row["request"]: row["sum"] for row in gone.values("request").annotate(sum=Sum("amount"))}
    return [(one, one.amount - sums.get(one.pk, rules.ZERO)) for one in paid]


def pay_back(refund_id: int) -> str:
    """For the worker: ask the gateway under a key of this refund, then settle. Raises NotReached to be tried again."""
    refund = GatewayRefund.objects.select_related("request").get(pk=refund_id)
    if refund.state != RefundState.WAITING:
        return refund.state
    gateway = gateways.named(refund.request.gateway)
    if gateway is None:
        return _settle(refund_id, refused=_("This gateway is no longer set up."))
    try:
        number = gateway.refund(refund.request.payment_ref, refund.amount, refund.request.currency, f"rf:{refund.key}")
    except Refused as error:
        return _settle(refund_id, refused=error.words)
    return _settle(refund_id, number)


@transaction.atomic
def _settle(refund_id: int, number: str = "", refused: str = "") -> str:
    """The gateway's answer becomes a ledger entry, or a case. Once."""
    found = GatewayRefund.objects.select_related("request").get(pk=refund_id)
    order = common.lock(found.request.order_id)
    refund = GatewayRefund.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=refund_id)
    if refund.state != RefundState.WAITING:
        return refund.state
    actor = Actor(refund.by_name, "", Source.COUNTER, refund.asked_by_id, order.branch_id)
    refund.ended_at = timezone.now()
    if refused:
        refund.state, refund.why = RefundState.FAILED, refused[:200]
        common.tell("payment.refund_refused", gateway_notices.ACTOR, order, _said(refund, refused[:200]))
        gateway_notices.problem(order, _("The gateway refused to pay back: %(why)s") % {"why": refused})
    else:
        refund.state, refund.gateway_ref = RefundState.DONE, number
        refund.entry = _posted(order, refund, number, actor)
    refund.save()
    return str(refund.state)


def _posted(order: Order, refund: GatewayRefund, number: str, actor: Actor) -> LedgerEntry:
    entry = Entry(
        EntryKind.REFUND, refund.amount, PaymentMethod.ONLINE, number[:80], refund.reason, key=refund.key,
        approved_by_id=refund.approved_by_id,
    )  # fmt: skip
    return payments.post_refund(order, entry, actor)


def waiting(order: Order) -> list[GatewayRefund]:
    """What is on its way back, for the order's page."""
    return list(GatewayRefund.objects.filter(request__order=order).exclude(state=RefundState.DONE).order_by("pk"))
