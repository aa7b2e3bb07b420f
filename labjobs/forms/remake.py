"""The form of a remake: cause by one choice, who pays, up to three cost lines."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from labjobs.credit_rules import REASONS, Party
from labjobs.models import RemakeKind
from labjobs.services.remakes import PAYERS, CostLine, RemakeData
from orders.forms.fields import MoneyField

GROUPS = {
    Party.LAB: _("Laboratory"),
    Party.PRESCRIBER: _("Prescriber"),
    Party.SHOP: _("Shop"),
    Party.PATIENT: _("Customer"),
    Party.WARRANTY: _("Warranty"),
}


def causes() -> list[tuple[Any, Any]]:
    """Grouped as the trade does, so that the group says who is at fault."""
    groups: list[tuple[Any, Any]] = [("", _("Choose the cause"))]
    for party, word in GROUPS.items():
        groups.append((word, [(code, f"{code} {words}") for code, (its, words) in REASONS.items() if its is party]))
    return groups


class RemakeForm(Form):
    """Original and proposal stand beside it; the warranty and the laboratory's terms answer when it is sent."""

    kind = forms.ChoiceField(label=_("What"), choices=RemakeKind.choices, widget=forms.RadioSelect, initial="remake")
    eyes = forms.ChoiceField(
        label=_("Lenses"),
        choices=[("both", _("Both")), ("right", _("Right")), ("left", _("Left"))],
        widget=forms.RadioSelect,
        initial="both",
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=causes)
    payer = forms.ChoiceField(label=_("Who pays"), choices=list(PAYERS.items()), initial="lab")
    reason = forms.CharField(
        label=_("What is wrong with the pair"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    lenses = MoneyField(label=_("Lenses"), required=False)
    work = MoneyField(label=_("Work"), required=False)
    other = MoneyField(label=_("Other"), required=False)
    returned = forms.BooleanField(label=_("The old lenses are back"), required=False)

    def data_for(self, job_id: int) -> RemakeData:
        values = self.values
        costs = [
            CostLine(str(self.fields[name].label), Decimal(values[name]))
            for name in ("lenses", "work", "other")
            if values[name]
        ]
        return RemakeData(
            job_id,
            values["kind"],
            values["cause"],
            values["payer"],
            values["reason"],
            values["eyes"],
            costs,
            values["returned"],
        )
