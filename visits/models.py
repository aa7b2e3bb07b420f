"""Appointments that cannot overlap, and visits: a customer in the shop, waiting or being served."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from branches.models import Branch, Room
from customers.models import Customer
from records.models import Record


class AppointmentKind(models.TextChoices):
    EYE_TEST = "eye_test", _("Eye test")
    CONTACT_LENS = "contact_lens", _("Contact lens check")
    DISPENSING = "dispensing", _("Frame and lens")
    FITTING = "fitting", _("Fitting")
    COLLECTION = "collection", _("Collection")
    ADJUSTMENT = "adjustment", _("Adjustment")


class AppointmentState(models.TextChoices):
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    DONE = "done", _("Done")
    NO_SHOW = "no_show", _("No-show")
    CANCELLED = "cancelled", _("Cancelled")


_TAKES_TIME = ~Q(state__in=["cancelled", "no_show"])


class Appointment(Record):
    """A booked time. The database refuses two at once for one clinician or one room."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="appointments")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="appointments")
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    kind = models.CharField(_("kind"), max_length=16, choices=AppointmentKind.choices)
    period = DateTimeRangeField(_("time"))
    state = models.CharField(max_length=12, choices=AppointmentState.choices, default=AppointmentState.BOOKED)
    note = models.CharField(_("note"), max_length=200, blank=True)
    cancelled_reason = models.CharField(max_length=200, blank=True)
    reminder_sent_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="clinician_not_double_booked",
                expressions=[("clinician", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=_TAKES_TIME,
            ),
            ExclusionConstraint(
                name="room_not_double_booked",
                expressions=[("room", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=_TAKES_TIME,
            ),
            models.CheckConstraint(condition=Q(state__in=AppointmentState.values), name="appointment_state_known"),
        ]


class VisitState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    IN_TEST = "in_test", _("In test")
    DISPENSING = "dispensing", _("Dispensing")
    DONE = "done", _("Done")
    LEFT = "left", pgettext_lazy("visit", "Left")


class Visit(Record):
    """One customer in one branch on one day, from arrival to outcome."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="visits")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="visits")
    appointment = models.OneToOneField(
        Appointment, on_delete=models.PROTECT, null=True, blank=True, related_name="visit"
    )
    walk_in = models.BooleanField(default=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=VisitState.choices, default=VisitState.WAITING)
    attended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    arrived_at = models.DateTimeField(default=timezone.now)
    test_started_at = models.DateTimeField(null=True, blank=True)
    dispensing_started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VisitState.values), name="visit_state_known"),
            models.UniqueConstraint(
                fields=["branch", "customer"],
                name="one_open_visit",
                condition=Q(state__in=["waiting", "in_test", "dispensing"]),
            ),
        ]
        indexes = [models.Index(fields=["branch", "-arrived_at"], name="visit_branch_day")]
