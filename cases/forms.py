"""Forms of the case pages."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from branches.models import User
from cases import kinds
from cases.kinds import DecisionOption
from core.forms import Form
from core.states import Words

PARTIES = [
    ("", _("Not named yet")),
    ("lab", _("Laboratory")),
    ("prescriber", _("Optometrist or prescriber")),
    ("shop", _("Shop")),
    ("supplier", _("Supplier")),
    ("carrier", _("Carrier")),
    ("customer", _("Customer")),
]


def _by_hand() -> list[tuple[str, Words]]:
    return [(kind.code, kind.label) for kind in kinds.all_kinds() if kind.by_hand]


class OpenForm(Form):
    """A case opened by hand in two keys: `c`, what happened in a line, Ctrl-Enter. The rest can be told on its page."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_by_hand)
    title = forms.CharField(
        label=_("In one line"), max_length=200, widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"})
    )
    description = forms.CharField(label=_("What happened"), required=False, widget=forms.Textarea)


class AssignForm(Form):
    """Who owns the response: anybody who works in the case's branch."""

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())

    def __init__(self, data: Any = None, *, branch_id: int) -> None:
        super().__init__(data)
        here = Q(memberships__branch_id=branch_id) | Q(memberships__branch=None)
        staff = User.objects.filter(here, is_active=True).distinct()
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = staff


class NoteForm(Form):
    """What was done or said."""

    text = forms.CharField(label=_("Note"), widget=forms.Textarea)


class CodingForm(Form):
    """Cause, party at fault and cost, for the measures."""

    cause_code = forms.CharField(label=_("Cause"), max_length=12, required=False)
    party_at_fault = forms.ChoiceField(label=_("Fault at"), choices=PARTIES, required=False)
    cost = forms.DecimalField(label=_("Cost"), max_digits=12, decimal_places=2, min_value=0, required=False)


class TickForm(Form):
    """How the person knows that a condition is met."""

    note = forms.CharField(label=_("How you know"), max_length=200)


class RequestForm(Form):
    """A decision asked for, one of the kind's options."""

    decision = forms.ChoiceField(label=_("What to do"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea)

    def __init__(self, data: Any = None, *, options: Sequence[DecisionOption] = (), version: int) -> None:
        super().__init__(data, version=version)
        choices = [(option.code, option.label) for option in options]
        cast(forms.ChoiceField, self.fields["decision"]).choices = choices


class DecideForm(Form):
    """Yes or no, and why."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea)


class CloseForm(Form):
    """How it ended."""

    note = forms.CharField(label=_("How it ended"), widget=forms.Textarea)
