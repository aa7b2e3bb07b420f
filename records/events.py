"""Record an event: the seventh step of every verb."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from core.actor import Actor
from records.models import Event

_action: ContextVar[uuid.UUID | None] = ContextVar("action", default=None)


@dataclass(frozen=True)
class Fact:
    """What an event says beside its kind and actor. `old` and `new` hold readable values by field name."""

    subject: models.Model
    branch_id: int | None = None
    customer_id: int | None = None
    order_id: int | None = None
    reason_code: str = ""
    reason: str = ""
    old: Mapping[str, Any] = field(default_factory=dict)
    new: Mapping[str, Any] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    occurred_at: datetime | None = None


def type_of(record: models.Model) -> str:
    """`orders.order`: how records, events and approvals name a model."""
    return record._meta.label_lower


def record(kind: str, actor: Actor, fact: Fact) -> Event:
    """Append one event in the caller's transaction. Values must be JSON-safe (strings, numbers, lists)."""
    event = Event.objects.create(
        kind=kind,
        action=_action.get() or uuid.uuid4(),
        actor_id=actor.user_id,
        actor_name=actor.name,
        role=actor.role,
        branch_id=fact.branch_id if fact.branch_id is not None else actor.branch_id,
        source=actor.source.value,
        reason_code=fact.reason_code,
        reason=fact.reason,
        subject_type=type_of(fact.subject),
        subject_id=fact.subject.pk,
        customer_id=fact.customer_id,
        order_id=fact.order_id,
        old=dict(fact.old),
        new=dict(fact.new),
        data=dict(fact.data),
        occurred_at=fact.occurred_at,
    )
    for listener in _listeners:
        listener(event)
    return event


def heard(listener: Callable[[Event], None]) -> None:
    """Register a bell: called inside the transaction, so that it can ring after the commit. It decides nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


_listeners: list[Callable[[Event], None]] = []


@contextmanager
def one_action() -> Iterator[None]:
    """Group everything inside as one action. Nested use keeps the outer one."""
    token = _action.set(_action.get() or uuid.uuid4())
    try:
        yield
    finally:
        _action.reset(token)
