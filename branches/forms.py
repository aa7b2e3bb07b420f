"""Forms of the pages about branches and staff."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class ProfileForm(Form):
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    registration_number = forms.CharField(
        label=_("Registration number"), max_length=40, required=False, help_text=_("Printed under what you sign")
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    single_key_shortcuts = forms.BooleanField(
        label=_("Single-key shortcuts"), required=False, help_text=_("Keys such as n, j, k and / outside boxes")
    )
