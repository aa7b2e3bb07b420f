"""Exceptions: owner, evidence, closure rule, decision. The engine knows no subject type."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from records.models import Record


class CaseState(models.TextChoices):
    OPEN = "open", _("Open")
    WAITING_APPROVAL = "waiting_approval", _("Waiting for approval")
    CLOSED = "closed", _("Closed")


class Case(Record):
    """One exception. `kind` is declared by the app that owns the subject, in its `case_kinds.py`."""

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    state = models.CharField(max_length=20, choices=CaseState.choices, default=CaseState.OPEN)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="cases")
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="owned_cases"
    )
    owner_role = models.CharField(max_length=24)
    severity = models.PositiveSmallIntegerField(default=2)
    due_at = models.DateTimeField(null=True)
    blocks = models.CharField(max_length=40, blank=True)
    earlier_value = models.JSONField(default=dict)
    cause_code = models.CharField(max_length=12, blank=True)
    party_at_fault = models.CharField(max_length=20, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    decision = models.CharField(max_length=40, blank=True)
    decision_reason = models.TextField(blank=True)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    closing_note = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False) | (~Q(state="closed") & Q(closed_at__isnull=True)),
                name="case_closed_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["branch", "-id"], name="case_open_branch", condition=~Q(state="closed")),
            models.Index(fields=["subject_type", "subject_id"], name="case_subject"),
            models.Index(fields=["order_id"], name="case_order", condition=Q(order_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class CaseLink(models.Model):
    """A person, resource, approval or money entry that the case touches."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="links")
    role = models.CharField(max_length=40)
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    label = models.CharField(max_length=160)
    added_at = models.DateTimeField(default=timezone.now)


class CaseTick(models.Model):
    """One item of the closure rule, ticked by the system or by a person with a note."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="ticks")
    item = models.CharField(max_length=40)
    ticked_at = models.DateTimeField(default=timezone.now)
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "item"], name="case_tick_once")]


class CaseNote(models.Model):
    """What someone did or said about the case: "rang the customer, will come Friday"."""

    append_only = True

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(_("note"))
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120)
