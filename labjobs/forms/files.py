"""Uploads of laboratory files, and the laboratory's reference number."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from labjobs.services.labfiles import LONGEST_FILE


class FileForm(Form):
    """One file of a laboratory, up to 1 MB."""

    file = forms.FileField(label=_("File"), help_text=_("As the laboratory sent it, for example .oma, .vca or .txt"))

    def content(self) -> bytes:
        """The bytes, no more than are taken."""
        taken: bytes = self.cleaned_data["file"].read(LONGEST_FILE + 1)
        return taken


class ReferenceForm(Form):
    """The number under which the laboratory has our job."""

    reference = forms.CharField(label=_("Their number"), required=False, max_length=60)
