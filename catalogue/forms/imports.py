"""The forms of an import: the file, and which column means what."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.selectors import offered
from catalogue.forms.frames import offer_suppliers
from catalogue.models import CatalogueImport, ImportKind
from catalogue.services.imports import TARGETS
from core.forms import Form

LIST_FIELDS = ("name", "valid_from", "valid_until", "branch")


def offer_branches(form: Form) -> None:
    """Every branch that is open, or all of them; and the closed one that a list was made for."""
    choices = [("", _("all branches")), *offered(form.initial.get("branch"))]
    cast(forms.ChoiceField, form.fields["branch"]).choices = choices


def day_field(label: Any, help_text: Any = "", required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"})
    )


class UploadForm(Form):
    """A supplier's list; a price list says from when it holds."""

    kind = forms.ChoiceField(
        label=_("What is in it"),
        choices=ImportKind.choices,
        help_text=_("Surcharges are written into the lenses at once; in a price list they hold from its day on."),
    )
    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    file = forms.FileField(
        label=_("List as CSV or XLSX"), help_text=_("At most 10 MB and 50,000 rows; the first row holds the headings.")
    )
    name = forms.CharField(label=_("Name of the price list"), max_length=80, required=False)
    valid_from = day_field(_("Prices hold from"))
    valid_until = day_field(_("Until"), _("Empty: until another list."))
    branch = forms.TypedChoiceField(label=_("Branch"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_suppliers(self)
        offer_branches(self)

    @property
    def options(self) -> Mapping[str, Any]:
        """What a price list needs to know beside its rows; nothing for the other kinds."""
        if self.values["kind"] != ImportKind.PRICES:
            return {}
        values = {name: self.values[name] for name in LIST_FIELDS}
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}


class ColumnsForm(Form):
    """Which heading of the file is which of our columns."""

    def __init__(self, *args: Any, batch: CatalogueImport, **kwargs: Any) -> None:
        initial = dict(batch.columns)
        super().__init__(*args, initial=initial, **kwargs)
        choices = [("", _("not in the file")), *((heading, heading) for heading in batch.headings if heading)]
        for column in TARGETS[batch.kind].columns:
            self.fields[column.name] = forms.ChoiceField(label=str(column.label), required=False)
            cast(forms.ChoiceField, self.fields[column.name]).choices = choices

    @property
    def columns(self) -> Mapping[str, str]:
        return {name: heading for name, heading in self.values.items() if heading}
