"""The protected records of the laboratory and the hand-over: what each tells about itself on the shared pages."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from branches.scope import Scope
from core import formats
from labjobs.models import Fitting, Job, JobState, QualityCheck, Remake, Warranty
from records.registry import RecordKind, register

Words = tuple[str, str]


def job_url(job: Job) -> str:
    return reverse("labjobs:job", args=[job.number])


def job_title(job: Job) -> str:
    """`Job T-317, RSB-10482-1`."""
    if job.tray:
        return _("Job %(tray)s, %(number)s") % {"tray": job.tray.code, "number": job.number}
    return _("Job %(number)s") % {"number": job.number}


def job_visible(job: Job, scope: Scope) -> bool:
    """Where it is made, sold and collected."""
    return scope.covers(job.branch_id, job.lab_branch_id, job.order.collect_branch_id)


def job_approval(job: Job) -> Words:
    """Whether the check let it pass, and how."""
    last = job.checks.order_by("-attempt").first()
    return check_approval(last) if last else (_("not checked yet"), "")


def check_approval(check: QualityCheck) -> Words:
    if check.passed:
        return _("passed by the numbers"), "success"
    if check.overridden_at:
        who = check.overridden_by.full_name if check.overridden_by else ""
        return _("failed, accepted by %(who)s") % {"who": who}, "warning"
    return _("failed, not overridden"), "danger"


def _job_closes(job: Job) -> str:
    if job.state in (JobState.COLLECTED, JobState.REMADE, JobState.CANCELLED):
        return _("closed: %(state)s") % {"state": str(job.get_state_display()).lower()}
    return _("handed over, or replaced by a remake")


def _check_closes(check: QualityCheck) -> str:
    return _("closed") if check.passed or check.overridden_at else _("remade lens passes, or override")


def _fitting_approval(fitting: Fitting) -> Words:
    tone = "danger" if fitting.outcome == "failed" else "success"
    return str(fitting.get_outcome_display()), tone


def _warranty_approval(warranty: Warranty) -> Words:
    used = {"n": warranty.times_used, "of": warranty.times_allowed}
    return _("used %(n)s of %(of)s times") % used, ""


def _of_job(record: Any, scope: Scope) -> bool:
    return job_visible(record.job, scope)


def _links(record: Any) -> tuple[int | None, int | None]:
    return record.job.order.customer_id, record.job.order_id


def _remake_approval(remake: Remake) -> Words:
    tones = {"approved": "success", "refused": "danger"}
    return str(remake.get_state_display()), tones.get(remake.state, "warning")


register(
    RecordKind(
        model=Job,
        label=gettext_lazy("Laboratory job"),
        can_view=Can.VIEW_JOBS,
        url=job_url,
        title=job_title,
        visible=job_visible,
        links=lambda job: (job.order.customer_id, job.order_id),
        approval=job_approval,
        closes_when=_job_closes,
        branch_id=lambda job: job.branch_id,
        hidden_fields=("inputs", "values", "verification"),
    )
)
register(
    RecordKind(
        model=QualityCheck,
        label=gettext_lazy("Quality check"),
        can_view=Can.VIEW_JOBS,
        url=lambda check: reverse("labjobs:quality", args=[check.job.number]),
        title=lambda check: _("Quality check %(n)s of %(job)s") % {"n": check.attempt, "job": check.job.number},
        visible=_of_job,
        links=_links,
        approval=check_approval,
        closes_when=_check_closes,
        branch_id=lambda check: check.job.branch_id,
        hidden_fields=("edition_table", "ordered", "measured", "verification"),
    )
)
register(
    RecordKind(
        model=Fitting,
        label=gettext_lazy("Fitting"),
        can_view=Can.VIEW_JOBS,
        url=lambda fitting: reverse("labjobs:fitting", args=[fitting.job.number]),
        title=lambda fitting: _("Fitting of %(order)s") % {"order": fitting.order.number},
        visible=_of_job,
        links=_links,
        approval=_fitting_approval,
        closes_when=lambda fitting: (
            _("a later fitting passes") if fitting.outcome == "failed" else _("the glasses are handed over")
        ),
        branch_id=lambda fitting: fitting.order.collect_branch_id,
    )
)
register(
    RecordKind(
        model=Warranty,
        label=gettext_lazy("Warranty"),
        can_view=Can.VIEW_JOBS,
        url=lambda warranty: job_url(warranty.job) + "#warranty",
        title=lambda warranty: (
            _("Warranty of %(order)s: %(part)s") % {"order": warranty.order.number, "part": warranty.covers}
        ),
        visible=_of_job,
        links=_links,
        approval=_warranty_approval,
        closes_when=lambda warranty: (
            _("used up, or on %(day)s") % {"day": formats.day(warranty.ends_on, today=timezone.localdate())}
        ),
        branch_id=lambda warranty: warranty.order.branch_id,
    )
)
register(
    RecordKind(
        model=Remake,
        label=gettext_lazy("Remake"),
        can_view=Can.VIEW_JOBS,
        url=lambda remake: reverse("labjobs:remake_page", args=[remake.number]),
        title=lambda remake: _("%(kind)s %(number)s") % {"kind": remake.get_kind_display(), "number": remake.number},
        visible=_of_job,
        links=_links,
        approval=_remake_approval,
        closes_when=lambda remake: _("the new pair is handed over, or the remake is refused"),
        branch_id=lambda remake: remake.order.branch_id,
        hidden_fields=("explained",),
    )
)
