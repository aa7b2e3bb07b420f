"""Where a reminder leads: ask for an appointment, be reminded later, or not at all. GET changes nothing."""

from typing import cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from core.actor import customer as by_link
from core.forms import Form
from core.views import Done, page, submit
from customers.models import Customer
from notifications import addresses
from notifications.coming import still_due
from notifications.services import recall
from notifications.texts import base_of
from portal import limits
from portal.access import lost, private


class VisitForm(Form):
    """One choice and, for an appointment, when it would suit."""

    choice = forms.ChoiceField(
        label=_("What would you like?"),
        widget=forms.RadioSelect,
        initial="ask",
        choices=[
            ("ask", _("Please call me for an appointment")),
            ("later", _("Remind me again in three months")),
            ("elsewhere", _("I have been somewhere else")),
            ("stop", _("No more reminders, please")),
        ],
    )
    wish = forms.CharField(
        label=_("When would it suit you?"),
        required=False,
        max_length=200,
        help_text=_("For example: Tuesday or Thursday after four"),
    )


@csrf_exempt  # the signed address is the proof; a page that forbids referrers posts with `Origin: null`
def visit(request: HttpRequest, value: str) -> HttpResponse:
    """Known by the signed address; it says the first name and nothing of the person's records."""
    public_id = addresses.read_booking(value)
    person = Customer.objects.filter(public_id=public_id, erased_at=None).first() if public_id else None
    if person is None:
        return lost(request)
    with translation.override(base_of(person.language)):
        return cast(HttpResponse, private(_shown(request, person)))


def _shown(request: HttpRequest, person: Customer) -> HttpResponse:
    form = VisitForm(request.POST or None)
    context = {"person": person, "form": form, "public_branch": person.home_branch, "done": request.GET.get("done", "")}
    if request.method == "POST" and not limits.allow(limits.LOOK_UP_BY_PLACE, limits.place_of(request)):
        return page(request, "portal/too_often.html", context)
    context["booked"] = person.recall_on is not None and not still_due(person)

    def save() -> Done:
        values = form.values
        recall.answer(by_link(person.first_name, person.home_branch_id), person.pk, values["choice"], values["wish"])
        return Done(f"{request.path}?done={values['choice']}", "")

    answer = submit(request, form, save)
    return answer or page(request, "portal/visit.html", context)
