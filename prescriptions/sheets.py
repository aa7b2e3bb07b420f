"""What is typed on a prescription: the spectacle grid and the contact lens sheet, read and judged in one way."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from lensmath.notation import SPHERE_ENTRY
from lensmath.prism import Eye
from prescriptions import fields, judging
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import PrescriptionKind
from prescriptions.values import PrescriptionValues
from prescriptions.verdicts import Verdict

CONFIRM = "confirm"
DO, SIGN = "do", "sign"
EYES = (Eye.RIGHT, Eye.LEFT)
SPECTACLE_KINDS = [choice for choice in PrescriptionKind.choices if choice[0] != PrescriptionKind.CONTACT_LENS]
RECALLS = [("", _("No recall")), *((n, format_lazy(_("In {n} months"), n=n)) for n in (3, 6, 12, 18, 24))]
WEARING = [("", _("Not said")), ("daily", _("Daily wear")), ("extended", _("Extended wear"))]
REPLACEMENT = [
    ("", _("Not said")),
    ("daily", _("Daily")),
    ("two_weekly", _("Every two weeks")),
    ("monthly", _("Monthly")),
    ("quarterly", _("Every three months")),
    ("yearly", _("Yearly")),
]
ADD_WORDS = [("", _("None, or a power")), ("low", _("Low")), ("mid", _("Mid")), ("high", _("High"))]
CODED = {"replacement": REPLACEMENT, "wearing_mode": WEARING, "add_word": ADD_WORDS}
PAIR_LENGTHS = ("vertex", "far_pd", "near_pd")
PAIR_TEXTS = ("binocular_va", "expiry_reason", "notes")
PAIR_VALUES = ("recall_months", "expires_on")


class SheetForm(Form):
    """Reads the cells, judges them as the service will, and tells everything at once.

    `previous` is the last prescription to compare with, `confirmations` those already kept with the draft.
    """

    cells: ClassVar[Mapping[str, str]] = {}
    default_kind: ClassVar[str] = PrescriptionKind.DISTANCE.value
    counts_at_once: ClassVar[bool] = False

    vertex = fields.MillimetreCell(label=_("Back vertex distance"))
    binocular_va = fields.AcuityCell(label=_("Visual acuity, both eyes"))
    recall_months = forms.TypedChoiceField(
        label=_("Next test"), choices=RECALLS, coerce=int, empty_value=None, required=False
    )
    expires_on = forms.DateField(
        label=_("Valid to"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    expiry_reason = forms.CharField(label=_("Why this date"), required=False, max_length=200)
    notes = forms.CharField(
        label=_("Note for the dispenser"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        previous: PrescriptionValues | None = None,
        confirmations: Sequence[judging.Confirmation] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.previous, self.confirmations = previous, confirmations
        self.found: list[Verdict] = []
        self._read: dict[str, Any] = {}

    @property
    def is_signing(self) -> bool:
        """Whether it is to count now, not only to be kept as a draft."""
        return self.counts_at_once or bool(self.is_bound and self.data.get(DO) == SIGN)

    @property
    def confirmed(self) -> list[str]:
        """The keys of the warnings whose boxes are ticked."""
        return list(self.data.getlist(CONFIRM)) if hasattr(self.data, "getlist") else []

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        self._read = dict(cleaned)  # a value that is refused below is still shown with what follows from it
        written = self.written()
        self.found = judging.judge(written.values, self.previous)
        stop = judging.refusals(self.found, draft=not self.is_signing)
        if self.is_signing:
            stop += self.unconfirmed(written.values)
        for name, message in judging.messages(stop).items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, message)
        return cleaned

    def unconfirmed(self, written: PrescriptionValues) -> list[Verdict]:
        """Warnings about what is typed now that nobody has confirmed."""
        known = {confirmation["key"] for confirmation in self.confirmations} | set(self.confirmed)
        return [found for found in judging.warnings(self.found) if judging.key_of(found, written) not in known]

    def written(self, **fixed: Any) -> PrescriptionData:
        """What the cells hold, as far as they could be read; `fixed` adds what is not typed (customer, origin, ...)."""
        right, left = (self._eye(eye) for eye in EYES)
        told: dict[str, Any] = {"customer_id": 0, "kind": self._read.get("kind") or self.default_kind}
        return PrescriptionData(**(told | {"right": right, "left": left} | self._pair(right, left) | fixed))

    def _eye(self, eye: Eye) -> EyeData | None:
        """One eye's cells by the form's table; None where nothing is written."""
        values: dict[str, Any] = {}
        prisms: tuple[Any, ...] = ()
        for name, attribute in self.cells.items():
            value = self._read.get(f"{eye}_{name}")
            if attribute == "prisms":
                prisms += value or ()
            elif value == fields.BALANCE:
                values["balance"] = True
            elif value not in (None, ""):
                values[attribute] = value
        written = EyeData(prisms=prisms, **values)
        return None if written.is_blank else written

    def _pair(self, right: EyeData | None, left: EyeData | None) -> dict[str, Any]:
        """The document's own values; a pair's PD that is left blank is the sum of the two eyes."""
        value = self._read.get
        told: dict[str, Any] = {name: value(name) or "" for name in PAIR_TEXTS}
        told |= {name: value(name) for name in PAIR_VALUES}
        for name in PAIR_LENGTHS:
            attribute = f"{name}_mm"
            each = [length for eye in (right, left) if (length := getattr(eye, attribute, None)) is not None]
            told[attribute] = value(name) if value(name) is not None or len(each) < len(EYES) else sum(each)
        return told

    @classmethod
    def initial_of(cls, data: PrescriptionData) -> dict[str, Any]:
        """A stored prescription as the form's initial values."""
        told: dict[str, Any] = {name: getattr(data, name) for name in (*PAIR_TEXTS, *PAIR_VALUES)}
        told |= {name: getattr(data, f"{name}_mm") for name in PAIR_LENGTHS}
        told["kind"] = data.kind
        for eye, written in data.eyes():
            for name, attribute in cls.cells.items():
                told[f"{eye}_{name}"] = _cell_value(name, attribute, written)
        return told


