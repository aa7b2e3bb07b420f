"""What managers type about measures."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from core.forms import Form
from reports.measures import Kind, Measure

EVERY = "every"
_UNITS = {
    Kind.RATE: _("Target, in per cent"),
    Kind.MARGIN: _("Target, in per cent"),
    Kind.HOURS: _("Target, in hours"),
}


class TargetForm(Form):
    """A target of one measure, for a branch or (for head office) for every branch without its own."""

    branch = forms.ChoiceField(label=_("Branch"))
    value = forms.DecimalField(label=_("Target"), max_digits=10, decimal_places=2)
    begins_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, data: Any, *args: Any, measure: Measure, branches: Sequence[Branch], everywhere: bool, **more: Any
    ) -> None:
        super().__init__(data, *args, **more)
        choices: list[tuple[str, Any]] = [(str(branch.pk), branch.label) for branch in branches]
        if everywhere:
            choices.insert(0, (EVERY, _("Every branch without its own")))
        field = self.fields["branch"]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
        self.fields["value"].label = _UNITS.get(measure.kind, _("Target"))

    @property
    def branch_id(self) -> int | None:
        """None for every branch without its own."""
        chosen = self.values["branch"]
        return None if chosen == EVERY else int(chosen)


class RebuildForm(Form):
    """Which branch is counted anew."""

    branch = forms.ChoiceField(label=_("Branch"))

    def __init__(self, data: Any, *args: Any, branches: Sequence[Branch], everywhere: bool, **more: Any) -> None:
        super().__init__(data, *args, **more)
        choices: list[tuple[str, Any]] = [(str(branch.pk), branch.label) for branch in branches]
        field = self.fields["branch"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(EVERY, _("Every branch")), *choices] if everywhere else choices

    @property
    def branch_id(self) -> int | None:
        """None for all of them."""
        chosen = self.values["branch"]
        return None if chosen == EVERY else int(chosen)
