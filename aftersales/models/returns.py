"""A return or an exchange: what comes back, why, who decided, what became of it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from aftersales.models.policy import Goods
from branches.models import Branch
from catalogue.models import Frame
from inventory.models import StockEntry
from orders.models import LedgerEntry, Order
from records.models import Record


class ReturnState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RECEIVED = "received", _("Item received")
    INSPECTED = "inspected", _("Inspected")
    REFUNDED = "refunded", _("Refunded")
    REPLACED = "replaced", _("Replacement ordered")
    CLOSED = "closed", _("Closed")


class ReturnReason(models.TextChoices):
    DAMAGED = "damaged", _("Arrived damaged")
    DEFECTIVE = "defective", _("Does not work or broke")
    WRONG = "wrong", _("Not what was ordered")
    NOT_SATISFIED = "not_satisfied", _("Not satisfied")


class Remedy(models.TextChoices):
    REFUND = "refund", _("Money back")
    EXCHANGE = "exchange", _("Exchange")


OVER = ["declined", "withdrawn", "closed"]


class Return(Record):
    """One request for one order. `explained` keeps what the policy said, item by item, on the day it was asked.

    `outside_policy`: it was approved although the rules said no, by somebody who may, with `decision_reason`.
    """

    number = models.CharField(_("number"), max_length=12, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReturnState.choices, default=ReturnState.REQUESTED)
    reason = models.CharField(_("reason"), max_length=14, choices=ReturnReason.choices)
    words = models.TextField(_("what is wrong"), blank=True)
    remedy = models.CharField(_("wanted"), max_length=8, choices=Remedy.choices)
    explained = models.JSONField(default=list)
    outside_policy = models.BooleanField(default=False)
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.CharField(max_length=300, blank=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    inspected_at = models.DateTimeField(null=True)
    inspected_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    inspection = models.CharField(_("condition"), max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    credit = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="credited_return")
    refund = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, null=True, related_name="refunded_return")
    replacement = models.OneToOneField(Order, on_delete=models.PROTECT, null=True, related_name="replaces_return")
    closed_at = models.DateTimeField(null=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=~Q(state__in=OVER), name="one_open_return_per_order"),
            models.CheckConstraint(condition=Q(state__in=ReturnState.values), name="return_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "received", "inspected", "refunded", "replaced", "declined"])
                | Q(decided_at__isnull=False),
                name="return_decided_with_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(requested_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="return_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") & Q(outside_policy=False) | ~Q(decision_reason=""),
                name="return_no_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refunded", "replaced"])
                | Q(received_at__isnull=False, inspected_at__isnull=False),
                name="return_settled_after_inspection",
            ),
            models.CheckConstraint(
                condition=~Q(state="replaced") | Q(replacement__isnull=False), name="return_replaced_by_an_order"
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "state", "-id"], name="return_branch_state"),
            models.Index(fields=["state", "requested_at"], name="return_open", condition=~Q(state__in=OVER)),
        ]

    def __str__(self) -> str:
        return self.number


class Whereto(models.TextChoices):
    """Where a returned thing goes after it was looked at."""

    STOCK = "stock", _("Back to stock")
    DAMAGED = "damaged", _("Damaged, kept apart")
    SUPPLIER = "supplier", _("Back to the supplier")
    WRITTEN_OFF = "written_off", _("Written off")


class ReturnItem(models.Model):
    """One line of the order that comes back; `amount` is what was charged for it, tax included."""

    parent = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="items")
    key = models.CharField(max_length=60)
    goods = models.CharField(max_length=8, choices=Goods.choices)
    description = models.CharField(max_length=200)
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, null=True, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    whereto = models.CharField(max_length=12, choices=Whereto.choices, blank=True)
    stock_entry = models.OneToOneField(StockEntry, on_delete=models.PROTECT, null=True, related_name="returned_item")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "key"], name="return_item_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="return_item_not_negative"),
        ]
