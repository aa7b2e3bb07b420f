"""Forms of the till: take, refund, correct; open and close the drawer."""

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
from orders.services.payments import AdjustmentData, PaymentData, RefundData

_AT_THE_TILL = [
    (PaymentMethod.CARD.value, PaymentMethod.CARD.label),
    (PaymentMethod.CASH.value, PaymentMethod.CASH.label),
    (PaymentMethod.TRANSFER.value, PaymentMethod.TRANSFER.label),
    (PaymentMethod.INSURER.value, PaymentMethod.INSURER.label),
    (PaymentMethod.VOUCHER.value, PaymentMethod.VOUCHER.label),
]
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

    def data_for(self, order_id: int) -> PaymentData:
        values = self.values
        return PaymentData(
            order_id,
            values["amount"],
            values["method"],
            values["reference"],
            values["tendered"] if values["method"] == PaymentMethod.CASH else None,
            self.idempotency_key,
            values["as_credit"],
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
