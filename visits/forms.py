"""Forms of the counter: a walk-in, a booking, an outcome."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import Form
from customers.data import CustomerData
from customers.models import Channel
from visits.models import AppointmentKind

# How long each kind usually takes, in minutes.
USUAL_MINUTES = {
    AppointmentKind.EYE_TEST: 30,
    AppointmentKind.CONTACT_LENS: 30,
    AppointmentKind.DISPENSING: 30,
    AppointmentKind.FITTING: 15,
    AppointmentKind.COLLECTION: 15,
    AppointmentKind.ADJUSTMENT: 15,
}


class WalkInForm(Form):
    """Someone without an appointment: a name is enough; a phone finds or reaches them."""

    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "autofocus": True}),
    )
    phone = forms.CharField(
        label=_("Mobile"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "dir": "ltr"}),
    )
    agrees = forms.BooleanField(label=_("Agrees to recall reminders"), required=False)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto", "list": "reasons"}),
    )
    another = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def customer_data(self, branch_id: int) -> CustomerData:
        """The typed name split at its last blank: Thandi Grace | Mokoena; "Mokoena, Thandi" the other way round."""
        name = " ".join(self.cleaned_data["name"].split())
        if "," in name:
            family, _comma, given = (part.strip() for part in name.partition(","))
        else:
            given, _blank, family = name.rpartition(" ") if " " in name else (name, "", "")
        return CustomerData(
            given_names=given,
            family_name=family,
            phone=self.cleaned_data["phone"],
            preferred_channel=Channel.SMS.value,
            home_branch_id=branch_id,
        )


class SlotForm(Form):
    """When and with whom. `starts_at` is one of the offered times or typed."""

    kept_in = {"day": "period", "starts_at": "period", "minutes": "period"}

    kind = forms.ChoiceField(label=_("What for"), choices=AppointmentKind.choices, initial=AppointmentKind.EYE_TEST)
    clinician = forms.TypedChoiceField(label=_("With"), coerce=int)
    room = forms.TypedChoiceField(label=_("Room"), coerce=int, empty_value=None, required=False)
    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Enter a date such as 2026-11-26.")},
    )
    minutes = forms.IntegerField(label=_("Minutes"), initial=30, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    starts_at = forms.TimeField(
        label=pgettext_lazy("clock", "Time"),
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        error_messages={"invalid": _("Enter a time such as 14:30."), "required": _("Choose a free time.")},
    )
    outside_hours = forms.BooleanField(label=_("Outside opening hours"), required=False)
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, people: list[Any], rooms: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clinician"] = forms.TypedChoiceField(
            label=_("With"), coerce=int, choices=[(user.pk, user.full_name) for user in people]
        )
        self.fields["room"] = forms.TypedChoiceField(
            label=_("Room"),
            coerce=int,
            empty_value=None,
            required=False,
            choices=[("", "–"), *((room.pk, room.name) for room in rooms)],
        )
        self.order_fields(["kind", "clinician", "day", "minutes", "starts_at", "room", "note", "outside_hours"])


class BookForm(SlotForm):
    customer = forms.CharField(
        label=_("Customer number"), widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"})
    )


class CancelForm(Form):
    reason = forms.CharField(
        label=_("Reason"), widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True, "dir": "auto"})
    )


class EndForm(Form):
    """What came of a visit."""

    what = forms.ChoiceField(
        label=_("What came of it"),
        widget=forms.RadioSelect,
        initial="served",
        choices=[
            ("served", _("Served")),
            ("ordered", _("Ordered")),
            ("prescription", _("Prescription only")),
            ("collected", _("Collected")),
            ("adjusted", _("Adjusted")),
            ("returns", _("Comes back another day")),
            ("nothing", _("Left without buying")),
        ],
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )

    @property
    def outcome(self) -> str:
        """In words, as the story shows it."""
        label = str(dict(self.fields["what"].widget.choices)[self.cleaned_data["what"]])
        note: str = self.cleaned_data["note"]
        return f"{label}: {note}" if note else label
