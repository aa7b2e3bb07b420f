"""Someone comes in without an appointment: into the queue in one form, new or known."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError
from core.views import Done, page, submit
from customers import selectors as customers
from customers.duplicates import likely_duplicates
from customers.search import search
from visits import reception
from visits.forms import WalkInForm


@staff_page(Can.MANAGE_VISITS)
def walk_in(request: StaffRequest) -> HttpResponse:
    """Known people are offered while the name is typed; choosing one queues them, not choosing makes a new customer."""
    start = {"name": request.GET.get("name", ""), "reason": request.GET.get("reason", "")}
    form = WalkInForm(request.POST or None, initial=start)
    known = request.POST.get("known") or request.GET.get("known", "")
    alike = []
    if form.is_bound and form.is_valid() and not known and not form.cleaned_data["another"]:
        alike = likely_duplicates(form.customer_data(request.branch.pk))

    def save() -> Done:
        visit = reception.receive(request.actor, _arrival(request, form, known))
        return Done(f"{reverse('visits:today')}#v{visit.pk}", _("%(name)s is in the queue") % {"name": visit.customer})

    answer = None if alike else submit(request, form, save)
    chosen = customers.customer(request.scope, known) if known else None
    return answer or page(request, "visits/walk_in.html", {"form": form, "alike": alike, "chosen": chosen})


def _arrival(request: StaffRequest, form: WalkInForm, known: str) -> reception.Arrival:
    values = form.cleaned_data
    if known:
        customer = customers.customer(request.scope, known)
        return reception.Arrival(request.branch.pk, values["reason"], customer_id=customer.pk)
    if not values["name"].strip():
        words = _("Enter a name, or choose a customer.")
        raise DomainError(words, fields={"name": words})
    data = form.customer_data(request.branch.pk)
    return reception.Arrival(request.branch.pk, values["reason"], new=data, agrees=values["agrees"])


@staff_page(Can.MANAGE_VISITS)
def known(request: StaffRequest) -> HttpResponse:
    """The people the typed name or phone may mean, as buttons of the walk-in form."""
    text = request.GET.get("name", "").strip() or request.GET.get("phone", "").strip()
    rows = search(request.scope, text, 6) if len(text) > 1 else []
    return page(request, "visits/_known.html", {"rows": rows, "text": text})
