"""Boxes for money, dates and percentages as people type them."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _

_DROPPED = str.maketrans({" ": "", "\u00a0": "", "\u202f": "", "'": "", "\u2212": "-"})
_PLAIN = re.compile(r"-?\d{1,12}(\.\d*)?")


class MoneyField(forms.DecimalField):
    """`5 262.50`, `5262,50` or `R 5262.50`: two places, no more; never a float."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 10)
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
        super().__init__(decimal_places=2, widget=kwargs.pop("widget", widget), **kwargs)

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        text = str(value).translate(_DROPPED).lstrip("R$€£")
        if "," in text and "." not in text and len(text.rsplit(",", 1)[1]) <= 2:
            text = text.replace(",", ".")
        if not _PLAIN.fullmatch(text.replace(",", "")):
            raise forms.ValidationError(_("Enter an amount, for example 5262.50."), code="invalid")
        return super().to_python(text.replace(",", ""))


class PercentField(forms.DecimalField):
    """`10` or `12.5`."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "num"})
        super().__init__(min_value=Decimal(0), max_value=Decimal(100), decimal_places=2, widget=widget, **kwargs)


class DayField(forms.DateField):
    """A day; the browser's own picker where there is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)
