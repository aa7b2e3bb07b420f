"""A customer's yes and no to being written to, per purpose and channel; each answer is kept."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor, Source
from core.errors import DomainError
from customers.models import Channel, Consent, ConsentPurpose, Customer
from customers.services.customers import lock
from records import events


@dataclass(frozen=True)
class Answer:
    """One yes or no, with the words the customer was asked in."""

    purpose: str
    channel: str
    wording: str = ""
    at: datetime | None = None


def give_consent(actor: Actor, customer_id: int, purpose: str, channel: str, wording: str = "") -> Consent | None:
    """The customer says yes. None when that was the answer already."""
    return _answer(actor, customer_id, Answer(purpose, channel, wording), granted=True)


def give(actor: Actor, customer_id: int, answer: Answer) -> Consent | None:
    """The customer says yes, with the time when it was not now."""
    return _answer(actor, customer_id, answer, granted=True)


def withdraw_consent(actor: Actor, customer_id: int, purpose: str, channel: str, wording: str = "") -> Consent | None:
    """The customer says no, at the counter or by link. None when that was the answer already."""
    return _answer(actor, customer_id, Answer(purpose, channel, wording), granted=False)


@transaction.atomic
def _answer(actor: Actor, customer_id: int, answer: Answer, *, granted: bool) -> Consent | None:
    if actor.source != Source.LINK:
        access.require(actor, Can.EDIT_CUSTOMERS, actor.branch_id)
    _check(answer)
    customer = lock(customer_id)
    newest = _newest(customer, answer)
    if newest is not None and newest.granted == granted:
        return None
    consent = Consent.objects.create(
        customer=customer,
        purpose=answer.purpose,
        channel=answer.channel,
        granted=granted,
        wording=answer.wording[:300],
        source=actor.source.value,
        by_id=actor.user_id,
        at=answer.at or timezone.now(),
    )
    events.record(
        "consent.given" if granted else "consent.withdrawn",
        actor,
        events.Fact(
            customer,
            customer_id=customer.pk,
            data={"purpose": answer.purpose, "channel": answer.channel},
            occurred_at=answer.at,
        ),
    )
    return consent


def _newest(customer: Customer, answer: Answer) -> Consent | None:
    return customer.consents.filter(purpose=answer.purpose, channel=answer.channel).order_by("-pk").first()


def _check(answer: Answer) -> None:
    if answer.purpose not in ConsentPurpose.values or answer.channel not in Channel.values:
        raise DomainError(_("Choose what the consent is for and the channel."), code="invalid")
