"""What the laboratory and the counter have due in a branch today: late jobs, glasses to hand over."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.prepared import Slot, prepared
from core.ui import Badge
from labjobs import states
from labjobs.models import Job, JobState
from visits.due_now import Asked, DueNow, register


def _late(asked: Asked) -> DueNow | None:
    today = timezone.localtime(asked.now).date()
    late = _promised_before().count(day=today, branch=asked.branch.pk)
    url = f"{reverse('labjobs:board')}?show=late&view=list&branch={asked.branch.pk}"
    return DueNow(late, _("Late laboratory jobs"), url, badge=Badge(_("Late"), "danger", "alert"))


def _ready(asked: Asked) -> DueNow | None:
    waiting = _to_collect().count(branch=asked.branch.pk)
    return DueNow(waiting, _("Ready to collect"), reverse("labjobs:find"))


@prepared
def _promised_before() -> QuerySet[Job, Any]:
    jobs = Job.objects.filter(state__in=[state.value for state in states.ON_BOARD], promised_on__lt=Slot("day"))
    return jobs.filter(branch=Slot("branch")).order_by().values_list("pk")


@prepared
def _to_collect() -> QuerySet[Job, Any]:
    jobs = Job.objects.filter(state=JobState.READY, order__collect_branch=Slot("branch"))
    return jobs.order_by().values_list("pk")


register("late_jobs", 20, _late, Can.VIEW_JOBS)
register("ready_to_collect", 40, _ready, Can.COLLECT_ORDERS)
