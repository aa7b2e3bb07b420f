"""What customers answered when they were asked how it was: plain rows, one for each order."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from orders.models import Order


class Feedback(models.Model):
    """Ratings from 1 to 5; null where the question was skipped. `branch` is the one that handed the order over.

    `carrier`, `frame_brand` and `lens` are words of that day, so that trends stay what they were.
    """

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="feedback")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    tracking = models.PositiveSmallIntegerField(_("order tracking"), null=True)
    time = models.PositiveSmallIntegerField(_("waiting time"), null=True)
    product = models.PositiveSmallIntegerField(_("product"), null=True)
    went_wrong = models.JSONField(default=list)
    words = models.CharField(max_length=1000, blank=True)
    carrier = models.CharField(max_length=80, blank=True)
    frame_brand = models.CharField(max_length=80, blank=True)
    lens = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(tracking__isnull=True) | Q(tracking__range=(1, 5)))
                & (Q(time__isnull=True) | Q(time__range=(1, 5)))
                & (Q(product__isnull=True) | Q(product__range=(1, 5))),
                name="feedback_from_1_to_5",
            ),
        ]
        indexes = [models.Index(fields=["branch", "-at", "-id"], name="feedback_branch")]

    @property
    def scores(self) -> list[int]:
        """The answers given, without what was skipped."""
        return [score for score in (self.tracking, self.time, self.product) if score is not None]


class FeedbackPlan(models.Model):
    """When a branch asks how it was; a branch without a row asks after `FEEDBACK_AFTER_DAYS`."""

    branch = models.OneToOneField(Branch, on_delete=models.CASCADE, related_name="feedback_plan")
    days = models.PositiveSmallIntegerField(_("days after the hand-over"), default=7)
    is_on = models.BooleanField(_("ask"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 60)), name="feedback_days_sane")]
