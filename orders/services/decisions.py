"""The customer's decision on a quotation: on the tablet in the shop, or by the link on the phone."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor, Source
from core.errors import DomainError, GateClosed, Missing, NotVisible
from core.prepared import Slot, prepared
from orders import basis, states
from orders.models import Order, OrderState, Quotation, QuotationState
from orders.services import common
from orders.services import orders as order_verbs
from orders.services.agreement import KIND
from orders.services.common import Said
from records.models import Approval, ApprovalMethod, EvidenceKind
from records.services import approvals, evidence, reviews

REVIEW = "quotation_approval"


@dataclass(frozen=True)
class ApprovalAnswer:
    """How the customer answered. `seen_hash` is the hash of the page that was open; `signature_png` what was drawn."""

    method: ApprovalMethod
    name: str
    seen_hash: str
    signature_png: bytes = b""
    device: str = ""
    ip: str | None = None


@transaction.atomic
def approve(actor: Actor, quotation_id: int, answer: ApprovalAnswer) -> Approval:
    """Record the approval on live values and confirm the order with it; the same answer again changes nothing.

    Raises GateClosed (`moved`) with every difference when something changed since the page was opened, DomainError
    when the version is expired, replaced or decided otherwise.
    """
    order, quotation = _open(actor, quotation_id)
    standing = _already(quotation, answer)
    if standing is not None:
        return standing
    _check_answer(answer)
    _check_open(order, quotation, answer)
    quotation.state = states.QUOTATION.step("approve", quotation.state).end
    quotation.decided_at = timezone.now()
    quotation.save()
    approval = _record(actor, order, quotation, answer)
    _keep_signature(actor, order, quotation, answer)
    common.tell("quotation.approved", actor, order, _said(quotation, approval), quotation)
    reviews.settle(order, (REVIEW, order_verbs.DATE_REVIEW), actor)
    _go_on(actor, order, quotation)
    return approval


def _open(actor: Actor, quotation_id: int) -> tuple[Order, Quotation]:
    """Locks the order, then the quotation. A customer's link is itself the right; staff need theirs."""
    order = common.lock_of_quotation(quotation_id)
    if actor.source != Source.LINK:
        common.require_here(actor, Can.APPROVE_ORDERS, order)
    quotation = _locked().row(quotation=quotation_id)
    if quotation is None:
        raise NotVisible(_("Not found."), code="not_visible")
    quotation.order = order
    return order, quotation


@prepared
def _locked() -> QuerySet[Quotation]:
    return Quotation.objects.select_for_update().filter(pk=Slot("quotation"))


def _already(quotation: Quotation, answer: ApprovalAnswer) -> Approval | None:
    """The second tap: the approval that stands for exactly what was shown."""
    if quotation.state != QuotationState.APPROVED or answer.seen_hash != quotation.content_hash:
        return None
    return approvals.current(quotation, KIND)


def _check_answer(answer: ApprovalAnswer) -> None:
    if not answer.name.strip():
        message = _("Enter the full name.")
        raise DomainError(message, fields={"name": message}, code="name_missing")
    if answer.method == ApprovalMethod.SIGNED_IN_SHOP and not answer.signature_png:
        message = _("Sign, or type the name and tick the box.")
        raise DomainError(message, fields={"signature": message}, code="signature_missing")


def _check_open(order: Order, quotation: Quotation, answer: ApprovalAnswer) -> None:
    """Nothing is decided on a stale page: replaced, decided, expired, or resting on values that moved."""
    if quotation.state == QuotationState.REPLACED:
        raise DomainError(_("There is a newer version of this quotation. Look at that one."), code="replaced")
    states.QUOTATION.step("approve", quotation.state)
    if quotation.valid_until < common.today(order.branch):
        day = quotation.valid_until.isoformat()
        raise DomainError(_("This quotation was valid to %(day)s.") % {"day": day}, code="quotation_expired")
    if answer.seen_hash != quotation.content_hash:
        raise DomainError(_("This page is older than the quotation. Read it again."), code="stale_page")
    moved = whats_moved(order, quotation)
    if moved:
        raise GateClosed(
            _("Something changed since this quotation was made. A new version is needed."), code="moved", missing=moved
        )


def whats_moved(order: Order, quotation: Quotation) -> list[Missing]:
    """What the quotation rests on and is different now, each in words."""
    kept = [one for one in basis.read(quotation.inputs) if one.record_type != "orders.quotation"]
    changes = basis.differences(kept, basis.live(order))
    return [Missing(change.field, str(change)) for change in changes]


def _record(actor: Actor, order: Order, quotation: Quotation, answer: ApprovalAnswer) -> Approval:
    return approvals.record(
        approvals.Decision(
            subject=quotation,
            kind=KIND,
            method=answer.method,
            inputs=basis.read(quotation.inputs),
            decided_by_name=answer.name.strip()[:120],
            branch_id=order.branch_id,
            customer_id=order.customer_id,
            order_id=order.pk,
            amount=quotation.total,
            text_shown=quotation.text_shown,
            device=answer.device[:200],
            ip_address=answer.ip,
        ),
        actor,
    )


def _keep_signature(actor: Actor, order: Order, quotation: Quotation, answer: ApprovalAnswer) -> None:
    if not answer.signature_png:
        return
    subject = evidence.Subject(quotation, order.branch_id, order.customer_id, order.pk)
    title = _("Signature of %(name)s") % {"name": answer.name.strip()}
    upload = evidence.Upload("signature.png", answer.signature_png)
    evidence.add(actor, subject, evidence.EvidenceData(EvidenceKind.SIGNATURE, title, upload=upload))


def _said(quotation: Quotation, approval: Approval) -> Said:
    return Said(
        new={"version": str(quotation.version), "total": f"{quotation.total:.2f}", "by": approval.decided_by_name},
        data={
            "quotation": quotation.pk,
            "approval": approval.pk,
            "method": approval.method,
            "total": f"{quotation.total:.2f}",
        },
    )


def _go_on(actor: Actor, order: Order, quotation: Quotation) -> None:
    """A first approval places the order; a later one changes the amount and the date of the order that stands."""
    if order.state == OrderState.QUOTED:
        common.move(order, "approve")
        order.approved_at = timezone.now()
        if order_verbs.frame_missing(order):
            common.save(order)
        else:
            order_verbs.place(actor, order, quotation)
        return
    order.approved_at = timezone.now()
    order_verbs.charge(actor, order, quotation)
    if quotation.promised_on == order.promised_on:
        common.save(order)
        return
    reason = _("Agreed with version %(version)s of the quotation.") % {"version": quotation.version}
    order_verbs.set_promise(actor, order, quotation.promised_on, Said(reason=reason, reason_code="quotation"))


@transaction.atomic
def decline(actor: Actor, quotation_id: int, answer: ApprovalAnswer, reason: str) -> Quotation:
    """The customer does not agree, and says why; the order can be chosen and quoted again."""
    order, quotation = _open(actor, quotation_id)
    if quotation.state == QuotationState.DECLINED:
        return quotation
    text = common.needs_reason(reason, _("Say what should be different."))
    if answer.seen_hash != quotation.content_hash:
        raise DomainError(_("This page is older than the quotation. Read it again."), code="stale_page")
    quotation.state = states.QUOTATION.step("decline", quotation.state).end
    quotation.decided_at = timezone.now()
    quotation.declined_reason = text
    quotation.save()
    if order.state == OrderState.QUOTED:
        common.move(order, "reopen")
        common.save(order)
    said = Said(reason=text, data={"quotation": quotation.pk, "method": answer.method})
    common.tell("quotation.declined", actor, order, said, quotation)
    return quotation
