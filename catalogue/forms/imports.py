"""The forms of an import: the file, and which column means what."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from catalogue.forms.frames import offer_suppliers
from catalogue.imports.frame_rows import COLUMNS
from catalogue.models import CatalogueImport
from core.forms import Form


class UploadForm(Form):
    """A supplier's list."""

    supplier = forms.TypedChoiceField(label=_("Supplier"), coerce=int)
    file = forms.FileField(
        label=_("List as CSV or XLSX"), help_text=_("At most 10 MB and 50,000 rows; the first row holds the headings.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_suppliers(self)


class ColumnsForm(Form):
    """Which heading of the file is which of our columns."""

    def __init__(self, *args: Any, batch: CatalogueImport, **kwargs: Any) -> None:
        initial = dict(batch.columns)
        super().__init__(*args, initial=initial, **kwargs)
        choices = [("", _("not in the file")), *((heading, heading) for heading in batch.headings if heading)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(label=str(column.label), required=False)
            cast(forms.ChoiceField, self.fields[column.name]).choices = choices

    @property
    def columns(self) -> Mapping[str, str]:
        return {name: heading for name, heading in self.values.items() if heading}
