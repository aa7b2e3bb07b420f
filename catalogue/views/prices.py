"""Price lists: what holds from when to when, a new one from a percentage, single prices and surcharges, publish, withdraw."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue import pricebook
from catalogue.forms.prices import EntryForm, NewPriceListForm, PriceListForm
from catalogue.models import ListState, PriceList
from catalogue.pricebook import When
from catalogue.pricing import standing
from catalogue.services import pricelists
from catalogue.services.common import Opened
from catalogue.views import suppliers
from catalogue.views.frames import may_manage, may_see_cost
from core import ui
from core.paging import by_key
from core.views import Done, act, page, submit

TONES = {ListState.DRAFT: "neutral", ListState.PUBLISHED: "success", ListState.WITHDRAWN: "warning"}


def _found(pk: int) -> PriceList:
    return get_object_or_404(PriceList.objects.select_related("supplier", "branch", "imported", "recorded_by"), pk=pk)


def _url(price_list: PriceList) -> str:
    return reverse("catalogue:price_list", args=[price_list.pk])


def badge(price_list: PriceList) -> ui.Badge:
    """Draft, holds, from a coming day, past, withdrawn: in words and tone."""
    today = timezone.localdate()
    if price_list.state == ListState.PUBLISHED and price_list.valid_from > today:
        return ui.Badge(_("Holds later"), "info")
    if price_list.state == ListState.PUBLISHED and price_list.valid_until and price_list.valid_until < today:
        return ui.Badge(_("Past"), "neutral")
    word = _("Holds") if price_list.state == ListState.PUBLISHED else str(price_list.get_state_display())
    return ui.Badge(word, TONES[ListState(price_list.state)])


@staff_page(Can.VIEW_CATALOGUE)
def index(request: StaffRequest) -> HttpResponse:
    """Every list, the latest first."""
    rows = PriceList.objects.select_related("supplier", "branch")
    keys = by_key(rows, request.GET.get("after", ""), ("-valid_from", "-pk"))
    context = {"keys": keys, "rows": [(one, badge(one)) for one in keys.rows], "may_manage": may_manage(request)}
    return page(request, "catalogue/price_lists.html", context)


def _context(request: StaffRequest, price_list: PriceList, form: EntryForm) -> dict[str, Any]:
    entries = price_list.entries.select_related("lens", "add_on", "frame", "service").prefetch_related("lens__bands")
    keys = by_key(entries, request.GET.get("after", ""), ("pk",))
    before = pricebook.book(When(timezone.localdate(), price_list.branch_id), [entry.item for entry in keys.rows])
    rows = [(entry, entry.item, *standing(entry, before)) for entry in keys.rows]
    return {
        "price_list": price_list,
        "badge": badge(price_list),
        "keys": keys,
        "rows": rows,
        "count": entries.count(),
        "form": form,
        "is_draft": price_list.state == ListState.DRAFT,
        "may_manage": may_manage(request),
        "may_see_cost": may_see_cost(request),
    }


@staff_page(Can.VIEW_CATALOGUE)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """The prices of one list beside today's. A POST adds or changes one price of a draft."""
    price_list = _found(pk)
    form = EntryForm(request.POST or None)

    def save() -> Done:
        values = form.values
        kept = pricelists.put(request.actor, pk, values["code"], values["price"], values["cost"], form.span)
        words = ngettext("Price kept", "%(count)d prices kept", len(kept)) % {"count": len(kept)}
        return Done(_url(price_list), words)

    answer = submit(request, form, save) if request.method == "POST" else None
    return answer or page(request, "catalogue/price_list.html", _context(request, price_list, form))


@staff_page(Can.MANAGE_CATALOGUE)
def new(request: StaffRequest) -> HttpResponse:
    """Everything of a supplier, moved by a percentage, as a draft."""
    if supplier_first := suppliers.wanted_first(request):
        return supplier_first
    form = NewPriceListForm(request.POST or None, initial={"valid_from": timezone.localdate()})

    def save() -> Done:
        values = form.values
        made = pricelists.begin_moved(
            request.actor,
            form.data_of(values["supplier"]),
            values["percent"],
            values["round_to"],
            surcharges=values["surcharges"],
        )
        return Done(_url(made), _("Draft made. It holds when it is published."))

    context = {"form": form, "title": _("New price list")}
    return submit(request, form, save) or page(request, "catalogue/price_list_form.html", context)


@staff_page(Can.MANAGE_CATALOGUE)
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Name and days."""
    price_list = _found(pk)
    names = ("name", "valid_from", "valid_until")
    initial = {name: getattr(price_list, name) for name in names} | {"branch": price_list.branch_id}
    form = PriceListForm(request.POST or None, initial=initial, edits=price_list)

    def save() -> Done:
        data = form.data_of(price_list.supplier_id)
        pricelists.change(request.actor, pk, data, Opened(form.version, form.values["reason"]))
        return Done(_url(price_list), _("Price list saved"))

    context = {"form": form, "title": str(price_list), "price_list": price_list}
    return submit(request, form, save) or page(request, "catalogue/price_list_form.html", context)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    price_list = _found(pk)

    def done() -> Done:
        pricelists.publish(request.actor, pk)
        return Done(_url(price_list), _("Published. Open quotations show what has moved."))

    return act(request, done)


@require_POST
@staff_page(Can.MANAGE_CATALOGUE)
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    price_list = _found(pk)

    def done() -> Done:
        pricelists.withdraw(request.actor, pk)
        return Done(_url(price_list), _("Withdrawn. Earlier prices hold again."))

    return act(request, done)
