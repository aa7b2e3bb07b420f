"""Statements of a bank account and their lines: each line has one effect, whatever file it comes in again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orders.banking.columns import labels
from orders.models.money import LedgerEntry
from orders.models.order import Order
from records.import_models import FileImport, FileRow


class LineMatch(models.TextChoices):
    EXACT = "exact", _("Exact")
    LIKELY = "likely", _("Likely")
    NONE = "none", _("No match")
    OUT = "out", _("Money out")
    BEFORE = "before", _("Imported before")
    REFUSED = "refused", _("Refused")


class LineState(models.TextChoices):
    OPEN = "open", _("To settle")
    POSTED = "posted", _("Payment posted")
    CONFIRMED = "confirmed", _("Recorded payment confirmed")
    NOT_OURS = "not_ours", _("Not ours")
    NOTHING = "nothing", _("Nothing to do")


class BankStatement(FileImport):
    """A statement as the bank gives it. `account` is the number without blanks; `options`: `day_order`."""

    account = models.CharField(_("bank account"), max_length=40)
    history = HistoricalRecords(excluded_fields=["headings"])


class BankLine(FileRow):
    """One line. `amount` is positive for money that came in; `verdict` is a `LineMatch`, `why` its reason in words.

    `fingerprint` is of day, amount, words and, for the same line twice a day, its place among them: with the account it is
    unique among the lines that are kept. `order` and `recorded` are the proposal; `entry` is what it came to.
    """

    batch = models.ForeignKey(BankStatement, on_delete=models.CASCADE, related_name="rows")
    account = models.CharField(max_length=40)
    booked_on = models.DateField(null=True, blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    words = models.CharField(max_length=500, blank=True)
    why = models.CharField(max_length=300, blank=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_lines")
    recorded = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_line")
    state = models.CharField(max_length=10, choices=LineState.choices, default=LineState.NOTHING)
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_kept = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="bank_line_row_once"),
            models.UniqueConstraint(
                fields=["account", "fingerprint"], condition=Q(is_kept=True), name="bank_line_once_per_account"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["posted", "confirmed"]) | Q(entry__isnull=False), name="bank_line_has_entry"
            ),
            models.CheckConstraint(condition=~Q(state="not_ours") | ~Q(reason=""), name="bank_line_not_ours_reason"),
        ]
        indexes = [
            models.Index(fields=["batch", "verdict", "row_number"], name="bank_line_verdict"),
            models.Index(fields=["-id"], name="bank_line_open", condition=Q(state="open")),
        ]

    @property
    def told(self) -> list[tuple[str, str, str]]:
        """What is wrong with it: column in words, what stands there, why."""
        named = labels()
        return [(named.get(one["column"], one["column"]), one["value"], one["reason"]) for one in self.problems]

    @property
    def cells_said(self) -> str:
        """The filled cells, for a line that could not be read."""
        return " · ".join(cell for cell in self.cells if cell)
