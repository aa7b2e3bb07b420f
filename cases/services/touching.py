"""Whom and what an exception touches: the people, resources, approvals and amounts that rest on the record it is about."""

from collections.abc import Iterator

from django.db import models

from branches.scope import Scope
from cases.services.cases import Link
from core.errors import NotVisible
from core.money import money
from records import registry
from records.services import changes
from records.services.changes import Effect

MOST = 12


def links_of(record: models.Model, customer_id: int | None, order_id: int | None, scope: Scope) -> list[Link]:
    """The customer, the order and everything that was decided on the record, each once; nothing outside the scope."""
    found = [*_known("customers.customer", customer_id, scope), *_known("orders.order", order_id, scope)]
    found += [_link(effect) for effect in changes.preview(record) if _counts(effect, scope)]
    return list({link.label: link for link in reversed(found)}.values())[::-1][:MOST]


def _counts(effect: Effect, scope: Scope) -> bool:
    """A decision, an approval or an amount; what merely follows by itself is no part of an exception."""
    affected = effect.affected
    is_decided = effect.dependency.reopens or affected.approval is not None or affected.amount is not None
    return is_decided and scope.covers(affected.branch_id)


def _known(record_type: str, pk: int | None, scope: Scope) -> Iterator[Link]:
    if pk is None:
        return
    try:
        kind, record = registry.load(record_type, pk, scope)
    except NotVisible:
        return
    yield Link(str(kind.label), record, str(kind.title(record)))


def _link(effect: Effect) -> Link:
    affected = effect.affected
    amount = "" if affected.amount is None else money(affected.amount)
    label = f"{affected.title}, {amount}" if amount and amount not in affected.title else affected.title
    return Link(str(effect.dependency.label), affected.subject, label)
