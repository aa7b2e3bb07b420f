"""Forms of the customer pages. They read what was typed; the services judge it."""

from typing import Any, cast

from babel import Locale, UnknownLocaleError
from django import forms
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from branches.selectors import offered
from core.forms import Form
from customers.data import FIELDS, CustomerData
from customers.models import Channel


def countries() -> list[tuple[str, str]]:
    """ISO codes with names in the reader's language."""
    try:
        territories = Locale.parse(get_language() or "en", sep="-").territories
    except UnknownLocaleError:
        territories = Locale("en").territories
    named = ((code, name) for code, name in territories.items() if len(code) == 2 and code.isalpha())
    return [
        ("", "–"),
        *sorted((row for row in named if row[0] not in {"EU", "EZ", "UN", "ZZ", "XA", "XB"}), key=lambda r: r[1]),
    ]


def branches() -> list[tuple[Any, Any]]:
    return [("", "–"), *offered()]


def text(label: Any, required: bool = False, hint: Any = "", **attrs: str) -> forms.CharField:
    return forms.CharField(label=label, required=required, help_text=hint, widget=forms.TextInput(attrs=attrs))


class CustomerForm(Form):
    """A customer's own data, for making and changing one."""

    given_names = text(_("Given names"), required=True, autocomplete="off", dir="auto")
    family_name = text(_("Family name"), autocomplete="off", dir="auto")
    called = text(_("Called"), hint=_("If different from the first given name."), autocomplete="off", dir="auto")
    title = text(_("Title"), autocomplete="off")
    birth_date = forms.DateField(
        label=_("Date of birth"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a date such as 1981-03-04.")},
    )
    phone = text(_("Mobile"), autocomplete="off", inputmode="tel", dir="ltr")
    other_phone = text(_("Other phone"), autocomplete="off", inputmode="tel", dir="ltr")
    email = text(_("E-mail"), autocomplete="off", inputmode="email", dir="ltr")
    preferred_channel = forms.ChoiceField(label=_("Prefers"), choices=Channel.choices, initial=Channel.SMS)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False)
    line1 = text(_("Street and number"), autocomplete="off", dir="auto")
    line2 = text(_("Second line"), autocomplete="off", dir="auto")
    city = text(_("Town"), autocomplete="off", dir="auto")
    region = text(_("Region"), autocomplete="off", dir="auto")
    postal_code = text(_("Postal code"), autocomplete="off", dir="ltr")
    address_unverified = forms.BooleanField(
        label=_("Keep this address as typed"), required=False, help_text=_("It is then marked as not verified.")
    )
    insurer = text(_("Medical aid or insurer"), autocomplete="off")
    insurer_number = text(_("Member number"), autocomplete="off", dir="ltr")
    home_branch_id = forms.TypedChoiceField(
        label=_("Branch"), choices=branches, coerce=int, empty_value=None, required=False
    )
    recall_on = forms.DateField(
        label=_("Recall"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date such as 2027-03-04.")},
    )
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}))

    def customer_data(self) -> CustomerData:
        """What was typed, for the service."""
        return CustomerData(**{name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data})


class NewCustomerForm(CustomerForm):
    """With the consents asked at the counter, and the answer to "is this the same person?"."""

    consents = forms.MultipleChoiceField(
        label=_("The customer agrees to"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("recall", _("Recall reminders")), ("feedback", _("Feedback requests")), ("marketing", _("Offers"))],
    )
    another = forms.BooleanField(label=_("This is another person"), required=False)


class ChangeCustomerForm(CustomerForm):
    reason = text(_("Reason"), hint=_("Needed when the name or date of birth changes."), autocomplete="off")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = cast(forms.ChoiceField, self.fields["home_branch_id"])
        home.choices = [("", "–"), *offered(self.initial.get("home_branch_id"))]


class IdentityForm(Form):
    document = forms.ChoiceField(
        label=_("Document seen"),
        choices=[
            ("", "–"),
            (_("identity card"), _("Identity card")),
            (_("passport"), _("Passport")),
            (_("driving licence"), _("Driving licence")),
            (_("medical aid card with photo"), _("Medical aid card with photo")),
        ],
    )


class HouseholdForm(Form):
    other = text(_("Customer number of a member"), required=True, autocomplete="off", dir="ltr")
    relation = text(_("Relation"), hint=_("For example daughter, partner, pays for."), autocomplete="off", dir="auto")


class MergeForm(Form):
    other = text(_("Number of the other record"), required=True, autocomplete="off", dir="ltr")
    reason = text(_("How do you know it is one person?"), required=True, autocomplete="off", dir="auto")


class CallForm(Form):
    outcome = forms.ChoiceField(
        label=_("What came of the call"),
        choices=[
            ("", "–"),
            (_("appointment booked"), _("Appointment booked")),
            (_("will call back"), _("Will call back")),
            (_("not reached"), _("Not reached")),
            (_("tested elsewhere"), _("Tested elsewhere")),
            (_("does not want to be called"), _("Does not want to be called")),
        ],
    )
    again_on = forms.DateField(
        label=_("Recall again"),
        required=False,
        help_text=_("Empty takes the customer off the list."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date such as 2027-03-04.")},
    )
