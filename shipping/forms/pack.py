"""Forms of packing: one parcel, many at once, and what may change afterwards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from orders.forms.fields import DayField
from shipping.contents import Item
from shipping.gates import ADDRESS
from shipping.models import Carrier

# Not needed to keep the form, but by the checkpoints: they say what is missing, so these are not called optional.
_AT_A_CHECKPOINT = ("codes", "lines", "name", "line1", "city", "postal_code", "country")
_SCAN = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


def carriers() -> list[Carrier]:
    return list(Carrier.objects.filter(is_active=True))


def services_of(found: list[Carrier]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Services by carrier for one box: the value is `carrier:service`."""
    return [
        (one.name, [(f"{one.code}:{service['name']}", f"{one.name} {service['name']}") for service in one.services] or [(f"{one.code}:", one.name)])
        for one in found
    ]  # fmt: skip


class HowForm(Form):
    """Carrier and service in one box, method note and expected day."""

    how = forms.ChoiceField(label=_("Carrier and service"))
    method_note = forms.CharField(
        label=_("Note on the shipping method"), required=False, max_length=200, help_text=_("The customer reads it.")
    )
    expected_on = DayField(
        label=_("Expected delivery"), required=False, help_text=_("Empty: by the days of the service.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["how"]
        if isinstance(field, forms.ChoiceField):
            field.choices = services_of(carriers())

    @property
    def carrier(self) -> tuple[str, str]:
        code, _colon, service = str(self.values["how"]).partition(":")
        return code, service


class PackForm(HowForm):
    """Scan, number, how, to whom. Fields of the address are filled from the customer."""

    codes = forms.CharField(
        label=_("Scan what goes in"),
        required=False,
        max_length=400,
        help_text=_("Tray, slip or frame; several with a blank between."),
        widget=forms.TextInput(attrs={**_SCAN, "autofocus": True}),
    )
    tracking_number = forms.CharField(
        label=_("Tracking number"), required=False, max_length=60, widget=forms.TextInput(attrs=_SCAN)
    )
    to_branch = forms.TypedChoiceField(label=_("Goes to"), coerce=int, required=False, empty_value=None)
    lines = forms.TypedMultipleChoiceField(
        label=_("In this parcel"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    name = forms.CharField(label=_("Recipient"), required=False, max_length=160)
    line1 = forms.CharField(label=_("Address"), required=False, max_length=120)
    line2 = forms.CharField(label=_("Address, second line"), required=False, max_length=120)
    city = forms.CharField(label=_("Town"), required=False, max_length=80)
    region = forms.CharField(label=_("Region"), required=False, max_length=80)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    country = forms.CharField(label=_("Country"), required=False, max_length=2)
    phone = forms.CharField(label=_("Phone for the driver"), required=False, max_length=40)
    unverified = forms.CharField(
        label=_("Keep this address as typed, because"),
        required=False,
        max_length=200,
        help_text=_("Only where the rules of the country do not fit the place."),
    )

    def __init__(self, *args: Any, items: list[Item], branches: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.packable = [item for item in items if item.left]
        for name in _AT_A_CHECKPOINT:
            self.fields[name].widget.is_required = True
        if self.initial.get("codes"):
            del self.fields["codes"].widget.attrs["autofocus"]
            self.fields["tracking_number"].widget.attrs["autofocus"] = True
        lines, to_branch = self.fields["lines"], self.fields["to_branch"]
        if isinstance(lines, forms.ChoiceField):
            lines.choices = [(item.line.pk, item.line.description) for item in self.packable]
            self.initial.setdefault("lines", [item.line.pk for item in self.packable])
        if isinstance(to_branch, forms.ChoiceField):
            to_branch.choices = [("", _("The customer")), *branches]

    @property
    def address(self) -> dict[str, str]:
        return {
            name: str(self.values[name]).upper() if name == "country" else str(self.values[name]) for name in ADDRESS
        }


class AddressForm(Form):
    """Another address on a parcel."""

    name = forms.CharField(label=_("Recipient"), max_length=160)
    line1 = forms.CharField(label=_("Address"), required=False, max_length=120)
    line2 = forms.CharField(label=_("Address, second line"), required=False, max_length=120)
    city = forms.CharField(label=_("Town"), required=False, max_length=80)
    region = forms.CharField(label=_("Region"), required=False, max_length=80)
    postal_code = forms.CharField(label=_("Postal code"), required=False, max_length=20)
    country = forms.CharField(label=_("Country"), max_length=2)
    phone = forms.CharField(label=_("Phone for the driver"), required=False, max_length=40)
    unverified = forms.CharField(label=_("Keep this address as typed, because"), required=False, max_length=200)

    @property
    def address(self) -> dict[str, str]:
        return {
            name: str(self.values[name]).upper() if name == "country" else str(self.values[name]) for name in ADDRESS
        }


class BulkForm(HowForm):
    """One line for each parcel: what was scanned, and behind it or on the next line its tracking number."""

    scans = forms.CharField(
        label=_("Scan order or tray, then its tracking number"),
        max_length=8000,
        help_text=_("A line each, as the scanner sends them. The number may be left out and typed later."),
        widget=forms.Textarea(attrs={**_SCAN, "rows": 12, "autofocus": True}),
    )


class ChangeForm(Form):
    tracking_number = forms.CharField(
        label=_("Tracking number"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={**_SCAN, "autofocus": True}),
    )
    service = forms.CharField(label=_("Service"), required=False, max_length=60)
    method_note = forms.CharField(label=_("Note on the shipping method"), required=False, max_length=200)
    expected_on = DayField(label=_("Expected delivery"), required=False)


class ReasonForm(Form):
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=200, widget=forms.TextInput(attrs={"autofocus": True})
    )
