"""Suppliers: the list, one more, a change."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.forms.suppliers import SupplierForm
from catalogue.models import Supplier
from catalogue.services import suppliers
from core.views import Done, next_url, page, see_other, submit

EDITED = ("name", "code", "email", "phone", "is_active")


@staff_page(Can.VIEW_CATALOGUE)
def index(request: StaffRequest) -> HttpResponse:
    """All of them, those in use first."""
    rows = Supplier.objects.order_by("-is_active", "name")
    return page(
        request,
        "catalogue/suppliers.html",
        {"rows": rows, "may_manage": access.allowed(request.actor, Can.MANAGE_CATALOGUE, None)},
    )


@staff_page(Can.MANAGE_CATALOGUE)
def supplier(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Add or change one; `next` leads back to what could not be begun without."""
    found = get_object_or_404(Supplier, pk=pk) if pk else None
    initial = {name: getattr(found, name) for name in EDITED} if found else {}
    form = SupplierForm(request.POST or None, initial=initial, edits=found)

    def save() -> Done:
        saved = suppliers.save(request.actor, form.data_of, pk, form.version)
        return Done(next_url(request, reverse("catalogue:suppliers")), _("%(what)s saved") % {"what": saved})

    shown = {"form": form, "title": found.name if found else _("New supplier"), "next": next_url(request, "")}
    return submit(request, form, save) or page(request, "catalogue/supplier.html", shown)


def wanted_first(request: StaffRequest) -> HttpResponse | None:
    """Where there is no supplier yet: to the page that makes one, and from there back here."""
    if request.method != "GET" or Supplier.objects.filter(is_active=True).exists():
        return None
    there = f"{reverse('catalogue:new_supplier')}?{urlencode({'next': request.get_full_path()})}"
    return see_other(request, Done(there, _("First the supplier it comes from; then this page goes on.")))
