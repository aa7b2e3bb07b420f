"""The payment ledger: append-only; the balance of an order is the sum of its entries, kept beside it for lists."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.models import Branch
from orders.models.order import Order
from records.models import SOURCES


class EntryKind(models.TextChoices):
    CHARGE = "charge", _("Charge")
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    ADJUSTMENT = "adjustment", pgettext_lazy("ledger", "Adjustment")


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Transfer")
    INSURER = "insurer", _("Medical aid or insurer")
    VOUCHER = "voucher", _("Voucher")
    ONLINE = "online", _("Online")
    CREDIT = "credit", _("Credit")


class DrawerSession(models.Model):
    """A cash drawer from opening float to counted close; a variance needs a reason."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="drawers")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    opening_float = models.DecimalField(max_digits=12, decimal_places=2)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    counted = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    expected = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    variance_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, counted__isnull=True)
                | Q(closed_at__isnull=False, counted__isnull=False, expected__isnull=False),
                name="drawer_closed_with_count",
            ),
            models.CheckConstraint(
                condition=Q(counted__isnull=True) | Q(counted=models.F("expected")) | ~Q(variance_reason=""),
                name="drawer_variance_has_reason",
            ),
            models.UniqueConstraint(
                fields=["branch"], condition=Q(closed_at__isnull=True), name="one_open_drawer_per_branch"
            ),
        ]


class LedgerEntry(models.Model):
    """Charges are positive, payments negative, refunds positive: the sum is what the customer owes.

    `number` is gap-free per branch, kind and year (`RSB-R26-000123`). A correction is a counter-entry (`reverses`).
    The parts of one payment made in several ways point to the first (`split_of`).
    """

    append_only = True

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="ledger")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    number = models.CharField(max_length=24, unique=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    method = models.CharField(max_length=10, choices=PaymentMethod.choices, blank=True)
    reference = models.CharField(_("reference"), max_length=80, blank=True)
    tendered = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    drawer = models.ForeignKey(DrawerSession, on_delete=models.PROTECT, null=True, blank=True, related_name="entries")
    split_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    quotation_version = models.PositiveIntegerField(null=True, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=12, choices=SOURCES)
    idempotency_key = models.UUIDField(null=True, unique=True)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(kind="payment") & Q(amount__lt=0))
                | (Q(kind="refund") & Q(amount__gt=0))
                | Q(kind="charge")
                | Q(kind="adjustment"),
                name="ledger_sign_fits_kind",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_amount_not_zero"),
            models.CheckConstraint(
                condition=~Q(kind__in=["payment", "refund"]) | ~Q(method=""), name="ledger_money_has_a_method"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["refund", "adjustment"]) | ~Q(reason=""), name="ledger_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("by")), name="ledger_two_people"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "id"], name="ledger_order"),
            models.Index(fields=["branch", "at"], name="ledger_branch_at"),
        ]

    @property
    def into_drawer(self) -> Decimal:
        """What this entry put into the cash drawer: payments add, refunds take."""
        return -self.amount


class OrderBalance(models.Model):
    """The sums of an order's entries, added up by the database itself as each entry is written (a trigger).

    For lists and their counts, which cannot sum the ledger of every order. Whoever decides about money sums the ledger.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="balance")
    charged = models.DecimalField(max_digits=12, decimal_places=2)
    paid = models.DecimalField(max_digits=12, decimal_places=2)
    owed = models.GeneratedField(
        expression=models.F("charged") - models.F("paid"),
        output_field=models.DecimalField(max_digits=12, decimal_places=2),
        db_persist=True,
    )

    class Meta:
        indexes = [models.Index(fields=["order"], name="balance_owed", condition=Q(owed__gt=0))]
