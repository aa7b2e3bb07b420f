"""Tolerance editions and quality checks: ordered, measured, limit, difference, verdict."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from labjobs.models.job import Job
from records.models import Record


class ToleranceEdition(models.Model):
    """A tolerance standard as data (`lensmath.tolerance`). A check stores the edition it was judged by."""

    name = models.CharField(_("name"), max_length=60)
    revision = models.PositiveSmallIntegerField(default=1)
    table = models.JSONField()
    verified = models.BooleanField(_("checked against the standard"), default=False)
    is_default = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "revision"], name="tolerance_edition_once")]

    def __str__(self) -> str:
        return self.name


class QualityCheck(Record):
    """One inspection of a job. The verdict is computed, never chosen; an override keeps the failure."""

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="checks")
    attempt = models.PositiveSmallIntegerField()
    edition = models.ForeignKey(ToleranceEdition, on_delete=models.PROTECT, related_name="+")
    edition_table = models.JSONField()
    instrument = models.CharField(
        _("instrument"),
        max_length=10,
        default="automatic",
        choices=[("automatic", _("Automatic focimeter")), ("manual", _("Manual focimeter"))],
    )
    ordered = models.JSONField()
    verification = models.JSONField(null=True)
    measured = models.JSONField()
    cosmetic = models.JSONField(default=dict)
    passed = models.BooleanField()
    checked_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    overridden_at = models.DateTimeField(null=True, blank=True)
    overridden_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    override_reason = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "attempt"], name="quality_attempt_once")]


class QualityLine(models.Model):
    """One judged quantity: strings as printed; `eye` empty for the pair."""

    append_only = True

    check_record = models.ForeignKey(QualityCheck, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    eye = models.CharField(max_length=5, blank=True)
    quantity = models.CharField(max_length=40)
    ordered = models.CharField(max_length=20, blank=True)
    # What the laboratory says it must show, where that differs from the order.
    target = models.CharField(max_length=20, blank=True)
    measured = models.CharField(max_length=20, blank=True)
    limit = models.CharField(max_length=40, blank=True)
    difference = models.CharField(max_length=20, blank=True)
    # Signed share of the limit that the error uses up: 1 is exactly at the limit.
    share = models.DecimalField(max_digits=7, decimal_places=3, null=True)
    over = models.CharField(max_length=20, blank=True)
    passed = models.BooleanField()
    judged = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]
