"""Long imports, worked off in the background."""

from collections.abc import Mapping
from typing import Any

from branches.models import Membership, User
from catalogue.services import imports
from core import jobs
from core.actor import Actor, Source
from core.jobs import Running


def _actor(user_id: int) -> Actor:
    """The person who asked, with the roles they hold when the work is done."""
    person = User.objects.get(pk=user_id)
    roles = frozenset(Membership.objects.filter(user=person).values_list("branch_id", "role"))
    return Actor(
        person.full_name,
        sorted(role for _branch, role in roles)[0] if roles else "",
        Source.IMPORT,
        person.pk,
        roles=roles,
    )


@jobs.handler("catalogue.import_check", seconds=600)
def check(running: Running) -> Mapping[str, Any] | None:
    """The dry run of a long list."""
    payload = running.job.payload
    batch = imports.dry_run(_actor(payload["user"]), payload["batch"], payload["columns"], running.progress)
    return dict(batch.counts)


@jobs.handler("catalogue.import_apply", seconds=600)
def apply(running: Running) -> Mapping[str, Any] | None:
    """The good rows of a long list, all of them or none."""
    payload = running.job.payload
    batch = imports.apply(_actor(payload["user"]), payload["batch"], running.progress)
    return dict(batch.counts)