def _cell_value(name: str, attribute: str, written: EyeData) -> Any:
    if attribute == "prisms":
        wanted = {"in", "out"} if name == "prism_horizontal" else {"up", "down"}
        return tuple(entry for entry in written.prisms if entry.base in wanted)
    if attribute == "sphere" and written.balance:
        return fields.BALANCE
    return getattr(written, attribute)


def _declare_eyes(form: type[SheetForm], build: Mapping[str, Callable[[Eye], forms.Field]]) -> None:
    """Add `right_sphere`, ... before the form's own fields, in the order in which Tab goes: right eye, then left."""
    eyes = {f"{eye}_{name}": make(eye) for eye in EYES for name, make in build.items()}
    form.declared_fields = form.base_fields = {**eyes, **form.base_fields}


class RefractionForm(SheetForm):
    """The spectacle grid."""

    cells = {
        "sphere": "sphere", "cylinder": "cylinder", "axis": "axis", "add": "add", "prism_horizontal": "prisms",
        "prism_vertical": "prisms", "va": "va", "near_va": "near_va", "far_pd": "far_pd_mm", "near_pd": "near_pd_mm",
        "intermediate_add": "intermediate_add",
    }  # fmt: skip

    kind = forms.ChoiceField(label=_("Type"), choices=SPECTACLE_KINDS)
    far_pd = fields.MillimetreCell(label=_("Far PD, both eyes"))
    near_pd = fields.MillimetreCell(label=_("Near PD, both eyes"))


