"""What every dispensing verb does: lock the order, refuse what comes too late, compare versions, announce what rests on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from branches.roles import Can
from core.actor import Actor
from core.errors import Clash, DomainError, StaleRecord
from orders import followers, measuring
from orders.models import Order, OrderState
from orders.services import common
from orders.services.common import Said
from records.models import Record
from records.services import changes
from records.services.changes import Change, FieldChange

CHANGEABLE = (
    OrderState.DRAFT,
    OrderState.QUOTED,
    OrderState.APPROVED,
    OrderState.CONFIRMED,
    OrderState.IN_PRODUCTION,
)
AGREED = (OrderState.APPROVED, OrderState.CONFIRMED, OrderState.IN_PRODUCTION)
Readable = Mapping[str, str]
LABELS: Mapping[str, str | Promise] = {
    "frame": _lazy("frame"),
    "status": _lazy("from"),
    "size": _lazy("size"),
    "right": _lazy("right lens"),
    "left": _lazy("left lens"),
    "add_ons": _lazy("add-ons"),
    "purpose": _lazy("for"),
    "tint": _lazy("tint"),
    "remark": _lazy("remark"),
    "method": _lazy("method"),
    "second_person": _lazy("second person"),
    **measuring.LABELS,
}


@dataclass(frozen=True)
class Why:
    """Why something agreed is changed; a draft needs no reason."""

    code: str = ""
    text: str = ""


NO_REASON = Why()


def open_order(actor: Actor, order_id: int, why: Why = NO_REASON) -> Order:
    """Lock an order that may still be changed. Raises DomainError when it is too late, or when a reason is missing."""
    order = common.open_for(actor, Can.EDIT_ORDERS, order_id)
    if order.state not in CHANGEABLE:
        message = _("This order is %(state)s: nothing can be chosen for it any more.")
        raise DomainError(message % {"state": order.get_state_display().lower()}, code="too_late")
    if order.state in AGREED and not why.text.strip():
        raise DomainError(
            _("The customer has agreed to this order already. Say why it changes."),
            code="reason_missing",
            fields={"reason": _("Enter a reason.")},
        )
    return order


def require_fresh(record: Record | None, version: int | None, yours: Readable, theirs: Readable) -> None:
    """Raises StaleRecord with both sides when the record moved since the page was opened. None: not asked for."""
    current = record.version if record is not None and record.pk else 0
    if version is None or version == current:
        return
    clashes = [
        Clash(name, str(LABELS[name]), "", theirs.get(name, ""), value)
        for name, value in yours.items()
        if theirs.get(name) != value
    ]
    raise StaleRecord(
        _("Somebody else saved first. Look at what is stored now, then save again."),
        clashes=clashes,
        current_version=current,
    )


def recorded(actor: Actor, order: Order) -> dict[str, Any]:
    """The facts of a new record of an order: whose it is and who recorded it. Its first save makes it version 1."""
    return {
        "order": order,
        "source": actor.source.value,
        "recorded_by_id": actor.user_id,
        "responsible_role": actor.role,
        "version": 0,
    }


def differences(before: Readable, after: Readable) -> list[FieldChange]:
    return [
        FieldChange(name, str(LABELS[name]), before.get(name, ""), value)
        for name, value in after.items()
        if before.get(name, "") != value
    ]


@dataclass(frozen=True)
class Changed:
    """A record that was saved: the order, what it says now and said before."""

    order: Order
    record: Record
    before: Readable
    after: Readable
    data: Mapping[str, Any]


def tell(kind: str, actor: Actor, changed: Changed, why: Why) -> None:
    """The event of a choice; when it replaces an earlier one, what rested on that is reopened."""
    moved = differences(changed.before, changed.after)
    said = Said(
        reason=why.text.strip(),
        reason_code=why.code,
        old={one.label: one.old for one in moved if one.old},
        new={one.label: one.new for one in moved},
        data=changed.data,
    )
    event = common.tell(kind, actor, changed.order, said, changed.record)
    if changed.before:
        change = Change(moved, why.code, why.text.strip(), event, changed.record.version)
        changes.announce(changed.record, change, actor)
        if moved:
            followers.follow(followers.CHOSEN_AGAIN, changed.order, actor, why.text.strip() or change.sentence)
