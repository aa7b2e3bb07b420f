"""Forms of a return: ask, decide, scan, look at it, settle."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.models import Remedy, ReturnItem, ReturnReason, Whereto
from aftersales.services.asking import RequestData
from aftersales.services.returns import InspectionData
from aftersales.services.settling import SettleData
from aftersales.things import Thing
from core.forms import Form
from core.money import money
from orders.forms.fields import MoneyField
from orders.forms.second_person import SecondPersonForm
from orders.models import PaymentMethod
from records.services.evidence import Upload


class RequestForm(Form):
    """What comes back, why, and what is wanted for it. Photos are added on the page of the return."""

    keys = forms.MultipleChoiceField(label=_("What comes back"), widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(label=_("Why"), choices=ReturnReason.choices, widget=forms.RadioSelect)
    remedy = forms.ChoiceField(
        label=_("Wanted"), choices=Remedy.choices, widget=forms.RadioSelect, initial=Remedy.REFUND.value
    )
    words = forms.CharField(
        label=_("What is wrong"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    photo = forms.FileField(label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*"}))

    def __init__(self, *args: Any, things: Sequence[Thing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keys"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(thing.key, f"{thing.description}, {money(thing.amount)}") for thing in things]

    def data_for(self, order_id: int) -> RequestData:
        values, photo = self.values, self.values.get("photo")
        photos = [Upload(photo.name, photo.read())] if photo else []
        return RequestData(order_id, values["keys"], values["reason"], values["remedy"], values["words"], photos)


class DecideForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = needed


class ScanForm(Form):
    code = forms.CharField(
        label=_("Scan or type the return's number"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "placeholder": _("Scan to receive"),
            }
        ),
    )


class InspectForm(Form):
    """One row of places for each thing."""

    condition = forms.CharField(label=_("Condition"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, items: Sequence[ReturnItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(items)
        for item in self.items:
            places = [one for one in Whereto.choices if one[0] != Whereto.STOCK or item.frame_id is not None]
            self.fields[f"to_{item.key}"] = forms.ChoiceField(
                label=item.description, choices=places, widget=forms.RadioSelect
            )

    @property
    def data_for(self) -> InspectionData:
        values = self.values
        return InspectionData(values["condition"], {item.key: values[f"to_{item.key}"] for item in self.items})


class SettleForm(SecondPersonForm):
    """The amount is what was charged for it; less when it came back worn."""

    amount = MoneyField(label=_("Credit"))
    method = forms.ChoiceField(
        label=_("Paid back by"),
        choices=[(one.value, one.label) for one in (PaymentMethod.CARD, PaymentMethod.CASH, PaymentMethod.TRANSFER)],
        widget=forms.RadioSelect,
        initial=PaymentMethod.CARD.value,
    )
    reference = forms.CharField(
        label=_("Reference"), required=False, max_length=80, help_text=_("Number of the card slip or the transfer.")
    )

    def data_for(self, return_id: int) -> SettleData:
        values = self.values
        return SettleData(return_id, values["amount"], values["method"], values["reference"], self.second_person_id)
