"""Restrict at once, forget after a second person agreed: contact and consent go, what the law keeps stays without a name."""

from collections import Counter
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible
from customers.models import Channel, Consent, ConsentPurpose, Customer
from customers.services import importing
from customers.services.customers import lock
from notifications import addresses
from notifications.models import Message, MessageState, Suppression
from orders.models import Order, OrderLink
from records import events, saving
from records.models import ApprovalMethod
from records.services import approvals
from reports.models import Erasure, ErasureState
from reports.privacy import retention, subject

_EMPTIED = (
    "title", "called", "phone", "phone_as_typed", "other_phone", "other_phone_as_typed", "email", "line1", "line2", "city",
    "region", "postal_code", "insurer", "insurer_number", "notes", "household_relation", "phone_reversed",
    "other_phone_reversed",
)  # fmt: skip
_OPEN_STATES = ("confirmed", "in_production", "ready", "shipped")


@transaction.atomic
def restrict(actor: Actor, customer_id: int, reason: str) -> Customer:
    """From now on nothing is sent to the person and no reminder falls due."""
    _require(actor)
    customer = lock(customer_id)
    _with_reason(reason)
    if customer.restricted_at is None:
        customer.restricted_at = timezone.now()
        saving.save(customer, actor, reason)
        events.record("customer.restricted", actor, events.Fact(customer, customer_id=customer.pk, reason=reason))
    return customer


@transaction.atomic
def unrestrict(actor: Actor, customer_id: int, reason: str) -> Customer:
    """The customer wants to hear from us again. Not while a wish to be forgotten waits."""
    _require(actor)
    customer = lock(customer_id)
    _with_reason(reason)
    if Erasure.objects.filter(customer=customer, state=ErasureState.ASKED).exists():
        raise IllegalTransition(_("A wish to be forgotten waits for its decision."), code="erasure_asked")
    if customer.restricted_at is not None:
        customer.restricted_at = None
        saving.save(customer, actor, reason)
        events.record("customer.unrestricted", actor, events.Fact(customer, customer_id=customer.pk, reason=reason))
    return customer


@transaction.atomic
def ask(actor: Actor, customer_id: int, reason: str) -> Erasure:
    """Lay the wish before a second person; processing is restricted at once. Raises DomainError while orders are open."""
    customer = restrict(actor, customer_id, reason)
    _require_nothing_under_way(customer)
    if Erasure.objects.filter(customer=customer, state=ErasureState.ASKED).exists():
        raise IllegalTransition(_("This was asked for already."), code="erasure_asked")
    made = Erasure.objects.create(
        customer=customer,
        reason=reason.strip()[:200],
        asked_by_id=actor.user_id or 0,
        kept=[retention.said(one) for one in retention.kept(customer)],
    )
    events.record("customer.erasure_asked", actor, events.Fact(customer, customer_id=customer.pk, reason=reason))
    return made


@transaction.atomic
def decide(actor: Actor, erasure_id: int, approve: bool, reason: str = "") -> Erasure:
    """A second person agrees, and it is done in the same moment; or says no, and why."""
    _require(actor)
    made = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
    if made is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if made.state != ErasureState.ASKED:
        raise IllegalTransition(_("This was decided already."), code="illegal_transition")
    if made.asked_by_id == actor.user_id:
        raise NotAllowed(_("A second person decides on erasing data."), code="two_people")
    if not approve:
        _with_reason(reason)
    customer = lock(made.customer_id)
    if approve:
        _require_nothing_under_way(customer)
    made.decided_by_id, made.decided_at, made.decision_reason = actor.user_id, timezone.now(), reason.strip()[:200]
    made.state = ErasureState.DONE if approve else ErasureState.REFUSED
    decision = approvals.Decision(
        customer,
        "erasure",
        ApprovalMethod.STAFF,
        (),
        approve,
        branch_id=actor.branch_id,
        customer_id=customer.pk,
        reason=reason,
    )
    approvals.record(decision, actor)
    if approve:
        made.erased = dict(_forget(actor, customer))
    made.save()
    kind = "customer.erased" if approve else "customer.erasure_refused"
    events.record(kind, actor, events.Fact(customer, customer_id=customer.pk, reason=reason, data=dict(made.erased)))
    return made


