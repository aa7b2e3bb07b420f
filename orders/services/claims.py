"""Claims on a medical aid or insurer: submitted, answered, paid or withdrawn. What it does not pay is the customer's."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, NotVisible, Problems, StaleRecord
from core.money import money
from orders import rules, states
from orders.models import Claim, ClaimState, EntryKind, Order, PaymentMethod
from orders.models.claim import OPEN_CLAIMS
from orders.services import common, ledger, payments
from orders.services.common import Said
from orders.services.ledger import Entry
from records.services import reviews

CLAIM_REVIEW = "claim_amount"


@dataclass(frozen=True)
class ClaimData:
    """What the insurer is asked for; the amount is in the practice's currency."""

    order_id: int
    insurer: str
    member_number: str
    amount: Decimal
    authorisation: str = ""
    key: UUID | None = None


@dataclass(frozen=True)
class Answer:
    """The insurer's answer: zero rejects, less than claimed approves a part and needs the insurer's reason."""

    claim_id: int
    approved: Decimal
    reason: str = ""
    authorisation: str = ""
    version: int | None = None


@transaction.atomic
def submit(actor: Actor, data: ClaimData) -> Claim:
    """Ask the insurer. The same key is the same claim. Raises DomainError at the field; then nothing is kept."""
    order = _order_for(actor, data.order_id)
    earlier = Claim.objects.filter(key=data.key).first() if data.key else None
    if earlier is not None:
        return earlier
    if order.state not in states.PLACED:
        raise DomainError(_("Nothing is owed before the order is confirmed. Confirm it first."), code="not_confirmed")
    _check(order, data)
    claim = Claim.objects.create(
        order=order, insurer=data.insurer.strip(), member_number=data.member_number.strip(),
        authorisation=data.authorisation.strip(), amount=rules.to_cents(data.amount), key=data.key,
        source=actor.source.value, recorded_by_id=actor.user_id, responsible_role=actor.role,
    )  # fmt: skip
    _tell("claim.submitted", actor, claim)
    return claim


def _order_for(actor: Actor, order_id: int) -> Order:
    """Those at the till, and those who reconcile."""
    order = common.lock(order_id)
    at_till = access.allowed(actor, Can.TAKE_PAYMENTS, order.branch_id)
    common.require_here(actor, Can.TAKE_PAYMENTS if at_till else Can.RECONCILE_PAYMENTS, order)
    return order


def _check(order: Order, data: ClaimData) -> None:
    problems = Problems()
    if not data.insurer.strip():
        problems.add("insurer", _("Enter the medical aid or insurer."))
    if not data.member_number.strip():
        problems.add("member_number", _("Enter the member number."))
    free = ledger.money_of(order).share
    if data.amount <= 0:
        problems.add("amount", _("Enter an amount above zero."))
    elif data.amount > free:
        problems.add("amount", _("Only %(free)s is owed and not claimed yet.") % {"free": money(free)})
    problems.raise_if_any(_("The claim was not kept."))


def _tell(kind: str, actor: Actor, claim: Claim, reason: str = "") -> None:
    data = {
        "claim": claim.pk,
        "insurer": claim.insurer,
        "amount": f"{claim.amount:.2f}",
        "approved": f"{claim.approved:.2f}" if claim.approved is not None else "",
        "shortfall": f"{claim.shortfall:.2f}" if claim.shortfall is not None else "",
    }
    common.tell(kind, actor, claim.order, Said(reason=reason, data=data), claim)


