"""Files that people take out of the practice, and the reports they keep."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    PDF = "pdf", "PDF"
    ZIP = "zip", "ZIP"


class ExportState(models.TextChoices):
    ASKED = "asked", _("Waiting for a second person")
    QUEUED = "queued", _("Being made")
    DONE = "done", _("Ready")
    REFUSED = "refused", _("Refused")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Removed")


class Export(models.Model):
    """One file somebody asked for. `definition` says what (see `reports.datasets.base.Definition`).

    `covered` keeps what the rows were taken from at run time: branch ids, or `null` for every branch; whoever opens the
    file later must still see all of it. The file goes after seven days, the row stays as the record of who took what.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField(max_length=160)
    dataset = models.CharField(max_length=30)
    definition = models.JSONField(default=dict)
    format = models.CharField(max_length=4, choices=ExportFormat.choices)
    state = models.CharField(max_length=10, choices=ExportState.choices, default=ExportState.QUEUED)
    personal = models.BooleanField(default=False)
    rows_expected = models.PositiveIntegerField(default=0)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, default="en")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports")
    requested_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    covered = models.JSONField(null=True)
    rows = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="exports/%Y/%m/", blank=True)
    size_bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(finished_at__isnull=False, expires_at__isnull=False),
                name="export_done_with_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")), name="export_two_people"
            ),
        ]
        indexes = [
            models.Index(fields=["requested_by", "-id"], name="export_owner"),
            models.Index(fields=["expires_at"], name="export_expiry", condition=Q(state="done")),
            models.Index(fields=["branch"], name="export_waiting", condition=Q(state="asked")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def job_key(self) -> str:
        """The name of the background work that makes the file."""
        return f"reports.export:{self.pk}"

    @property
    def file_name(self) -> str:
        """What the browser saves it as: title, day and format, in plain letters."""
        plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in self.title.lower())
        name = "-".join(part for part in plain.split("-") if part) or "export"
        return f"{name[:60]}-{timezone.localtime(self.requested_at):%Y-%m-%d}.{self.format}"


class Sharing(models.TextChoices):
    MINE = "mine", _("Only me")
    BRANCH = "branch", _("My branch")
    EVERYONE = "everyone", _("Every branch")


class SavedReport(models.Model):
    """A report somebody built and named. Sharing lends the question, never the rows: each sees what their branches hold."""

    name = models.CharField(_("name"), max_length=120)
    dataset = models.CharField(max_length=30)
    definition = models.JSONField(default=dict)
    sharing = models.CharField(_("for"), max_length=10, choices=Sharing.choices, default=Sharing.MINE)
    roles = models.JSONField(_("roles"), default=list)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sharing__in=Sharing.values), name="saved_report_sharing_known"),
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(removed_at__isnull=True), name="saved_report_name_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name
