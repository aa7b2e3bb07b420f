"""Forms of the board and the job: scan, move, hold, a new date for several jobs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from labjobs import states
from labjobs.models import Job, Stage
from labjobs.selectors.board import STAGE_WORDS
from orders.forms.order import RepromiseForm


class ScanForm(Form):
    """A tray's barcode, an order number or the customer's code."""

    code = forms.CharField(
        label=_("Tray"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class MoveForm(Form):
    """Any stage of the laboratory's way but dispatch; going back needs a reason."""

    stage = forms.ChoiceField(label=_("Move to"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"), max_length=200, required=False, help_text=_("Needed when it goes back.")
    )

    def __init__(self, *args: Any, job: Job, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        if isinstance(field, forms.ChoiceField):
            way = [stage for stage in states.WAY[job.lab.kind] if stage not in (Stage.DISPATCH, job.stage)]
            field.choices = [(stage.value, STAGE_WORDS[stage]) for stage in way]


class ReasonForm(Form):
    """Why a job waits, goes on, is cancelled or accepted."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class NewDateForm(RepromiseForm):
    """One new date for several jobs; which ones comes from the boxes ticked on the board."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_date"].widget.attrs["autofocus"] = True
        self.fields["cause"].widget.attrs["accesskey"] = "c"
