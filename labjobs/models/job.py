"""Laboratories, trays, and the job that carries one order's lenses through them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from orders.models import Order
from records.models import Record


class LabKind(models.TextChoices):
    OWN = "own", _("Own laboratory")
    OUTSIDE = "outside", _("Outside laboratory")


class Lab(models.Model):
    """Where lenses are made. `profile` says how its order file looks; `lead_days` its promise in working days."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=8, choices=LabKind.choices, default=LabKind.OWN)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, blank=True, related_name="labs")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    account = models.CharField(_("our account"), max_length=40, blank=True)
    lead_days = models.PositiveSmallIntegerField(_("working days"), default=3)
    profile = models.JSONField(default=dict, blank=True)
    credit_rules = models.JSONField(default=list, blank=True)
    stage_limits = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class Tray(models.Model):
    """A tray with a barcode; reused, in one open job at a time (the job's constraint)."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="trays")
    code = models.CharField(_("code"), max_length=12)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["branch", "code"], name="tray_once_per_branch")]

    def __str__(self) -> str:
        return self.code


class JobState(models.TextChoices):
    RELEASED = "released", _("Released")
    IN_PRODUCTION = "in_production", _("In production")
    QUALITY = "quality", _("At quality check")
    REWORK = "rework", _("Rework")
    PASSED = "passed", _("Passed")
    READY = "ready", _("Ready")
    COLLECTED = "collected", _("Collected")
    REMADE = "remade", _("Remade")
    CANCELLED = "cancelled", _("Cancelled")


class Stage(models.TextChoices):
    """Columns of the board, in order."""

    RECEIVED = "received", _("Received")
    AT_LAB = "at_lab", _("At outside lab")
    SURFACING = "surfacing", _("Surfacing or stock pick")
    COATING = "coating", _("Coating")
    EDGING = "edging", _("Edging")
    ASSEMBLY = "assembly", _("Assembly")
    QUALITY = "quality", _("Quality check")
    DISPATCH = "dispatch", _("Dispatch")


class Job(Record):
    """One pair (or one lens) in the making. `inputs` freezes what was released: Rx, frame, lens, measurements.

    A remake is a new job linked by `remake_of`. `on_hold_since` stops every advance until released.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="jobs")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="jobs")
    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="jobs")
    lab_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="lab_jobs")
    tray = models.ForeignKey(Tray, on_delete=models.PROTECT, null=True, blank=True, related_name="jobs")
    state = models.CharField(max_length=14, choices=JobState.choices, default=JobState.RELEASED)
    stage = models.CharField(max_length=12, choices=Stage.choices, default=Stage.RECEIVED)
    stage_since = models.DateTimeField(default=timezone.now)
    eyes = models.CharField(
        max_length=5, default="both", choices=[("both", _("Both")), ("right", _("Right")), ("left", _("Left"))]
    )
    inputs = models.JSONField(default=list)
    values = models.JSONField(default=dict)
    first_promised_on = models.DateField()
    promised_on = models.DateField()
    released_at = models.DateTimeField(default=timezone.now)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    on_hold_since = models.DateTimeField(null=True, blank=True)
    on_hold_reason = models.CharField(max_length=200, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Powers that the laboratory says the focimeter must show, by eye; see labjobs/inspection.py.
    verification = models.JSONField(null=True, blank=True)
    lab_sent_at = models.DateTimeField(null=True, blank=True)
    lab_acknowledged_at = models.DateTimeField(null=True, blank=True)
    lab_shipped_at = models.DateTimeField(null=True, blank=True)
    lab_reference = models.CharField(max_length=60, blank=True)
    lab_status_raw = models.CharField(max_length=120, blank=True)
    remake_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="remakes")
    remake_reason = models.CharField(max_length=12, blank=True)
    party_at_fault = models.CharField(max_length=20, blank=True)
    payer = models.CharField(max_length=20, blank=True)
    remake_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    expected_credit = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=JobState.values), name="labjob_state_known"),
            models.UniqueConstraint(
                fields=["tray"],
                condition=Q(tray__isnull=False) & ~Q(state__in=["collected", "remade", "cancelled"]),
                name="one_open_job_per_tray",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=~Q(state__in=["collected", "remade", "cancelled"]),
                name="one_open_job_per_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lab_branch", "stage", "promised_on"],
                name="labjob_board",
                condition=~Q(state__in=["collected", "remade", "cancelled"]),
            ),
            models.Index(
                fields=["branch", "promised_on"],
                name="labjob_open_branch",
                condition=~Q(state__in=["collected", "remade", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class JobMove(models.Model):
    """One step of a job, with time, place and how (scan, key, menu, laboratory's message). Append-only."""

    append_only = True

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="moves")
    from_stage = models.CharField(max_length=12, blank=True)
    to_stage = models.CharField(max_length=12)
    from_state = models.CharField(max_length=14, blank=True)
    to_state = models.CharField(max_length=14)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=120, blank=True)
    how = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["job", "id"], name="jobmove_job")]


class LabMessage(models.Model):
    """What an outside laboratory said about a job, word for word, and whether its table explains the code. Append-only."""

    append_only = True

    lab = models.ForeignKey(Lab, on_delete=models.PROTECT, related_name="messages")
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="lab_messages")
    code = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True)
    known = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["lab", "known"], name="labmessage_unknown")]
