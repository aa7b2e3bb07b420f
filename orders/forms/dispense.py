"""The forms of the dispense screen: scan or search a frame, the customer's own frame, lenses with measurements."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.models import FrameMaterial, LensAddOn, Mount
from core.forms import Form
from orders import measuring
from orders.models import FrameChoice, FrameStatus, MeasurementMethod, Order, Purpose
from orders.services.dispense import LensData, MeasurementData, OwnFrame
from orders.services.dispense.measurements import colleagues

FORM_ID = "dispense"
_OWN = ("description", "a_mm", "b_mm", "dbl_mm", "ed_mm", "mount", "material")


class FrameForm(Form):
    """A scanned code or the frame chosen from the list or the tray."""

    frame = forms.CharField(label=_("Frame"), max_length=80, required=False)
    row = forms.CharField(max_length=20, required=False)
    to_come = forms.BooleanField(label=_("Order it: the frame is to come"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    @property
    def wanted(self) -> str:
        """What was scanned or typed; else the row that is marked on the tray."""
        return str(self.values["frame"] or self.values["row"])


class OwnFrameForm(Form):
    """A frame that the customer brings, or lenses without a frame."""

    status = forms.ChoiceField(
        label=_("Which frame"),
        widget=forms.RadioSelect,
        choices=[
            (FrameStatus.PATIENT_OWN.value, FrameStatus.PATIENT_OWN.label),
            (FrameStatus.LENSES_ONLY.value, FrameStatus.LENSES_ONLY.label),
        ],
        initial=FrameStatus.PATIENT_OWN.value,
    )
    description = forms.CharField(
        label=_("Description"), max_length=120, required=False, help_text=_("Brand, model, colour, condition.")
    )
    a_mm = forms.DecimalField(label=_("A, mm"), max_digits=5, decimal_places=2, required=False)
    b_mm = forms.DecimalField(label=_("B, mm"), max_digits=5, decimal_places=2, required=False)
    dbl_mm = forms.DecimalField(label=_("DBL, mm"), max_digits=5, decimal_places=2, required=False)
    ed_mm = forms.DecimalField(label=_("ED, mm"), max_digits=5, decimal_places=2, required=False)
    mount = forms.ChoiceField(label=_("Mount"), choices=Mount.choices, required=False)
    material = forms.ChoiceField(label=_("Material"), choices=FrameMaterial.choices, required=False)
    liability_waived = forms.BooleanField(
        label=_("The customer accepts that their own frame may break in the work"), required=False
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    @staticmethod
    def initial_of(choice: FrameChoice | None) -> dict[str, Any]:
        """The customer's frame as it is recorded; nothing where the frame is ours."""
        if choice is None or choice.status not in (FrameStatus.PATIENT_OWN, FrameStatus.LENSES_ONLY):
            return {}
        recorded = {name: getattr(choice, name) for name in ("status", *_OWN)}
        return recorded | {"liability_waived": choice.liability_waived_at is not None}

    @property
    def own(self) -> OwnFrame:
        return OwnFrame(**{name: self.values[name] for name in (*_OWN, "liability_waived")})


def _measure(label: Any, mate: str = "", accesskey: str = "") -> forms.DecimalField:
    attrs = {"form": FORM_ID, "class": "measure", "inputmode": "decimal", "autocomplete": "off", "aria-label": label}
    if mate:
        attrs["data-mate"] = f"id_{mate}"
    else:
        del attrs["class"], attrs["aria-label"]
    if accesskey:
        attrs["accesskey"] = accesskey
    return forms.DecimalField(
        label=label, max_digits=4, decimal_places=1, required=False, localize=False, widget=forms.TextInput(attrs=attrs)
    )


def _add_ons() -> list[tuple[int, str]]:
    return list(LensAddOn.objects.values_list("pk", "name"))


class _OneAddOn(forms.TypedChoiceField):
    """Whether the add-on goes with the ticked lens is the service's question: the choices are there for their words."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isdecimal()


class _SeveralAddOns(forms.TypedMultipleChoiceField):
    valid_value = _OneAddOn.valid_value


class DispenseForm(Form):
    """Lenses and measurements together: what the screen saves at once. Radios are printed by the template."""

    kept_in = {"design": "right", "index": "right"}

    design = forms.CharField(label=_("Design"), max_length=120, required=False)
    find = forms.CharField(max_length=120, required=False)
    index = forms.DecimalField(label=_("Index"), max_digits=5, decimal_places=3, required=False)
    coating = _OneAddOn(label=_("Coating"), choices=_add_ons, coerce=int, empty_value=None, required=False)
    extras = _SeveralAddOns(label=_("Add-ons"), choices=_add_ons, coerce=int, required=False)
    purpose = forms.ChoiceField(label=_("For"), choices=Purpose.choices, required=False)
    tint = forms.CharField(label=_("Tint"), max_length=80, required=False)
    remark = forms.CharField(label=_("Remark to the laboratory"), max_length=200, required=False)
    right_far_pd_mm = _measure(_("Right far PD"), "left_far_pd_mm", accesskey="m")
    right_near_pd_mm = _measure(_("Right near PD"), "left_near_pd_mm")
    right_height_mm = _measure(_("Right fitting height"), "left_height_mm")
    left_far_pd_mm = _measure(_("Left far PD"), "right_far_pd_mm")
    left_near_pd_mm = _measure(_("Left near PD"), "right_near_pd_mm")
    left_height_mm = _measure(_("Left fitting height"), "right_height_mm")
    vertex_mm = _measure(_("BVD, mm"))
    tilt_deg = _measure(_("Tilt, degrees"))
    wrap_deg = _measure(_("Wrap, degrees"))
    method = forms.ChoiceField(label=_("Measured with"), choices=MeasurementMethod.choices, required=False)
    second_person = forms.TypedChoiceField(label=_("Second person"), coerce=int, empty_value=None, required=False)
    reason = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)

    def __init__(self, data: Any = None, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        for name in ("purpose", "tint", "remark", "method", "second_person", "reason"):
            self.fields[name].widget.attrs["form"] = FORM_ID
        people = [(person.pk, person.full_name) for person in colleagues(order)]
        cast(forms.ChoiceField, self.fields["second_person"]).choices = [("", _("nobody yet")), *people]

    @property
    def measure_errors(self) -> list[dict[str, str]]:
        """Errors of the grid, printed under it, since the boxes are too narrow for words."""
        return [
            {"id": str(self[name].auto_id), "label": str(self.fields[name].label), "text": str(error)}
            for name in measuring.FIELDS[:6]
            for error in self.errors.get(name, [])
        ]

    @property
    def worn_fields(self) -> list[forms.BoundField]:
        """How the frame sits: distance, tilt, wrap."""
        return [self["vertex_mm"], self["tilt_deg"], self["wrap_deg"]]

    @property
    def measurements(self) -> MeasurementData:
        values = {name: self.cleaned_data.get(name) for name in measuring.FIELDS}
        return MeasurementData(
            **values,
            method=self.cleaned_data.get("method") or MeasurementMethod.PUPILOMETER,
            second_person_id=self.cleaned_data.get("second_person"),
        )

    def lens_data(self, product_id: int | None, add_on_ids: list[int]) -> LensData:
        """The ticks as the service takes them; the panel has resolved them to a product and its add-ons."""
        return LensData(
            product_id=product_id,
            add_on_ids=add_on_ids,
            purpose=self.cleaned_data.get("purpose") or Purpose.AS_PRESCRIBED,
            tint=self.cleaned_data.get("tint", ""),
            remark=self.cleaned_data.get("remark", ""),
        )
