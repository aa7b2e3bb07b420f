"""What every record shares: the six facts' fields, events, evidence, approvals and reviews.

Records know no business noun: a subject is a pair (record type such as `orders.order`, id).
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from core.actor import Source

SOURCES = [
    (Source.COUNTER.value, _("Counter")),
    (Source.LINK.value, _("Customer's link")),
    (Source.API.value, _("Another system")),
    (Source.IMPORT.value, _("Import")),
    (Source.WEBHOOK.value, _("Provider's notice")),
    (Source.SYSTEM.value, _("System")),
]


class Record(models.Model):
    """Base of every protected record: where it came from, when, by whom, in which role, and its version."""

    source = models.CharField(_("source"), max_length=12, choices=SOURCES, default=Source.COUNTER.value)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    responsible_role = models.CharField(_("responsible role"), max_length=24, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class Event(models.Model):
    """An append-only fact. The timeline, every measure and the message outbox read this one stream.

    `kind` is `app.what_happened`; `action` groups everything that one click did.
    `old` and `new` hold the changed values by field name, as strings a person would read.
    """

    append_only = True

    kind = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now(), db_index=True)
    occurred_at = models.DateTimeField(null=True)
    action = models.UUIDField(default=uuid.uuid4)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=120)
    role = models.CharField(max_length=24, blank=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=12, choices=SOURCES)
    reason_code = models.CharField(max_length=40, blank=True)
    reason = models.TextField(blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="event_subject"),
            models.Index(fields=["customer_id", "-id"], name="event_customer", condition=Q(customer_id__isnull=False)),
            models.Index(fields=["order_id", "-id"], name="event_order", condition=Q(order_id__isnull=False)),
            models.Index(fields=["kind", "at"], name="event_kind_at"),
            models.Index(fields=["branch", "at"], name="event_branch_at"),
            models.Index(fields=["action"], name="event_action"),
        ]


class EvidenceKind(models.TextChoices):
    PHOTO = "photo", _("Photo")
    SCAN = "scan", _("Scan")
    DOCUMENT = "document", _("Document")
    SIGNATURE = "signature", _("Signature")
    FILE = "file", _("Data file")
    NOTE = "note", _("Note")
    LINK = "link", _("Link")


class Evidence(models.Model):
    """What supports a record: a file (with its SHA-256), a note or a link; who added it and when. Never changed."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=EvidenceKind.choices)
    title = models.CharField(_("title"), max_length=160)
    note = models.TextField(_("note"), blank=True)
    url = models.URLField(_("link"), blank=True)
    file = models.FileField(upload_to="evidence/%Y/%m/", blank=True)
    thumbnail = models.FileField(upload_to="evidence/%Y/%m/", blank=True)
    content_type = models.CharField(max_length=80, blank=True)
    size_bytes = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_by_name = models.CharField(max_length=120)
    added_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="evidence_subject")]


class ApprovalMethod(models.TextChoices):
    SIGNED_IN_SHOP = "signed_in_shop", _("Signed on the tablet")
    TYPED_IN_SHOP = "typed_in_shop", _("Typed name on the tablet")
    LINK = "link", _("By link on the phone")
    STAFF = "staff", _("By a member of staff")


