"""What is held where: stock of frames per branch, an append-only ledger, reservations and transfers.

Inventory knows no person and no order: a reservation is held by a reference such as `orders.framechoice:12`.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from catalogue.models import Frame
from records.import_models import FileImport, FileRow
from records.models import Record


class StockItem(models.Model):
    """One frame in one branch. `on_hand` is the ledger's sum; `reserved` the sum of held reservations."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="stock")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="stock")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    minimum = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(_("place"), max_length=40, blank=True)
    last_counted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "frame"], name="stock_item_once"),
            models.CheckConstraint(condition=Q(on_hand__gte=0, reserved__gte=0), name="stock_not_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="reserved_not_above_on_hand"),
        ]

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved


class Movement(models.TextChoices):
    OPENING = "opening", _("Opening stock")
    RECEIVED = "received", _("Received")
    SOLD = "sold", _("Sold")
    TRANSFER_OUT = "transfer_out", _("Sent to another branch")
    TRANSFER_IN = "transfer_in", _("Received from another branch")
    COUNTED = "counted", _("Count difference")
    DAMAGED = "damaged", _("Damaged")
    RETURNED = "returned", _("Returned by customer")
    TO_SUPPLIER = "to_supplier", _("Returned to supplier")


class StockEntry(models.Model):
    """A line of the append-only stock ledger."""

    append_only: ClassVar[bool] = True

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="entries")
    movement = models.CharField(max_length=16, choices=Movement.choices)
    quantity = models.IntegerField()
    unit_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    reference = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="stock_entry_item")]
        constraints = [models.CheckConstraint(condition=~Q(quantity=0), name="stock_entry_not_zero")]


class ReservationState(models.TextChoices):
    HELD = "held", _("Reserved")
    CONSUMED = "consumed", _("Sold")
    RELEASED = "released", _("Given back")
    LOST = "lost", _("Written off")


class Reservation(models.Model):
    """One piece held for a reference until it is sold or given back."""

    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, related_name="reservations")
    reference = models.CharField(max_length=80)
    quantity = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=ReservationState.choices, default=ReservationState.HELD)
    held_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reference"], condition=Q(state="held"), name="one_held_per_reference"),
        ]


class TransferState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("On the way")
    RECEIVED = "received", _("Received")
    CANCELLED = "cancelled", _("Cancelled")


class Transfer(Record):
    """Frames on their way between two branches; available in neither while on the way."""

    number = models.CharField(max_length=20, unique=True)
    from_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="transfers_out")
    to_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="transfers_in")
    state = models.CharField(max_length=10, choices=TransferState.choices, default=TransferState.DRAFT)
    note = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_branch=F("to_branch")), name="transfer_moves"),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "received"]) | Q(sent_at__isnull=False), name="transfer_sent_with_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_at__isnull=False), name="transfer_received_with_time"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class TransferLine(models.Model):
    transfer = models.ForeignKey(Transfer, on_delete=models.CASCADE, related_name="lines")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    sent = models.PositiveSmallIntegerField()
    received = models.PositiveSmallIntegerField(null=True)

    @property
    def difference(self) -> int | None:
        """Received less sent; None while on the way."""
        return None if self.received is None else self.received - self.sent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "frame"], name="transfer_line_once"),
            models.CheckConstraint(condition=Q(sent__gt=0), name="transfer_line_sends"),
        ]


class CountState(models.TextChoices):
    OPEN = "open", _("Counting")
    CLOSED = "closed", _("Posted")
    CANCELLED = "cancelled", _("Cancelled")


class StockCount(Record):
    """A blind count of a branch: people scan what they see, nobody is shown what should be there."""

    number = models.CharField(max_length=20, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="stock_counts")
    state = models.CharField(max_length=10, choices=CountState.choices, default=CountState.OPEN)
    whole_branch = models.BooleanField(
        _("the whole branch"), default=True, help_text=_("Frames that nobody scans count as missing.")
    )
    started_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch"], condition=Q(state="open"), name="one_open_count_per_branch"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="stock_count_closed_with_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StockCountLine(models.Model):
    """How often one frame was scanned. `expected` is filled when the count is posted, never before."""

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="lines")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    counted = models.PositiveSmallIntegerField(default=0)
    expected = models.IntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["count", "frame"], name="count_line_once")]

    @property
    def difference(self) -> int | None:
        return None if self.expected is None else self.counted - self.expected


class OpeningVerdict(models.TextChoices):
    READY = "ready", _("Ready")
    DIFFERS = "differs", _("Differs")
    UNKNOWN = "unknown", _("Not in the catalogue")
    SAME = "same", _("Same")
    PART = "part", _("Counts with an earlier row")
    REFUSED = "refused", _("Refused")


class OpeningDecision(models.TextChoices):
    SKIP = "skip", _("Leave out")
    CORRECT = "correct", _("Correct to the list")
    ADD = "add", _("Add to what is here")
    MAKE = "make", _("Make the frame")


class OpeningImport(FileImport):
    """A list of what lies in a branch when it begins. `options`: `supplier` of frames that are made from their row."""

    history = HistoricalRecords(excluded_fields=["headings"])


class OpeningRow(FileRow):
    """One frame of the list. `held` is what the system had at the dry run, `opened_before` whether by an opening.

    `pieces` sums the rows of one frame; `posted` is what was written to the ledger, `is_live` until it is taken back.
    """

    batch = models.ForeignKey(OpeningImport, on_delete=models.CASCADE, related_name="rows")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pieces = models.PositiveIntegerField(default=0)
    unit_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    held = models.IntegerField(default=0)
    opened_before = models.BooleanField(default=False)
    decision = models.CharField(max_length=8, choices=OpeningDecision.choices, blank=True)
    item = models.ForeignKey(StockItem, on_delete=models.PROTECT, null=True, blank=True, related_name="opening_rows")
    posted = models.IntegerField(default=0)
    is_opening = models.BooleanField(default=False)
    is_live = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="opening_row_once"),
            models.UniqueConstraint(
                fields=["item"], condition=Q(is_live=True, is_opening=True), name="opening_once_per_item"
            ),
            models.CheckConstraint(condition=~Q(is_live=True) | Q(item__isnull=False), name="opening_live_has_item"),
        ]
        indexes = [models.Index(fields=["batch", "verdict", "row_number"], name="opening_row_verdict")]
