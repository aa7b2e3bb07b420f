"""Find jobs within a scope; outside of it they do not exist."""

from collections.abc import Sequence

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.scope import Scope
from core.actor import Actor
from core.errors import NotVisible
from core.prepared import Slot, prepared
from labjobs import states
from labjobs.models import Job, JobState, Lab, QualityCheck
from orders.models import Order

_WITH = (
    "order__customer", "order__branch", "order__collect_branch", "order__owner", "branch", "lab__lead", "lab_branch",
    "tray", "recorded_by", "released_by", "remake_of",
)  # fmt: skip
_WITHOUT_ORDER = tuple(path for path in _WITH if not path.startswith("order__"))


def jobs_for(scope: Scope) -> QuerySet[Job]:
    """Jobs made, sold or collected in the scope's branches."""
    found = Job.objects.all()
    if scope.everything:
        return found
    here = scope.branch_ids
    return found.filter(Q(branch_id__in=here) | Q(lab_branch_id__in=here) | Q(order__collect_branch_id__in=here))


def job_of(scope: Scope, number: str) -> Job:
    """One job by its number, with what every page reads. Raises NotVisible."""
    job = jobs_for(scope).select_related(*_WITH).filter(number=number).first()
    if job is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return job


def open_job_of(order: Order) -> Job | None:
    """The job that is under way, else the newest one."""
    found = jobs_of(order)
    return next((job for job in found if job.state in states.OPEN), found[0] if found else None)


def jobs_of(order: Order) -> list[Job]:
    """Every job of an order with what its pages read, the newest first."""
    found = _of_order().rows(order=order.pk)
    for job in found:
        job.order = order
    return found


@prepared
def _of_order() -> QuerySet[Job]:
    return Job.objects.filter(order=Slot("order")).select_related(*_WITHOUT_ORDER).order_by("-pk")


def open_jobs_of(scope: Scope, orders: Sequence[Order]) -> list[Job]:
    """The jobs under way of several orders, in the order of the list."""
    place = {order.pk: n for n, order in enumerate(orders)}
    jobs = jobs_for(scope).filter(order_id__in=place, state__in=[state.value for state in states.OPEN])
    return sorted(jobs.select_related(*_WITH), key=lambda job: (place[job.order_id], job.pk))


def check_of(job: Job) -> QualityCheck | None:
    """The newest check of a job."""
    return (
        job.checks.select_related("checked_by", "overridden_by", "edition", "recorded_by")
        .prefetch_related("lines")
        .order_by("-attempt")
        .first()
    )


def scanned(scope: Scope, code: str) -> Job | None:
    """The open job that a code names: a tray, a job, an order or the customer's code. Spaces and case do not matter."""
    text = code.strip().lstrip("~").upper()
    if not text or len(text) > 40:
        return None
    jobs = jobs_for(scope).select_related(*_WITH).filter(state__in=[state.value for state in states.OPEN])
    by_tray = list(jobs.filter(tray__code__iexact=text).order_by("pk")[:2])
    if by_tray:
        return by_tray[0]
    wanted = Q(number=text) | Q(order__number=text) | Q(order__public_code=text.replace(" ", ""))
    return jobs.filter(wanted).order_by("pk").first()


def labs_for(scope: Scope) -> list[Lab]:
    """Laboratories of the scope's branches, those that make for them, and outside ones that all may use."""
    return _labs(scope).rows()


@prepared
def _labs(scope: Scope) -> QuerySet[Lab]:
    labs = Lab.objects.filter(is_active=True).select_related("branch").order_by("-kind", "name")
    if scope.everything:
        return labs
    used = jobs_for(scope).order_by().values("lab_id").distinct()
    return labs.filter(Q(branch=None) | Q(branch_id__in=scope.branch_ids) | Q(pk__in=used) | Q(branch__is_lab=True))


def ready_for(scope: Scope, branch: Branch) -> list[Job]:
    """Glasses that wait in this branch for their owner, the longest waiting first."""
    jobs = jobs_for(scope).filter(state=JobState.READY, order__collect_branch=branch)
    return list(jobs.select_related("order__customer", "tray").order_by("ready_at")[:50])


def under_way(actor: Actor) -> int:
    """How many jobs a laboratory has in hand, for the navigation."""
    return jobs_for(Scope.of(actor)).filter(state__in=[state.value for state in states.ON_BOARD]).count()


def lab_of(scope: Scope, code: str) -> Lab:
    """A laboratory that makes for the scope's branches. Raises NotVisible."""
    found = next((lab for lab in labs_for(scope) if lab.code == code), None)
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found
