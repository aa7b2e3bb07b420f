"""Idempotency keys and background jobs: the two tables every app's edges share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IdempotencyKey(models.Model):
    """One submitted form or API call: the same key with the same body gives the same answer, once."""

    actor_key = models.CharField(max_length=80)
    key = models.UUIDField()
    request_hash = models.CharField(max_length=64)
    outcome = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["actor_key", "key"], name="idempotency_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up")
    CANCELLED = "cancelled", _("Cancelled")


class Job(models.Model):
    """Work for a worker. The row is the truth; the broker only rings. Payloads hold ids, never personal data."""

    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=JobState.choices, default=JobState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    lease_id = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    progress = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(null=True)
    last_error = models.TextField(blank=True)
    requested_by_id = models.BigIntegerField(null=True)
    branch_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_known"),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="job_due", condition=models.Q(state__in=["waiting", "running"])
            ),
        ]


class Heartbeat(models.Model):
    """The last sign of life of the worker and of the clock, for `/health/`."""

    name = models.CharField(max_length=20, primary_key=True)
    beaten_at = models.DateTimeField()
