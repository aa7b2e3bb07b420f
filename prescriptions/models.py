"""Prescriptions: written as the prescriber wrote them, immutable once signed, corrected by a new version."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from customers.models import Customer
from records.models import Record
from visits.models import Visit


class PrescriptionKind(models.TextChoices):
    DISTANCE = "distance", _("Distance")
    NEAR = "near", _("Near")
    INTERMEDIATE = "intermediate", _("Intermediate")
    BIFOCAL = "bifocal", _("Bifocal")
    TRIFOCAL = "trifocal", _("Trifocal")
    PROGRESSIVE = "progressive", _("Progressive")
    OCCUPATIONAL = "occupational", _("Occupational")
    CONTACT_LENS = "contact_lens", _("Contact lens")
    PLANO = "plano", _("Plano")


class PrescriptionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CURRENT = "current", _("Signed")
    SUPERSEDED = "superseded", _("Superseded")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENTERED_IN_ERROR = "entered_in_error", _("Entered in error")


class Origin(models.TextChoices):
    OWN_TEST = "own_test", _("Own eye test")
    OUTSIDE = "outside", _("Outside prescription")
    FHIR = "fhir", _("FHIR document")
    SPECTACLES = "spectacles", _("Read from spectacles")


class EyeTest(Record):
    """The examination behind a prescription: who tested, when, what was found. One per visit and clinician."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="eye_tests")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="eye_tests")
    optometrist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    findings = models.JSONField(_("findings"), default=dict, blank=True)
    advice = models.TextField(_("advice"), blank=True)
    history = HistoricalRecords()


class Prescription(Record):
    """One signed document, or its draft. `series` holds its versions together; `version` counts within it.

    Powers in dioptres as written (the sign of the cylinder says plus or minus form), distances in mm. `revision` counts the
    saves of a draft, so that two people typing into one are noticed. The number is drawn at signing: a draft has none.
    """

    number = models.CharField(_("number"), max_length=16, blank=True)
    revision = models.PositiveIntegerField(default=1)
    series = models.UUIDField(default=uuid.uuid4)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    correction_reason_code = models.CharField(max_length=40, blank=True)
    correction_reason = models.TextField(blank=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="prescriptions")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, null=True, blank=True, related_name="prescriptions")
    eye_test = models.ForeignKey(EyeTest, on_delete=models.PROTECT, null=True, blank=True, related_name="prescriptions")
    kind = models.CharField(_("kind"), max_length=16, choices=PrescriptionKind.choices)
    state = models.CharField(max_length=20, choices=PrescriptionState.choices, default=PrescriptionState.DRAFT)
    origin = models.CharField(_("source"), max_length=12, choices=Origin.choices, default=Origin.OWN_TEST)
    examined_on = models.DateField(_("examined"), null=True, blank=True)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    expires_on = models.DateField(_("valid to"), null=True, blank=True)
    expiry_reason = models.CharField(max_length=200, blank=True)
    prescriber_name = models.CharField(_("prescriber"), max_length=120, blank=True)
    prescriber_registration = models.CharField(_("registration number"), max_length=40, blank=True)
    far_pd_mm = models.DecimalField(_("far PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    near_pd_mm = models.DecimalField(_("near PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    vertex_mm = models.DecimalField(_("back vertex distance"), max_digits=4, decimal_places=1, null=True, blank=True)
    binocular_va = models.CharField(_("binocular VA"), max_length=12, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    recall_months = models.PositiveSmallIntegerField(_("recall, months"), null=True, blank=True)
    confirmations = models.JSONField(default=list, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_reason_code = models.CharField(max_length=40, blank=True)
    ended_reason = models.TextField(blank=True)
    external_document = models.JSONField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "version"], name="prescription_version_once"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(state="current"), name="one_current_version_in_a_series"
            ),
            models.CheckConstraint(condition=Q(state__in=PrescriptionState.values), name="prescription_state_known"),
            models.CheckConstraint(
                condition=Q(state="draft", signed_at__isnull=True)
                | (~Q(state="draft") & Q(signed_at__isnull=False))
                | Q(state="entered_in_error"),
                name="prescription_signed_with_time",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "current", "superseded"], ended_at__isnull=True)
                | Q(state__in=["withdrawn", "entered_in_error"], ended_at__isnull=False),
                name="prescription_ended_with_time",
            ),
            models.CheckConstraint(condition=Q(state="draft") | ~Q(number=""), name="prescription_signed_with_number"),
        ]
        indexes = [models.Index(fields=["customer", "-id"], name="prescription_customer")]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"

    @property
    def is_draft(self) -> bool:
        return self.state == PrescriptionState.DRAFT

    @property
    def is_contact_lens(self) -> bool:
        return self.kind == PrescriptionKind.CONTACT_LENS


