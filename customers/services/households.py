"""People who live or pay together."""

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from customers.models import Customer, Household
from customers.services.customers import lock
from records import events, saving


@transaction.atomic
def join(actor: Actor, customer_id: int, other_id: int, relation: str = "") -> Household:
    """Bring `customer_id` into the household of `other_id`, which is made when there is none yet."""
    access.require(actor, Can.EDIT_CUSTOMERS, actor.branch_id)
    if customer_id == other_id:
        raise DomainError(_("Choose another person."), fields={"other": _("This is the same person.")})
    first, second = (lock(pk) for pk in sorted((customer_id, other_id)))
    customer, other = (first, second) if first.pk == customer_id else (second, first)
    if other.household is None:
        other.household = Household.objects.create(name=other.family_name or other.given_names)
        saving.save(other, actor)
    customer.household = other.household
    customer.household_relation = relation.strip()[:40]
    saving.save(customer, actor)
    _tell(actor, customer, new=str(other.household))
    return other.household


@transaction.atomic
def leave(actor: Actor, customer_id: int) -> Customer:
    """Take a person out of the household; the others stay."""
    access.require(actor, Can.EDIT_CUSTOMERS, actor.branch_id)
    customer = lock(customer_id)
    if customer.household is None:
        raise DomainError(_("This person is in no household."), code="no_household")
    old = str(customer.household)
    customer.household, customer.household_relation = None, ""
    saving.save(customer, actor)
    _tell(actor, customer, old=old)
    return customer


def _tell(actor: Actor, customer: Customer, old: str = "", new: str = "") -> None:
    events.record(
        "customer.changed",
        actor,
        events.Fact(customer, customer_id=customer.pk, old={"household": old}, new={"household": new}),
    )
