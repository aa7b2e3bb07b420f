"""How we write to a customer: their own page, the one-click way out of an e-mail, and STOP."""

from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from core.actor import customer as by_link
from core.views import SeeOther, page
from customers import consent
from customers.models import Channel, ConsentPurpose, Customer
from customers.services import consents
from notifications import addresses
from notifications.texts import base_of
from portal.access import OrderRequest, lost, order_page, private

_ASKED = (ConsentPurpose.ORDER_MESSAGES, ConsentPurpose.RECALL, ConsentPurpose.FEEDBACK, ConsentPurpose.MARKETING)
_CHANNELS = (Channel.EMAIL, Channel.SMS)


@dataclass(frozen=True)
class Choice:
    """One tick of the page."""

    name: str
    channel: str
    label: str
    to: str
    on: bool


@csrf_exempt  # the signed address is the proof, and mail programs post here without any page of ours (RFC 8058)
def preferences(request: HttpRequest, value: str) -> HttpResponse:
    """GET shows and changes nothing; POST from the page saves the ticks, POST from a mail program says no to one kind."""
    read = addresses.read_preferences(value)
    person = Customer.objects.filter(public_id=read[0], erased_at=None).first() if read else None
    if read is None or person is None:
        return lost(request)
    with translation.override(base_of(person.language)):
        if request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click":
            _say_no(person, read[1], read[2])
            return _private(HttpResponse(_("You are unsubscribed."), content_type="text/plain; charset=utf-8"))
        if request.method == "POST":
            _save(person, request.POST.getlist("on"))
            return _private(SeeOther(f"{request.path}?saved=1"))
        context = {"person": person, "kinds": choices(person), "saved": "saved" in request.GET}
        return _private(page(request, "portal/preferences.html", context | {"public_branch": person.home_branch}))


@order_page
def of_order(request: OrderRequest) -> HttpResponse:
    """From the order page: to the customer's own page of preferences."""
    return SeeOther(reverse("portal:preferences", args=[addresses.preferences_key(request.order.customer)]))


def choices(person: Customer) -> list[tuple[str, list[Choice]]]:
    """Each kind of message with a tick for every channel that reaches this person."""
    given = consent.answers(person)
    return [
        (
            str(purpose.label),
            [_choice(person, purpose, channel, given) for channel in _CHANNELS if consent.reachable(person, channel)],
        )
        for purpose in _ASKED
    ]


def _choice(person: Customer, purpose: str, channel: Channel, given: dict[tuple[str, str], bool]) -> Choice:
    to = addresses.masked(channel, addresses.address_of(person, channel))
    return Choice(f"{purpose}.{channel}", channel, str(channel.label), to, consent.agreed(given, purpose, channel))


def _save(person: Customer, ticked: list[str]) -> None:
    """Every tick that differs from what stands becomes a new answer."""
    actor = by_link(person.first_name)
    for label, row in choices(person):
        for choice in row:
            purpose, _dot, channel = choice.name.partition(".")
            wanted = choice.name in ticked
            if wanted != choice.on:
                change = consents.give_consent if wanted else consents.withdraw_consent
                change(actor, person.pk, purpose, channel, label)


def _say_no(person: Customer, purpose: str, channel: str) -> None:
    """Without a named kind: no to everything that is not about an order in progress."""
    kinds = [purpose] if purpose else [ConsentPurpose.RECALL, ConsentPurpose.FEEDBACK, ConsentPurpose.MARKETING]
    for kind in kinds:
        consents.withdraw_consent(by_link(person.first_name), person.pk, kind, channel or Channel.EMAIL, "one click")


def _private(response: HttpResponse) -> HttpResponse:
    return cast(HttpResponse, private(response))
