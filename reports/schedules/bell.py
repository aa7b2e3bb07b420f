"""What schedules add to the shell: the owner's bell for runs that did not reach everybody, and the files of their mails."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import notices
from branches.middleware import StaffRequest
from notifications import attachments
from reports.models import RunState, ScheduleRun
from reports.schedules import mails


def connect() -> None:
    """Called once at start-up."""
    attachments.register(mails.READY, mails.attached)
    notices.register(notices.Source("schedules", _listed, lambda _request, _since: 0))


def troubled(request: StaffRequest, since: datetime) -> QuerySet[ScheduleRun]:
    """Runs of one's own schedules that did not reach everybody. `reports.exports.shell` counts them."""
    return ScheduleRun.objects.filter(
        schedule__owner_id=request.user.pk, state__in=[RunState.PARTLY, RunState.FAILED], finished_at__gt=since
    )


def _listed(request: StaffRequest) -> Sequence[notices.Notice]:
    since = timezone.now() - timedelta(days=notices.KEPT_DAYS)
    rows = troubled(request, since).select_related("schedule__report").order_by("-pk")[: notices.MOST]
    return [
        notices.Notice(
            _("Not sent to everybody: %(report)s") % {"report": run.schedule.report.name},
            run.finished_at or run.started_at,
            reverse("reporting:schedule", args=[run.schedule_id]),
            icon="alert",
            tone="warning",
        )
        for run in rows
    ]
