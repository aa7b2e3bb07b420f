"""What two parts of the practice say differently: found each night, listed until it agrees again."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from branches.models import Branch


class Reconciliation(models.Model):
    """One comparison of everything. `counts` holds the number of differences by check."""

    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    counts = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["-id"], name="reconciliation_newest")]


class Difference(models.Model):
    """One record on which two parts disagree: what one says (`expected`) and what the other says (`found`)."""

    run = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    check_code = models.CharField(max_length=30)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=120)
    expected = models.CharField(max_length=120)
    found = models.CharField(max_length=120)

    class Meta:
        indexes = [models.Index(fields=["run", "branch", "check_code"], name="difference_listed")]
