"""Lenses, add-ons and services of the catalogue."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.forms.frames import EndForm
from catalogue.forms.lenses import BAND_FIELDS, RANGE_FIELDS, AddOnForm, LensProductForm, ServiceForm
from catalogue.models import LensAddOn, LensDesign, LensProduct, Service
from catalogue.selectors import lens_families, listed_of
from catalogue.services import lenses, sales
from catalogue.services.common import Opened
from catalogue.views import suppliers
from catalogue.views.frames import ENDED, PRICED, may_manage, may_see_cost
from core import ui
from core.paging import by_key
from core.views import Done, act, page, submit
from records.selectors import affected

ORDER = ("name", "index_nd", "pk")


@staff_page(Can.VIEW_CATALOGUE)
def index(request: StaffRequest) -> HttpResponse:
    """Lenses by design, searched by any part of name, code or material."""
    text, design = request.GET.get("q", "").strip()[:80], request.GET.get("design", "")
    rows = LensProduct.objects.select_related("supplier")
    for word in text.split():
        rows = rows.filter(Q(name__icontains=word) | Q(code__icontains=word) | Q(material__icontains=word))
    if design in LensDesign.values:
        rows = rows.filter(design=design)
    tabs = [ui.View(_("All"), "?", is_current=not design)]
    tabs += [ui.View(one.label, f"?design={one.value}", is_current=one.value == design) for one in LensDesign]
    context = {
        "q": text,
        "design": design,
        "tabs": tabs,
        "keys": by_key(rows, request.GET.get("after", ""), ORDER),
        "may_manage": may_manage(request),
        "may_see_cost": may_see_cost(request),
    }
    return page(request, "catalogue/lenses.html", context, partial="rows")


def _context(request: StaffRequest, product: LensProduct) -> dict[str, Any]:
    return {
        "affected": affected(product, ENDED, request.scope) if may_manage(request) else [],
        "lens": product,
        "listed": listed_of(product, timezone.localdate()),
        "may_manage": may_manage(request),
        "may_see_cost": may_see_cost(request),
        "end_form": EndForm(initial={"on": timezone.localdate()}, version=product.version),
    }


@staff_page(Can.VIEW_CATALOGUE)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(lens_families(), pk=pk)
    return page(request, "catalogue/lens.html", _context(request, product))


@staff_page(Can.MANAGE_CATALOGUE)
def new(request: StaffRequest) -> HttpResponse:
    if supplier_first := suppliers.wanted_first(request):
        return supplier_first
    form = LensProductForm(request.POST or None)

    def save() -> Done:
        wanted = form.change_of
        product = lenses.add(request.actor, wanted.data, wanted.ranges or (), wanted.bands or ())
        return Done(_url(product), _("%(lens)s added") % {"lens": product})

    return submit(request, form, save) or page(request, "catalogue/lens_form.html", _form_context(form))


def _form_context(form: LensProductForm, product: LensProduct | None = None) -> dict[str, Any]:
    return {
        "form": form,
        "lens": product,
        "range_heads": list(RANGE_FIELDS.values()),
        "band_heads": list(BAND_FIELDS.values()),
    }


@staff_page(Can.MANAGE_CATALOGUE)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(lens_families(), pk=pk)
    names = [name for name in LensProductForm.base_fields if hasattr(product, name) and name != "supplier"]
    initial = {name: getattr(product, name) for name in names} | {"supplier": product.supplier_id}
    form = LensProductForm(request.POST or None, product=product, initial=initial, edits=product)

    def save() -> Done:
        lenses.change(request.actor, product.pk, form.change_of, Opened(form.version, form.values["reason"]))
        return Done(_url(product), _("Lens saved"))

    context = _form_context(form, product) | {"affected": affected(product, PRICED, request.scope)}
    return submit(request, form, save) or page(request, "catalogue/lens_form.html", context)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def discontinue(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(lens_families(), pk=pk)
    form = EndForm(request.POST)

    def save() -> Done:
        lenses.discontinue(request.actor, product.pk, form.values["on"], Opened(form.version, form.values["reason"]))
        return Done(_url(product), _("Discontinued. Quotations that rest on it ask for a decision."))

    context = _context(request, product) | {"end_form": form}
    return submit(request, form, save) or page(request, "catalogue/lens.html", context)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def reinstate(request: StaffRequest, pk: int) -> HttpResponse:
    product = get_object_or_404(LensProduct, pk=pk)

    def save() -> Done:
        lenses.discontinue(request.actor, product.pk, None)
        return Done(_url(product), _("Offered again"))

    return act(request, save)


def _url(product: LensProduct) -> str:
    return reverse("catalogue:lens", args=[product.pk])


@staff_page(Can.VIEW_CATALOGUE)
def extras(request: StaffRequest) -> HttpResponse:
    """Add-ons and services on one page."""
    context = {
        "add_ons": LensAddOn.objects.select_related("supplier").order_by("kind", "price", "pk"),
        "services": Service.objects.order_by("name"),
        "may_manage": may_manage(request),
        "may_see_cost": may_see_cost(request),
    }
    return page(request, "catalogue/extras.html", context)


@staff_page(Can.MANAGE_CATALOGUE)
def add_on(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Add or change an add-on."""
    if supplier_first := suppliers.wanted_first(request):
        return supplier_first
    found = get_object_or_404(LensAddOn, pk=pk) if pk else None
    form = AddOnForm(request.POST or None, initial=_add_on_values(found), edits=found)

    def save() -> Done:
        products = list(LensProduct.objects.filter(family__in=form.values["families"]))
        opened = Opened(form.version, form.values["reason"])
        saved = lenses.save_add_on(request.actor, form.data_of, products, pk, opened)
        return Done(reverse("catalogue:extras"), _("%(what)s saved") % {"what": saved})

    title = found.name if found else _("New add-on")
    return submit(request, form, save) or page(request, "catalogue/small_form.html", {"form": form, "title": title})


def _add_on_values(found: LensAddOn | None) -> dict[str, Any]:
    if found is None:
        return {}
    names = ("name", "code", "kind", "price", "cost", "extra_days", "is_default", "lab_code")
    families = list(found.products.exclude(family="").order_by().values_list("family", flat=True).distinct())
    return {name: getattr(found, name) for name in names} | {"supplier": found.supplier_id, "families": families}


@staff_page(Can.MANAGE_CATALOGUE)
def service(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a service."""
    found = get_object_or_404(Service, pk=pk) if pk else None
    names = ("name", "code", "price", "cost", "minutes", "is_active")
    initial = {name: getattr(found, name) for name in names} if found else {}
    form = ServiceForm(request.POST or None, initial=initial, edits=found)

    def save() -> Done:
        saved = sales.save_service(request.actor, form.data_of, pk, Opened(form.version, form.values["reason"]))
        return Done(reverse("catalogue:extras"), _("%(what)s saved") % {"what": saved})

    title = found.name if found else _("New service")
    return submit(request, form, save) or page(request, "catalogue/small_form.html", {"form": form, "title": title})
