"""Forms of the pages about branches and staff."""

import zoneinfo
from collections.abc import Iterable
from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.utils.functional import lazystr
from django.utils.translation import get_language
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from branches import hours
from branches.models import Branch, User
from branches.roles import Role
from core.forms import Form
from core.practice_words import in_languages

COLOURS = [
    ("blue", _("Blue")),
    ("orange", _("Orange")),
    ("green", _("Green")),
    ("pink", _("Pink")),
    ("olive", _("Olive")),
    ("grey", _("Grey")),
]
PASSWORD_HINT = lazystr(password_validators_help_text_html())
EVERYWHERE = "all"
# Codes of two letters that the list of territories has for other ends: unions, tests of layouts, "unknown".
NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


def countries() -> list[tuple[str, str]]:
    """Two-letter codes with their names in the reader's language."""
    names = Locale.parse((get_language() or "en").replace("-", "_")).territories
    real = ((code, name) for code, name in names.items() if len(code) == 2 and code not in NO_COUNTRIES)
    return sorted(real, key=lambda pair: pair[1])


def time_zones() -> list[tuple[str, str]]:
    known = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in known]


class ProfileForm(Form):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    registration_number = forms.CharField(
        label=_("Registration number"), max_length=40, required=False, help_text=_("Printed under what you sign")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the browser asks")), *settings.LANGUAGES], required=False
    )
    single_key_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"), required=False, help_text=_("Keys such as n, j, k and / outside boxes")
    )


class PinForm(Form):
    """Two fields: the password proves who sets the PIN."""

    pin = forms.RegexField(
        r"^\d{6}$",
        label=_("New PIN"),
        help_text=_("Six digits. Leave empty to work without a PIN."),
        required=False,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "maxlength": 6, "autocomplete": "off"}),
        error_messages={"invalid": _("New PIN: type six digits")},
    )
    password = forms.CharField(
        label=_("Your password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if pin and (len(set(pin)) == 1 or pin in "01234567890" or pin in "9876543210"):
            raise forms.ValidationError(_now("New PIN: choose one that is harder to guess"))
        return pin

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not self.user.check_password(password):
            raise forms.ValidationError(_now("That is not your password."))
        return password


class SetUpForm(Form):
    """The first day of a practice."""

    organisation = forms.CharField(label=_("Name of the practice"), max_length=120)
    branch_name = forms.CharField(
        label=_("First branch"), max_length=80, help_text=_("The town or street, for example Rosebank")
    )
    branch_code = forms.RegexField(
        r"^[A-Za-z]{2,6}$",
        label=_("Short code of the branch"),
        help_text=_("Two to six letters; begins order numbers, for example RSB-10482"),
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    full_name = forms.CharField(label=_("Your full name"), max_length=120)
    email = forms.EmailField(label=_("Your e-mail"), help_text=_("You sign in with it"))
    password = forms.CharField(
        label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text=PASSWORD_HINT
    )

    def clean_branch_code(self) -> str:
        code: str = self.cleaned_data["branch_code"].upper()
        return code

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.data.get("email", ""), full_name=self.data.get("full_name", "")))
        return password


@in_languages("invoice_words")
class OrganisationForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    legal_name = forms.CharField(label=_("Legal name"), max_length=160, required=False, help_text=_("On invoices"))
    tax_number = forms.CharField(label=_("Tax number"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    bank_details = forms.CharField(
        label=_("Bank account"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("On invoices and statements, for transfers"),
    )  # fmt: skip
    invoice_words = forms.CharField(
        label=_("Good to know"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("On invoices: warranty, exchange, where to ask"),
    )  # fmt: skip


class BranchForm(Form):
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.RegexField(r"^[A-Za-z]{2,6}$", label=_("Short code"), help_text=_("Begins order numbers"))
    colour = forms.ChoiceField(label=_("Colour"), choices=COLOURS, help_text=_("The bar at the top of every page"))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    line1 = forms.CharField(label=_("Address"), max_length=120, required=False)
    line2 = forms.CharField(label=_("Address, second line"), max_length=120, required=False)
    city = forms.CharField(label=_("Town"), max_length=80, required=False)
    region = forms.CharField(label=_("Region"), max_length=80, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=countries)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones)
    tax_percent = forms.DecimalField(
        label=_("Tax, per cent"), min_value=0, max_value=99, max_digits=5, decimal_places=2
    )
    prices_include_tax = forms.BooleanField(label=_("Prices include tax"), required=False)
    deposit_percent = forms.DecimalField(
        label=_("Deposit, per cent"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    quote_valid_days = forms.IntegerField(label=_("Quotation valid, days"), min_value=1, max_value=365)
    is_lab = forms.BooleanField(label=_("Makes lenses"), required=False, help_text=_("A laboratory of our own is here"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key, day in hours.DAYS:
            span = self.initial.get("opening_hours", {}).get(key)
            self.fields[f"hours_{key}"] = forms.CharField(
                label=day,
                required=False,
                max_length=13,
                initial=hours.write(span),
                widget=forms.TextInput(attrs={"placeholder": "08:30–17:30"}),
            )

    def hours_fields(self) -> Iterable[Any]:
        return [self[f"hours_{key}"] for key, _day in hours.DAYS]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].upper()
        return code

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        opening: hours.Hours = {}
        for key, day in hours.DAYS:
            text = cleaned.pop(f"hours_{key}", "")
            span = hours.read(text) if text else None
            if text and span is None:
                self.add_error(f"hours_{key}", _now("%(day)s: write it like 08:30–17:30") % {"day": day})
            elif span:
                opening[key] = span
        cleaned["opening_hours"] = opening
        return cleaned


class RoleForm(Form):
    """A role in a branch, with the reason that stays in the history."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    branch = forms.ChoiceField(label=_("Where"))
    reason = forms.CharField(
        label=_("Reason"), max_length=100, help_text=_("Stays in the history, for example: replaces P. Venter")
    )

    def __init__(self, *args: Any, branches: Iterable[Branch], everywhere: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [(str(branch.pk), branch.name) for branch in branches]
        everyone = [(EVERYWHERE, _("Every branch"))] if everywhere else []
        self.fields["branch"] = forms.ChoiceField(label=_("Where"), choices=choices + everyone)

    @property
    def branch_id(self) -> int | None:
        chosen = self.cleaned_data["branch"]
        return None if chosen == EVERYWHERE else int(chosen)


class NewStaffForm(RoleForm):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), help_text=_("Signs in with it"))
    password = forms.CharField(
        label=_("First password"),
        required=False,
        help_text=_("Leave empty to send a link with which the person sets one"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ["full_name", "email", "password", "role", "branch", "reason"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=100)


class RoomForm(Form):
    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("For example Test room 1"))
    is_active = forms.BooleanField(
        label=_("In use"), required=False, help_text=_("Otherwise nothing more is booked there; what is booked stays")
    )


class NewRoomForm(Form):
    name = forms.CharField(label=_("Name"), max_length=40, help_text=_("For example Test room 1"))

    def __init__(self, *args: Any, branches: Iterable[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["branch"] = forms.TypedChoiceField(
            label=_("Branch"), coerce=int, choices=[(branch.pk, branch.name) for branch in branches]
        )


class DeskForm(Form):
    name = forms.CharField(label=_("Name of this computer"), max_length=40, help_text=_("For example Desk 2"))
