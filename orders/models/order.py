"""The order: one pair of spectacles (or goods) for one customer, from draft to closed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from customers.models import Customer
from orders.querysets import OPEN, OrderQuerySet
from prescriptions.models import Prescription
from records.models import Record
from visits.models import Visit


class OrderState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    QUOTED = "quoted", _("Quoted")
    APPROVED = "approved", _("Approved")
    CONFIRMED = "confirmed", _("Confirmed")
    IN_PRODUCTION = "in_production", _("In production")
    READY = "ready", _("Ready")
    SHIPPED = "shipped", _("Shipped")
    COLLECTED = "collected", _("Collected")
    CLOSED = "closed", _("Closed")
    CANCELLED = "cancelled", _("Cancelled")


class Delivery(models.TextChoices):
    COLLECT = "collect", _("Collection in the shop")
    SHIP = "ship", _("Shipping")


_PROMISED = Q(state__in=["confirmed", "in_production", "ready", "shipped"])


class Order(Record):
    """Sold at `branch`, made at `made_branch`, collected at `collect_branch`; all three see it.

    `number` is `RSB-10482`; `public_code` is what a customer reads out (Crockford, with check sign).
    On-time is judged against `first_promised_on`; `promised_on` is today's word. Money is never stored here:
    the balance is the ledger's sum, kept beside it for lists (`OrderBalance`).
    """

    number = models.CharField(_("number"), max_length=16, unique=True)
    public_code = models.CharField(max_length=12, unique=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="orders")
    collect_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="orders_to_collect")
    made_branch = models.ForeignKey(
        Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="orders_to_make"
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    prescription = models.ForeignKey(
        Prescription, on_delete=models.PROTECT, null=True, blank=True, related_name="orders"
    )
    state = models.CharField(max_length=16, choices=OrderState.choices, default=OrderState.DRAFT)
    delivery = models.CharField(_("delivery"), max_length=10, choices=Delivery.choices, default=Delivery.COLLECT)
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    first_promised_on = models.DateField(null=True, blank=True)
    promised_on = models.DateField(_("promised"), null=True, blank=True)
    payment_due_on = models.DateField(null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    second_pair_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="second_pairs"
    )
    quoted_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    production_started_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    shipped_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=200, blank=True)
    # Said by a page that has found no version of a quotation: then there is no approval to look for either.
    never_quoted = False

    history = HistoricalRecords()

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state_known"),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | Q(cancelled_at__isnull=False), name="order_cancelled_with_time"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "in_production", "ready", "shipped", "collected", "closed"])
                | Q(confirmed_at__isnull=False),
                name="order_confirmed_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="order_branch"),
            models.Index(fields=["branch", "state", "-id"], name="order_branch_state"),
            models.Index(fields=["customer", "-id"], name="order_customer"),
            models.Index(fields=["branch", "promised_on", "id"], name="order_open_promise", condition=_PROMISED),
            models.Index(fields=["state", "promised_on", "id"], name="order_open", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["collect_branch", "-id"],
                name="order_collected_elsewhere",
                condition=~Q(collect_branch=models.F("branch")),
            ),
            models.Index(
                fields=["made_branch", "-id"],
                name="order_made_elsewhere",
                condition=Q(made_branch__isnull=False) & ~Q(made_branch=models.F("branch")),
            ),
        ]

    def __str__(self) -> str:
        return self.number
