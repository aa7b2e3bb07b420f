"""Papers of an order as PDF: made once per content by a worker, kept with their hash."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from orders.models.order import Order


class PaperKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    RECEIPT = "receipt", _("Receipt")
    QUOTATION = "quotation", _("Quotation")
    CREDIT = "credit", _("Credit note")
    STATEMENT = "statement", _("Statement")
    TICKET = "ticket", _("Job ticket")
    DELIVERY = "delivery", _("Delivery note")
    LABEL = "label", _("Parcel label")
    RETURN = "return", _("Return slip")


class Paper(models.Model):
    """One PDF. `key` names its content: asked for again unchanged it is the same paper."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=10, choices=PaperKind.choices)
    reference = models.CharField(max_length=24)
    key = models.CharField(max_length=120, unique=True)
    file = models.FileField(upload_to="papers/%Y/%m/", blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_ready(self) -> bool:
        return self.made_at is not None