class Approval(models.Model):
    """Who decided what, how, on which versions of which inputs. Out of date as soon as one of them moves."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    approved = models.BooleanField(default=True)
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_by_name = models.CharField(max_length=120)
    role = models.CharField(max_length=24, blank=True)
    method = models.CharField(max_length=16, choices=ApprovalMethod.choices)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    customer_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    text_shown = models.TextField(blank=True)
    content_hash = models.CharField(max_length=64, blank=True)
    device = models.CharField(max_length=200, blank=True)
    ip_address = models.GenericIPAddressField(null=True)
    reason = models.TextField(blank=True)
    out_of_date_at = models.DateTimeField(null=True)
    out_of_date_because = models.CharField(max_length=200, blank=True)
    replaced_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replaces")

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="approval_subject"),
            models.Index(fields=["order_id"], name="approval_order", condition=Q(order_id__isnull=False)),
        ]

    @property
    def is_current(self) -> bool:
        return self.approved and self.out_of_date_at is None and self.replaced_by_id is None


class ApprovalInput(models.Model):
    """One record version on which an approval rests."""

    append_only = True

    approval = models.ForeignKey(Approval, on_delete=models.CASCADE, related_name="inputs")
    record_type = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    record_version = models.PositiveIntegerField()
    label = models.CharField(max_length=160)
    values = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["record_type", "record_id"], name="approval_input_record")]


class ReviewState(models.TextChoices):
    OPEN = "open", _("Review needed")
    DECIDED = "decided", _("Decided again")
    OVERRIDDEN = "overridden", _("Stands, with reason")
    DROPPED = "dropped", _("No longer needed")


class Review(models.Model):
    """A decision whose basis changed: what changed, why it matters, who owns the response, what it blocks.

    `decision` names the decision to make again (`quotation_approval`, `lab_job`, `promised_date`, ...);
    `blocks` names the stage that cannot begin while it is open.
    """

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    decision = models.CharField(max_length=40)
    blocks = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=12, choices=ReviewState.choices, default=ReviewState.OPEN)
    what_changed = models.CharField(max_length=300)
    why_it_matters = models.CharField(max_length=300)
    before_next_stage = models.CharField(max_length=300)
    cause_type = models.CharField(max_length=60)
    cause_id = models.BigIntegerField()
    cause_version = models.PositiveIntegerField(default=0)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, related_name="+")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="reviews")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    customer_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    owner_role = models.CharField(max_length=24)
    opened_at = models.DateTimeField(default=timezone.now)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolution_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="review_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", resolved_at__isnull=True) | (~Q(state="open") & Q(resolved_at__isnull=False)),
                name="review_resolved_with_time",
            ),
        ]
        indexes = [
            models.Index(fields=["order_id"], name="review_open_order", condition=Q(state="open")),
            models.Index(fields=["subject_type", "subject_id"], name="review_subject"),
            models.Index(fields=["owner", "branch"], name="review_open_owner", condition=Q(state="open")),
        ]

    @property
    def matters(self) -> str:
        """Why it matters, in the reader's language."""
        return gettext(self.why_it_matters) if self.why_it_matters else ""

    @property
    def asks(self) -> str:
        """What must happen before the next stage, in the reader's language."""
        return gettext(self.before_next_stage) if self.before_next_stage else ""


class Handover(models.Model):
    """Responsibility passes from one role to another; the receiver acknowledges what changed since the last one."""

    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    order_id = models.BigIntegerField(null=True)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+")
    from_role = models.CharField(max_length=24, blank=True)
    to_role = models.CharField(max_length=24)
    stage = models.CharField(max_length=40)
    note = models.CharField(max_length=300, blank=True)
    changes = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="handover_subject"),
            models.Index(fields=["order_id"], name="handover_unread", condition=Q(acknowledged_at__isnull=True)),
        ]


class Seal(models.Model):
    """A link of the hash chain over events (and history), made by a scheduled task."""

    append_only = True

    table = models.CharField(max_length=60)
    from_id = models.BigIntegerField()
    to_id = models.BigIntegerField()
    row_count = models.PositiveIntegerField()
    previous_hash = models.CharField(max_length=64, blank=True)
    sealed_hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "from_id"], name="seal_once")]


class Way(models.TextChoices):
    PAGE = "page", _("Page")
    FILE = "file", _("Paper or file")
    API = "api", _("Another system")


class Look(models.Model):
    """Somebody opened a record that is about a person: one row a person, branch, record, way and day, with its count.

    `branch` is where the viewer worked, `record_branch` whose record it is, `day` the day by the clock of `branch`. The database
    lets `last_at` and `times` grow and refuses everything else (migration 0003); old rows go by `RETENTION_LOOK_MONTHS`.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=24)
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+", db_index=False)
    way = models.CharField(max_length=4, choices=Way.choices)
    day = models.DateField()
    subject_type = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    customer_id = models.BigIntegerField(null=True)
    order_id = models.BigIntegerField(null=True)
    record_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "subject_type", "subject_id", "day", "way", "branch"], name="look_once_a_day"
            ),
            models.CheckConstraint(condition=Q(times__gte=1, last_at__gte=models.F("first_at")), name="look_in_order"),
        ]
        indexes = [
            models.Index(fields=["customer_id", "-first_at"], name="look_customer"),
            models.Index(fields=["branch", "first_at"], name="look_branch"),
            models.Index(fields=["record_branch", "first_at"], name="look_record_branch"),
            models.Index(fields=["first_at"], name="look_first"),
        ]
