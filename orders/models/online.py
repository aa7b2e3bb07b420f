"""Payments over a gateway: what was asked for, what the gateway told, what went back. Only verified notices move them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from orders.models.money import LedgerEntry
from orders.models.order import Order


class RequestState(models.TextChoices):
    OPEN = "open", _("Not paid yet")
    PAID = "paid", _("Paid")
    EXPIRED = "expired", _("Expired")
    MISMATCH = "mismatch", _("Amount does not fit")


class PaymentRequest(models.Model):
    """One amount asked of a customer over a gateway. Paid means exactly one ledger entry, posted by a verified notice.

    `attempt` counts what was sent to the gateway under a key of its own; `payment_ref` is the gateway's number of the money,
    to which a refund goes. A decline is remembered and changes nothing: the customer may try again.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="payment_requests")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    gateway = models.CharField(max_length=20)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    attempt = models.PositiveSmallIntegerField(default=1)
    session_ref = models.CharField(max_length=160, blank=True)
    payment_ref = models.CharField(max_length=160, blank=True)
    url = models.TextField(blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="payment_request"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="payment_request_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_request_above_zero"),
            models.CheckConstraint(
                condition=Q(state="paid", entry__isnull=False, paid_at__isnull=False)
                | (~Q(state="paid") & Q(entry__isnull=True)),
                name="payment_request_paid_is_posted",
            ),
            models.UniqueConstraint(
                fields=["gateway", "session_ref"], condition=~Q(session_ref=""), name="payment_session_once"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "-id"], name="payment_request_order"),
            models.Index(fields=["branch", "paid_at"], name="payment_request_paid", condition=Q(state="paid")),
        ]

    def __str__(self) -> str:
        return f"{self.gateway} {self.public_id}"

    @property
    def is_open(self) -> bool:
        """Whether the gateway's page may still be used."""
        return self.state == RequestState.OPEN and self.expires_at > timezone.now()


class GatewayNotice(models.Model):
    """What a gateway told us: stored once on its raw bytes after its signature was checked, applied later as a job."""

    gateway = models.CharField(max_length=20)
    event_id = models.CharField(max_length=160)
    received_at = models.DateTimeField(default=timezone.now)
    raw = models.BinaryField()
    request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    applied_at = models.DateTimeField(null=True, blank=True)
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gateway", "event_id"], name="gateway_notice_once")]


class RefundState(models.TextChoices):
    WAITING = "waiting", _("On its way")
    DONE = "done", _("Paid back")
    FAILED = "failed", _("Refused")


class GatewayRefund(models.Model):
    """Money that goes back the way it came. The ledger is told when the gateway has said yes, never before."""

    request = models.ForeignKey(PaymentRequest, on_delete=models.PROTECT, related_name="refunds")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=RefundState.choices, default=RefundState.WAITING)
    gateway_ref = models.CharField(max_length=160, blank=True)
    why = models.CharField(max_length=200, blank=True)
    key = models.UUIDField(unique=True)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    entry = models.OneToOneField(
        LedgerEntry, on_delete=models.PROTECT, null=True, blank=True, related_name="gateway_refund"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="gateway_refund_above_zero"),
            models.CheckConstraint(
                condition=Q(state="done", entry__isnull=False) | (~Q(state="done") & Q(entry__isnull=True)),
                name="gateway_refund_done_is_posted",
            ),
        ]
