"""Make a customer, change one, ask for consent, check identity."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.views import Done, act, page, submit
from customers import selectors, services
from customers.data import data_of
from customers.duplicates import likely_duplicates
from customers.forms import ChangeCustomerForm, IdentityForm, NewCustomerForm
from customers.models import ConsentPurpose
from customers.page import identity as banner_of
from customers.services.counter import NewCustomer, receive
from records.selectors import affected


def _url(number: str) -> str:
    return reverse("customers:page", args=[number])


@staff_page(Can.EDIT_CUSTOMERS)
def new(request: StaffRequest) -> HttpResponse:
    """Make a customer. People who may be the same are offered first; saying "another person" goes on."""
    start = {
        "given_names": request.GET.get("name", ""),
        "home_branch_id": request.branch.pk,
        "country": request.branch.country,
    }
    form = NewCustomerForm(request.POST or None, initial=start)
    alike = []
    if form.is_bound and form.is_valid() and not form.cleaned_data["another"]:
        alike = likely_duplicates(form.customer_data())

    def save() -> Done:
        made = receive(request.actor, NewCustomer(form.customer_data(), tuple(form.cleaned_data["consents"])))
        return Done(_url(made.number), _("%(name)s is customer %(number)s") % {"name": made, "number": made.number})

    answer = None if alike else submit(request, form, save)
    return answer or page(request, "customers/new.html", {"form": form, "alike": alike})


@staff_page(Can.EDIT_CUSTOMERS)
def edit(request: StaffRequest, number: str) -> HttpResponse:
    """Change what is recorded. A save over somebody else's shows both sides."""
    customer = selectors.customer(request.scope, number)
    form = ChangeCustomerForm(request.POST or None, initial=vars(data_of(customer)), edits=customer)

    def save() -> Done:
        version = form.version or 0
        services.change(request.actor, customer.pk, version, form.customer_data(), form.cleaned_data["reason"])
        return Done(_url(customer.number), _("Customer saved"))

    context = {"form": form, "customer": customer, "banner": banner_of(customer)}
    context["affected"] = affected(customer, scope=request.scope)
    return submit(request, form, save) or page(request, "customers/change.html", context)


@require_POST
@staff_page(Can.EDIT_CUSTOMERS)
def consent(request: StaffRequest, number: str) -> HttpResponse:
    """The customer's answer for one purpose and channel."""
    customer = selectors.customer(request.scope, number)
    purpose, channel = request.POST.get("purpose", ""), request.POST.get("channel", "")
    given = request.POST.get("answer") == "yes"
    verb = services.give_consent if given else services.withdraw_consent

    def save() -> Done:
        verb(request.actor, customer.pk, purpose, channel)
        label = dict(ConsentPurpose.choices).get(purpose, "")
        return Done(f"{_url(customer.number)}#consent", _("%(purpose)s: saved") % {"purpose": label})

    return act(request, save)


@staff_page(Can.EDIT_CUSTOMERS)
def identity(request: StaffRequest, number: str) -> HttpResponse:
    """Note which document was seen."""
    customer = selectors.customer(request.scope, number)
    form = IdentityForm(request.POST or None)

    def save() -> Done:
        services.check_identity(request.actor, customer.pk, form.cleaned_data["document"])
        return Done(_url(customer.number), _("Identity checked"))

    context = {"form": form, "customer": customer, "banner": banner_of(customer), "title": _("Check identity")}
    return submit(request, form, save) or page(request, "customers/small_form.html", context)
