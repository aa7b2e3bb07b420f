"""The forms of lenses: product with the powers it is made in and its surcharges, add-ons, services."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.forms.frames import offer_suppliers
from catalogue.models import AddOnKind, BandQuantity, LensDesign, LensForm, LensProduct
from catalogue.services.lenses import AddOnData, BandData, LensChange, LensData, RangeData
from catalogue.services.sales import ServiceData
from core.forms import Form

SPARE_ROWS = 2
RANGE_FIELDS = {
    "diameter_mm": _("Diameter"),
    "sphere_min": _("Sphere from"),
    "sphere_max": _("Sphere to"),
    "cylinder_min": _("Cylinder to"),
    "combined_min": _("Combined to"),
    "add_min": _("Add from"),
    "add_max": _("Add to"),
    "prism_max": _("Prism to"),
}
BAND_FIELDS = {
    "quantity": _("For"),
    "from_dioptres": _("From"),
    "to_dioptres": _("To"),
    "price": _("Price"),
    "cost": _("Cost"),
}
RANGE_NEEDS = ("diameter_mm", "sphere_min", "sphere_max")
BAND_NEEDS = ("quantity", "from_dioptres", "to_dioptres", "price")


def _decimal(label: Any, places: int = 2, required: bool = False, **limits: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, max_digits=12, decimal_places=places, required=required, **limits)


def _cell(prefix: str, place: int, name: str, label: Any) -> forms.Field:
    attrs = {"aria-label": f"{label}, {place + 1}", "class": "measure"}
    if name == "quantity":
        choices = [("", ""), *BandQuantity.choices]
        return forms.ChoiceField(
            label=label, choices=choices, required=False, widget=forms.Select(attrs={"aria-label": attrs["aria-label"]})
        )
    if name == "diameter_mm":
        return forms.IntegerField(label=label, required=False, widget=forms.TextInput(attrs=attrs))
    return forms.DecimalField(
        label=label, max_digits=8, decimal_places=2, required=False, widget=forms.TextInput(attrs=attrs)
    )


class LensProductForm(Form):
    """One lens product. Rows of powers and surcharges: an empty row is no row."""

    name = forms.CharField(label=_("Name"), max_length=120)
    family = forms.CharField(label=_("Family"), max_length=80, help_text=_("The name without the index."))
    code = forms.CharField(label=_("Code"), max_length=40)
    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    design = forms.ChoiceField(label=_("Design"), choices=LensDesign.choices)
    form = forms.ChoiceField(label=_("Made as"), choices=LensForm.choices)
    material = forms.CharField(label=_("Material"), max_length=40)
    index_nd = _decimal(_("Index n_d"), 3, required=True)
    index_ne = _decimal(_("Index n_e"), 3)
    abbe = _decimal(_("Abbe number"), 1)
    density = _decimal(_("Density, g/cm³"))
    colour = forms.CharField(label=_("Built-in colour"), max_length=40, required=False)
    coating_included = forms.CharField(label=_("Coating included"), max_length=60, required=False)
    corridor_mm = _decimal(_("Corridor, mm"), 1)
    minimum_fitting_height_mm = _decimal(_("Least fitting height, mm"), 1)
    minimum_above_mm = _decimal(_("Least depth above, mm"), 1)
    base_curve = _decimal(_("Base curve"))
    minimum_centre_thickness_mm = _decimal(_("Least centre thickness, mm"))
    lead_days = forms.IntegerField(label=_("Working days"), min_value=0, max_value=60)
    lab_code = forms.CharField(label=_("Laboratory's code"), max_length=40, required=False)
    cost = _decimal(_("Cost of one lens"), required=True, min_value=0)
    price = _decimal(_("Price of one lens"), required=True, min_value=0)
    reason = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)

    def __init__(self, data: Any = None, *args: Any, product: LensProduct | None = None, **kwargs: Any) -> None:
        initial = dict(kwargs.pop("initial", None) or {})
        ranges = list(product.ranges.all()) if product else []
        bands = list(product.bands.all()) if product else []
        for prefix, rows, names in (("ranges", ranges, RANGE_FIELDS), ("bands", bands, BAND_FIELDS)):
            for place, row in enumerate(rows):
                initial |= {f"{prefix}-{place}-{name}": getattr(row, name) for name in names}
        super().__init__(data, *args, initial=initial, **kwargs)
        offer_suppliers(self)
        self.range_count, self.band_count = len(ranges) + SPARE_ROWS, len(bands) + SPARE_ROWS
        for place in range(self.range_count):
            for name, label in RANGE_FIELDS.items():
                self.fields[f"ranges-{place}-{name}"] = _cell("ranges", place, name, label)
        for place in range(self.band_count):
            for name, label in BAND_FIELDS.items():
                self.fields[f"bands-{place}-{name}"] = _cell("bands", place, name, label)

    def clean(self) -> dict[str, Any]:
        super().clean()
        for prefix, count, needs in (("ranges", self.range_count, RANGE_NEEDS), ("bands", self.band_count, BAND_NEEDS)):
            for place in range(count):
                self._complete(f"{prefix}-{place}-", needs)
        return self.cleaned_data

    def _complete(self, prefix: str, needs: tuple[str, ...]) -> None:
        """A row that was begun needs its first values."""
        row = {name: value for name, value in self.cleaned_data.items() if name.startswith(prefix)}
        if all(value in (None, "") for value in row.values()):
            return
        for name in needs:
            if row.get(prefix + name) in (None, "") and prefix + name not in self.errors:
                self.add_error(prefix + name, _("This row needs it."))

    @property
    def change_of(self) -> LensChange:
        plain = {
            name: value
            for name, value in self.values.items()
            if not name.startswith(("ranges-", "bands-")) and name not in ("reason", "supplier")
        }
        return LensChange(LensData(supplier_id=self.values["supplier"], **plain), self._ranges(), self._bands())

    def _rows(self, prefix: str, count: int, names: dict[str, Any], key: str) -> list[dict[str, Any]]:
        rows = [{name: self.values.get(f"{prefix}-{place}-{name}") for name in names} for place in range(count)]
        return [row for row in rows if row[key] not in (None, "")]

    def _ranges(self) -> list[RangeData]:
        rows = self._rows("ranges", self.range_count, RANGE_FIELDS, "diameter_mm")
        zeros = ("cylinder_min", "prism_max")
        return [RangeData(**{name: _or_zero(name, value, zeros) for name, value in row.items()}) for row in rows]

    def _bands(self) -> list[BandData]:
        rows = self._rows("bands", self.band_count, BAND_FIELDS, "quantity")
        return [BandData(**{name: _or_zero(name, value, ("cost",)) for name, value in row.items()}) for row in rows]

    @property
    def range_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"ranges-{place}-{name}"] for name in RANGE_FIELDS] for place in range(self.range_count)]

    @property
    def band_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"bands-{place}-{name}"] for name in BAND_FIELDS] for place in range(self.band_count)]

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        names = ("ranges-", "bands-")
        return [one for one in self.visible_fields() if not one.name.startswith(names) and one.name != "reason"]


def _or_zero(name: str, value: Any, names: tuple[str, ...]) -> Any:
    return Decimal(0) if value is None and name in names else value


class AddOnForm(Form):
    """A coating, tint or working, and the families it goes with."""

    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=40)
    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    kind = forms.ChoiceField(label=_("Kind"), choices=AddOnKind.choices)
    price = _decimal(_("Price for one lens"), required=True, min_value=0)
    cost = _decimal(_("Cost for one lens"), required=True, min_value=0)
    extra_days = forms.IntegerField(label=_("Extra working days"), min_value=0, max_value=60, initial=0)
    is_default = forms.BooleanField(label=_("Included unless another is chosen"), required=False)
    lab_code = forms.CharField(label=_("Laboratory's code"), max_length=40, required=False)
    families = forms.MultipleChoiceField(label=_("Goes with"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_suppliers(self)
        names = LensProduct.objects.exclude(family="").order_by("family").values_list("family", flat=True).distinct()
        cast(forms.ChoiceField, self.fields["families"]).choices = [(name, name) for name in names]

    @property
    def data_of(self) -> AddOnData:
        values = {name: value for name, value in self.values.items() if name not in ("reason", "supplier", "families")}
        return AddOnData(supplier_id=self.values["supplier"], **values)


class ServiceForm(Form):
    """What is sold without stock."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.CharField(label=_("Code"), max_length=40)
    price = _decimal(_("Price"), required=True, min_value=0)
    cost = _decimal(_("Cost"), required=True, min_value=0, initial=0)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=480, initial=30)
    is_active = forms.BooleanField(label=_("Sold today"), required=False, initial=True)
    reason = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)

    @property
    def data_of(self) -> ServiceData:
        return ServiceData(**{name: value for name, value in self.values.items() if name != "reason"})
