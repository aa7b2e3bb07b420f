"""What staff type about messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class CloseForm(Form):
    reason = forms.CharField(
        label=_("What was done"), max_length=200, help_text=_("For example: called, told her the new date")
    )


class TextForm(Form):
    """A text of a message; `seen` is the version it was opened with."""

    subject = forms.CharField(label=_("Subject"), max_length=160, required=False)
    body = forms.CharField(label=_("Text"), max_length=6000, widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}))
    reason = forms.CharField(label=_("Reason for the change"), max_length=200)
    seen = forms.IntegerField(widget=forms.HiddenInput)
