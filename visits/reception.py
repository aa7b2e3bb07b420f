"""A person comes through the door: customer, consent and place in the queue as one action."""

from dataclasses import dataclass

from django.db import transaction

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from customers.data import CustomerData
from customers.models import ConsentPurpose
from customers.services.counter import NewCustomer
from customers.services.counter import receive as make_customer
from records import events
from visits.models import Visit
from visits.services import visits


@dataclass(frozen=True)
class Arrival:
    """Who came and why. Either a known customer's id or the data of a new one."""

    branch_id: int
    reason: str = ""
    customer_id: int | None = None
    new: CustomerData | None = None
    agrees: bool = False


@transaction.atomic
def receive(actor: Actor, arrival: Arrival) -> Visit:
    """Into the queue; a new person becomes a customer first. All or nothing."""
    access.require(actor, Can.MANAGE_VISITS, arrival.branch_id)
    with events.one_action():
        customer_id = arrival.customer_id
        if customer_id is None and arrival.new is not None:
            purposes = (ConsentPurpose.RECALL.value,) if arrival.agrees else ()
            customer_id = _made(actor, NewCustomer(arrival.new, purposes))
        if customer_id is None:
            raise DomainError("Neither a customer nor the data of a new one.", code="no_customer")
        return visits.walk_in(actor, arrival.branch_id, customer_id, arrival.reason)


def _made(actor: Actor, new: NewCustomer) -> int:
    """The form has one name field: what the customer service says about names belongs there."""
    try:
        return make_customer(actor, new).pk
    except DomainError as error:
        fields = {
            ("name" if key in {"given_names", "family_name"} else key): text for key, text in error.fields.items()
        }
        raise DomainError(error.message, code=error.code, fields=fields) from error
