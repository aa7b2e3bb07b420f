"""The forms of a frame: its data, its trace file, the end of its supply."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import FrameMaterial, Mount, Supplier
from catalogue.services.frames import FrameData
from core.forms import Form

TRACE_LIMIT_BYTES = 512 * 1024


def _mm(label: Any, required: bool = True, hint: Any = "") -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=5, decimal_places=2, required=required, help_text=hint)


def _amount(label: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=2, min_value=0)


def offer_suppliers(form: Form) -> None:
    rows = Supplier.objects.filter(is_active=True)
    cast(forms.ChoiceField, form.fields["supplier"]).choices = [(one.pk, one.name) for one in rows]


class FrameForm(Form):
    """One frame. Sizes by the boxing system."""

    brand = forms.CharField(label=_("Brand"), max_length=80)
    model = forms.CharField(label=_("Model"), max_length=80)
    colour = forms.CharField(label=_("Colour"), max_length=60)
    colour_code = forms.CharField(label=_("Colour code"), max_length=20, required=False)
    sku = forms.CharField(label=_("SKU"), max_length=40)
    gtin = forms.CharField(label=_("GTIN"), max_length=18, required=False)
    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    material = forms.ChoiceField(label=_("Material"), choices=FrameMaterial.choices)
    mount = forms.ChoiceField(label=_("Mount"), choices=Mount.choices)
    eye_size_mm = _mm(_("Eye size, mm"))
    bridge_mm = _mm(_("Bridge, mm"))
    temple_mm = _mm(_("Temple, mm"), required=False)
    a_mm = _mm(_("A, mm"), required=False, hint=_("Empty: as the eye size."))
    b_mm = _mm(_("B, mm"))
    dbl_mm = _mm(_("DBL, mm"), required=False, hint=_("Empty: as the bridge."))
    ed_mm = _mm(_("ED, mm"))
    cost = _amount(_("Cost"))
    price = _amount(_("Price"))
    reason = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_suppliers(self)

    @property
    def data_of(self) -> FrameData:
        values = {name: value for name, value in self.values.items() if name not in ("reason", "supplier")}
        return FrameData(supplier_id=self.values["supplier"], **values)


class TraceForm(Form):
    """A tracer's file: A, B, ED and circumference come from it."""

    file = forms.FileField(label=_("Trace file (OMA or VCA)"), help_text=_("At most 512 kB."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > TRACE_LIMIT_BYTES:
            raise forms.ValidationError(_("The file is larger than 512 kB. A trace is much smaller."))
        return file


class EndForm(Form):
    """From when on the supplier makes it no longer."""

    on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
