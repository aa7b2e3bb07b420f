"""A return on its way: approved or declined by another person, received, looked at, closed. Money: `settling`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aftersales.models import Goods, Return, ReturnItem, ReturnState, Whereto
from aftersales.services import common
from branches.roles import Can
from core.actor import Actor, Source
from core.errors import GateClosed, IllegalTransition, Missing, NotAllowed, Problems
from inventory.models import Movement
from inventory.services import stock
from orders.models import OrderState
from orders.services import common as orders
from orders.services.common import Said

# An approval does not lie about for ever: by this day the thing should be here. Later ones are taken all the same.
SEND_WITHIN = timedelta(days=30)
_MOVEMENT = {
    Whereto.STOCK: None,
    Whereto.DAMAGED: Movement.DAMAGED,
    Whereto.SUPPLIER: Movement.TO_SUPPLIER,
    Whereto.WRITTEN_OFF: Movement.DAMAGED,
}
_HANDED_OVER = (OrderState.COLLECTED, OrderState.CLOSED, OrderState.CANCELLED)


def is_outside(found: Return) -> bool:
    """Whether the policy said no to any of its things on the day it was asked."""
    return any(not one["allowed"] for one in found.explained)


@transaction.atomic
def approve(actor: Actor, return_id: int, reason: str = "", version: int | None = None) -> Return:
    """Yes. Outside the policy it needs its own right and a reason. Who asked for it may not decide."""
    found = common.open_for(actor, Can.APPROVE_RETURNS, return_id, version)
    _not_own(actor, found)
    common.move(found, "approve")
    outside = is_outside(found)
    if outside:
        orders.require_here(actor, Can.OVERRIDE_RETURNS, found.order)
        orders.needs_reason(reason, _("It is outside the policy: say why it is approved all the same."))
    found.outside_policy = outside
    _decided(actor, found, reason)
    common.save(found)
    return_by = orders.today(found.order.collect_branch) + SEND_WITHIN
    said = Said(reason=reason.strip()[:200], data={"outside_policy": outside, "return_by": return_by.isoformat()})
    common.tell("return.approved", actor, found, said)
    return found


@transaction.atomic
def decline(actor: Actor, return_id: int, reason: str, version: int | None = None) -> Return:
    """No, with the reason that the customer reads; after an inspection, the thing goes back to them."""
    found = common.open_for(actor, Can.APPROVE_RETURNS, return_id, version)
    _not_own(actor, found)
    text = orders.needs_reason(reason, _("Say why it is declined; the customer will read it."))
    common.move(found, "decline")
    _decided(actor, found, text)
    common.save(found)
    common.tell("return.declined", actor, found, Said(reason=text))
    return found


def _not_own(actor: Actor, found: Return) -> None:
    if found.requested_by_id is not None and found.requested_by_id == actor.user_id:
        raise NotAllowed(_("Somebody else has to decide on what you asked for."), code="own_request")


def _decided(actor: Actor, found: Return, reason: str) -> None:
    found.decided_at, found.decided_by_id = timezone.now(), actor.user_id
    found.decision_reason = reason.strip()[:300]


@transaction.atomic
def withdraw(actor: Actor, return_id: int) -> Return:
    """The customer keeps it after all. By the link, or by staff for them. Twice is harmless."""
    if actor.source is Source.LINK:
        order_id = Return.objects.values_list("order_id", flat=True).get(pk=return_id)
        order = orders.lock(order_id)
        found = Return.objects.select_for_update(of=("self",)).get(pk=return_id)
        found.order = order
    else:
        found = common.open_for(actor, Can.MANAGE_RETURNS, return_id)
    if found.state == ReturnState.WITHDRAWN:
        return found
    common.move(found, "withdraw")
    found.closed_at = timezone.now()
    common.save(found)
    common.tell("return.withdrawn", actor, found)
    return found


@transaction.atomic
def receive(actor: Actor, return_id: int) -> Return:
    """It is here. Scanning it again changes nothing."""
    found = common.open_for(actor, Can.MANAGE_RETURNS, return_id)
    if found.state == ReturnState.RECEIVED:
        return found
    if found.state == ReturnState.REQUESTED:
        raise IllegalTransition(_("It was not approved yet. Decide first, then receive it."), code="undecided")
    common.move(found, "receive")
    found.received_at, found.received_by_id = timezone.now(), actor.user_id
    common.save(found)
    common.tell("return.received", actor, found)
    return found


@dataclass(frozen=True)
class InspectionData:
    """What was found, in words, and where each thing goes (`Whereto` by the key of the item)."""

    condition: str
    whereto: Mapping[str, str]


@transaction.atomic
def inspect(actor: Actor, return_id: int, data: InspectionData) -> Return:
    """Look at it: frames go back into stock or out of it by a ledger line each. Raises DomainError at the field."""
    found = common.open_for(actor, Can.MANAGE_RETURNS, return_id)
    common.move(found, "inspect")
    items = list(found.items.select_related("frame"))
    _check_inspection(items, data)
    for item in items:
        _put(actor, found, item, data.whereto[item.key])
    found.inspection = data.condition.strip()[:300]
    found.inspected_at, found.inspected_by_id = timezone.now(), actor.user_id
    common.save(found)
    places = ", ".join(f"{item.description}: {item.get_whereto_display()}" for item in items if item.whereto)
    common.tell("return.inspected", actor, found, Said(reason=found.inspection[:200], new={"places": places}))
    return found


def _check_inspection(items: list[ReturnItem], data: InspectionData) -> None:
    problems = Problems()
    if not data.condition.strip():
        problems.add("condition", _("Say in what condition it is."))
    for item in items:
        place = data.whereto.get(item.key, "")
        if place not in Whereto.values:
            problems.add(f"to_{item.key}", _("Choose where it goes."))
        elif place == Whereto.STOCK and item.frame_id is None:
            problems.add(f"to_{item.key}", _("Only frames of the catalogue go back to stock."))
    problems.raise_if_any(_("The inspection was not kept."))


def _put(actor: Actor, found: Return, item: ReturnItem, place: str) -> None:
    item.whereto = place
    if item.frame_id is not None and item.goods == Goods.FRAME:
        back = stock.TakenBack(found.branch_id, item.frame_id, found.number, _MOVEMENT[Whereto(place)])
        item.stock_entry = stock.take_back(actor, back)
    item.save()


@transaction.atomic
def close(actor: Actor, return_id: int) -> Return:
    """Nothing is left to do: the money is back, or the replacement was handed over. Raises GateClosed."""
    found = common.open_for(actor, Can.MANAGE_RETURNS, return_id)
    if found.state == ReturnState.CLOSED:
        return found
    common.move(found, "close")
    new = found.replacement
    if new is not None and new.state not in _HANDED_OVER:
        words = _("The replacement %(number)s was not handed over yet.") % {"number": new.number}
        raise GateClosed(_("The return cannot be closed yet."), missing=[Missing("replacement", words)])
    found.closed_at = timezone.now()
    common.save(found)
    common.tell("return.closed", actor, found)
    return found
