"""A supplier's form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.services.suppliers import SupplierData
from core.forms import Form


class SupplierForm(Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Short, for example VIS"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    is_active = forms.BooleanField(
        label=_("Bought from today"), required=False, initial=True, help_text=_("Otherwise not offered any more")
    )

    @property
    def data_of(self) -> SupplierData:
        return SupplierData(**self.values)
