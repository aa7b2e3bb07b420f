"""Links to one order, one per recipient channel, revocable; the portal opens them, messages carry them."""

import uuid

from django.db import models
from django.utils import timezone

from customers.models import Channel
from orders.models.order import Order


class OrderLink(models.Model):
    """A capability to see one order without log-in. The token is derived, so only its digest is stored."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="links")
    channel = models.CharField(max_length=8, choices=Channel.choices)
    nonce = models.UUIDField(default=uuid.uuid4)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    use_count = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["order", "channel"], name="order_link_order")]
