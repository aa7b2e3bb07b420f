"""A shipment, what is in it, and everything its carrier ever said about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from orders.models import Order, QuotationLine
from records.models import Record
from shipping.models.carrier import Carrier, CarrierEndpoint


class ShipmentState(models.TextChoices):
    PACKED = "packed", _("Packed")
    HANDED_OVER = "handed_over", _("Handed over")
    IN_TRANSIT = "in_transit", _("In transit")
    OUT_FOR_DELIVERY = "out_for_delivery", _("Out for delivery")
    AVAILABLE_FOR_PICKUP = "available_for_pickup", _("Waits at a pick-up point")
    ATTEMPT_FAILED = "attempt_failed", _("Delivery failed")
    EXCEPTION = "exception", _("Exception")
    RETURNING = "returning", _("Coming back")
    RETURNED = "returned", _("Came back")
    DELIVERED = "delivered", _("Delivered")
    CANCELLED = "cancelled", _("Cancelled")


_UNDER_WAY = ~Q(state__in=["delivered", "returned", "cancelled"])


class Shipment(Record):
    """One parcel of an order, to its customer or (`to_branch`) to the branch where it is collected.

    `address` is the snapshot it was packed with: `name, line1, line2, city, region, postal_code, country, phone`.
    `gates` keeps each checkpoint as it was passed: code, label, how, by whom. `told` holds what the customer was told
    (`shipped`, `in_transit`, `problem:exception` …). From hand-over on `state` is recomputed from all checkpoints.
    """

    number = models.CharField(_("number"), max_length=24, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="shipments")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="shipments")
    to_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="shipments_to")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="shipments")
    service = models.CharField(_("service"), max_length=60, blank=True)
    method_note = models.CharField(_("note on the shipping method"), max_length=200, blank=True)
    tracking_number = models.CharField(_("tracking number"), max_length=40, blank=True)
    number_warning = models.CharField(max_length=20, blank=True)
    first_expected_on = models.DateField(null=True, blank=True)
    expected_on = models.DateField(_("expected delivery"), null=True, blank=True)
    address = models.JSONField(default=dict)
    address_unverified = models.CharField(max_length=200, blank=True)
    gates = models.JSONField(default=list)
    told = models.JSONField(default=list)
    state = models.CharField(max_length=24, choices=ShipmentState.choices, default=ShipmentState.PACKED)
    reason = models.CharField(max_length=40, blank=True)
    state_at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=200, blank=True)
    contradiction = models.BooleanField(default=False)
    last_word_at = models.DateTimeField(null=True)
    packed_at = models.DateTimeField(default=timezone.now)
    packed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    delivered_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.CharField(_("signed by"), max_length=80, blank=True)
    ended_reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ShipmentState.values), name="shipment_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=["packed", "cancelled"]) | Q(handed_over_at__isnull=False),
                name="shipment_moves_after_hand_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(delivered_at__isnull=False), name="shipment_delivered_with_time"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="shipment_branch"),
            models.Index(fields=["branch", "state", "-id"], name="shipment_branch_state"),
            models.Index(fields=["order", "-id"], name="shipment_order"),
            models.Index(fields=["to_branch", "-id"], name="shipment_to_branch", condition=Q(to_branch__isnull=False)),
            models.Index(fields=["tracking_number"], name="shipment_tracking", condition=~Q(tracking_number="")),
            models.Index(fields=["last_word_at"], name="shipment_under_way", condition=_UNDER_WAY),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def recipient(self) -> str:
        return str(self.address.get("name", ""))


class ShipmentLine(models.Model):
    """One item of the order in the parcel, with the code that was scanned for it."""

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(QuotationLine, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField(default=1)
    scanned_code = models.CharField(max_length=40, blank=True)
    scanned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["line__position"]
        constraints = [
            models.UniqueConstraint(fields=["shipment", "line"], name="shipment_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="shipment_line_counts"),
        ]


class CheckpointSource(models.TextChoices):
    WEBHOOK = "webhook", _("Webhook")
    HAND = "hand", _("By hand")
    FILE = "file", _("File")


class TrackingCheckpoint(models.Model):
    """What a carrier said, as it said it: when it happened by its clock, when we heard. Append-only.

    `state` and `reason` are our reading at that time; words that were unknown then are read again with what was taught.
    """

    append_only = True

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="checkpoints")
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=24)
    reason = models.CharField(max_length=40, blank=True)
    occurred_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    place = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=2, blank=True)
    message = models.CharField(max_length=300, blank=True)
    adapter = models.CharField(max_length=20, blank=True)
    status_raw = models.CharField(max_length=80, blank=True)
    detail_raw = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=8, choices=CheckpointSource.choices)
    zone_assumed = models.BooleanField(default=False)
    time_unreadable = models.BooleanField(default=False)
    is_summary = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "fingerprint"], name="checkpoint_once")]
        indexes = [models.Index(fields=["shipment", "id"], name="checkpoint_shipment")]


class Tracker(models.Model):
    """A number that a tracking service was asked to follow, with the service's own number of it."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="trackers")
    endpoint = models.ForeignKey(CarrierEndpoint, on_delete=models.PROTECT, related_name="trackers")
    number = models.CharField(max_length=60)
    ref = models.CharField(max_length=80, blank=True)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["shipment", "endpoint", "number"], name="tracker_once")]
