"""The smaller forms: reasons, endings, papers from outside, a data file, findings of an eye test."""

from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from prescriptions.sheets import SPECTACLE_KINDS, ContactLensForm, RefractionForm
from prescriptions.states import CORRECTION_REASONS, ENDING_REASONS

ACCEPTED_FILES = "image/jpeg,image/png,image/webp,application/pdf,application/json,.json"
_CHOOSE = ("", _("Choose a reason"))


def _file(label: Any, *, required: bool = False) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        widget=forms.FileInput(attrs={"accept": ACCEPTED_FILES}),
        help_text=_("JPEG, PNG, WebP, PDF or JSON, up to 15 MB"),
    )


def _date(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class CorrectionFields(Form):
    """What a change to a signed prescription needs beside the values."""

    reason_code = forms.ChoiceField(label=_("Reason"), choices=[_CHOOSE, *CORRECTION_REASONS])
    reason = forms.CharField(label=_("In your words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)
    file = _file(_("Evidence"))


class CorrectionForm(RefractionForm, CorrectionFields):
    """Spectacles: every value of the next version with the reason."""

    counts_at_once = True


class ContactLensCorrectionForm(ContactLensForm, CorrectionFields):
    """Contact lenses: the same."""

    counts_at_once = True


class EndingForm(Form):
    """Withdraw, or mark as entered in error."""

    end = forms.ChoiceField(
        label=_("What happened"),
        widget=forms.RadioSelect,
        choices=[
            ("withdraw", _("Withdraw it: it was right, and must not be supplied any more")),
            ("enter_in_error", _("Entered in error: it should never have existed")),
        ],
    )
    reason_code = forms.ChoiceField(label=_("Reason"), choices=[_CHOOSE, *ENDING_REASONS])
    reason = forms.CharField(label=_("In your words"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000)


class OutsideFields(Form):
    """What a prescription from elsewhere needs beside the values: who, when, and the paper."""

    prescriber_name = forms.CharField(label=_("Prescriber"), max_length=120)
    prescriber_registration = forms.CharField(label=_("Registration number"), max_length=40)
    examined_on = _date(_("Examined"))
    issued_on = _date(_("Issued"), required=True)
    file = _file(_("Photo or scan of the prescription"))


class OutsideForm(RefractionForm, OutsideFields):
    """A paper for spectacles."""

    counts_at_once = True


class OutsideContactLensForm(ContactLensForm, OutsideFields):
    """A paper for contact lenses."""

    counts_at_once = True


class DocumentFields(Form):
    """What a document leaves to be completed; the document itself travels along and is read again when it is saved."""

    prescriber_name = forms.CharField(label=_("Prescriber"), max_length=120)
    prescriber_registration = forms.CharField(label=_("Registration number"), max_length=40)
    examined_on = _date(_("Examined"))
    issued_on = _date(_("Issued"), required=True)
    document = forms.CharField(strip=False, widget=forms.HiddenInput)


class DocumentRefractionForm(RefractionForm, DocumentFields):
    """Spectacles from a document; a kind that the sender did not say is chosen, not assumed."""

    counts_at_once = True
    kind = forms.ChoiceField(label=_("Type"), choices=[("", _("Choose the type")), *SPECTACLE_KINDS])


class DocumentContactLensForm(ContactLensForm, DocumentFields):
    """Contact lenses from a document."""

    counts_at_once = True


class DocumentForm(Form):
    """A FHIR document: as a file, or pasted."""

    file = forms.FileField(
        label=_("File"), required=False, widget=forms.FileInput(attrs={"accept": "application/json,.json"})
    )
    text = forms.CharField(
        label=_("Or paste it here"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("file") and not (cleaned.get("text") or "").strip() and not self.errors:
            self.add_error("file", _("Choose a file or paste the document."))
        return cleaned

    @cached_property
    def content_once(self) -> bytes:
        """What was given, as it came."""
        upload = self.cleaned_data.get("file")
        return bytes(upload.read()) if upload else str(self.cleaned_data["text"]).encode()


class EvidenceForm(Form):
    """One more file or note on a prescription."""

    title = forms.CharField(label=_("What it shows"), max_length=160, required=False)
    file = _file(_("File"), required=True)


FINDINGS = [
    ("symptoms", _("Reason and symptoms")),
    ("health", _("Health and medicines")),
    ("unaided_right", _("Unaided VA, right")),
    ("unaided_left", _("Unaided VA, left")),
    ("autorefractor_right", _("Autorefractor, right")),
    ("autorefractor_left", _("Autorefractor, left")),
    ("pressure_right", _("Eye pressure, right, mmHg")),
    ("pressure_left", _("Eye pressure, left, mmHg")),
    ("muscles", _("Eye muscles and cover test")),
    ("pupils", _("Pupils and fields")),
    ("anterior", _("Front of the eye")),
    ("posterior", _("Back of the eye")),
]
LONG_FINDINGS = {"symptoms", "health", "muscles", "pupils", "anterior", "posterior"}


class FindingsForm(Form):
    """What was found; every line may stay empty."""

    advice = forms.CharField(
        label=_("Advice given"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def findings(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name) or "" for name, _label in FINDINGS}


def _finding(name: str, label: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2}) if name in LONG_FINDINGS else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=1000, widget=widget)


FindingsForm.declared_fields = FindingsForm.base_fields = {
    **{name: _finding(name, label) for name, label in FINDINGS},
    **FindingsForm.base_fields,
}
