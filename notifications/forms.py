"""What staff type about messages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from notifications.offers import OFFERS
from notifications.services.problems import Problem
from orders.forms.fields import DayField
from orders.repromise import CAUSES


class CloseForm(Form):
    reason = forms.CharField(
        label=_("What was done"), max_length=200, help_text=_("For example: called, told her the new date")
    )


class TextForm(Form):
    """A text of a message, laid beside what somebody else published meanwhile."""

    subject = forms.CharField(label=_("Subject"), max_length=160, required=False)
    body = forms.CharField(label=_("Text"), max_length=6000, widget=forms.Textarea(attrs={"rows": 18, "dir": "auto"}))
    reason = forms.CharField(label=_("Reason for the change"), max_length=200)


class ProblemForm(Form):
    """What holds an order up, as its customer will read it."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Choose the cause")), *CAUSES])
    reason = forms.CharField(
        label=_("Reason for the customer"),
        max_length=200,
        help_text=_("One sentence; it goes into the message."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    new_date = DayField(
        label=_("New date"), required=False, help_text=_("Leave it empty while nobody knows; tell it later.")
    )
    offers = forms.MultipleChoiceField(
        label=_("What we offer"), required=False, choices=OFFERS.items, widget=forms.CheckboxSelectMultiple
    )
    offer = forms.CharField(label=_("Something else we offer"), required=False, max_length=160)
    contact = forms.CharField(label=_("Whom to ask for"), required=False, max_length=40)

    def problem(self) -> Problem:
        values = self.values
        return Problem(
            values["cause"],
            values["reason"],
            values["new_date"],
            tuple(values["offers"]),
            values["offer"],
            values["contact"],
        )
