"""Forms of the fitting and the collection."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError
from core.forms import Form
from labjobs.services import collection, fittings
from labjobs.services.fittings import FittingData
from orders import signature
from orders.forms.fields import MoneyField
from orders.models import PaymentMethod

CAUSES = [("", _("Choose why")), *((code, cause.label) for code, cause in fittings.CAUSES.items())]
AT_THE_TILL = [
    (method.value, method.label)
    for method in PaymentMethod
    if method not in (PaymentMethod.ONLINE, PaymentMethod.CREDIT)
]


class FittingForm(Form):
    """All points are ticked to begin with: take the tick from what is not right."""

    checks = forms.MultipleChoiceField(
        label=_("On the face"),
        required=False,
        choices=list(fittings.CHECKS.items()),
        initial=list(fittings.CHECKS),
        widget=forms.CheckboxSelectMultiple,
    )
    right_va = forms.CharField(label=_("Right"), required=False, max_length=12)
    left_va = forms.CharField(label=_("Left"), required=False, max_length=12)
    both_va = forms.CharField(label=_("Both"), required=False, max_length=12)
    remark = forms.CharField(
        label=_("Customer's remark"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=list(fittings.OUTCOMES.items()), widget=forms.RadioSelect, required=False
    )
    cause = forms.ChoiceField(label=_("Why it does not fit"), choices=CAUSES, required=False)

    def data_for(self, job_id: int) -> FittingData:
        values = self.values
        acuity = {eye: values[f"{eye}_va"] for eye in ("right", "left", "both")}
        return FittingData(
            job_id, values["outcome"], frozenset(values["checks"]), acuity, values["remark"], values["cause"]
        )


class CollectForm(FittingForm):
    """One page: identity, balance, fitting, hand-over. Fitting and payment are there only when they are missing."""

    proofs = forms.MultipleChoiceField(
        label=_("Asked and right"),
        required=False,
        choices=list(collection.IDENTITY.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    amount = MoneyField(label=_("Amount"), required=False)
    method = forms.ChoiceField(label=_("Paid by"), choices=AT_THE_TILL, widget=forms.RadioSelect, required=False)
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "accesskey": "r"}),
    )
    tendered = MoneyField(label=_("Cash handed over"), required=False)
    received_by = forms.CharField(
        label=_("Taken by"), required=False, max_length=120, widget=forms.TextInput(attrs={"accesskey": "t"})
    )
    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, fitting: bool, payment: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dropped = [] if payment else ["amount", "method", "reference", "tendered"]
        if not fitting:
            dropped += list(FittingForm.base_fields)
        for name in dropped:
            if name not in ("_key", "_version"):
                del self.fields[name]
        self.has_payment, self.has_fitting = payment, fitting

    def clean_signature(self) -> bytes:
        drawn = self.cleaned_data["signature"]
        try:
            return signature.read(drawn) if drawn else b""
        except DomainError as error:
            raise forms.ValidationError(error.message, code=error.code) from error
