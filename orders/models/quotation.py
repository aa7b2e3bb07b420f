"""The quotation a customer decides on."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from orders.models.order import Order
from records.models import Record


class QuotationState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Waiting for the customer")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")
    REPLACED = "replaced", _("Replaced")


class Quotation(Record):
    """One version of the price of an order; `version` counts within the order. Amounts in the organisation's currency.

    `inputs` lists the record versions it was made from, as `{type, id, version, label, values}`.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="quotations")
    number = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=QuotationState.choices, default=QuotationState.DRAFT)
    valid_until = models.DateField()
    promised_on = models.DateField(_("promised"))
    subtotal = models.DecimalField(max_digits=12, decimal_places=2)
    discount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    tax_percent = models.DecimalField(max_digits=5, decimal_places=2)
    tax_included = models.BooleanField(default=True)
    tax = models.DecimalField(max_digits=12, decimal_places=2)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    deposit_required = models.DecimalField(max_digits=12, decimal_places=2)
    inputs = models.JSONField(default=list)
    text_shown = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "version"], name="quotation_version_once"),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["draft", "sent", "approved"]),
                name="one_live_quotation_per_order",
            ),
            models.CheckConstraint(condition=Q(state__in=QuotationState.values), name="quotation_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined"]) | Q(decided_at__isnull=False),
                name="quotation_decided_with_time",
            ),
            models.CheckConstraint(condition=Q(total__gte=0, deposit_required__gte=0), name="quotation_not_negative"),
            models.CheckConstraint(condition=Q(deposit_required__lte=models.F("total")), name="deposit_within_total"),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    @property
    def net_of_tax(self) -> Decimal:
        """What the tax office calls the value of the supply."""
        return self.total - self.tax


class LineKind(models.TextChoices):
    FRAME = "frame", _("Frame")
    LENS = "lens", _("Lens")
    ADD_ON = "add_on", _("Add-on")
    SURCHARGE = "surcharge", _("Surcharge")
    SERVICE = "service", _("Service")
    OTHER = "other", _("Other")


# Why less is asked for; the code is kept, the words are read, by customers too.
DISCOUNT_REASONS: dict[str, str | Promise] = {
    "loyalty": _("loyalty"),
    "second pair": _("second pair"),
    "promotion": _("promotion"),
    "medical aid": _("medical aid agreement"),
    "staff": _("staff or family"),
    "delay": _("delay or complaint"),
    "display piece": _("display piece or small fault"),
}


class QuotationLine(models.Model):
    """One priced item. `net` = quantity x unit price - discount; `tax` is inside it or on top; cost is frozen.

    `key` names the item across versions (`frame`, `lens:both`, `service:3`), so that a remade quotation keeps discounts.
    """

    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=LineKind.choices)
    description = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    record_type = models.CharField(max_length=60, blank=True)
    record_id = models.BigIntegerField(null=True)
    eye = models.CharField(max_length=5, blank=True)
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=12, decimal_places=2)
    unit_cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    discount_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0)
    discount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    discount_reason = models.CharField(max_length=80, blank=True)
    discount_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    net = models.DecimalField(max_digits=12, decimal_places=2)
    tax = models.DecimalField(max_digits=12, decimal_places=2, default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(condition=Q(net__gte=0, discount__gte=0), name="quotation_line_not_negative"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quotation_line_counts"),
            models.CheckConstraint(
                condition=Q(net=models.F("quantity") * models.F("unit_price") - models.F("discount")),
                name="quotation_line_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(discount=0) | ~Q(discount_reason=""), name="quotation_discount_has_reason"
            ),
            models.UniqueConstraint(fields=["quotation", "key"], name="quotation_line_key_once"),
        ]

    @property
    def gross(self) -> Decimal:
        return self.unit_price * self.quantity

    @property
    def is_pair(self) -> bool:
        """Lenses, or what is made to them, for both eyes."""
        return self.quantity == 2 and self.kind in (LineKind.LENS, LineKind.ADD_ON, LineKind.SURCHARGE)

    @property
    def discount_words(self) -> str:
        """Why less is asked for, in the reader's language; a reason from elsewhere as it was written."""
        return str(DISCOUNT_REASONS.get(self.discount_reason, self.discount_reason))