def _open(actor: Actor, claim_id: int, version: int | None = None) -> tuple[Order, Claim]:
    """The order first, then its claim, both locked."""
    order_id = Claim.objects.filter(pk=claim_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotVisible(_("Not found."), code="not_visible")
    order = _order_for(actor, order_id)
    claim = Claim.objects.select_for_update(of=("self",)).get(pk=claim_id)
    claim.order = order
    if version is not None and version != claim.version:
        raise StaleRecord(
            _("Somebody else changed this claim since you opened it. Look at it again."), current_version=claim.version
        )
    return order, claim


def _move(claim: Claim, verb: str, end: str | None = None) -> None:
    claim.state = states.CLAIM.step(verb, claim.state, end).end
    claim.version += 1


def _settle(actor: Actor, claim: Claim) -> None:
    """With the last open claim the question ends whether its amount is still right."""
    if not Claim.objects.filter(order=claim.order_id, state__in=OPEN_CLAIMS).exists():
        reviews.settle(claim.order, CLAIM_REVIEW, actor, _("No claim is open any more."))


@transaction.atomic
def answer(actor: Actor, data: Answer) -> Claim:
    """Keep what the insurer said. What it does not approve is the customer's from now on."""
    _order, claim = _open(actor, data.claim_id, data.version)
    problems = Problems()
    if data.approved < 0 or data.approved > claim.amount:
        problems.add(
            "approved", _("Enter an amount from zero to the %(claimed)s claimed.") % {"claimed": money(claim.amount)}
        )
    elif data.approved < claim.amount and not data.reason.strip():
        problems.add("reason", _("Enter the insurer's reason for paying less."))
    problems.raise_if_any(_("The answer was not kept."))
    end = ClaimState.APPROVED if data.approved == claim.amount else ClaimState.PART_APPROVED
    _move(claim, "answer", end if data.approved else ClaimState.REJECTED)
    claim.approved, claim.answer = rules.to_cents(data.approved), data.reason.strip()[:200]
    claim.authorisation = data.authorisation.strip() or claim.authorisation
    claim.answered_at = timezone.now()
    if claim.state == ClaimState.REJECTED:
        claim.ended_at = claim.answered_at
    claim.save()
    _settle(actor, claim)
    _tell("claim.answered", actor, claim, claim.answer)
    return claim


@transaction.atomic
def pay(actor: Actor, claim_id: int, amount: Decimal, reference: str, version: int | None = None) -> Claim:
    """The insurer's money is here: a payment in the ledger, once per claim. Less than approved: the rest is the customer's."""
    order, claim = _open(actor, claim_id, version)
    if claim.state == ClaimState.PAID and claim.paid == amount:
        return claim
    problems = Problems()
    if amount <= 0 or amount > (claim.approved or rules.ZERO):
        words = {"approved": money(claim.approved or rules.ZERO)}
        problems.add("amount", _("Enter what came, at most the %(approved)s approved.") % words)
    if not reference.strip():
        problems.add("reference", _("Enter the insurer's payment reference."))
    _move(claim, "pay")
    problems.raise_if_any(_("The payment was not posted."))
    posted = Entry(
        EntryKind.PAYMENT, -rules.to_cents(amount), PaymentMethod.INSURER, reference.strip()[:80],
        reason=_("Claim on %(insurer)s") % {"insurer": claim.insurer},
    )  # fmt: skip
    claim.entry = payments.post_payment(order, posted, actor)
    claim.paid, claim.ended_at = rules.to_cents(amount), timezone.now()
    claim.save()
    _settle(actor, claim)
    _tell("claim.paid", actor, claim)
    return claim


@transaction.atomic
def withdraw(actor: Actor, claim_id: int, reason: str, version: int | None = None) -> Claim:
    """Not asked for any more; the whole amount is the customer's again."""
    _order, claim = _open(actor, claim_id, version)
    return _withdrawn(actor, claim, common.needs_reason(reason, _("Say why the claim is withdrawn.")))


def _withdrawn(actor: Actor, claim: Claim, reason: str) -> Claim:
    _move(claim, "withdraw")
    claim.ended_at, claim.answer = timezone.now(), claim.answer or reason
    claim.save()
    _settle(actor, claim)
    _tell("claim.withdrawn", actor, claim, reason)
    return claim


def withdraw_all(actor: Actor, order: Order, reason: str) -> None:
    """For the cancellation of an order, which holds its lock."""
    for claim in (
        Claim.objects.select_for_update(of=("self",)).filter(order=order, state__in=OPEN_CLAIMS).order_by("pk")
    ):
        claim.order = order
        _withdrawn(actor, claim, reason)
