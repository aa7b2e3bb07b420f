"""Carriers, the doors through which they report, what came in, and the words nobody knew."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Carrier(models.Model):
    """Who takes parcels. `services` is a list of `{"name", "days"}`, days in working days from hand-over to delivery.

    `link_template` has `{}` where the number goes. After `silence_days` working days without a word a person looks.
    """

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    link_template = models.CharField(_("address of its tracking page"), max_length=200, blank=True)
    services = models.JSONField(_("services"), default=list, blank=True)
    silence_days = models.PositiveSmallIntegerField(
        _("working days of silence"), default=3, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_default = models.BooleanField(_("chosen first"), default=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="carrier_first_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class CarrierEndpoint(models.Model):
    """One door for webhooks. `public_id` is its part of the address; secrets are kept encrypted, two at a time.

    `token_only`: the sender cannot sign, so the secret stands in the address as `?token=`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    adapter = models.CharField(_("tracking service"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    secret = models.TextField(_("secret"))
    previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True, blank=True)
    # Of the service's API, for asking it to follow a number; encrypted like the secrets, empty where it only posts to us.
    api_key = models.TextField(blank=True)
    token_only = models.BooleanField(_("cannot sign: token in the address"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    history = HistoricalRecords(excluded_fields=["secret", "previous_secret", "api_key"])

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CarrierNotice(models.Model):
    """One verified body, stored once and as it came; applied later as a job."""

    endpoint = models.ForeignKey(CarrierEndpoint, on_delete=models.PROTECT, related_name="notices")
    event_id = models.CharField(max_length=160)
    received_at = models.DateTimeField(default=timezone.now)
    raw = models.BinaryField()
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["endpoint", "event_id"], name="carrier_notice_once")]
        indexes = [models.Index(fields=["endpoint", "-id"], name="carrier_notice_newest")]


class CarrierWord(models.Model):
    """A word that no table explains, with how often it came; or, once `mapped_at`, what it means here.

    `word` is the word without case and punctuation; `state` may stay empty when it only gives a reason.
    """

    adapter = models.CharField(max_length=20)
    word = models.CharField(max_length=80)
    shown = models.CharField(max_length=80)
    message = models.CharField(max_length=300, blank=True)
    times = models.PositiveIntegerField(default=1)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(_("means"), max_length=24, blank=True)
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    mapped_at = models.DateTimeField(null=True)
    mapped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["adapter", "word"], name="carrier_word_once")]

    def __str__(self) -> str:
        return self.shown
