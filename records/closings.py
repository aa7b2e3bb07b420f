"""A branch that closes or opens again is an event like any other: who, when, why."""

from branches import closing
from branches.models import Branch
from core.actor import Actor
from records import events


def connect() -> None:
    """Called at start-up."""
    closing.heard(_record)


def _record(branch: Branch, actor: Actor, reason: str) -> None:
    kind = "branch.opened_again" if branch.is_active else "branch.closed"
    fact = events.Fact(branch, branch_id=branch.pk, reason=reason, data={"branch": branch.name})
    events.record(kind, actor, fact)
