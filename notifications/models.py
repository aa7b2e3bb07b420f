"""The outbox: messages made in the business transaction, delivered under a lease, every try kept."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Branch, User
from customers.models import Channel, Customer
from orders.models import Order, OrderLink
from records.models import Event


class MessageState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    RETRY = "retry", _("Trying again")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Refused")
    DEAD = "dead", _("Given up")
    SUPERSEDED = "superseded", _("Replaced by a newer one")
    SUPPRESSED = "suppressed", _("Not sent")
    WITHHELD = "withheld", _("Held back")


class Template(models.Model):
    """One version of the words of a message. The newest published version per (key, channel, language) is used."""

    key = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=8)
    version = models.PositiveIntegerField()
    subject = models.CharField(_("subject"), max_length=160, blank=True)
    body = models.TextField(_("text"))
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "channel", "language", "version"], name="template_version_once")
        ]

    @property
    def changed_by(self) -> User | None:
        """Who gave the text its words, as two people on one form are told."""
        return self.published_by

    @property
    def changed_at(self) -> datetime:
        return self.published_at


class Message(models.Model):
    """One event to one recipient by one channel. Subject and body are frozen when it is made."""

    dedupe_key = models.CharField(max_length=160, unique=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    template_key = models.CharField(max_length=40)
    template_version = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    language = models.CharField(max_length=8, default="en")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, related_name="messages")
    order = models.ForeignKey(Order, on_delete=models.PROTECT, null=True, related_name="messages")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="messages")
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    html = models.TextField(blank=True)
    seq = models.PositiveIntegerField(default=0)
    critical = models.BooleanField(default=False)
    supersedes_older = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=MessageState.choices, default=MessageState.QUEUED)
    not_before = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    provider = models.CharField(max_length=30, blank=True)
    provider_id = models.CharField(max_length=160, blank=True)
    why = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    # When a receipt should have come; empty where none is to be expected, or when it was looked at.
    receipt_due_at = models.DateTimeField(null=True)
    fallback_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="fallbacks")
    picture = models.CharField(max_length=200, blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    handled_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="message_state_known"),
            models.UniqueConstraint(
                fields=["order", "channel", "seq"], condition=Q(order__isnull=False), name="message_seq_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="sending") | Q(lease_id__isnull=False, lease_until__isnull=False),
                name="message_sending_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], name="message_ready", condition=Q(state__in=["queued", "retry"])),
            models.Index(fields=["lease_until"], name="message_leased", condition=Q(state="sending")),
            models.Index(fields=["provider", "provider_id"], name="message_receipt", condition=~Q(provider_id="")),
            models.Index(
                fields=["order", "channel", "seq"],
                name="message_head_of_line",
                condition=Q(state__in=["queued", "retry", "sending"]),
            ),
            models.Index(
                fields=["receipt_due_at"], name="message_receipt_due", condition=Q(receipt_due_at__isnull=False)
            ),
            models.Index(
                fields=["provider", "delivered_at"], name="message_reported", condition=Q(delivered_at__isnull=False)
            ),
            models.Index(fields=["branch", "-id"], name="message_branch"),
            models.Index(fields=["customer", "-id"], name="message_customer"),
            models.Index(fields=["order", "-id"], name="message_order"),
        ]

    def __str__(self) -> str:
        return f"{self.template_key} {self.channel} {self.pk}"

    @property
    def is_final(self) -> bool:
        """Nothing more will happen by itself."""
        return self.state not in {MessageState.QUEUED, MessageState.RETRY, MessageState.SENDING}


class Planned(models.Model):
    """An event whose messages were made (or that needs none). With its uniqueness no event is planned twice."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    done = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    error = models.CharField(max_length=300, blank=True)


class PlanCursor(models.Model):
    """Up to which event everything is planned. It trails by an hour: a long transaction may commit an older number late."""

    name = models.CharField(max_length=20, primary_key=True)
    event_id = models.BigIntegerField(default=0)


class ChannelPause(models.Model):
    """A channel that cannot work as it is set up (wrong password, no sender): one notice instead of one per message."""

    channel = models.CharField(max_length=8, choices=Channel.choices, primary_key=True)
    until = models.DateTimeField()
    why = models.CharField(max_length=200)


class Attempt(models.Model):
    """One try to deliver a message."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    adapter = models.CharField(max_length=30)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    provider_id = models.CharField(max_length=160, blank=True)
    detail = models.CharField(max_length=300, blank=True)


class Suppression(models.Model):
    """An address that must not be used on a channel: hard bounce, complaint, STOP. Only its keyed hash is kept."""

    channel = models.CharField(max_length=8, choices=Channel.choices)
    address_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address_hash"], condition=Q(lifted_at__isnull=True), name="suppression_once"
            )
        ]


class PushSubscription(models.Model):
    """A browser that asked for notices about one order. It ends with the link it came by, or when its service says so."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="push_subscriptions")
    link = models.ForeignKey(OrderLink, on_delete=models.PROTECT, related_name="push_subscriptions")
    endpoint = models.URLField(max_length=1000)
    endpoint_digest = models.CharField(max_length=64)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    device = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "endpoint_digest"], name="push_subscription_once"),
        ]


class RecallRule(models.Model):
    """After how many months a person is asked to come again, by what was tested and the age then. The first that fits counts."""

    class Kind(models.TextChoices):
        SPECTACLES = "spectacles", _("Spectacles")
        CONTACT_LENSES = "contact_lenses", _("Contact lenses")

    kind = models.CharField(_("tested for"), max_length=16, choices=Kind.choices)
    from_age = models.PositiveSmallIntegerField(_("from age"), default=0)
    months = models.PositiveSmallIntegerField(_("months"))
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["kind", "from_age"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "from_age"], name="recall_rule_once"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=120), name="recall_months_in_range"),
        ]


class RecallPlan(models.Model):
    """Whether a branch reminds by itself, from which hour of its day, and how many people a day at most."""

    branch = models.OneToOneField(Branch, on_delete=models.PROTECT, primary_key=True, related_name="+")
    is_on = models.BooleanField(_("remind by itself"), default=False)
    from_hour = models.PositiveSmallIntegerField(_("from"), default=10)
    most_a_day = models.PositiveSmallIntegerField(_("people a day"), default=30)
    last_run_on = models.DateField(null=True)
    last_sent = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(from_hour__lte=20), name="recall_hour_in_day"),
            models.CheckConstraint(condition=Q(most_a_day__gte=1, most_a_day__lte=500), name="recall_most_in_range"),
        ]


class TriggerSwitch(models.Model):
    """A manager's change to the trigger table: this template by this channel is on or off."""

    template_key = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    enabled = models.BooleanField()
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["template_key", "channel"], name="trigger_switch_once")]


class InboundEvent(models.Model):
    """A provider's notice, stored once on its raw bytes, applied later as a job."""

    provider = models.CharField(max_length=30)
    event_id = models.CharField(max_length=160)
    received_at = models.DateTimeField(default=timezone.now)
    raw = models.BinaryField()
    applied_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="inbound_event_once")]
