"""The forms of bank statements: the file, its columns, and what becomes of one line."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from core.forms import Form
from orders.banking.columns import COLUMNS
from orders.models import BankStatement


class UploadForm(Form):
    """A statement of one account."""

    account = forms.CharField(
        label=_("Bank account"),
        max_length=40,
        required=False,
        help_text=_("Its number: a line counts once for each account. MT940 names it itself."),
    )
    branch = forms.TypedChoiceField(label=_("Branch that settles it"), coerce=int)
    file = forms.FileField(
        label=_("Statement as CSV, XLSX or MT940"),
        help_text=_("A table has one column with signs, or one for money in and one for money out."),
    )

    def __init__(self, *args: Any, branches: Sequence[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["branch"]).choices = [(one.pk, one.name) for one in branches]


class ColumnsForm(Form):
    """Which heading of the file is which of our columns."""

    day_order = forms.ChoiceField(
        label=_("Dates such as 03/04/2026"),
        required=False,
        choices=[("", _("as the file shows")), ("day", _("day first: 3 April")), ("month", _("month first: 4 March"))],
    )

    def __init__(self, *args: Any, batch: BankStatement, **kwargs: Any) -> None:
        super().__init__(*args, initial={**batch.columns, "day_order": batch.options.get("day_order", "")}, **kwargs)
        choices = [("", _("not in the file")), *((heading, heading) for heading in batch.headings if heading)]
        for column in COLUMNS:
            self.fields[column.name] = forms.ChoiceField(label=str(column.label), required=False)
            cast(forms.ChoiceField, self.fields[column.name]).choices = choices

    @property
    def columns(self) -> Mapping[str, str]:
        return {name: heading for name, heading in self.values.items() if heading and name != "day_order"}


class AssignForm(Form):
    """Which order a line pays."""

    order = forms.CharField(
        label=_("Order number"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"})
    )


class ReasonForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
