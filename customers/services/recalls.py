"""Calling customers whose recall is due: what came of the call, and when to call again."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from customers.models import Customer
from customers.services.customers import lock
from records import events, saving


@dataclass(frozen=True)
class Call:
    """What came of the call; `again_on` None takes the customer off the list."""

    outcome: str
    again_on: date | None = None


@transaction.atomic
def called(actor: Actor, customer_id: int, call: Call, today: date) -> Customer:
    """Note a recall call and set the next recall."""
    access.require(actor, Can.MANAGE_VISITS, actor.branch_id)
    customer = lock(customer_id)
    if not call.outcome.strip():
        raise DomainError(_("Say what came of the call."), fields={"outcome": _("Choose what came of the call.")})
    if call.again_on is not None and call.again_on <= today:
        raise DomainError(_("Choose a later day."), fields={"again_on": _("The next recall must be a later day.")})
    old = customer.recall_on
    customer.recall_on = call.again_on
    saving.save(customer, actor, call.outcome)
    events.record(
        "customer.called",
        actor,
        events.Fact(
            customer,
            customer_id=customer.pk,
            reason=call.outcome.strip(),
            old={"recall_on": str(old or "")},
            new={"recall_on": str(call.again_on or "")},
        ),
    )
    return customer
