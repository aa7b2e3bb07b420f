"""The form of one rule of the return policy."""

from django import forms
from django.utils.translation import gettext_lazy as _

from aftersales.models import Goods
from core.forms import Form
from core.practice_words import in_languages


@in_languages("conditions")
class PolicyForm(Form):
    goods = forms.ChoiceField(label=_("Goods"), choices=Goods.choices)
    brand = forms.CharField(
        label=_("Brand"),
        max_length=80,
        required=False,
        help_text=_("Only for frames of this brand; empty: all others."),
    )
    days = forms.IntegerField(
        label=_("Days, change of mind"), min_value=0, max_value=365, help_text=_("From the hand-over. 0: not at all.")
    )
    faulty_days = forms.IntegerField(label=_("Days, damaged or wrong"), min_value=0, max_value=730)
    made_to_order = forms.BooleanField(label=_("Made for one customer alone"), required=False)
    may_refund = forms.BooleanField(label=_("Money back is possible"), required=False, initial=True)
    may_exchange = forms.BooleanField(label=_("Exchange is possible"), required=False, initial=True)
    conditions = forms.CharField(
        label=_("Conditions"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence that customers read."),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)


class NewPolicyForm(PolicyForm):
    code = forms.SlugField(label=_("Short name"), max_length=50, help_text=_("For example frames-karoo; it stays."))
    field_order = ("code",)
