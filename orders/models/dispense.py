"""What was chosen and measured for an order: frame, lens specification, fitting measurements. One of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from catalogue.models import Frame, LensAddOn, LensProduct
from orders.models.order import Order
from records.models import Record


class FrameStatus(models.TextChoices):
    SUPPLY = "supply", _("From stock")
    TO_COME = "to_come", _("To come")
    PATIENT_OWN = "patient_own", _("Customer's own")
    LENSES_ONLY = "lenses_only", _("Lenses only")


class FrameChoice(Record):
    """The frame of an order. The customer's own frame has no catalogue entry but the same measurements."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="frame_choice")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, null=True, blank=True, related_name="choices")
    status = models.CharField(_("frame"), max_length=12, choices=FrameStatus.choices, default=FrameStatus.SUPPLY)
    description = models.CharField(_("description"), max_length=120, blank=True)
    a_mm = models.DecimalField(_("A"), max_digits=5, decimal_places=2, null=True, blank=True)
    b_mm = models.DecimalField(_("B"), max_digits=5, decimal_places=2, null=True, blank=True)
    dbl_mm = models.DecimalField(_("DBL"), max_digits=5, decimal_places=2, null=True, blank=True)
    ed_mm = models.DecimalField(_("ED"), max_digits=5, decimal_places=2, null=True, blank=True)
    mount = models.CharField(max_length=12, blank=True)
    material = models.CharField(max_length=12, blank=True)
    trace = models.JSONField(null=True, blank=True)
    reservation_reference = models.CharField(max_length=80, blank=True)
    stock_branch = models.ForeignKey(
        "branches.Branch", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    liability_waived_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["supply", "to_come"]) | Q(frame__isnull=False), name="supplied_frame_is_named"
            ),
        ]


class Purpose(models.TextChoices):
    AS_PRESCRIBED = "as_prescribed", _("As prescribed")
    INTERMEDIATE = "intermediate", _("Intermediate")
    NEAR = "near", _("Reading")


class LensSpecification(Record):
    """The lenses of an order: product per eye (usually one), add-ons, eyes to make."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="lens_specification")
    right = models.ForeignKey(LensProduct, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    left = models.ForeignKey(LensProduct, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    add_ons = models.ManyToManyField(LensAddOn, related_name="+", blank=True)
    purpose = models.CharField(_("for"), max_length=14, choices=Purpose.choices, default=Purpose.AS_PRESCRIBED)
    tint = models.CharField(_("tint"), max_length=80, blank=True)
    remark = models.CharField(_("remark to the laboratory"), max_length=200, blank=True)
    fit_report = models.JSONField(default=dict, blank=True)
    history = HistoricalRecords(m2m_fields=[add_ons])

    @property
    def product(self) -> LensProduct | None:
        return self.right or self.left


class MeasurementMethod(models.TextChoices):
    PUPILOMETER = "pupilometer", _("Pupilometer")
    RULER = "ruler", _("Ruler")
    DEVICE = "device", _("Centration device")
    FROM_PRESCRIPTION = "prescription", _("From the prescription")


class Measurement(Record):
    """Fitting measurements in mm and degrees, who took them and how. Required set follows from the lens."""

    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="measurement")
    right_far_pd_mm = models.DecimalField(_("right far PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    left_far_pd_mm = models.DecimalField(_("left far PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    right_near_pd_mm = models.DecimalField(_("right near PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    left_near_pd_mm = models.DecimalField(_("left near PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    right_height_mm = models.DecimalField(
        _("right fitting height"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    left_height_mm = models.DecimalField(
        _("left fitting height"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    vertex_mm = models.DecimalField(_("BVD"), max_digits=4, decimal_places=1, null=True, blank=True)
    tilt_deg = models.DecimalField(_("pantoscopic tilt"), max_digits=4, decimal_places=1, null=True, blank=True)
    wrap_deg = models.DecimalField(_("wrap"), max_digits=4, decimal_places=1, null=True, blank=True)
    method = models.CharField(
        _("method"), max_length=14, choices=MeasurementMethod.choices, default=MeasurementMethod.PUPILOMETER
    )
    measured_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    measured_at = models.DateTimeField(default=timezone.now)
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    frame_version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()


class TrayFrame(models.Model):
    """A frame laid on the customer's tray to compare with others before one is chosen."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="tray")
    frame = models.ForeignKey(Frame, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["order", "frame"], name="frame_on_a_tray_once")]