class EyeSide(models.TextChoices):
    RIGHT = "right", _("Right")
    LEFT = "left", _("Left")


class PrescribedEye(models.Model):
    """One eye of a spectacle prescription. No cylinder means none (never 0.00); axis 1 to 180 only with a cylinder."""

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="eyes")
    eye = models.CharField(max_length=5, choices=EyeSide.choices)
    balance = models.BooleanField(_("balance lens"), default=False)
    sphere = models.DecimalField(_("sphere"), max_digits=6, decimal_places=3, null=True, blank=True)
    cylinder = models.DecimalField(_("cylinder"), max_digits=6, decimal_places=3, null=True, blank=True)
    axis = models.PositiveSmallIntegerField(_("axis"), null=True, blank=True)
    add = models.DecimalField(_("add"), max_digits=5, decimal_places=3, null=True, blank=True)
    intermediate_add = models.DecimalField(max_digits=5, decimal_places=3, null=True, blank=True)
    prism_horizontal = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    base_horizontal = models.CharField(max_length=4, blank=True, choices=[("in", _("In")), ("out", _("Out"))])
    prism_vertical = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    base_vertical = models.CharField(max_length=4, blank=True, choices=[("up", _("Up")), ("down", _("Down"))])
    far_pd_mm = models.DecimalField(_("far PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    near_pd_mm = models.DecimalField(_("near PD"), max_digits=4, decimal_places=1, null=True, blank=True)
    va = models.CharField(_("VA"), max_length=12, blank=True)
    near_va = models.CharField(_("near VA"), max_length=12, blank=True)

    class Meta:
        ordering = ["-eye"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "eye"], name="one_row_per_eye"),
            models.CheckConstraint(
                condition=Q(cylinder__isnull=True, axis__isnull=True)
                | Q(cylinder__isnull=False, axis__gte=1, axis__lte=180),
                name="axis_only_with_cylinder",
            ),
            models.CheckConstraint(condition=~Q(cylinder=0), name="no_zero_cylinder"),
        ]


class ContactLensEye(models.Model):
    """One eye of a contact lens prescription; its own document, made after a fitting. Only a draft may have gaps.

    `add` is a power (`+2.00`) or the maker's word (`low`, `mid`, `high`).
    """

    prescription = models.ForeignKey(Prescription, on_delete=models.CASCADE, related_name="contact_lenses")
    eye = models.CharField(max_length=5, choices=EyeSide.choices)
    product = models.CharField(_("product"), max_length=120, blank=True)
    power = models.DecimalField(_("power"), max_digits=6, decimal_places=3, null=True, blank=True)
    base_curve_mm = models.DecimalField(_("base curve"), max_digits=4, decimal_places=2, null=True, blank=True)
    diameter_mm = models.DecimalField(_("diameter"), max_digits=4, decimal_places=2, null=True, blank=True)
    cylinder = models.DecimalField(_("cylinder"), max_digits=6, decimal_places=3, null=True, blank=True)
    axis = models.PositiveSmallIntegerField(_("axis"), null=True, blank=True)
    add = models.CharField(_("add"), max_length=8, blank=True)
    colour = models.CharField(_("colour"), max_length=40, blank=True)
    replacement = models.CharField(_("replacement"), max_length=20, blank=True)
    wearing_mode = models.CharField(_("wearing mode"), max_length=20, blank=True)
    va = models.CharField(_("VA"), max_length=12, blank=True)

    class Meta:
        ordering = ["-eye"]
        constraints = [
            models.UniqueConstraint(fields=["prescription", "eye"], name="one_contact_lens_per_eye"),
            models.CheckConstraint(
                condition=Q(cylinder__isnull=True, axis__isnull=True)
                | Q(cylinder__isnull=False, axis__gte=1, axis__lte=180),
                name="contact_axis_only_with_cylinder",
            ),
        ]
