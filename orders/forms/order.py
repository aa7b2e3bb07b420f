"""Forms of the order itself: date, owner, note, cancellation, link, and the customer's answer."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from branches.models import Branch, User
from core.forms import Form
from customers.models import Channel
from orders.forms.fields import DayField
from orders.models import Delivery, Order
from orders.repromise import CAUSES


class RepromiseForm(Form):
    """The customer reads the reason, so it is written for the customer."""

    new_date = DayField(label=_("New date"))
    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Choose the cause")), *CAUSES])
    reason = forms.CharField(
        label=_("Reason for the customer"),
        max_length=200,
        help_text=_("One sentence; it goes into the message."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def typed_date(self) -> date | None:
        """The day as typed so far, for what is shown before anything is saved."""
        if not self.is_bound:
            return None
        self.is_valid()
        typed: date | None = self.cleaned_data.get("new_date")
        return typed


class CancelForm(Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class NoteForm(Form):
    text = forms.CharField(
        label=_("Note"), max_length=200, widget=forms.TextInput(attrs={"placeholder": _("Note for the next person")})
    )


class SendForm(Form):
    """By which channel the link goes; only channels with an address are offered."""

    channel = forms.ChoiceField(label=_("Send by"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        customer = order.customer
        known = [(Channel.EMAIL, customer.email), (Channel.SMS, customer.phone)]
        offered = [(channel.value, channel.label) for channel, address in known if address]
        field = self.fields["channel"]
        if isinstance(field, forms.ChoiceField):
            field.choices = offered
        preferred = customer.preferred_channel
        self.initial.setdefault("channel", preferred if preferred in dict(offered) else next(iter(dict(offered)), ""))
        self.offered = offered


class AssignForm(Form):
    """People of the order's branches, by name."""

    owner = forms.TypedChoiceField(label=_("Owner"), coerce=int)

    def __init__(self, *args: Any, branch_ids: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, memberships__branch_id__in=branch_ids).distinct()
        field = self.fields["owner"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(person.pk, person.full_name) for person in people.order_by("full_name")]


class DeliveryForm(Form):
    """Collected in one of the shops, or sent to the customer's address."""

    kept_in = {"way": "delivery", "shop": "collect_branch"}

    way = forms.ChoiceField(label=_("The customer gets it by"), choices=Delivery.choices, widget=forms.RadioSelect)
    shop = forms.TypedChoiceField(label=_("Collects at"), coerce=int, required=False, empty_value=None)

    def __init__(self, *args: Any, shops: Iterable[Branch], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["shop"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(shop.pk, shop.name) for shop in shops]


class AnswerForm(Form):
    """The customer's agreement: a name that stands for a signature, and the tick."""

    name = forms.CharField(label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    agree = forms.BooleanField(
        label=_("I agree to the items, the price and the date"),
        error_messages={"required": _("Tick the box to agree.")},
    )
    seen_hash = forms.CharField(widget=forms.HiddenInput)


class KioskForm(AnswerForm):
    """On the tablet: draw, or type and tick. A drawing agrees by itself."""

    signature = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.is_bound and self.data.get("signature"):
            self.fields["agree"].required = False
            self.fields["name"].required = False


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("What should be different?"), max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )
    seen_hash = forms.CharField(widget=forms.HiddenInput)
