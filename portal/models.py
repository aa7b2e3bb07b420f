"""What the front door remembers: who knocked how often. No order, no address: keyed hashes only."""

from django.db import models
from django.utils import timezone


class Knock(models.Model):
    """One try at something that is limited: a look-up, a code. `key` is a hash; rows are forgotten after a day."""

    what = models.CharField(max_length=20)
    key = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["what", "key", "-at"], name="knock_recent")]