_declare_eyes(
    RefractionForm,
    {
        "sphere": lambda eye: fields.SphereCell(label=fields.eye_label(eye, "sphere")),
        "cylinder": lambda eye: fields.cylinder_cell(fields.eye_label(eye, "cylinder")),
        "axis": lambda eye: fields.AxisCell(label=fields.eye_label(eye, "axis")),
        "add": lambda eye: fields.add_cell(fields.eye_label(eye, "add")),
        "prism_horizontal": lambda eye: fields.PrismCell(label=fields.eye_label(eye, "prism_horizontal"), eye=eye),
        "prism_vertical": lambda eye: fields.PrismCell(label=fields.eye_label(eye, "prism_vertical"), eye=eye),
        "va": lambda eye: fields.AcuityCell(label=fields.eye_label(eye, "va")),
        "near_va": lambda eye: fields.AcuityCell(label=fields.eye_label(eye, "near_va")),
        "far_pd": lambda eye: fields.MillimetreCell(label=fields.eye_label(eye, "far_pd")),
        "near_pd": lambda eye: fields.MillimetreCell(label=fields.eye_label(eye, "near_pd")),
        "intermediate_add": lambda eye: fields.add_cell(fields.eye_label(eye, "intermediate_add")),
    },
)


class ContactLensForm(SheetForm):
    """The contact lens sheet: a document of its own, made after a fitting, never derived from a spectacle prescription."""

    default_kind = PrescriptionKind.CONTACT_LENS.value
    cells = {
        "power": "power", "cylinder": "cylinder", "axis": "axis", "add": "add", "base_curve": "base_curve_mm",
        "diameter": "diameter_mm", "va": "va", "product": "product", "colour": "colour", "add_word": "add_word",
        "replacement": "replacement", "wearing_mode": "wearing_mode",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, code in ((f"{eye}_{code}", code) for eye in EYES for code in CODED):
            self._keep_choice(name, code, str(self.initial.get(name) or ""))

    def _keep_choice(self, name: str, code: str, stored: str) -> None:
        """A value that came from another system stays choosable."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField) and stored and not field.valid_value(stored):
            field.choices = [*CODED[code], (stored, stored)]


def _choice(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False)


def _product(eye: Eye) -> forms.CharField:
    """Needed for every eye that gets a lens, so it is not called optional; a draft may wait for it."""
    field = forms.CharField(label=fields.eye_label(eye, "product"), required=False, max_length=120)
    field.widget.is_required = True
    return field


_declare_eyes(
    ContactLensForm,
    {
        "product": _product,
        "power": lambda eye: fields.PowerCell(
            label=fields.eye_label(eye, "power"), rule=SPHERE_ENTRY, shorthand="sphere"
        ),
        "cylinder": lambda eye: fields.cylinder_cell(fields.eye_label(eye, "cylinder")),
        "axis": lambda eye: fields.AxisCell(label=fields.eye_label(eye, "axis")),
        "add": lambda eye: fields.add_cell(fields.eye_label(eye, "add")),
        "base_curve": lambda eye: fields.MillimetreCell(label=fields.eye_label(eye, "base_curve"), grid=True),
        "diameter": lambda eye: fields.MillimetreCell(label=fields.eye_label(eye, "diameter"), grid=True),
        "va": lambda eye: fields.AcuityCell(label=fields.eye_label(eye, "va")),
        "add_word": lambda eye: _choice(fields.eye_label(eye, "add_word"), ADD_WORDS),
        "colour": lambda eye: forms.CharField(label=fields.eye_label(eye, "colour"), required=False, max_length=40),
        "replacement": lambda eye: _choice(fields.eye_label(eye, "replacement"), REPLACEMENT),
        "wearing_mode": lambda eye: _choice(fields.eye_label(eye, "wearing_mode"), WEARING),
    },
)


def form_for(kind: str) -> type[SheetForm]:
    """The sheet on which a prescription of this kind is written."""
    return ContactLensForm if kind == PrescriptionKind.CONTACT_LENS else RefractionForm
