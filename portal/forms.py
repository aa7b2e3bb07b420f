"""What a customer types on the public pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class FindForm(Form):
    """The way back in: an order number and the phone it was ordered with."""

    number = forms.CharField(
        label=_("Order number"), max_length=20, help_text=_("On your receipt or quotation, for example RSB-10482")
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )
