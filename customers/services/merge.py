"""Two records of one person become one: both stay, the second points at the first."""

from django.db import transaction
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from customers import merging
from customers.data import label_of
from customers.models import Customer
from customers.services.customers import lock
from records import events, saving
from records.services import changes
from records.services.changes import Change, FieldChange

_FILLED = (
    "called", "title", "birth_date", "phone", "phone_as_typed", "phone_reversed", "other_phone", "other_phone_as_typed",
    "other_phone_reversed", "email", "insurer", "insurer_number", "recall_on",
)  # fmt: skip
_ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country", "address_unverified")


@transaction.atomic
def merge(actor: Actor, keep_id: int, merged_id: int, reason: str) -> Customer:
    """Keep `keep_id`; `merged_id` stays as a pointer with its own history. Open work moves and is counted.

    What the kept record lacks is filled from the other; nothing it has is replaced.
    """
    access.require(actor, Can.MERGE_CUSTOMERS, actor.branch_id)
    if keep_id == merged_id:
        raise DomainError(_("Choose two different records."), fields={"other": _("This is the same record.")})
    if not reason.strip():
        raise DomainError(_("Say how you know it is one person."), fields={"reason": _("Enter a reason.")})
    locked = {pk: lock(pk) for pk in sorted((keep_id, merged_id))}
    kept, merged = locked[keep_id], locked[merged_id]
    filled = _fill(kept, merged)
    saving.save(kept, actor, reason)
    merged.merged_into = kept
    saving.save(merged, actor, reason)
    told = FieldChange("merged_into", _("Customer"), f"{merged.number} {merged}", f"{kept.number} {kept}")
    changes.announce(merged, Change([told], "merged", reason.strip(), new_version=merged.version), actor)
    new = [FieldChange(name, label_of(name), "", value) for name, value in filled.items()]
    if new:
        changes.announce(kept, Change(new, "merged", reason.strip(), new_version=kept.version), actor)
    moved = merging.move_all(kept, merged, actor)
    data = {"kept": kept.number, "merged": merged.number, "moved": moved}
    with events.one_action():
        for customer in (kept, merged):
            events.record(
                "customer.merged",
                actor,
                events.Fact(customer, customer_id=customer.pk, reason=reason.strip(), new=filled, data=data),
            )
    return kept


def _fill(kept: Customer, merged: Customer) -> dict[str, str]:
    """Fill the gaps of the kept record; what was filled, readable, by field."""
    filled: dict[str, str] = {}
    for name in _FILLED:
        if not getattr(kept, name) and getattr(merged, name):
            setattr(kept, name, getattr(merged, name))
            if not name.endswith(("_as_typed", "_reversed")):
                filled[name] = str(getattr(merged, name))
    if not kept.line1 and merged.line1:
        for name in _ADDRESS:
            setattr(kept, name, getattr(merged, name))
        filled["line1"] = merged.line1
    return filled
