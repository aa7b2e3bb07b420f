"""The list of calls: whose recall is due, and what came of each call."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.paging import by_key
from core.views import Done, page, submit
from customers import selectors
from customers.forms import CallForm
from customers.page import identity as banner_of
from customers.services import recalls


@staff_page(Can.MANAGE_VISITS)
def index(request: StaffRequest) -> HttpResponse:
    """Recalls due at the branch, the longest due first."""
    today = timezone.localdate()
    due = selectors.recalls_due(request.scope, request.branch, today)
    context = {"page": by_key(due, request.GET.get("after", ""), ("recall_on", "id")), "today": today}
    return page(request, "customers/recalls.html", context)


@staff_page(Can.MANAGE_VISITS)
def called(request: StaffRequest, number: str) -> HttpResponse:
    """What came of the call."""
    customer = selectors.customer(request.scope, number)
    form = CallForm(request.POST or None)

    def save() -> Done:
        call = recalls.Call(form.cleaned_data["outcome"], form.cleaned_data["again_on"])
        recalls.called(request.actor, customer.pk, call, timezone.localdate())
        return Done(reverse("customers:recalls"), _("Call to %(name)s noted") % {"name": customer})

    context = {"form": form, "customer": customer, "banner": banner_of(customer), "title": _("Note the call")}
    return submit(request, form, save) or page(request, "customers/small_form.html", context)
