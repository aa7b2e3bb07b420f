"""A new person at the counter: the record and the consents given in the same breath."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from core.actor import Actor
from customers.consent import reachable
from customers.data import CustomerData
from customers.models import Channel, Customer
from customers.services.consents import Answer, give
from customers.services.customers import create
from records import events


@dataclass(frozen=True)
class NewCustomer:
    """Typed data with the purposes the person agreed to; each counts for every channel that reaches them."""

    data: CustomerData
    purposes: Sequence[str] = ()


@transaction.atomic
def receive(actor: Actor, new: NewCustomer, at: datetime | None = None) -> Customer:
    """Make the customer and record the consents as one action."""
    with events.one_action():
        customer = create(actor, new.data, at)
        for purpose in new.purposes:
            for channel in (Channel.EMAIL, Channel.SMS):
                if reachable(customer, channel):
                    give(actor, customer.pk, Answer(purpose, channel, at=at))
    return customer
