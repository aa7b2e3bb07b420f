"""A change to an approved, signed or released value: what rests on it, who decides again, what waits.

The table of what depends on what is declared by the apps in `dependencies.py` and read in one place here;
`manage.py write_dependencies` draws it in `docs/dependencies.md`.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from django.db import models
from django.utils import translation
from django.utils.functional import Promise

from core.actor import Actor
from records import events
from records.models import Approval, Event, Review
from records.services import approvals, reviews

T = TypeVar("T")
Words = str | Promise


@dataclass(frozen=True)
class FieldChange:
    """One value before and after, as a person reads it."""

    field: str
    label: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.label} {self.old or '–'} → {self.new or '–'}"


@dataclass(frozen=True)
class Change:
    """What changed about a record, and why. `event` is the fact that recorded it."""

    fields: Sequence[FieldChange]
    reason_code: str
    reason: str
    event: Event | None = None
    new_version: int = 0

    @property
    def sentence(self) -> str:
        return ", ".join(str(field) for field in self.fields)


@dataclass(frozen=True)
class Affected:
    """One thing that rests on the record: an approval, a job, a date, an amount, a message."""

    subject: models.Model
    title: str
    url: str = ""
    owner_id: int | None = None
    owner_name: str = ""
    branch_id: int | None = None
    customer_id: int | None = None
    order_id: int | None = None
    approval: Approval | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Dependency:
    """One row of the table: when `on` changes, `decision` about what `find` returns must be made again.

    `fields` limits the row to changes of these fields (empty: any). `blocks` is the stage that waits (`release`,
    `production`, `collection`, `shipping` or empty). `on_change` does what cannot wait for the owner, such as holding a
    job. A row that does not `reopen` is only listed: a reservation, an amount, a message that follows by itself.
    With `live`, the decision is made again on its own page: on these inputs, read at the moment of the click, by the owner
    or whoever holds `confirm_by`.
    """

    on: str
    decision: str
    label: Words
    why: Words
    before_next_stage: Words
    owner_role: str
    find: Callable[[Any], Iterable[Affected]]
    blocks: str = ""
    on_change: Callable[[Affected, Change, Actor], None] | None = None
    fields: frozenset[str] = frozenset()
    reopens: bool = True
    live: Callable[[Any], Sequence[approvals.Input]] | None = None
    confirm_by: str = ""


@dataclass(frozen=True)
class Effect:
    """One line of "This affects"."""

    dependency: Dependency
    affected: Affected


_table: list[Dependency] = []


def declare(rows: Iterable[Dependency]) -> None:
    """Add an app's rows; called when its `dependencies.py` is imported at start-up."""
    _table.extend(rows)


def table() -> tuple[Dependency, ...]:
    """Every declared row, in the order of declaration."""
    return tuple(_table)


def of_decision(decision: str) -> Dependency | None:
    """The row that says how this decision is made again on its own page; None when it has a verb of its own."""
    return next((row for row in _table if row.decision == decision and row.live is not None), None)


_read: ContextVar[dict[Any, Any] | None] = ContextVar("read", default=None)


def read_once(key: Any, read: Callable[[], T]) -> T:
    """What several rows of the table ask for is read once in a preview; outside of one it is read anew."""
    known = _read.get()
    if known is None:
        return read()
    if key not in known:
        known[key] = read()
    found: T = known[key]
    return found


def preview(record: models.Model, fields: Collection[str] | None = None) -> list[Effect]:
    """For the change panel: everything that rests on the record now, or on these fields of it. Reads only."""
    kind, token = events.type_of(record), _read.set({})
    try:
        return [
            Effect(row, affected)
            for row in _table
            if row.on == kind and (fields is None or not row.fields or row.fields.intersection(fields))
            for affected in row.find(record)
        ]
    finally:
        _read.reset(token)


def announce(record: models.Model, change: Change, actor: Actor) -> list[Review]:
    """Put what rested on the record out of date and open its reviews, in the caller's transaction."""
    opened = []
    for effect in preview(record, [field.field for field in change.fields]):
        affected, row = effect.affected, effect.dependency
        if affected.approval is not None:
            approvals.put_out_of_date(affected.approval, change.sentence)
        if row.on_change is not None:
            row.on_change(affected, change, actor)
        if row.reopens:
            opened.append(reviews.open_for(_reopened(record, change, effect), actor))
    return opened


def _as_declared(words: Words) -> str:
    """Kept as the code says it; each reader gets it in their own language (`Review.matters`, `Review.asks`)."""
    with translation.override("en"):
        return str(words)


def _reopened(record: models.Model, change: Change, effect: Effect) -> reviews.Reopened:
    row, affected = effect.dependency, effect.affected
    return reviews.Reopened(
        subject=affected.subject,
        decision=row.decision,
        what_changed=f"{change.sentence}. {change.reason}".strip(),
        why_it_matters=_as_declared(row.why),
        before_next_stage=_as_declared(row.before_next_stage),
        cause=record,
        cause_version=change.new_version,
        owner_role=row.owner_role,
        owner_id=affected.owner_id,
        blocks=row.blocks,
        approval=affected.approval,
        event=change.event,
        branch_id=affected.branch_id,
        customer_id=affected.customer_id,
        order_id=affected.order_id,
    )
