"""Month-end packs: one PDF and one workbook a month and branch, or for the whole practice."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from branches.models import Branch


class Pack(models.Model):
    """One edition of a month. Without a branch it is the group's. An edition never changes; a new one is made beside it."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    month = models.DateField()
    edition = models.PositiveSmallIntegerField(default=1)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    figures = models.JSONField(default=dict)
    pdf = models.FileField(upload_to="packs/%Y/", blank=True)
    workbook = models.FileField(upload_to="packs/%Y/", blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    workbook_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "month", "edition"], name="pack_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(month__day=1), name="pack_month_begins"),
        ]
        indexes = [models.Index(fields=["-month", "-id"], name="pack_newest")]

    @property
    def job_key(self) -> str:
        """The name of the background work that makes it."""
        return f"reports.pack:{self.pk}"

    @property
    def is_ready(self) -> bool:
        return self.made_at is not None
