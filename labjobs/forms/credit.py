"""The form of a laboratory's credit terms: one line a rule, an empty line is no rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form
from labjobs.credit_rules import CountedFrom

SPARE_ROWS = 3
COLUMNS = {
    "reasons": gettext_lazy("Causes"),
    "percents": gettext_lazy("Credit, %"),
    "within_days": gettext_lazy("Days"),
    "counted_from": gettext_lazy("Counted from"),
    "times": gettext_lazy("Times"),
    "unchanged_required": gettext_lazy("Nothing changed"),
    "return_required": gettext_lazy("Lenses back"),
    "replacements": gettext_lazy("Replaced by"),
}
_STARTS = [(CountedFrom.INVOICE.value, gettext_lazy("invoice")), (CountedFrom.SHIPPING.value, gettext_lazy("shipping"))]


def _cell(name: str, place: int) -> forms.Field:
    attrs = {"aria-label": f"{COLUMNS[name]}, {place + 1}"}
    if name in ("unchanged_required", "return_required"):
        return forms.BooleanField(label=COLUMNS[name], required=False, widget=forms.CheckboxInput(attrs=attrs))
    if name == "counted_from":
        return forms.ChoiceField(label=COLUMNS[name], choices=_STARTS, widget=forms.Select(attrs=attrs), required=False)
    if name in ("within_days", "times"):
        box = forms.TextInput(attrs={**attrs, "class": "measure", "inputmode": "numeric"})
        return forms.IntegerField(label=COLUMNS[name], required=False, min_value=1, max_value=3650, widget=box)
    return forms.CharField(label=COLUMNS[name], required=False, max_length=120, widget=forms.TextInput(attrs=attrs))


class CreditForm(Form):
    """The terms of one laboratory; `plain_rules` are the rows as the service takes them, with the row each came from."""

    def __init__(self, *args: Any, rules: Sequence[Mapping[str, Any]], **kwargs: Any) -> None:
        self.count = len(rules) + SPARE_ROWS
        initial = {f"{name}-{place}": _shown(rule.get(name)) for place, rule in enumerate(rules) for name in COLUMNS}
        super().__init__(*args, initial=initial, **kwargs)
        for place in range(self.count):
            for name in COLUMNS:
                self.fields[f"{name}-{place}"] = _cell(name, place)

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}-{place}"] for name in COLUMNS] for place in range(self.count)]

    @property
    def plain_rules(self) -> list[tuple[int, dict[str, Any]]]:
        """Each filled row with its place on the page."""
        found = []
        for place in range(self.count):
            row = {name: self.values[f"{name}-{place}"] for name in COLUMNS}
            if row["reasons"] or row["percents"]:
                found.append(
                    (place, {**row, **{name: _words(row[name]) for name in ("reasons", "percents", "replacements")}})
                )
        return found


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(";", " ").replace("%", " ").split()


def _shown(value: Any) -> Any:
    return " ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else value


def help_text() -> str:
    """What is typed into the columns of words."""
    return _("Causes are codes or whole groups: lab P01. Credit of the first, second, later remake: 100 50 0.")
