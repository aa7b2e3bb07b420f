"""What every verb of a return starts with: the locked order, the right there, the locked return, the step in the table."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from aftersales import states
from aftersales.models import Remedy, Return
from core.actor import Actor
from core.errors import NotVisible, StaleRecord
from orders.models import Order
from orders.services import common as orders
from orders.services.common import Said
from records.models import Event


def open_for(actor: Actor, permission: str, return_id: int, version: int | None = None) -> Return:
    """The return with its order, both locked, order first. Raises NotVisible, NotAllowed or StaleRecord."""
    order_id = Return.objects.filter(pk=return_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise NotVisible(_("Not found."), code="not_visible")
    order: Order = orders.open_for(actor, permission, order_id)
    found: Return = Return.objects.select_for_update(of=("self",)).get(pk=return_id)
    if version is not None and version != found.version:
        words = _("Somebody else changed this return since you opened it. Look at it again.")
        raise StaleRecord(words, current_version=found.version)
    found.order = order
    return found


def move(found: Return, verb: str) -> None:
    """The transition table; the caller saves. Raises IllegalTransition."""
    found.state = states.RETURN.step(verb, found.state).end


def save(found: Return) -> None:
    found.version += 1
    found.save()


def tell(kind: str, actor: Actor, found: Return, said: Said | None = None) -> Event:
    """An event about a return: in `data` its number, its things, what is wanted and how much, as messages name them."""
    said = said or Said()
    items = list(found.items.all())
    data: Mapping[str, Any] = {
        "return": found.number,
        "number": found.number,
        "items": ", ".join(item.description for item in items),
        "remedy": found.remedy,
        "amount": f"{sum(item.amount for item in items):.2f}",
        **_in_their_language(found),
        **said.data,
    }
    new = {"number": found.number, **said.new}
    return orders.tell(kind, actor, found.order, Said(said.reason, said.reason_code, said.old, new, data), found)


def _in_their_language(found: Return) -> dict[str, str]:
    """What is wanted, and how to send it: the customer reads it, so it is said in their language."""
    shop = found.order.collect_branch
    with translation.override(found.order.customer.language or settings.LANGUAGE_CODE):
        place = ", ".join(part for part in (shop.name, shop.line1, shop.city) if part)
        return {
            "wish": str(Remedy(found.remedy).label),
            "instructions": _("Pack it well, put the number %(number)s inside, and send it to %(place)s.")
            % {"number": found.number, "place": place},
        }
