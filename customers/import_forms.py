"""The forms of a customer import: the file, which column means what, why it is taken back."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from core.forms import Form
from customers.importing.columns import COLUMNS
from customers.models import CustomerImport


class UploadForm(Form):
    """A list of an earlier system, for one of the branches where this person may import."""

    branch = forms.TypedChoiceField(label=_("Their branch"), coerce=int)
    file = forms.FileField(
        label=_("List as CSV or XLSX"), help_text=_("At most 10 MB and 50,000 rows; the first row holds the headings.")
    )

    def __init__(self, *args: Any, branches: Sequence[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["branch"]).choices = [(one.pk, one.name) for one in branches]


class ColumnsForm(Form):
    """Which heading of the file is which of our columns, and how unclear dates are read."""

    day_order = forms.ChoiceField(
        label=_("Dates such as 03/04/1981"),
        required=False,
        choices=[("", _("as the file shows")), ("day", _("day first: 3 April")), ("month", _("month first: 4 March"))],
        help_text=_("Only asked when no date of the file settles it."),
    )

    def __init__(self, *args: Any, batch: CustomerImport, **kwargs: Any) -> None:
        super().__init__(*args, initial={**batch.columns, "day_order": batch.options.get("day_order", "")}, **kwargs)
        choices = [("", _("not in the file")), *((heading, heading) for heading in batch.headings if heading)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(label=str(column.label), required=False)
            cast(forms.ChoiceField, self.fields[column.name]).choices = choices

    @property
    def columns(self) -> Mapping[str, str]:
        return {name: heading for name, heading in self.values.items() if heading and name != "day_order"}


class TakeBackForm(Form):
    reason = forms.CharField(label=_("Why"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
