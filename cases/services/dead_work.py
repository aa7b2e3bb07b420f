"""Background work that was given up becomes a case: somebody owns it, it is not only a line in a log."""

from branches.models import Branch
from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData
from core import actor
from core.models import Job, JobState


def open_for(job: Job) -> None:
    """Open a case in the branch that asked for the work, else in the first open one; a practice without branches has none."""
    branch_id = job.branch_id or Branch.objects.order_by("-is_active", "pk").values_list("pk", flat=True).first()
    if branch_id is None:
        return
    title = f"Background work given up: {job.kind.replace('.', ', ').replace('_', ' ')}"
    told = f"Tried {job.attempts} times. The last time: {job.last_error}"
    cases.open_case(actor.system(), CaseData("dead_job", job, branch_id, title, told))


def is_done(case: Case) -> bool:
    """The work was started again and has ended well."""
    return Job.objects.filter(pk=case.subject_id, state=JobState.DONE).exists()
