"""The stock ledger: every change of a quantity is one appended line and one conditional update, in one transaction."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _

from core.actor import Actor
from core.errors import DomainError
from inventory.models import Movement, StockEntry, StockItem


@dataclass(frozen=True)
class Posting:
    """One line to append. `quantity` is positive for what comes and negative for what goes."""

    movement: Movement
    quantity: int
    reference: str = ""
    reason: str = ""
    unit_cost: Decimal | None = None


def item_of(branch_id: int, frame_id: int) -> StockItem:
    """The stock row of a frame in a branch; made with nothing on hand the first time."""
    item, _made = StockItem.objects.get_or_create(branch_id=branch_id, frame_id=frame_id)
    return item


def post(item: StockItem, posting: Posting, actor: Actor) -> StockEntry:
    """Append a line and move the quantity with it. Raises DomainError `too_few` when less than that is free."""
    if not _move(item.pk, posting.quantity):
        item.refresh_from_db()
        raise DomainError(
            _("Only %(free)d free here: %(reserved)d of %(on_hand)d are reserved.")
            % {"free": item.available, "reserved": item.reserved, "on_hand": item.on_hand},
            code="too_few",
        )
    return append(item, posting, actor)


def append(item: StockItem, posting: Posting, actor: Actor) -> StockEntry:
    """Only the line; the caller has moved the quantity by its own conditional update."""
    return StockEntry.objects.create(
        item=item,
        movement=posting.movement,
        quantity=posting.quantity,
        unit_cost=posting.unit_cost,
        reference=posting.reference,
        reason=posting.reason,
        by_id=actor.user_id,
    )


def _move(item_id: int, quantity: int) -> bool:
    enough = StockItem.objects.filter(pk=item_id, on_hand__gte=F("reserved") - quantity)
    return bool(enough.update(on_hand=F("on_hand") + quantity))
