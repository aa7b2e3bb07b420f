"""Doors for webhooks: open one, change its secret (the old one works on for a week), close it; words taught."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor, system
from core.errors import DomainError, NotVisible
from records import events
from shipping import secret_box
from shipping.models import CarrierEndpoint, CarrierWord, Shipment, TrackingCheckpoint
from shipping.services import common, following
from shipping.tracking import registering
from shipping.tracking.vocabulary import ADAPTERS, plain
from shipping.tracking.words import State

OVERLAP = timedelta(days=7)


@transaction.atomic
def add(
    actor: Actor, adapter: str, name: str, secret: str = "", *, token_only: bool = False, api_key: str = ""
) -> tuple[CarrierEndpoint, str]:
    """A new door and its secret, which is shown once. `secret` when the service has made it up itself.

    With an `api_key` the service is asked to follow the number of every parcel that leaves.
    """
    access.require(actor, Can.MANAGE_SETTINGS, actor.branch_id)
    if adapter not in ADAPTERS:
        raise DomainError(_("Choose the tracking service."), fields={"adapter": _("Choose one.")}, code="adapter")
    if token_only and adapter != "shippo":
        message = _("Only Shippo may come without a signature; every other service signs.")
        raise DomainError(message, fields={"token_only": message}, code="token_only")
    if api_key.strip() and not registering.takes_numbers(adapter):
        message = _("This service takes no numbers from us: leave the key out.")
        raise DomainError(message, fields={"api_key": message}, code="api_key")
    word = _checked(secret)
    endpoint = CarrierEndpoint.objects.create(
        adapter=adapter, name=name.strip()[:60] or ADAPTERS[adapter].label, secret=secret_box.close(word),
        token_only=token_only, api_key=secret_box.close(api_key.strip()) if api_key.strip() else "",
        created_by_id=actor.user_id,
    )  # fmt: skip
    _tell(actor, endpoint, _("opened"))
    return endpoint, word


def _checked(secret: str) -> str:
    word = secret.strip() or secrets.token_urlsafe(32)
    if len(word) < 16:
        message = _("A secret has at least 16 signs.")
        raise DomainError(message, fields={"secret": message}, code="secret_short")
    return word


@transaction.atomic
def renew(actor: Actor, endpoint_id: int, secret: str = "") -> tuple[CarrierEndpoint, str]:
    """A new secret; the one before is taken for another week, so that nothing is lost while the service is told."""
    endpoint = _locked(actor, endpoint_id)
    word = _checked(secret)
    endpoint.previous_secret, endpoint.previous_until = endpoint.secret, timezone.now() + OVERLAP
    endpoint.secret = secret_box.close(word)
    endpoint.save()
    _tell(actor, endpoint, _("new secret"))
    return endpoint, word


@transaction.atomic
def switch(actor: Actor, endpoint_id: int, *, active: bool) -> CarrierEndpoint:
    endpoint = _locked(actor, endpoint_id)
    if endpoint.is_active != active:
        endpoint.is_active = active
        endpoint.save()
        _tell(actor, endpoint, _("opened again") if active else _("closed"))
    return endpoint


def _locked(actor: Actor, endpoint_id: int) -> CarrierEndpoint:
    access.require(actor, Can.MANAGE_SETTINGS, actor.branch_id)
    endpoint = CarrierEndpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if endpoint is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return endpoint


def _tell(actor: Actor, endpoint: CarrierEndpoint, what: str) -> None:
    data = {"endpoint": endpoint.name, "what": what}
    events.record("carrier.endpoint_changed", actor, events.Fact(endpoint, actor.branch_id, data=data))


@transaction.atomic
def teach(actor: Actor, word_id: int, state: str, reason: str = "") -> CarrierWord:
    """What a carrier's word means from now on; parcels that carry it are read again."""
    access.require(actor, Can.MANAGE_SETTINGS, actor.branch_id)
    word = CarrierWord.objects.select_for_update().filter(pk=word_id).first()
    if word is None:
        raise NotVisible(_("Not found."), code="not_visible")
    if state and state not in State._value2member_map_:
        raise DomainError(_("Choose what it means."), fields={"state": _("Choose one.")}, code="state")
    if not state and not reason:
        raise DomainError(_("Choose what it means."), fields={"state": _("Choose one.")}, code="state")
    word.state, word.reason = state, reason[:40]
    word.mapped_at, word.mapped_by_id = timezone.now(), actor.user_id
    word.save()
    means = " ".join(part for part in (state, reason) if part).replace("_", " ")
    events.record(
        "carrier.word_mapped", actor, events.Fact(word, actor.branch_id, data={"word": word.shown, "means": means})
    )
    _read_again(word)
    return word


def _read_again(word: CarrierWord) -> None:
    rows = TrackingCheckpoint.objects.filter(adapter=word.adapter, state=State.UNKNOWN.value, shipment__ended_reason="")
    found = rows.exclude(shipment__state__in=["delivered", "returned", "cancelled"]).values_list(
        "shipment_id", "status_raw", "detail_raw"
    )
    wanted = {pk for pk, status, detail in found if word.word in (plain(status), plain(detail))}
    for pk in Shipment.objects.filter(pk__in=wanted).order_by("order_id", "pk").values_list("pk", flat=True):
        order, shipment = common.lock(pk)
        following.recompute(system(branch_id=shipment.branch_id), order, shipment, timezone.now())
