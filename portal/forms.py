"""What a customer types on the public pages."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.models import Remedy, ReturnReason
from aftersales.services.feedback import WENT_WRONG
from aftersales.things import Thing
from core.forms import Form
from orders.forms.fields import MoneyField


class FindForm(Form):
    """The way back in: an order number and the phone it was ordered with."""

    number = forms.CharField(
        label=_("Order number"), max_length=20, help_text=_("On your receipt or quotation, for example RSB-10482")
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"})
    )


class ProblemForm(Form):
    words = forms.CharField(
        label=_("What is wrong"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("For example: scratched, does not sit well, something is missing"),
    )
    photo = forms.FileField(
        label=_("Photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
        help_text=_("Up to 15 MB"),
    )


class CollectForm(Form):
    """When they mean to come."""

    when = forms.ChoiceField(label=_("When will you come?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, slots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["when"]
        if isinstance(field, forms.ChoiceField):
            field.choices = slots


class CollectAtForm(Form):
    """Which shop they collect at."""

    shop = forms.TypedChoiceField(label=_("Shop"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, shops: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        if isinstance(field, forms.ChoiceField):
            field.choices = shops


class CommentForm(Form):
    """After the ratings: what went wrong is only asked when one of them was low."""

    went_wrong = forms.MultipleChoiceField(
        label=_("What went wrong?"), required=False, choices=WENT_WRONG.items, widget=forms.CheckboxSelectMultiple
    )
    words = forms.CharField(
        label=_("Anything you want to add"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, ask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks_what = ask


class ReturnWhatForm(Form):
    """What comes back and why: two questions on one page."""

    keys = forms.MultipleChoiceField(label=_("What do you want to bring back?"), widget=forms.CheckboxSelectMultiple)
    reason = forms.ChoiceField(label=_("Why?"), choices=ReturnReason.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, things: Sequence[Thing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keys"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(thing.key, thing.description) for thing in things]


class PhotosInput(forms.FileInput):
    """Several photos at once; the view reads them all."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """A list of files; each is checked as one would be."""

    widget = PhotosInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        given = data if isinstance(data, list) else [data]
        return [super(PhotosField, self).clean(one, initial) for one in given if one]


class ReturnForm(ReturnWhatForm):
    """The second page: the first page's answers travel hidden."""

    remedy = forms.ChoiceField(
        label=_("What would you like?"),
        choices=Remedy.choices,
        widget=forms.RadioSelect,
        initial=Remedy.REFUND.value,
    )
    words = forms.CharField(
        label=_("What is wrong?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("A sentence is enough."),
    )
    photo = PhotosField(
        label=_("Photos"),
        required=False,
        widget=PhotosInput(attrs={"accept": "image/*", "multiple": True}),
        help_text=_("They help us to decide sooner. Up to 15 MB each."),
    )

    def __init__(self, *args: Any, things: Sequence[Thing], **kwargs: Any) -> None:
        super().__init__(*args, things=things, **kwargs)
        self.fields["keys"].widget = forms.MultipleHiddenInput()
        self.fields["reason"].widget = forms.HiddenInput()
        field = self.fields["keys"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = [(thing.key, thing.description) for thing in things]


class LastDigitsForm(Form):
    digits = forms.CharField(
        label=_("Last 4 digits of your phone"),
        max_length=4,
        min_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class CodeForm(Form):
    code = forms.CharField(
        label=_("Code from the message"),
        max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PayForm(Form):
    """How much to pay online. `amount` counts only with "another amount"."""

    what = forms.ChoiceField(label=_("What do you want to pay?"), widget=forms.RadioSelect)
    amount = MoneyField(label=_("Another amount"), required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, initial={"what": choices[0][0]}, **kwargs)
        field = self.fields["what"]
        if isinstance(field, forms.ChoiceField):
            field.choices = list(choices)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("what") == "part" and values.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Enter how much you want to pay."))
        return values

    def chosen(self, deposit: Decimal, due: Decimal) -> Decimal:
        """What was chosen, in the practice's currency."""
        amount: Decimal = {"deposit": deposit, "all": due}.get(self.values["what"]) or self.values["amount"]
        return amount
