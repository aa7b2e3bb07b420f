"""The forms of an opening stock list: the file, which column means what, why it is taken back."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from catalogue.models import Supplier
from core.forms import Form
from inventory.models import OpeningImport
from inventory.opening.columns import COLUMNS


class UploadForm(Form):
    """What lies in one branch."""

    branch = forms.TypedChoiceField(label=_("Branch"), coerce=int)
    supplier = forms.TypedChoiceField(
        label=_("Supplier of frames that are new"),
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Only for frames that the catalogue does not have and that are made from their row."),
    )
    file = forms.FileField(
        label=_("List as CSV or XLSX"), help_text=_("At most 10 MB and 5,000 rows; the first row holds the headings.")
    )

    def __init__(self, *args: Any, branches: Sequence[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["branch"]).choices = [(one.pk, one.name) for one in branches]
        suppliers = [("", "–"), *Supplier.objects.order_by("name").values_list("pk", "name")]
        cast(forms.ChoiceField, self.fields["supplier"]).choices = suppliers


class ColumnsForm(Form):
    """Which heading of the file is which of our columns."""

    def __init__(self, *args: Any, batch: OpeningImport, **kwargs: Any) -> None:
        super().__init__(*args, initial=dict(batch.columns), **kwargs)
        choices = [("", _("not in the file")), *((heading, heading) for heading in batch.headings if heading)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(label=str(column.label), required=False)
            cast(forms.ChoiceField, self.fields[column.name]).choices = choices

    @property
    def columns(self) -> Mapping[str, str]:
        return {name: heading for name, heading in self.values.items() if heading}


class TakeBackForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
