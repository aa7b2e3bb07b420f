"""What every verb of selling starts with: the right, the locked order, the version it was opened with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch, Membership, User
from branches.scope import Scope
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible, StaleRecord
from core.prepared import Slot, prepared
from orders import states, workdays
from orders.models import Order
from records import events
from records.models import Event


def require_here(actor: Actor, permission: str, order: Order) -> None:
    """The right counts where the order is sold or collected; elsewhere it may be seen, or not even that."""
    if any(access.allowed(actor, permission, branch) for branch in {order.branch_id, order.collect_branch_id}):
        return
    if not Scope.of(actor).covers(order.branch_id, order.collect_branch_id, order.made_branch_id):
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(actor, permission, order.branch_id if actor.roles_in(order.branch_id) else actor.branch_id)
    raise NotAllowed(_("This order belongs to another branch. Ask the people there."), code="not_allowed")


def lock(order_id: int, version: int | None = None) -> Order:
    """The order, locked until the transaction ends. Raises StaleRecord when it moved since the page was opened."""
    order = _or_gone(_locked().row(key=order_id))
    if version is not None and version != order.version:
        raise StaleRecord(
            _("Somebody else changed this order since you opened it. Look at it again, then repeat your change."),
            current_version=order.version,
        )
    return order


def lock_of_quotation(quotation_id: int) -> Order:
    """The order that a quotation is for, locked."""
    return _or_gone(_locked("quotations").row(key=quotation_id))


def _or_gone(order: Order | None) -> Order:
    if order is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return order


@prepared
def _locked(by: str = "pk") -> QuerySet[Order]:
    found: QuerySet[Order] = Order.objects.select_for_update(of=("self",), no_key=True).filter(**{by: Slot("key")})
    return found.select_related("branch", "collect_branch", "customer", "prescription")


def open_for(actor: Actor, permission: str, order_id: int, version: int | None = None) -> Order:
    """Steps one and two of a verb: may this actor do this to this order, and lock it."""
    order = lock(order_id, version)
    require_here(actor, permission, order)
    return order


def save(order: Order) -> None:
    """Every change of an order is a new version, with its history row."""
    order.version += 1
    order.save()


def move(order: Order, verb: str) -> None:
    """Step three: the transition table. The caller saves. Raises IllegalTransition."""
    order.state = states.ORDER.step(verb, order.state).end


@dataclass(frozen=True)
class Said:
    """What an event of an order says beside whom it concerns."""

    reason: str = ""
    reason_code: str = ""
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


def tell(kind: str, actor: Actor, order: Order, said: Said | None = None, subject: models.Model | None = None) -> Event:
    """Step seven: an event about an order always names its branch, its customer and the order."""
    said = said or Said()
    return events.record(
        kind,
        actor,
        events.Fact(
            subject or order,
            order.branch_id,
            order.customer_id,
            order.pk,
            reason=said.reason,
            reason_code=said.reason_code,
            old=said.old,
            new=said.new,
            data={"number": order.number, **said.data},
        ),
    )


def local(branch: Branch, moment: datetime) -> datetime:
    """A moment on the branch's clock."""
    return timezone.localtime(moment, ZoneInfo(branch.time_zone))


def today(branch: Branch, now: datetime | None = None) -> date:
    """The branch's date: promises and validity are days of the place where they are given."""
    return workdays.today(branch, now)


def needs_reason(reason: str, message: str) -> str:
    """The reason, trimmed. Raises DomainError at the field when there is none."""
    if not reason.strip():
        raise DomainError(message, fields={"reason": _("Enter a reason.")}, code="reason_missing")
    return reason.strip()[:200]


def second_person(actor: Actor, user_id: int | None) -> Actor | None:
    """The other person who agreed, with the roles they hold now. Raises DomainError when it is the same person."""
    if user_id is None:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or user.pk == actor.user_id:
        message = _("Another person has to agree, not you.")
        raise DomainError(message, fields={"second_email": message}, code="same_person")
    roles = frozenset(Membership.objects.filter(user=user).values_list("branch_id", "role"))
    return Actor(user.full_name, "", actor.source, user.pk, actor.branch_id, roles)
