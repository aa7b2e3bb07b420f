"""Imports of price lists: what a file said row by row, what it would change, what it did change."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.models.frames import Supplier
from records.models import Record


class ImportKind(models.TextChoices):
    FRAMES = "frames", _("Frames")
    LENSES = "lenses", _("Lenses")
    ADD_ONS = "add_ons", _("Add-ons")
    BANDS = "bands", _("Surcharges")
    PRICES = "prices", _("Price list")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("Uploaded")
    CHECKED = "checked", _("Checked")
    APPLIED = "applied", _("Applied")
    REVERSED = "reversed", _("Taken back")
    DISCARDED = "discarded", _("Discarded")


class CatalogueImport(Record):
    """One file. `columns` maps our field to the file's heading; nothing of the catalogue changes before it is applied.

    `options` says from when to when and where a price list holds: `{"name", "valid_from", "valid_until", "branch"}`.
    """

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(_("what"), max_length=10, choices=ImportKind.choices)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, related_name="imports")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
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
    history = HistoricalRecords(excluded_fields=["headings"])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "reversed"]) | Q(applied_at__isnull=False),
                name="import_applied_with_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="reversed") | Q(reversed_at__isnull=False), name="import_reversed_with_time"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class RowVerdict(models.TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Same")
    REJECTED = "rejected", _("Rejected")
    PART = "part", _("Belongs to an earlier row")


class ImportRow(models.Model):
    """One row of the file as read (`cells`), as understood (`values`), its verdict, and what stood there before."""

    batch = models.ForeignKey(CatalogueImport, on_delete=models.CASCADE, related_name="rows")
    row_number = models.PositiveIntegerField()
    cells = models.JSONField()
    values = models.JSONField(default=dict)
    verdict = models.CharField(max_length=10, choices=RowVerdict.choices, blank=True)
    problems = models.JSONField(default=list)
    before = models.JSONField(default=dict)
    target_id = models.BigIntegerField(null=True)
    target_version = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "row_number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "verdict", "row_number"], name="import_row_verdict")]
