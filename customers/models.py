"""The customer and what belongs to the person: household, consents. Organisation-wide, not of one branch."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.models import Branch
from records.import_models import FileImport, FileRow
from records.models import Record


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")
    PUSH = "push", _("Push notice")


class Household(models.Model):
    """People who live or pay together; one of them may be the guardian of the others."""

    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Customer(Record):
    """A person we serve. `search_text` is kept by the service: unaccented lower-case names and the number."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=12, unique=True)
    title = models.CharField(_("title"), max_length=20, blank=True)
    given_names = models.CharField(_("given names"), max_length=100)
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    called = models.CharField(_("called"), max_length=60, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("mobile"), max_length=20, blank=True, help_text=_("E.164, for example +27821234567"))
    phone_as_typed = models.CharField(max_length=40, blank=True)
    other_phone = models.CharField(_("other phone"), max_length=20, blank=True)
    other_phone_as_typed = models.CharField(max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=8, default="en")
    time_zone = models.CharField(_("time zone"), max_length=40, blank=True)
    preferred_channel = models.CharField(
        _("prefers"), max_length=8, choices=Channel.choices, default=Channel.EMAIL.value
    )
    line1 = models.CharField(_("address"), max_length=120, blank=True)
    line2 = models.CharField(_("address, second line"), max_length=120, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    address_unverified = models.BooleanField(default=False)
    insurer = models.CharField(_("medical aid or insurer"), max_length=80, blank=True)
    insurer_number = models.CharField(_("member number"), max_length=40, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    household = models.ForeignKey(Household, on_delete=models.SET_NULL, null=True, blank=True, related_name="members")
    household_relation = models.CharField(_("relation in the household"), max_length=40, blank=True)
    home_branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="+")
    identity_checked_at = models.DateTimeField(null=True, blank=True)
    recall_on = models.DateField(_("recall"), null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged_from")
    restricted_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    sort_key = models.CharField(max_length=210, editable=False)
    search_text = models.TextField(editable=False)
    phone_reversed = models.CharField(max_length=20, blank=True, editable=False)
    other_phone_reversed = models.CharField(max_length=20, blank=True, editable=False)
    history = HistoricalRecords(
        excluded_fields=["sort_key", "search_text", "phone_reversed", "other_phone_reversed"],
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="customer_not_merged_into_itself"),
        ]
        indexes = [
            GinIndex(OpClass(F("search_text"), name="gin_trgm_ops"), name="customer_search_trgm"),
            models.Index(fields=["sort_key", "id"], name="customer_sort"),
            models.Index(fields=["birth_date"], name="customer_birth"),
            models.Index(OpClass(F("sort_key"), name="text_pattern_ops"), name="customer_sort_prefix"),
            models.Index(OpClass(F("phone_reversed"), name="text_pattern_ops"), name="customer_phone_suffix"),
            models.Index(OpClass(F("other_phone_reversed"), name="text_pattern_ops"), name="customer_phone2_suffix"),
            models.Index(fields=["email"], name="customer_email", condition=~Q(email="")),
            models.Index(fields=["recall_on"], name="customer_recall", condition=Q(recall_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def first_name(self) -> str:
        """How we address the person."""
        return self.called or self.given_names.split(" ")[0]


class ConsentPurpose(models.TextChoices):
    ORDER_MESSAGES = "order_messages", _("Order messages")
    RECALL = "recall", _("Recall reminders")
    FEEDBACK = "feedback", _("Feedback requests")
    MARKETING = "marketing", _("Offers")


class Consent(models.Model):
    """An append-only answer: granted or withdrawn, per purpose and channel, with wording and source. Newest rules."""

    append_only = True

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    granted = models.BooleanField()
    wording = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=20)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-id"], name="consent_newest")]


class RowVerdict(models.TextChoices):
    NEW = "new", _("New")
    ALIKE = "alike", _("Looks like somebody")
    BEFORE = "before", _("Imported before")
    REFUSED = "refused", _("Refused")


class RowDecision(models.TextChoices):
    SKIP = "skip", _("Leave out")
    UPDATE = "update", _("Update")
    ADD = "add", _("Another person")


class CustomerImport(FileImport):
    """A list of customers of an earlier system. `options`: `day_order` (day or month first), `update_fields`."""

    history = HistoricalRecords(excluded_fields=["headings"])


class CustomerImportRow(FileRow):
    """One person of the list. `matches` says who it may be: `{"id", "why"}` or, of the same file, `{"row", "why"}`.

    `customer` is who was made or updated, `before` what stood in the updated fields; `is_live` ends when it is taken back.
    """

    batch = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="rows")
    matches = models.JSONField(default=list)
    decision = models.CharField(max_length=8, choices=RowDecision.choices, blank=True)
    target = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="imported_rows"
    )
    customer_version = models.PositiveIntegerField(null=True, blank=True)
    before = models.JSONField(default=dict)
    is_live = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "row_number"], name="customer_row_once"),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=Q(is_live=True), name="customer_row_written_once"
            ),
            models.CheckConstraint(
                condition=~Q(is_live=True) | (Q(customer__isnull=False) & ~Q(fingerprint="")),
                name="customer_row_live_has_customer",
            ),
            models.CheckConstraint(
                condition=~Q(decision="update") | Q(target__isnull=False), name="customer_row_update_has_target"
            ),
        ]
        indexes = [models.Index(fields=["batch", "verdict", "row_number"], name="customer_row_verdict")]
