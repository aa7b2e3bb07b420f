"""What staff type about messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class CloseForm(Form):
    reason = forms.CharField(
        label=_("What was done"), max_length=200, help_text=_("For example: called, told her the new date")
    )
