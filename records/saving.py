"""Save a tracked record as the fifth step of a verb: version, who and why go into its history."""

from branches.models import User
from core.actor import Actor
from records.models import Record


def start(record: Record, actor: Actor) -> None:
    """Fill the facts of a new record: source, who, role."""
    record.source = actor.source.value
    record.recorded_by_id = actor.user_id
    record.responsible_role = actor.role


def save(record: Record, actor: Actor, reason: str = "", *, new_version: bool = True) -> None:
    """Write the row with its history row; an existing record gets its next version.

    `new_version=False` for what no form shows: nobody's open page becomes stale by it.
    """
    if record.pk is not None and new_version:
        record.version += 1
    # What simple-history reads from the instance: the person without a query, and the reason in its 100 characters.
    vars(record).update(
        _history_user=User(pk=actor.user_id) if actor.user_id else None,
        _change_reason=reason[:100],
    )
    record.save()
