"""Forms of the till: take, refund, correct; open and close the drawer."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.money import money
from orders.forms.fields import MoneyField
from orders.forms.second_person import SecondPersonForm
from orders.models import PaymentMethod
from orders.rules import ZERO
from orders.services.claims import ClaimData
from orders.services.payments import AdjustmentData, PaymentData, RefundData

_AT_THE_TILL = [
    (PaymentMethod.CARD.value, PaymentMethod.CARD.label),
    (PaymentMethod.CASH.value, PaymentMethod.CASH.label),
    (PaymentMethod.TRANSFER.value, PaymentMethod.TRANSFER.label),
    (PaymentMethod.INSURER.value, PaymentMethod.INSURER.label),
    (PaymentMethod.VOUCHER.value, PaymentMethod.VOUCHER.label),
]
_SPLIT = [("", "–"), *_AT_THE_TILL]
_GIVEN_BACK = _AT_THE_TILL[:4]


class PaymentForm(Form):
    """Amount first, prefilled with what is due; the reference is the slip's, the claim's or the voucher's number."""

    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(
        label=_("Paid by"), choices=_AT_THE_TILL, widget=forms.RadioSelect, initial=PaymentMethod.CARD.value
    )
    reference = forms.CharField(
        label=_("Reference"),
        required=False,
        max_length=80,
        help_text=_("Number on the card slip, transfer, claim or voucher. Not for cash."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tendered = MoneyField(label=_("Cash handed over"), required=False)
    as_credit = forms.BooleanField(label=_("Keep what is above the balance as credit"), required=False)
    amount_2 = MoneyField(label=_("Second amount"), required=False)
    method_2 = forms.ChoiceField(label=_("Paid by"), choices=_SPLIT, required=False)
    reference_2 = forms.CharField(label=_("Reference"), required=False, max_length=80)
    amount_3 = MoneyField(label=_("Third amount"), required=False)
    method_3 = forms.ChoiceField(label=_("Paid by"), choices=_SPLIT, required=False)
    reference_3 = forms.CharField(label=_("Reference"), required=False, max_length=80)

    def rows(self, order_id: int) -> list[PaymentData]:
        """One payment, or up to three that are posted together; the first carries the form's key."""
        values = self.values
        first = PaymentData(
            order_id,
            values["amount"],
            values["method"],
            values["reference"],
            values["tendered"] if values["method"] == PaymentMethod.CASH else None,
            self.idempotency_key,
            values["as_credit"],
        )
        more = [
            PaymentData(order_id, values[f"amount_{n}"], values[f"method_{n}"], values[f"reference_{n}"])
            for n in (2, 3)
            if values[f"amount_{n}"] is not None
        ]
        return [first, *(replace(row, as_credit=first.as_credit) for row in more)]

    @property
    def is_split(self) -> bool:
        """Whether the rows for more ways are to be shown open."""
        return any(
            self[f"{name}_{n}"].value() or self[f"{name}_{n}"].errors for n in (2, 3) for name in ("amount", "method")
        )


class RefundForm(SecondPersonForm):
    """Never more than was paid; always why."""

    amount = MoneyField(label=_("Amount"))
    method = forms.ChoiceField(label=_("Paid back by"), choices=_GIVEN_BACK, widget=forms.RadioSelect)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, online: Decimal = ZERO, **kwargs: Any) -> None:
        """`online`: the most that can go back to a card over the gateway; zero does not offer it."""
        super().__init__(*args, **kwargs)
        field = self.fields["method"]
        if online > 0 and isinstance(field, forms.ChoiceField):
            words = _("To the card, online (at most %(most)s)") % {"most": money(online)}
            field.choices = [(PaymentMethod.ONLINE.value, words), *_GIVEN_BACK]

    def data_for(self, order_id: int) -> RefundData:
        values = self.values
        return RefundData(
            order_id,
            values["amount"],
            values["method"],
            values["reason"],
            values["reference"],
            self.idempotency_key,
            self.second_person_id,
        )


class AdjustmentForm(SecondPersonForm):
    """A counter-entry: in the customer's favour or ours."""

    direction = forms.ChoiceField(
        label=_("The customer owes"),
        choices=[("less", _("less")), ("more", _("more"))],
        widget=forms.RadioSelect,
        initial="less",
    )
    amount = MoneyField(label=_("Amount"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def data_for(self, order_id: int) -> AdjustmentData:
        values = self.values
        amount = -values["amount"] if values["direction"] == "less" else values["amount"]
        return AdjustmentData(order_id, amount, values["reason"], self.idempotency_key, self.second_person_id)


class DrawerOpenForm(Form):
    opening_float = MoneyField(label=_("Float"), help_text=_("Cash in the drawer before the first sale."))


class DrawerCloseForm(Form):
    counted = MoneyField(label=_("Counted"), help_text=_("All cash in the drawer, the float included."))
    variance_reason = forms.CharField(label=_("Reason for a difference"), required=False, max_length=200)


class ClaimForm(Form):
    """What the insurer is asked for; prefilled from the customer's record and what is still owed."""

    insurer = forms.CharField(label=_("Medical aid or insurer"), max_length=80)
    member_number = forms.CharField(label=_("Member number"), max_length=40)
    authorisation = forms.CharField(label=_("Authorisation"), max_length=40, required=False)
    amount = MoneyField(label=_("Claimed"))

    def data_for(self, order_id: int) -> ClaimData:
        return ClaimData(order_id, **self.values, key=self.idempotency_key)


class ClaimAnswerForm(Form):
    """Zero rejects; less than claimed needs the insurer's reason."""

    approved = MoneyField(label=_("Approved"), help_text=_("0 when it is rejected"))
    reason = forms.CharField(
        label=_("Insurer's reason"), max_length=200, required=False, help_text=_("When it pays less than claimed")
    )
    authorisation = forms.CharField(label=_("Authorisation"), max_length=40, required=False)


class ClaimPaidForm(Form):
    amount = MoneyField(label=_("Amount"))
    reference = forms.CharField(label=_("Payment reference"), max_length=80)


class ClaimWithdrawForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class CreditForm(Form):
    amount = MoneyField(label=_("Amount"))
