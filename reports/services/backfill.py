"""Everything counted anew by a worker, with progress: after an import, an upgrade, or a doubt."""

from django.db import transaction
from django.utils import timezone

from branches import access
from branches.roles import Can
from core import jobs
from core.actor import Actor
from core.models import Job, JobState

KIND = "measures.rebuild"
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


@transaction.atomic
def ask(actor: Actor, branch_id: int | None) -> Job:
    """Ask for one branch, or (for those whose right holds everywhere) for all. One that is under way already is returned."""
    if branch_id is None:
        access.require_everywhere(actor, Can.MANAGE_SETTINGS)
    else:
        access.require(actor, Can.MANAGE_SETTINGS, branch_id)
    same = Job.objects.filter(kind=KIND, state__in=UNDER_WAY, payload={"branch": branch_id}).first()
    if same is not None:
        return same
    key = f"{KIND}:{branch_id or 'all'}:{timezone.now():%Y%m%d%H%M%S%f}"
    return jobs.enqueue(KIND, key, {"branch": branch_id}, actor=actor)


def recent(branch_ids: list[int], *, everywhere: bool) -> list[Job]:
    """The last rebuilds that a person may see, the newest first."""
    found = Job.objects.filter(kind=KIND).order_by("-pk")[:30]
    return [job for job in found if everywhere or job.payload.get("branch") in branch_ids][:10]
