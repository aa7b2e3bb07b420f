"""Fitting, and the warranty that starts at collection."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from labjobs.models.job import Job
from orders.models import Order
from records.models import Record


class Fitting(Record):
    """The spectacles on the customer's face: checks, vision, outcome."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="fittings")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="fittings")
    outcome = models.CharField(
        _("outcome"),
        max_length=10,
        choices=[("passed", _("Fits")), ("adjusted", _("Adjusted, fits")), ("failed", _("Does not fit"))],
    )
    checks = models.JSONField(default=dict)
    case_id = models.BigIntegerField(null=True, blank=True)
    right_va = models.CharField(_("right VA"), max_length=12, blank=True)
    left_va = models.CharField(_("left VA"), max_length=12, blank=True)
    binocular_va = models.CharField(_("binocular VA"), max_length=12, blank=True)
    cause = models.CharField(_("cause"), max_length=20, blank=True)
    remark = models.TextField(_("customer's remark"), blank=True)
    fitted_at = models.DateTimeField(default=timezone.now)
    fitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    history = HistoricalRecords()


class WarrantyTerm(models.Model):
    """What the practice promises for a part of the glasses: how long, how often, for which causes."""

    class Part(models.TextChoices):
        FRAME = "frame", _("Frame")
        LENSES = "lenses", _("Lenses")
        COATING = "coating", _("Coating")
        ADAPTATION = "adaptation", _("Getting used to the lenses")

    code = models.CharField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=80)
    part = models.CharField(_("part"), max_length=12, choices=Part.choices)
    months = models.PositiveSmallIntegerField(_("months"))
    times_allowed = models.PositiveSmallIntegerField(_("times"), default=1)
    causes = models.JSONField(_("causes"), default=list)
    conditions = models.CharField(_("conditions"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Warranty(Record):
    """What is covered, from collection until when, how often. One row per covered thing of an order.

    `terms` keeps what was promised then: `code`, `part`, `causes`, `conditions`.
    """

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="warranties")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="warranties")
    covers = models.CharField(_("covers"), max_length=40)
    terms = models.JSONField(default=dict)
    starts_on = models.DateField()
    ends_on = models.DateField()
    times_allowed = models.PositiveSmallIntegerField(default=1)
    times_used = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="warranty_ends_after_start"),
        ]
        verbose_name_plural = "warranties"
