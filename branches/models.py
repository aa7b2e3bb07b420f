"""The organisation, its branches, rooms, staff, who holds which role where, and gap-free numbers."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from branches.roles import Role
from core.formats import short_name


class Organisation(models.Model):
    """The practice as a whole: one row. Its words appear on paper and in messages."""

    name = models.CharField(_("name"), max_length=120)
    legal_name = models.CharField(_("legal name"), max_length=160, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)
    bank_details = models.TextField(_("bank account"), blank=True)
    invoice_words = models.TextField(_("good to know"), blank=True)
    invoice_words_fr = models.TextField(_("good to know, French"), blank=True)
    invoice_words_pt = models.TextField(_("good to know, Portuguese"), blank=True)
    invoice_words_ar = models.TextField(_("good to know, Arabic"), blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """A shop, a laboratory of our own, or both. Money, stock and jobs belong to one."""

    code = models.CharField(_("code"), max_length=6, unique=True, help_text=_("Begins order numbers, for example RSB."))
    name = models.CharField(_("name"), max_length=80, unique=True)
    colour = models.CharField(_("colour"), max_length=20, default="blue")
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    line1 = models.CharField(_("address"), max_length=120, blank=True)
    line2 = models.CharField(_("address, second line"), max_length=120, blank=True)
    city = models.CharField(_("town"), max_length=80, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="ZA")
    time_zone = models.CharField(_("time zone"), max_length=40, default="Africa/Johannesburg")
    tax_percent = models.DecimalField(_("tax, per cent"), max_digits=5, decimal_places=2, default=0)
    prices_include_tax = models.BooleanField(_("prices include tax"), default=True)
    deposit_percent = models.DecimalField(_("deposit, per cent"), max_digits=5, decimal_places=2, default=50)
    quote_valid_days = models.PositiveSmallIntegerField(_("quotation valid, days"), default=30)
    opening_hours = models.JSONField(_("opening hours"), default=dict, blank=True)
    is_lab = models.BooleanField(_("makes lenses"), default=False)
    is_active = models.BooleanField(_("open"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "branches"

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name; it says so where the branch is closed by now, and only its past can be looked at."""
        return self.name if self.is_active else gettext("%(name)s (closed)") % {"name": self.name}


class Room(models.Model):
    """A place that one appointment at a time can use."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(_("name"), max_length=40)
    is_active = models.BooleanField(_("in use"), default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["branch", "name"], name="room_name_once_per_branch")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A member of staff. Customers are not users; they hold signed links."""

    email = models.EmailField(_("e-mail"), unique=True)
    full_name = models.CharField(_("full name"), max_length=120)
    registration_number = models.CharField(_("registration number"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    # Empty: pages speak as the browser asks.
    language = models.CharField(_("language"), max_length=8, blank=True, default="")
    single_key_shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    pin_hash = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    history = HistoricalRecords(excluded_fields=["password", "last_login", "pin_hash"])

    # The roles of the person who is signed in, read along with them (`branches.signed_in`).
    held: "list[Membership] | None" = None

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects = UserManager()

    class Meta:
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name

    @property
    def initials(self) -> str:
        parts = self.full_name.split()
        return "".join(part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)).upper()

    @property
    def reads(self) -> str:
        """The language in which mails and papers are written for this person."""
        return self.language or settings.LANGUAGE_CODE

    @property
    def short_name(self) -> str:
        """`N. Khumalo`, for timelines."""
        return short_name(self.full_name)


class Membership(models.Model):
    """A person holds a role in a branch; without a branch, in all of them (head office, group accountant)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="memberships", null=True, blank=True)
    role = models.CharField(_("role"), max_length=24, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "branch", "role"], name="membership_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]


class Desk(models.Model):
    """A shared computer that a manager enrolled. Only here a PIN unlocks; the browser holds the token, we its hash."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, related_name="desks")
    name = models.CharField(_("name"), max_length=40)
    token_hash = models.CharField(max_length=64, unique=True)
    enrolled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class DeskSignIn(models.Model):
    """A person's last full sign-in at a desk. It lets their PIN work there for the rest of the day."""

    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="sign_ins")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="desk_sign_ins")
    signed_in_at = models.DateTimeField()
    last_used_at = models.DateTimeField()
    failed_pins = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["desk", "user"], name="desk_sign_in_once")]


class NumberSeries(models.Model):
    """A locked counter: numbers of one kind per branch and year without gaps. A void keeps its number."""

    branch = models.ForeignKey(Branch, on_delete=models.PROTECT, null=True)
    kind = models.CharField(max_length=20)
    year = models.PositiveSmallIntegerField(default=0)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["branch", "kind", "year"], name="number_series_once", nulls_distinct=False)
        ]
