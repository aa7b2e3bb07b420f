"""Forms for what carriers say: by hand, from a file, and the set-up of carriers, doors and words."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import Problems
from core.forms import Form
from shipping import wording
from shipping.models import ShipmentState
from shipping.services.carriers import CarrierData
from shipping.tracking.vocabulary import ADAPTERS
from shipping.tracking.words import State

_SAYABLE = (
    ShipmentState.IN_TRANSIT, ShipmentState.OUT_FOR_DELIVERY, ShipmentState.DELIVERED, ShipmentState.ATTEMPT_FAILED,
    ShipmentState.AVAILABLE_FOR_PICKUP, ShipmentState.EXCEPTION, ShipmentState.RETURNING, ShipmentState.RETURNED,
)  # fmt: skip
REASONS = [("", _("No reason")), *((code, words) for code, words in wording.REASONS.items())]


class SayForm(Form):
    """What a person read on the carrier's page or heard on the phone."""

    state = forms.ChoiceField(
        label=_("The parcel is"), choices=[(one.value, one.label) for one in _SAYABLE], widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(label=_("Why"), choices=REASONS, required=False)
    at = forms.DateTimeField(
        label=_("When it happened"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        initial=timezone.localtime,
    )
    place = forms.CharField(label=_("Where"), required=False, max_length=120)
    signed_by = forms.CharField(label=_("Signed by"), required=False, max_length=80)
    message = forms.CharField(label=_("In the carrier's words"), required=False, max_length=300)


class FileForm(Form):
    """Rows out of a carrier's report, pasted or as a file."""

    text = forms.CharField(
        label=_("Rows"), required=False, max_length=400_000, widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("The first row names the columns: tracking_number, status, time, and if there are: detail, place, message, order."),
    )  # fmt: skip
    file = forms.FileField(label=_("or a file (CSV)"), required=False)
    apply = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """The file's text takes the place of what was pasted."""
        super().clean()
        upload = self.cleaned_data.get("file")
        if upload is not None:
            if upload.size > 400_000:
                self.add_error("file", _("The file is larger than 400 kB."))
                return self.cleaned_data
            try:
                self.cleaned_data["text"] = upload.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("The file is not text in UTF-8."))
        if not self.cleaned_data.get("text", "").strip() and not self.errors:
            self.add_error("text", _("Paste rows or choose a file."))
        return self.cleaned_data


class CarrierForm(Form):
    name = forms.CharField(label=_("Name"), max_length=60)
    code = forms.SlugField(label=_("Code"), max_length=20, help_text=_("Short and fixed, such as ups."))
    link_template = forms.CharField(
        label=_("Address of its tracking page"),
        required=False,
        max_length=200,
        help_text=_("{} is where the tracking number goes."),
    )
    services = forms.CharField(
        label=_("Services"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A line each: name, then working days to delivery. Standard 3"),
    )  # fmt: skip
    silence_days = forms.IntegerField(
        label=_("Working days of silence"),
        min_value=1,
        max_value=30,
        initial=3,
        help_text=_("Afterwards a case opens."),
    )
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)
    is_default = forms.BooleanField(label=_("Chosen first when packing"), required=False)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]

    def data_for(self, code: str = "") -> CarrierData:
        """Raises DomainError at the field for a service without days."""
        values = self.values
        return CarrierData(
            code or values["code"], values["name"], values["link_template"].strip(), _services(values["services"]),
            values["silence_days"], values["phone"], values["is_active"], values["is_default"],
        )  # fmt: skip


def _services(text: str) -> list[tuple[str, int]]:
    problems, found = Problems(), []
    for line in text.splitlines():
        name, _blank, days = line.strip().rpartition(" ")
        if not line.strip():
            continue
        if not name or not days.isdecimal() or int(days) > 60:
            problems.add(
                "services", str(_("“%(line)s” does not end in a number of working days.") % {"line": line.strip()})
            )
        else:
            found.append((name[:60], int(days)))
    problems.raise_if_any(str(_("A service is not right.")))
    return found


class EndpointForm(Form):
    adapter = forms.ChoiceField(
        label=_("Tracking service"),
        choices=[(one.name, one.label if one.name != "generic" else _("Plain JSON")) for one in ADAPTERS.values()],
    )
    name = forms.CharField(label=_("Name"), required=False, max_length=60)
    secret = forms.CharField(
        label=_("Secret"), required=False, max_length=200, help_text=_("Empty: we make one up. It is shown once."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    api_key = forms.CharField(
        label=_("API key"), required=False, max_length=200,
        help_text=_("With it the service is asked to follow each parcel's number. It is kept encrypted and not shown again."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    token_only = forms.BooleanField(
        label=_("It cannot sign: the secret stands in the address"),
        required=False,
        help_text=_("Shippo without a signing agreement."),
    )


class WordForm(Form):
    state = forms.ChoiceField(
        label=_("Means"), required=False,
        choices=[("", _("changes nothing, only gives a reason")), *((one.value, one.value.replace("_", " ")) for one in State if one != State.UNKNOWN)],
    )  # fmt: skip
    reason = forms.ChoiceField(label=_("Reason"), required=False, choices=REASONS)
