"""Create a customer, change one, note that the person's identity was checked."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.numbers import draw
from branches.roles import Can
from core.actor import Actor
from core.errors import Clash, DomainError, NotVisible, StaleRecord
from customers.data import FIELDS, IDENTITY_FIELDS, CustomerData, label_of, readable
from customers.models import Customer
from customers.services.cleaning import clean, derived
from records import events, saving
from records.services import changes
from records.services.changes import Change, FieldChange

_FIRST_NUMBER = 100_000


@transaction.atomic
def create(actor: Actor, data: CustomerData, at: datetime | None = None) -> Customer:
    """A new customer with a number of its own. Raises DomainError with every field that is wrong.

    `at` is the edge's clock, given when the customer came earlier than the entry: imports, samples.
    """
    access.require(actor, Can.EDIT_CUSTOMERS, actor.branch_id)
    values = clean(data, timezone.localdate())
    if values["home_branch_id"] is None:
        values["home_branch_id"] = actor.branch_id
    if values["home_branch_id"] is None:
        raise DomainError(_("Choose the customer's branch."), fields={"home_branch_id": _("Choose a branch.")})
    customer = Customer(**values, number=f"C-{_FIRST_NUMBER + draw('customer')}")
    customer.search_text = derived(values, customer.number)["search_text"]
    saving.start(customer, actor)
    customer.recorded_at = at or timezone.now()
    saving.save(customer, actor)
    fact = events.Fact(customer, customer_id=customer.pk, data={"number": customer.number}, occurred_at=at)
    events.record("customer.created", actor, fact)
    return customer


@transaction.atomic
def change(actor: Actor, customer_id: int, version: int, data: CustomerData, reason: str = "") -> Customer:
    """Save what was typed over version `version`. A new name or birth date needs a reason.

    Raises StaleRecord with both sides when someone saved in between, DomainError for wrong fields.
    """
    access.require(actor, Can.EDIT_CUSTOMERS, actor.branch_id)
    customer = lock(customer_id)
    values = clean(data, timezone.localdate())
    if values["home_branch_id"] is None:
        values["home_branch_id"] = customer.home_branch_id
    if customer.version != version:
        raise _stale(customer, version, values)
    changed = [name for name in FIELDS if getattr(customer, name) != values[name]]
    if not changed:
        return customer
    if IDENTITY_FIELDS.intersection(changed) and not reason.strip():
        raise DomainError(_("Say why the name or date of birth changes."), fields={"reason": _("Enter a reason.")})
    old = {name: readable(customer, name) for name in changed}
    for name, value in {**values, **derived(values, customer.number)}.items():
        setattr(customer, name, value)
    saving.save(customer, actor, reason)
    new = {name: readable(customer, name) for name in changed}
    event = events.record(
        "customer.changed",
        actor,
        events.Fact(customer, customer_id=customer.pk, old=old, new=new, reason=reason.strip()),
    )
    moved = [FieldChange(name, str(label_of(name)), old[name], new[name]) for name in changed]
    changes.announce(customer, Change(moved, "", reason.strip(), event, customer.version), actor)
    return customer


@transaction.atomic
def check_identity(actor: Actor, customer_id: int, document: str, at: datetime | None = None) -> Customer:
    """Note that an identity document was seen; which kind, never its number."""
    access.require(actor, Can.EDIT_CUSTOMERS, actor.branch_id)
    customer = lock(customer_id)
    if not document.strip():
        raise DomainError(_("Say what you saw."), fields={"document": _("Choose the document you saw.")})
    customer.identity_checked_at = at or timezone.now()
    saving.save(customer, actor, document)
    events.record(
        "customer.identity_checked",
        actor,
        events.Fact(customer, customer_id=customer.pk, reason=document.strip(), occurred_at=at),
    )
    return customer


def lock(customer_id: int) -> Customer:
    """The customer's row, held until the transaction ends. Merged, erased or archived ones cannot be worked on."""
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if customer.merged_into_id is not None:
        raise DomainError(_("This record was merged into another. Open that one."), code="merged", fields={})
    if customer.erased_at is not None:
        raise DomainError(_("This customer's data has been erased."), code="erased")
    if customer.archived_at is not None:
        raise DomainError(_("This record was archived when its import was taken back."), code="archived")
    return customer


def _stale(customer: Customer, version: int, yours: dict[str, Any]) -> StaleRecord:
    """Both sides of every field that somebody else changed since `version`."""
    original = customer.history.filter(version=version).order_by("history_id").first()
    clashes = [
        Clash(
            field=name,
            label=label_of(name),
            original=readable(original, name) if original else "",
            theirs=readable(customer, name),
            yours=readable(Customer(**{key: yours[key] for key in FIELDS}), name),
        )
        for name in FIELDS
        if (original is None or getattr(original, name) != getattr(customer, name))
        and getattr(customer, name) != yours[name]
    ]
    return StaleRecord(
        _("Somebody else saved this customer while you were typing. Choose what to keep, then save again."),
        clashes=clashes,
        current_version=customer.version,
    )
