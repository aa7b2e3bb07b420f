"""What a medical aid or insurer is asked to pay of an order, and what it answered."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orders.models.money import LedgerEntry
from orders.models.order import Order
from records.models import Record


class ClaimState(models.TextChoices):
    SUBMITTED = "submitted", _("Submitted")
    APPROVED = "approved", _("Approved")
    PART_APPROVED = "part_approved", _("Part approved")
    REJECTED = "rejected", _("Rejected")
    PAID = "paid", _("Paid by the insurer")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_CLAIMS = (ClaimState.SUBMITTED, ClaimState.APPROVED, ClaimState.PART_APPROVED)


class Claim(Record):
    """One claim. `approved` is what the insurer promised, `paid` what came; the rest of `amount` is the customer's."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="claims")
    state = models.CharField(max_length=14, choices=ClaimState.choices, default=ClaimState.SUBMITTED)
    insurer = models.CharField(_("medical aid or insurer"), max_length=80)
    member_number = models.CharField(_("member number"), max_length=40)
    authorisation = models.CharField(_("authorisation"), max_length=40, blank=True)
    amount = models.DecimalField(_("claimed"), max_digits=12, decimal_places=2)
    approved = models.DecimalField(_("approved"), max_digits=12, decimal_places=2, null=True, blank=True)
    paid = models.DecimalField(_("paid"), max_digits=12, decimal_places=2, null=True, blank=True)
    answer = models.CharField(_("the insurer's reason"), max_length=200, blank=True)
    submitted_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="claim")
    key = models.UUIDField(null=True, unique=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ClaimState.values), name="claim_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="claim_above_zero"),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved__gte=0, approved__lte=F("amount")),
                name="claim_approved_within_claimed",
            ),
            models.CheckConstraint(
                condition=Q(state="paid", entry__isnull=False, paid__gt=0)
                | (~Q(state="paid") & Q(entry__isnull=True, paid__isnull=True)),
                name="claim_paid_is_posted",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "part_approved"]) | Q(approved__isnull=False, approved__gt=0),
                name="claim_answer_has_amount",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["part_approved", "rejected"]) | ~Q(answer=""), name="claim_less_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "id"], name="claim_order"),
            models.Index(fields=["state", "submitted_at"], name="claim_open", condition=Q(state__in=OPEN_CLAIMS)),
        ]

    def __str__(self) -> str:
        return f"{self.insurer} {self.amount}"

    @property
    def expected(self) -> Decimal:
        """What may still come from the insurer."""
        if self.state == ClaimState.SUBMITTED:
            return self.amount
        return self.approved or Decimal("0.00") if self.state in OPEN_CLAIMS else Decimal("0.00")

    @property
    def shortfall(self) -> Decimal | None:
        """What the customer pays of the claimed amount; None while the insurer has not answered."""
        known = {
            ClaimState.APPROVED: self.approved,
            ClaimState.PART_APPROVED: self.approved,
            ClaimState.REJECTED: Decimal("0.00"),
            ClaimState.PAID: self.paid,
        }
        covered = known.get(ClaimState(self.state))
        return None if covered is None else self.amount - covered
