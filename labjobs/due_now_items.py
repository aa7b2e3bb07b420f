"""What the laboratory and the counter have due in a branch today: late jobs, glasses to hand over."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.ui import Badge
from labjobs import states
from labjobs.models import Job, JobState
from visits.due_now import Asked, DueNow, register


def _late(asked: Asked) -> DueNow | None:
    today = timezone.localtime(asked.now).date()
    late = Job.objects.filter(
        state__in=[state.value for state in states.ON_BOARD], promised_on__lt=today, branch=asked.branch
    ).count()
    url = f"{reverse('labjobs:board')}?show=late&view=list&branch={asked.branch.pk}"
    return DueNow(late, _("Late laboratory jobs"), url, badge=Badge(_("Late"), "danger", "alert"))


def _ready(asked: Asked) -> DueNow | None:
    waiting = Job.objects.filter(state=JobState.READY, order__collect_branch=asked.branch).count()
    return DueNow(waiting, _("Ready to collect"), reverse("labjobs:find"))


register("late_jobs", 20, _late, Can.VIEW_JOBS)
register("ready_to_collect", 40, _ready, Can.COLLECT_ORDERS)
