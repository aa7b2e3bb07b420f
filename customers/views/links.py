"""Households, and two records that are one person."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError, NotVisible
from core.views import Done, act, page, submit
from customers import selectors, services
from customers.data import data_of
from customers.duplicates import likely_duplicates
from customers.forms import HouseholdForm, MergeForm
from customers.models import Customer
from customers.page import identity as banner_of
from customers.services import households


def _other(request: StaffRequest, number: str) -> Customer:
    """The customer somebody typed the number of; a wrong one is an error of that field."""
    try:
        return selectors.customer(request.scope, number.strip())
    except NotVisible as error:
        raise DomainError(_("Not found."), fields={"other": _("No customer has this number.")}) from error


@staff_page(Can.EDIT_CUSTOMERS)
def household(request: StaffRequest, number: str) -> HttpResponse:
    """Bring this customer into the household of another."""
    customer = selectors.customer(request.scope, number)
    form = HouseholdForm(request.POST or None, initial={"relation": customer.household_relation})

    def save() -> Done:
        other = _other(request, form.cleaned_data["other"])
        households.join(request.actor, customer.pk, other.pk, form.cleaned_data["relation"])
        return Done(reverse("customers:page", args=[customer.number]), _("Household saved"))

    context = {"form": form, "customer": customer, "banner": banner_of(customer), "title": _("Add to a household")}
    return submit(request, form, save) or page(request, "customers/small_form.html", context)


@require_POST
@staff_page(Can.EDIT_CUSTOMERS)
def leave(request: StaffRequest, number: str) -> HttpResponse:
    """Take this customer out of the household."""
    customer = selectors.customer(request.scope, number)

    def save() -> Done:
        households.leave(request.actor, customer.pk)
        return Done(reverse("customers:page", args=[customer.number]), _("Taken out of the household"))

    return act(request, save)


@staff_page(Can.MERGE_CUSTOMERS)
def merge(request: StaffRequest, number: str) -> HttpResponse:
    """Keep this record; the other one leads here from now on."""
    access.require(request.actor, Can.MERGE_CUSTOMERS, request.actor.branch_id)
    customer = selectors.customer(request.scope, number)
    form = MergeForm(request.POST or None, initial={"other": request.GET.get("other", "")})

    def save() -> Done:
        other = _other(request, form.cleaned_data["other"])
        kept = services.merge(request.actor, customer.pk, other.pk, form.cleaned_data["reason"])
        words = _("%(old)s now leads to %(new)s") % {"old": other.number, "new": kept.number}
        return Done(reverse("customers:page", args=[kept.number]), words)

    alike = likely_duplicates(data_of(customer), exclude_id=customer.pk)
    context = {"form": form, "customer": customer, "banner": banner_of(customer), "alike": alike}
    return submit(request, form, save) or page(request, "customers/merge.html", context)
