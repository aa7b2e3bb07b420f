"""The form of the release: which laboratory, which tray, for when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from labjobs.models import Lab
from orders.forms.fields import DayField


class ReleaseForm(Form):
    """An empty tray takes the next free one; the date is the one promised to the customer."""

    lab = forms.TypedChoiceField(label=_("Laboratory"), coerce=int)
    tray = forms.CharField(
        label=_("Tray"),
        required=False,
        max_length=12,
        help_text=_("Scan the tray, or leave empty for the next free one."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True}),
    )
    promised_on = DayField(label=_("Promised"), required=False)

    def __init__(self, *args: Any, labs: list[Lab], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["lab"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(lab.pk, lab.name) for lab in labs]
