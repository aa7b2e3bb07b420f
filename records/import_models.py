"""What every import of a file keeps: the file's facts, its rows as read and as understood, and what became of each.

Apps inherit from both; nothing of theirs changes before an import is applied.
"""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from records.models import Record


class FileState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKED = "checked", _("Checked")
    RUNNING = "running", _("Being written")
    APPLIED = "applied", _("Applied")
    REVERSED = "reversed", _("Taken back")
    DISCARDED = "discarded", _("Discarded")


class FileImport(Record):
    """One file for one branch. `columns` maps our column to the file's heading; `options` holds what was asked once.

    `counts` is the last dry run's report by verdict, `sha256` the file's own.
    """

    number = models.CharField(max_length=20, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.UPLOADED)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    headings = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict, blank=True)
    row_count = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    checked_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "reversed"]) | Q(applied_at__isnull=False),
                name="%(class)s_applied_with_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | (Q(reversed_at__isnull=False) & ~Q(reversed_reason="")),
                name="%(class)s_reversed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Whether columns and decisions can still be changed."""
        return self.state in (FileState.UPLOADED, FileState.CHECKED)


class FileRow(models.Model):
    """One row of a file: `cells` as read, `values` as understood, the verdict and every problem or note with its column.

    `problems` and `notes` are lists of `{"column", "value", "reason"}`. The fingerprint is of the filled cells with their
    headings: the same row of the same list has it again, wherever it stands.
    """

    row_number = models.PositiveIntegerField()
    cells = models.JSONField()
    values = models.JSONField(default=dict)
    verdict = models.CharField(max_length=12, blank=True)
    problems = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    batch: Any

    class Meta:
        abstract = True
