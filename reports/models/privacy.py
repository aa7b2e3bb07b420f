"""A customer's wish to be forgotten: asked by one person, decided by another, carried out once."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from customers.models import Customer


class ErasureState(models.TextChoices):
    ASKED = "asked", _("Waiting for a second person")
    DONE = "done", _("Carried out")
    REFUSED = "refused", _("Refused")


class Erasure(models.Model):
    """`kept` lists what stays and until when, `erased` how much went, class by class, as counts."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=ErasureState.choices, default=ErasureState.ASKED)
    reason = models.CharField(_("reason"), max_length=200)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    kept = models.JSONField(default=list)
    erased = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="erasure_two_people"
            ),
            models.UniqueConstraint(fields=["customer"], condition=Q(state="asked"), name="one_erasure_asked"),
        ]
