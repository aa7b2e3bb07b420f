"""What may come back, within how many days, and why not: data that a manager edits and a customer reads."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Goods(models.TextChoices):
    """What a line of an order is, seen by who brings it back."""

    FRAME = "frame", _("Frame")
    LENSES = "lenses", _("Lenses")
    OTHER = "other", _("Accessories")
    SERVICE = "service", _("Services")


class ReturnPolicy(models.Model):
    """One rule. `brand` narrows it to one brand of frames; empty: all others.

    `days` count from the hand-over, for a change of mind; `faulty_days` for what is damaged, defective or wrong. 0 days:
    not at all. `made_to_order` says that it was made for this customer alone, so that nobody else can use it. `conditions` are
    the practice's own words; beside them stand those of other languages (`core.practice_words`).
    """

    code = models.SlugField(unique=True)
    goods = models.CharField(_("goods"), max_length=8, choices=Goods.choices)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    days = models.PositiveSmallIntegerField(_("days, change of mind"), validators=[MaxValueValidator(365)])
    faulty_days = models.PositiveSmallIntegerField(_("days, damaged or wrong"), validators=[MaxValueValidator(730)])
    made_to_order = models.BooleanField(_("made to order"), default=False)
    may_refund = models.BooleanField(_("money back"), default=True)
    may_exchange = models.BooleanField(_("exchange"), default=True)
    conditions = models.CharField(_("conditions"), max_length=300, blank=True)
    conditions_fr = models.CharField(_("conditions, French"), max_length=300, blank=True)
    conditions_pt = models.CharField(_("conditions, Portuguese"), max_length=300, blank=True)
    conditions_ar = models.CharField(_("conditions, Arabic"), max_length=300, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()

    class Meta:
        ordering = ["goods", "brand", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["goods", "brand"], condition=models.Q(is_active=True), name="one_return_policy_per_goods"
            ),
            models.CheckConstraint(condition=models.Q(days__lte=365, faulty_days__lte=730), name="return_days_sane"),
        ]

    def __str__(self) -> str:
        return f"{self.get_goods_display()} {self.brand}".strip()
