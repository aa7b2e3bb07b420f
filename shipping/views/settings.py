"""Settings of shipping: carriers, doors for their events, words to map."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.forms import Form
from core.views import Done, act, page, submit
from shipping.forms.said import CarrierForm, EndpointForm, WordForm
from shipping.models import Carrier, CarrierEndpoint, CarrierWord
from shipping.selectors import vocabulary
from shipping.services import carriers as services
from shipping.services import endpoints

_DOORS = "shipping:doors"
_WORDS = "shipping:words"


@staff_page(Can.MANAGE_SETTINGS)
def carriers(request: StaffRequest) -> HttpResponse:
    found = Carrier.objects.order_by("-is_active", "-is_default", "name")
    return page(request, "shipping/settings/carriers.html", {"rows": found, "waiting": len(vocabulary.waiting())})


@staff_page(Can.MANAGE_SETTINGS)
def carrier_new(request: StaffRequest) -> HttpResponse:
    form = CarrierForm(request.POST or None, is_new=True)

    def save() -> Done:
        made = services.save(request.actor, form.data_for())
        return Done(reverse("shipping:carriers"), _("Carrier added: %(name)s") % {"name": made.name})

    return submit(request, form, save) or page(
        request, "shipping/settings/carrier.html", {"form": form, "title": _("Add a carrier")}
    )


@staff_page(Can.MANAGE_SETTINGS)
def carrier(request: StaffRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Carrier, code=code)
    names = ("name", "link_template", "silence_days", "phone", "is_active", "is_default")
    initial = {name: getattr(found, name) for name in names}
    initial["services"] = "\n".join(f"{one['name']} {one['days']}" for one in found.services)
    form = CarrierForm(request.POST or None, is_new=False, initial=initial, edits=found)

    def save() -> Done:
        services.save(request.actor, form.data_for(found.code), found.pk, form.version)
        return Done(reverse("shipping:carriers"), _("Carrier saved"))

    return submit(request, form, save) or page(
        request, "shipping/settings/carrier.html", {"form": form, "title": found.name, "carrier": found}
    )


@staff_page(Can.MANAGE_SETTINGS)
def doors(request: StaffRequest) -> HttpResponse:
    """Where tracking services may post, what came in last, and a form for another door."""
    form = EndpointForm(request.POST or None)

    def save() -> Done:
        values = form.values
        made, secret = endpoints.add(
            request.actor,
            values["adapter"],
            values["name"],
            values["secret"],
            token_only=values["token_only"],
            api_key=values["api_key"],
        )
        _show_once(request, made, secret)
        return Done(reverse(_DOORS), _("Door opened: %(name)s") % {"name": made.name})

    done = submit(request, form, save)
    if done:
        return done
    shown = request.session.pop(_SHOWN, None)
    rows = [_door(request, one) for one in CarrierEndpoint.objects.order_by("-is_active", "name")]
    return page(request, "shipping/settings/doors.html", {"form": form, "rows": rows, "shown": shown})


# The secret of a new door, kept until the next page has shown it.
_SHOWN = "carrier_secret"


def _show_once(request: StaffRequest, endpoint: CarrierEndpoint, secret: str) -> None:
    address = _address(request, endpoint)
    request.session[_SHOWN] = {
        "name": endpoint.name,
        "secret": secret,
        "url": f"{address}?token={secret}" if endpoint.token_only else address,
    }


def _address(request: StaffRequest, endpoint: CarrierEndpoint) -> str:
    return request.build_absolute_uri(reverse("hook_carrier", args=[endpoint.adapter, endpoint.public_id]))


def _door(request: StaffRequest, endpoint: CarrierEndpoint) -> dict[str, object]:
    return {
        "endpoint": endpoint,
        "url": _address(request, endpoint),
        "last": endpoint.notices.order_by("-pk").first(),
        "count": endpoint.notices.count(),
    }


@require_POST
@staff_page(Can.MANAGE_SETTINGS)
def door_renew(request: StaffRequest, pk: int) -> HttpResponse:
    def go() -> Done:
        endpoint, secret = endpoints.renew(request.actor, pk)
        _show_once(request, endpoint, secret)
        return Done(reverse(_DOORS), _("New secret; the earlier one works for another week"))

    return act(request, go)


@require_POST
@staff_page(Can.MANAGE_SETTINGS)
def door_switch(request: StaffRequest, pk: int) -> HttpResponse:
    def go() -> Done:
        known = get_object_or_404(CarrierEndpoint, pk=pk)
        endpoint = endpoints.switch(request.actor, pk, active=not known.is_active)
        return Done(reverse(_DOORS), _("Door opened again") if endpoint.is_active else _("Door closed"))

    return act(request, go)


@staff_page(Can.MANAGE_SETTINGS)
def words(request: StaffRequest) -> HttpResponse:
    """Words that no table explains, each with the box that says what it means."""
    waiting = [
        (word, WordForm(auto_id=f"word_{word.pk}_%s", initial={"state": word.state})) for word in vocabulary.waiting()
    ]
    known = (
        CarrierWord.objects.filter(mapped_at__isnull=False)
        .select_related("mapped_by")
        .order_by("adapter", "shown")[:200]
    )
    return page(request, "shipping/settings/words.html", {"waiting": waiting, "known": known})


@staff_page(Can.MANAGE_SETTINGS)
def word(request: StaffRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(CarrierWord, pk=pk)
    form: Form = WordForm(request.POST or None, initial={"state": found.state, "reason": found.reason})

    def save() -> Done:
        values = form.values
        endpoints.teach(request.actor, found.pk, values["state"], values["reason"])
        return Done(reverse(_WORDS), _("Kept: “%(word)s”") % {"word": found.shown})

    return submit(request, form, save) or page(request, "shipping/settings/word.html", {"form": form, "word": found})
