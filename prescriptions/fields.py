"""The cells of the refraction grid: text in the trade's shorthand on the one side, exact values on the other.

What a cell takes is told by `lensmath`; here a refusal becomes a sentence for the person at the cell.
"""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lensmath.notation import (
    ADD_ENTRY,
    CYLINDER_ENTRY,
    SPHERE_ENTRY,
    TRUE_MINUS,
    EntryError,
    EntryRule,
    format_axis,
    format_power,
    is_balance,
    parse_axis,
    parse_entry,
    plain,
)
from lensmath.numbers import exact
from lensmath.prism import Base, Eye, Prism, parse_prism
from prescriptions.values import PrismEntry

BALANCE = "balance"
HUNDREDTH = Decimal("0.01")
LONGEST_MM = 100


class Cell(forms.CharField):
    """A cell of a grid: its name says eye and value, so that a message reads on its own."""

    def __init__(self, *, label: Any, small: bool = False, **kwargs: Any) -> None:
        attrs = {
            "class": "cell small" if small else "cell",
            "inputmode": "text",
            "autocomplete": "off",
            "spellcheck": "false",
            "aria-label": label,
        }
        kwargs.setdefault("max_length", 24)
        super().__init__(label=label, required=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def refuse(self, sentence: str) -> forms.ValidationError:
        return forms.ValidationError(f"{self.label}: {sentence}")


class PowerCell(Cell):
    """Dioptres. `shorthand` tells the script which rule the cell follows."""

    def __init__(self, *, rule: EntryRule, shorthand: str, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.rule = rule
        self.widget.attrs["data-entry"] = shorthand

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_entry(text, self.rule)
        except EntryError as error:
            raise self.refuse(_power_sentence(error, self.rule)) from error

    def prepare_value(self, value: Any) -> Any:
        return format_power(value, true_minus=True) if isinstance(value, Decimal) else value


def _power_sentence(error: EntryError, rule: EntryRule) -> str:
    text = error.text.strip()
    sentences = {
        "sign_required": _("type + or %(minus)s before %(text)s"),
        "negative": _("an add has no minus. Type it without a sign"),
        "ambiguous": _("“%(text)s” can be read in more than one way. Type the point, for example 0.50"),
        "off_grid": _("%(text)s is not a step of a quarter of a dioptre"),
        "out_of_range": _("%(text)s is outside what is made, %(limit)s at most. Check the point"),
        "not_a_number": _("“%(text)s” is not a power. Type for example %(minus)s1.25, +2 or pl"),
    }
    return sentences[error.code] % {"text": text, "minus": TRUE_MINUS, "limit": rule.limit_dioptres}


class SphereCell(PowerCell):
    """A sphere, or the word `bal` for a balance lens."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, rule=SPHERE_ENTRY, shorthand="sphere", **kwargs)

    def clean(self, value: Any) -> Any:
        return BALANCE if is_balance(value or "") else super().clean(value)

    def prepare_value(self, value: Any) -> Any:
        return pgettext("lens", "Balance") if value == BALANCE else super().prepare_value(value)


def cylinder_cell(label: Any) -> PowerCell:
    return PowerCell(label=label, rule=CYLINDER_ENTRY, shorthand="cylinder")


def add_cell(label: Any, **kwargs: Any) -> PowerCell:
    return PowerCell(label=label, rule=ADD_ENTRY, shorthand="add", **kwargs)


class AxisCell(Cell):
    """Whole degrees; shown with three digits."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, **kwargs)
        self.widget.attrs["data-entry"] = "axis"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_axis(text)
        except EntryError as error:
            raise self.refuse(_("enter 1 to 180")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{format_axis(value)}°" if isinstance(value, int) and value else value


class PrismCell(Cell):
    """One prism: `1.5 in`, `2 up`, or `2.5 @ 37` (then it may hold both components). Cleans to a tuple of entries."""

    def __init__(self, *, label: Any, eye: Eye, **kwargs: Any) -> None:
        super().__init__(label=label, small=True, **kwargs)
        self.eye = eye
        self.widget.attrs["data-entry"] = "prism"

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text or plain(text) in {"0", "0.0", "0.00"}:
            return ()
        try:
            return entries_of(parse_prism(self.eye, text))
        except ValueError as error:
            sentence = _("type the amount with its base, for example 1.5 in, 2 up or 2.5 @ 37")
            raise self.refuse(sentence) from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple):
            return "; ".join(f"{entry.amount:.2f} {entry.base}" for entry in value)
        return value


def entries_of(prism: Prism) -> tuple[PrismEntry, ...]:
    """Components as one horizontal and one vertical entry, to a hundredth of a prism dioptre."""
    parts = [prism.horizontal, prism.vertical]
    return tuple(
        PrismEntry(amount.quantize(HUNDREDTH), Base(base).value) for amount, base in parts if base and round(amount, 2)
    )


class MillimetreCell(Cell):
    """A length in mm with one place, in the contact lens grid two; a comma is understood."""

    def __init__(self, *, label: Any, grid: bool = False, **kwargs: Any) -> None:
        super().__init__(label=label, small=True, **kwargs)
        self.places = 2 if grid else 1
        self.widget.attrs |= {"inputmode": "decimal", "data-entry": "mm"}
        if not grid:
            self.widget.attrs["class"] = "input measure"

    def clean(self, value: Any) -> Any:
        text = plain(super().clean(value)).removesuffix("mm")
        if not text:
            return None
        try:
            number = exact(text)
        except ValueError as error:
            raise self.refuse(_("“%(text)s” is not a length in mm") % {"text": text}) from error
        if not 0 < number < LONGEST_MM or number != round(number, self.places):
            raise self.refuse(_("%(text)s mm cannot be right") % {"text": text})
        return number

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        short = value.normalize()
        exponent = short.as_tuple().exponent
        return f"{value:.1f}" if isinstance(exponent, int) and exponent >= -1 else f"{short:f}"


class AcuityCell(Cell):
    """Visual acuity in the notation used (6/6, 20/20, 1.0, N5): kept as typed."""

    def __init__(self, *, label: Any, **kwargs: Any) -> None:
        super().__init__(label=label, small=True, max_length=12, **kwargs)


_EYE_WORDS = {Eye.RIGHT: gettext_lazy("Right {value}"), Eye.LEFT: gettext_lazy("Left {value}")}
VALUE_WORDS = {
    "sphere": gettext_lazy("sphere"),
    "cylinder": gettext_lazy("cylinder"),
    "axis": gettext_lazy("axis"),
    "add": gettext_lazy("addition"),
    "intermediate_add": gettext_lazy("intermediate addition"),
    "prism_horizontal": gettext_lazy("horizontal prism"),
    "prism_vertical": gettext_lazy("vertical prism"),
    "va": gettext_lazy("visual acuity"),
    "near_va": gettext_lazy("near acuity"),
    "far_pd": gettext_lazy("far PD"),
    "near_pd": gettext_lazy("near PD"),
    "power": gettext_lazy("power"),
    "base_curve": gettext_lazy("base curve"),
    "diameter": gettext_lazy("diameter"),
    "product": gettext_lazy("product"),
    "colour": gettext_lazy("colour"),
    "add_word": gettext_lazy("addition by name"),
    "replacement": gettext_lazy("replacement"),
    "wearing_mode": gettext_lazy("wearing mode"),
}


def eye_label(eye: Eye, name: str) -> Any:
    """`Right sphere`."""
    return format_lazy(_EYE_WORDS[eye], value=VALUE_WORDS[name])
