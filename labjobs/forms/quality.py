"""The grid of the quality check: one box for each value, typed with the habits of the refraction grid."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form
from core.states import Words
from labjobs import inspection, readings
from labjobs.inspection import Row
from lensmath.notation import EntryError
from lensmath.tolerance.verdicts import Instrument

_LARGEST = {inspection.SPHERE: Decimal(45), inspection.CYLINDER: Decimal(25), inspection.ADD: Decimal(5)}
_LARGEST_LENGTH = {inspection.HEIGHT: Decimal(60), inspection.VERTICAL: Decimal(20), inspection.HORIZONTAL: Decimal(20)}
MESSAGES: dict[str, Words] = {
    "not_a_number": gettext_lazy("“%(typed)s” is not a reading. Type it as the instrument shows it."),
    "sign_required": gettext_lazy("“%(typed)s” has no sign. Type + or − before it."),
    "negative": gettext_lazy("“%(typed)s” cannot be below zero here."),
    "ambiguous": gettext_lazy("“%(typed)s” can be read in two ways. Type it with a point."),
    "out_of_range": gettext_lazy("“%(typed)s” is larger than it can be. Measure again."),
}
INSTRUMENTS = [
    (Instrument.AUTOMATIC.value, gettext_lazy("Automatic focimeter")),
    (Instrument.MANUAL.value, gettext_lazy("Manual focimeter")),
]


class ReadingField(forms.CharField):
    """One value as it was typed, kept so after a refusal."""

    def __init__(self, row: Row) -> None:
        self.row = row
        label = _("%(what)s, measured") % {"what": row.full_label}
        attrs = {
            "class": "measure", "autocomplete": "off", "inputmode": "text", "aria-label": label,
            "data-reading": row.kind, "data-eye": row.eye,
        }  # fmt: skip
        widget = forms.TextInput(attrs=attrs)
        super().__init__(label=row.full_label, required=False, max_length=12, widget=widget)

    def clean(self, value: Any) -> Decimal | None:
        typed = super().clean(value)
        try:
            return self._read(typed)
        except EntryError as error:
            raise forms.ValidationError(str(MESSAGES[error.code]) % {"typed": error.text}, code=error.code) from error

    def _read(self, typed: str) -> Decimal | None:
        kind = self.row.kind
        if kind == inspection.AXIS:
            return readings.axis(typed)
        if kind in _LARGEST_LENGTH:
            return readings.length(typed, _LARGEST_LENGTH[kind])
        return readings.power(typed, sign_required=kind != inspection.ADD, limit_dioptres=_LARGEST[kind])


class QualityForm(Form):
    """Readings, the looks that are right, and the instrument."""

    looks = forms.MultipleChoiceField(
        label=gettext_lazy("Look"),
        required=False,
        choices=list(inspection.COSMETIC.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    instrument = forms.ChoiceField(label=gettext_lazy("Instrument"), choices=INSTRUMENTS)

    def __init__(self, *args: Any, rows: Sequence[Row], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = [row for row in rows if row.judged]
        for row in self.rows:
            self.fields[row.name] = ReadingField(row)
        if self.rows and not self.is_bound:
            self.fields[self.rows[0].name].widget.attrs["autofocus"] = True

    @property
    def readings(self) -> dict[str, Decimal]:
        """What was measured, by name; what was left empty is not in it."""
        values = self.values
        return {row.name: values[row.name] for row in self.rows if values.get(row.name) is not None}
