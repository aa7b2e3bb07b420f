"""Forms of the shared record pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from records.models import EvidenceKind
from records.services.evidence import EvidenceData, Upload

_BY_HAND = [
    (kind.value, kind.label)
    for kind in (EvidenceKind.PHOTO, EvidenceKind.SCAN, EvidenceKind.DOCUMENT, EvidenceKind.NOTE, EvidenceKind.LINK)
]


class EvidenceForm(Form):
    """A file, a note or a link, and what it shows."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_BY_HAND)
    title = forms.CharField(label=_("What it shows"), max_length=160)
    file = forms.FileField(label=_("File"), required=False, help_text=_("JPEG, PNG, WebP, PDF or JSON, up to 15 MB"))
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    url = forms.URLField(label=_("Link"), required=False, assume_scheme="https")

    def data_of(self) -> EvidenceData:
        """What the service takes."""
        values: dict[str, Any] = self.values
        upload = Upload(values["file"].name, values["file"].read()) if values["file"] else None
        kind = EvidenceKind(values["kind"])
        return EvidenceData(kind, values["title"], values["note"], values["url"], upload)


class OverrideForm(Form):
    """Why an earlier decision may stand although its basis changed."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea)


class DecideForm(Form):
    """Why the decision holds on what stands now; `seen` is what the page showed."""

    seen = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Why it holds"), widget=forms.Textarea)


class AsOfForm(Form):
    """A moment to look back to."""

    at = forms.DateTimeField(
        label=_("As of"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