def _require_nothing_under_way(customer: Customer) -> None:
    """Asked for with the wish and again with the answer: an order may have come between."""
    rows = Order.objects.filter(customer_id__in=subject.people(customer), state__in=_OPEN_STATES)
    still_open = rows.order_by("pk").first()
    if still_open is not None:
        message = _("Order %(number)s is still under way. Hand it over or cancel it first.") % {
            "number": still_open.number
        }
        raise DomainError(message, code="order_open", fields={"reason": message})


def _forget(actor: Actor, customer: Customer) -> Mapping[str, int]:
    """The person's record and every one that was merged into it; how much went, class by class."""
    counts: Counter[str] = Counter()
    for one in Customer.objects.select_for_update().filter(pk__in=subject.people(customer)).order_by("pk"):
        counts.update(_forget_record(actor, one))
    return dict(counts)


def _forget_record(actor: Actor, customer: Customer) -> Mapping[str, int]:
    """Contact, consent, words of messages and links go; the number stays, so that money and clinical records hold together."""
    counts = {"addresses": _suppress(customer), "consents": _withdraw(actor, customer)}
    texts = Message.objects.filter(customer=customer)
    waiting = texts.filter(state__in=[MessageState.QUEUED, MessageState.RETRY])
    waiting.update(state=MessageState.WITHHELD, why="customer erased")
    counts["messages"] = texts.update(recipient="", subject="", body="", html="", picture="")
    counts["links"] = OrderLink.objects.filter(order__customer=customer, revoked_at=None).update(
        revoked_at=timezone.now()
    )
    counts["import_rows"] = importing.forget(customer.pk)
    counts["fields"] = sum(bool(getattr(customer, name)) for name in _EMPTIED)
    for name in _EMPTIED:
        setattr(customer, name, "")
    customer.given_names, customer.family_name = _("Erased"), customer.number
    customer.sort_key, customer.search_text = customer.number.lower(), customer.number.lower()
    customer.household, customer.recall_on, customer.erased_at = None, None, timezone.now()
    saving.save(customer, actor, _("erased on the customer's wish"))
    Order.objects.filter(customer=customer).exclude(note="").update(note="")
    return counts


def _suppress(customer: Customer) -> int:
    """Only the keyed hash of an address stays, so that an old list never brings it back."""
    found = [(Channel.EMAIL, customer.email), (Channel.SMS, customer.phone), (Channel.SMS, customer.other_phone)]
    for channel, address in found:
        if address:
            hashed = addresses.hash_of(channel, address)
            Suppression.objects.get_or_create(
                channel=channel, address_hash=hashed, lifted_at=None, defaults={"reason": "erased"}
            )
    return sum(bool(address) for _channel, address in found)


def _withdraw(actor: Actor, customer: Customer) -> int:
    """Every consent that stands is withdrawn, as an answer of its own."""
    count = 0
    for purpose in ConsentPurpose.values:
        for channel in Channel.values:
            newest = customer.consents.filter(purpose=purpose, channel=channel).order_by("-pk").first()
            if newest is not None and newest.granted:
                Consent.objects.create(
                    customer=customer, purpose=purpose, channel=channel, granted=False, source=actor.source.value,
                    by_id=actor.user_id, wording=_("erased on the customer's wish"),
                )  # fmt: skip
                count += 1
    return count


def _require(actor: Actor) -> None:
    access.require(actor, Can.ERASE_CUSTOMERS, actor.branch_id)


def _with_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError(_("Say why."), fields={"reason": _("Say why.")})
