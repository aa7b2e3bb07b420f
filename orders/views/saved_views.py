"""Keep, rename, share and delete views of the list of orders, and choose the one it opens with."""

from urllib.parse import parse_qsl

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotVisible
from core.forms import Form
from core.views import Done, act, page, submit
from orders.models import SavedView
from orders.selectors import listing
from orders.selectors import saved_views as reading
from orders.services import saved_views
from orders.services.saved_views import ViewData


class SaveViewForm(Form):
    """`query` comes from the list and is read like any address: what is not ours falls away."""

    name = forms.CharField(label=_lazy("Name of the view"), max_length=40)
    share = forms.BooleanField(label=_lazy("Everybody in my branch sees it"), required=False)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1200)


class NameForm(Form):
    name = forms.CharField(label=_lazy("Name of the view"), max_length=40)


def _address(row: SavedView) -> str:
    return f"{reverse('orders:list')}?{row.query}"


@staff_page(Can.VIEW_ORDERS)
def index(request: StaffRequest) -> HttpResponse:
    """All views of this person. POST keeps the filters that the list was shown with."""
    asked = request.POST.get("query") or request.GET.urlencode()
    filters, _cleared = listing.read(dict(parse_qsl(asked)), request.branches)
    form = SaveViewForm(request.POST or None, initial={"query": filters.query})

    def save() -> Done:
        shared = request.branch.pk if form.values["share"] else None
        row = saved_views.save(request.actor, ViewData(form.values["name"], filters.query, shared))
        return Done(_address(row), _("View kept"))

    context = {"form": form, "kept": reading.of(request.actor), "query": filters.query}
    return submit(request, form, save) or page(request, "orders/saved_views.html", context)


@staff_page(Can.VIEW_ORDERS)
def rename(request: StaffRequest, pk: int) -> HttpResponse:
    found = next((one.view for one in reading.of(request.actor) if one.view.pk == pk), None)
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    form = NameForm(request.POST or None, initial={"name": found.name})

    def save() -> Done:
        saved_views.rename(request.actor, pk, form.values["name"])
        return Done(reverse("orders:saved_views"), _("View renamed"))

    return submit(request, form, save) or page(request, "orders/saved_view_name.html", {"form": form, "found": found})


@require_POST
@staff_page(Can.VIEW_ORDERS)
def share(request: StaffRequest, pk: int, state: str) -> HttpResponse:
    """`on` lends it to the branch of the shell, `off` takes it back."""

    def save() -> Done:
        saved_views.share(request.actor, pk, request.branch.pk if state == "on" else None)
        return Done(reverse("orders:saved_views"), _("Shared") if state == "on" else _("Only yours again"))

    return act(request, save)


@require_POST
@staff_page(Can.VIEW_ORDERS)
def open_with(request: StaffRequest, pk: int, state: str) -> HttpResponse:
    """`on`: the list opens with this view from now on."""

    def save() -> Done:
        saved_views.open_with(request.actor, pk if state == "on" else None)
        words = _("The list opens with this view") if state == "on" else _("The list opens with all open orders")
        return Done(reverse("orders:saved_views"), words)

    return act(request, save)


@require_POST
@staff_page(Can.VIEW_ORDERS)
def delete(request: StaffRequest, pk: int) -> HttpResponse:
    def save() -> Done:
        saved_views.delete(request.actor, pk)
        return Done(reverse("orders:saved_views"), _("View deleted"))

    return act(request, save)
