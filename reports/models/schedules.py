"""Reports that go out by the clock: to whom, when, and what became of each time and each person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from notifications.models import Message
from reports.models.exports import Export, ExportFormat, SavedReport


class Every(models.TextChoices):
    DAY = "day", _("Every day")
    WEEK = "week", _("Every week")
    MONTH = "month", _("Every month")


class Schedule(models.Model):
    """A saved report by the clock of `branch`. `weekday` is 0 for Monday; `day` past the end of a month means its last.

    `next_at` is when it goes out next; while `paused_at` is set it does not.
    """

    report = models.ForeignKey(SavedReport, on_delete=models.PROTECT, related_name="schedules")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    every = models.CharField(_("rhythm"), max_length=5, choices=Every.choices, default=Every.WEEK)
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=0)
    day = models.PositiveSmallIntegerField(_("day of the month"), default=1)
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    format = models.CharField(_("as"), max_length=4, choices=ExportFormat.choices, default=ExportFormat.XLSX)
    attach = models.BooleanField(_("attach the file when it is small"), default=True)
    send_empty = models.BooleanField(_("send also without rows"), default=False)
    next_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    paused_why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    every__in=Every.values, weekday__lte=6, day__gte=1, day__lte=31, hour__lte=23,
                    format__in=["csv", "xlsx", "pdf"],
                ),
                name="schedule_possible",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["next_at"], name="schedule_due", condition=Q(removed_at=None, paused_at=None)),
        ]

    def __str__(self) -> str:
        return self.report.name


class Recipient(models.Model):
    """A person on a schedule. `branch` is where they held every right when they were chosen; losing it ends the sending."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="recipients")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "person"], name="schedule_recipient_once")]


class RunState(models.TextChoices):
    WAITING = "waiting", _("Under way")
    DONE = "done", _("Done")
    PARTLY = "partly", _("Not everybody got it")
    FAILED = "failed", _("Nobody got it")


class ScheduleRun(models.Model):
    """One time that a schedule went out. `due_at` names it, so that no clock starts it twice."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="runs")
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=RunState.choices, default=RunState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "due_at"], name="schedule_run_once"),
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="schedule_run_state_known"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(finished_at__isnull=False), name="schedule_run_finished"
            ),
        ]

    @property
    def job_key(self) -> str:
        """The name of the background work that carries it out."""
        return f"reports.schedule:{self.pk}"


class Outcome(models.TextChoices):
    WAITING = "waiting", _("Under way")
    SENT = "sent", _("Sent")
    EMPTY = "empty", _("No rows, nothing sent")
    GONE = "gone", _("No longer works here")
    NO_RIGHT = "no_right", _("No longer has the right")
    NO_BRANCH = "no_branch", _("No longer in the branch")
    TOO_MANY = "too_many", _("More rows than one person may take")
    REFUSED = "refused", _("The report cannot be run")


class Delivery(models.Model):
    """What one person got of one run: their own file, with the rows that they may see, and the mail about it."""

    run = models.ForeignKey(ScheduleRun, on_delete=models.CASCADE, related_name="deliveries")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.WAITING)
    why = models.CharField(max_length=200, blank=True)
    export = models.OneToOneField(Export, on_delete=models.PROTECT, null=True, related_name="delivery")
    message = models.OneToOneField(Message, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "person"], name="schedule_delivery_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="schedule_outcome_known"),
            models.CheckConstraint(
                condition=~Q(outcome="sent") | Q(export__isnull=False, message__isnull=False),
                name="schedule_sent_with_file",
            ),
        ]
