"""Facts (one row for each counted thing), their sums per branch and day, targets, and how far the events are read."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Branch


class Fact(models.Model):
    """One counted thing: a job, an order, a quotation line, an appointment. Derived, rebuildable from the records.

    `counted` is its part of the denominator, `hit` of the numerator, `amount` hours or money by the measure.
    `causes` holds what can weaken the measure, by name: laboratory, brand, cause code ... (empty means not recorded).
    `unit` and `unit_id` say from which record it is computed, so that it can be computed again.
    """

    measure = models.CharField(max_length=30)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    unit = models.CharField(max_length=16)
    unit_id = models.BigIntegerField()
    part = models.BigIntegerField(default=0)
    order_id = models.BigIntegerField(null=True)
    counted = models.DecimalField(max_digits=14, decimal_places=2, default=1)
    hit = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    amount = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    causes = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "unit", "unit_id", "part"], name="fact_once")]
        indexes = [
            models.Index(fields=["measure", "branch", "day"], name="fact_period"),
            models.Index(fields=["unit", "unit_id"], name="fact_unit"),
        ]


class Sum(models.Model):
    """The sums of the facts of one measure, branch and span: in all (`cause` empty), and by each cause and value.

    `hours` (of times in all) counts the facts by their whole hours, for median and p90: `{"31": 2, "40": 1}`.
    """

    measure = models.CharField(max_length=30)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, related_name="+")
    cause = models.CharField(max_length=30, blank=True)
    value = models.CharField(max_length=120, blank=True)
    facts = models.PositiveIntegerField()
    counted = models.DecimalField(max_digits=16, decimal_places=2)
    hit = models.DecimalField(max_digits=16, decimal_places=2)
    amount = models.DecimalField(max_digits=16, decimal_places=2)
    hours = models.JSONField(null=True)

    class Meta:
        abstract = True


class Summary(Sum):
    """One day's sums, from its facts."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "branch", "day", "cause", "value"], name="summary_once")
        ]
        indexes = [
            models.Index(fields=["branch", "cause", "day"], name="summary_period"),
            models.Index(fields=["measure", "cause", "branch", "day"], name="summary_cause"),
        ]


class MonthSummary(Sum):
    """One whole calendar month's sums, from those of its days: long spans read these instead. `day` is its first."""

    day = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "branch", "day", "cause", "value"], name="month_summary_once")
        ]
        indexes = [
            models.Index(fields=["branch", "cause", "day"], name="month_summary_period"),
            models.Index(fields=["measure", "cause", "branch", "day"], name="month_summary_cause"),
        ]


class Reader(models.Model):
    """How far the stream of events has been read into facts, and when."""

    name = models.CharField(max_length=30, unique=True)
    event_id = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)


class Target(models.Model):
    """What a branch aims at for one measure, from a day on. The newest that has begun counts."""

    measure = models.CharField(max_length=30)
    branch = models.ForeignKey(Branch, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    value = models.DecimalField(_("target"), max_digits=12, decimal_places=2)
    begins_on = models.DateField(_("from"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "branch", "begins_on"], name="target_once", nulls_distinct=False)
        ]
