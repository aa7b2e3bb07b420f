"""A person tells the customer what holds an order up: with a new day, or while nobody knows one yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError
from notifications.saying import discreet
from orders.models import Order, OrderState
from orders.services import common, orders
from orders.services.common import Said

TELLABLE = (OrderState.CONFIRMED, OrderState.IN_PRODUCTION, OrderState.READY, OrderState.SHIPPED)


@dataclass(frozen=True)
class Problem:
    """What is told. `offers` are codes of `notifications.offers`; `contact` is who the customer asks for."""

    cause: str
    reason: str
    new_date: date | None = None
    offers: tuple[str, ...] = ()
    offer: str = ""
    contact: str = ""

    def data(self) -> Mapping[str, Any]:
        return {"offers": list(self.offers), "offer": self.offer.strip(), "contact": self.contact.strip()}


@transaction.atomic
def tell(actor: Actor, order_id: int, problem: Problem) -> Order:
    """One event, from which the messages follow: a new promise when a day is given, else that it is held up.

    Raises DomainError for an order that waits for nothing, without cause or reason, or for words with a value of the eye.
    """
    order = common.open_for(actor, Can.REPROMISE_JOBS, order_id)
    if order.state not in TELLABLE:
        raise DomainError(_("Only a confirmed order that is not handed over can be held up."), code="no_promise")
    _check_words(problem)
    if problem.new_date is not None:
        return orders.promise_anew(
            actor, order, problem.new_date, problem.cause, problem.reason.strip(), problem.data()
        )
    common.tell("order.held_up", actor, order, Said(problem.reason.strip(), problem.cause, data=problem.data()))
    return order


def _check_words(problem: Problem) -> None:
    """Everything that is wrong at once, each at its field."""
    clinical = _("Leave out powers and measurements: nothing of the eye goes into a message.")
    fields = {
        name: clinical
        for name, text in (("reason", problem.reason), ("offer", problem.offer), ("contact", problem.contact))
        if text.strip() and not discreet(text)
    }
    if not problem.reason.strip():
        fields["reason"] = _("Say what happened; the customer will read it.")
    if not problem.cause:
        fields["cause"] = _("Choose the cause.")
    if fields:
        raise DomainError(_("The customer was not told."), fields=fields, code="not_told")
