"""The forms of stock: scan, receive, correct, transfer, count."""

from collections import Counter
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch
from catalogue.selectors import one_frame
from core.forms import Form
from inventory.models import Movement, Transfer
from inventory.services.stock import CORRECTIONS, OUTWARD

MOST = 1000


def _scan(label: Any = None) -> forms.CharField:
    attrs = {"autofocus": True, "autocomplete": "off", "placeholder": _("Scan, model or colour")}
    return forms.CharField(label=label or _("Frame"), max_length=80, widget=forms.TextInput(attrs=attrs))


class ReceiveForm(Form):
    """One line of a delivery."""

    frame = _scan()
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=MOST, initial=1)
    unit_cost = forms.DecimalField(label=_("Cost of one"), max_digits=12, decimal_places=2, min_value=0, required=False)
    reference = forms.CharField(label=_("Delivery note"), max_length=80, required=False)


class CorrectForm(Form):
    """What happened to pieces that are here, or came back."""

    movement = forms.ChoiceField(
        label=_("What happened"),
        choices=[(one.value, one.label) for one in CORRECTIONS],
        initial=Movement.DAMAGED.value,
    )
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=MOST, initial=1)
    reason = forms.CharField(label=_("Reason"), max_length=200)


class WriteOffForm(Form):
    """What happened to a piece that is held for an order."""

    movement = forms.ChoiceField(
        label=_("What happened"),
        choices=[(one.value, one.label) for one in OUTWARD],
        initial=Movement.DAMAGED.value,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MinimumForm(Form):
    """When a frame counts as low, and where it lies."""

    minimum = forms.IntegerField(label=_("Low below"), min_value=0, max_value=MOST)
    location = forms.CharField(label=_("Place in the shop"), max_length=40, required=False)


class ScanForm(Form):
    """One scan, one piece."""

    frame = _scan()
    pieces = forms.IntegerField(label=_("Pieces"), min_value=-MOST, max_value=MOST, initial=1, required=False)


class TransferForm(Form):
    """Where frames go."""

    to_branch = forms.TypedChoiceField(label=_("To branch"), coerce=int)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, from_branch_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Branch.objects.filter(is_active=True).exclude(pk=from_branch_id)
        cast(forms.ChoiceField, self.fields["to_branch"]).choices = [(one.pk, one.name) for one in others]


class ArrivalForm(Form):
    """What came: every code scanned on a line of its own, or a number for each frame of the list."""

    scanned = forms.CharField(
        label=_("Scan every frame"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "autofocus": True, "autocomplete": "off"}),
        help_text=_("One code a line, as the scanner sends them. Or enter the numbers below."),
    )

    def __init__(self, *args: Any, transfer: Transfer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(transfer.lines.select_related("frame"))
        for line in self.lines:
            self.fields[f"line_{line.frame_id}"] = forms.IntegerField(
                label=str(line.frame), min_value=0, max_value=MOST, required=False
            )

    def counted(self) -> dict[int, int]:
        """Pieces by frame. Raises DomainError for a code that no frame has."""
        codes = [code for code in self.values["scanned"].split() if code]
        found = Counter(one_frame(code).pk for code in codes)
        typed = {line.frame_id: self.values.get(f"line_{line.frame_id}") for line in self.lines}
        return {**found, **{frame_id: pieces for frame_id, pieces in typed.items() if pieces is not None}}


class CountForm(Form):
    """How much is counted."""

    whole_branch = forms.BooleanField(
        label=_("Count the whole branch"),
        required=False,
        initial=True,
        help_text=_(
            "Frames that nobody scans are booked as missing. Without the tick only what is scanned is compared."
        ),
    )
