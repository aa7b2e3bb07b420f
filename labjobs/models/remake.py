"""A remake, reglaze or repair that somebody asked for: why, whose fault, who pays, and who approved it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cases.models import Case
from labjobs.models.handover import Warranty
from labjobs.models.job import Job
from orders.models import Order
from records.models import Record


class RemakeKind(models.TextChoices):
    REMAKE = "remake", _("Remake")
    REGLAZE = "reglaze", _("Reglaze: new lenses, same frame")
    REPAIR = "repair", _("Repair")


class RemakeState(models.TextChoices):
    REQUESTED = "requested", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


class Remake(Record):
    """The request. `explained` keeps in words why the warranty and the laboratory's terms answered as they did."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="remake_requests")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="remake_requests")
    new_job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, blank=True, related_name="made_for_remake")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, related_name="+")
    warranty = models.ForeignKey(Warranty, on_delete=models.PROTECT, null=True, blank=True, related_name="claims")
    kind = models.CharField(_("kind"), max_length=8, choices=RemakeKind.choices, default=RemakeKind.REMAKE)
    eyes = models.CharField(_("eyes"), max_length=5, default="both")
    cause = models.CharField(_("cause"), max_length=4)
    party_at_fault = models.CharField(_("at fault"), max_length=20)
    payer = models.CharField(_("who pays"), max_length=20)
    cost_lines = models.JSONField(default=list)
    cost = models.DecimalField(max_digits=12, decimal_places=2)
    expected_credit = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    explained = models.JSONField(default=list)
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=RemakeState.choices, default=RemakeState.REQUESTED)
    requested_at = models.DateTimeField(default=timezone.now)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job"], condition=Q(state="requested"), name="one_remake_asked_per_job"),
            models.CheckConstraint(condition=Q(cost__gte=0), name="remake_costs_nothing_or_more"),
        ]
        indexes = [models.Index(fields=["order"], name="remake_order")]

    def __str__(self) -> str:
        return self.number
