"""Who opened whose record: one row a person, record and day, written by one statement for every address that shows one.

Apps say in `looked_at.py` which records are about a person and which addresses show them:

    looks.about(Order, customer="customer_id", order="pk")
    looks.shown(Order, "number", "orders/<str:number>/", "api/v1/orders/<str:number>/")

An address stands for everything below it, so a new page of an order is noticed without another word.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.db.models import BigIntegerField, Expression, F, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone

from core.actor import Actor, Source
from core.prepared import Slot, ask, one_of
from records.models import Way

Path = str | Expression

_STATEMENT = """
WITH quiet AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
INSERT INTO records_look (person_id, role, branch_id, way, day, subject_type, subject_id, customer_id, order_id,
                          record_branch_id, first_at, last_at, times)
SELECT %s, %s, %s, %s, %s, %s, seen.*, clock_timestamp(), clock_timestamp(), 1 FROM ({seen}) AS seen, quiet
ON CONFLICT (person_id, subject_type, subject_id, day, way, branch_id)
DO UPDATE SET last_at = greatest(records_look.last_at, EXCLUDED.last_at), times = records_look.times + %s
RETURNING id
"""


@dataclass(frozen=True)
class About:
    """How a record leads to its person, its order and its branch: paths of fields, or expressions."""

    model: type[models.Model]
    customer: Path
    order: Path
    branch: Path


@dataclass(frozen=True)
class Seen:
    """What an address shows: records of one type, found by a column. `is_part`: a piece of a page that counts itself."""

    record_type: str
    by: str
    values: Sequence[Any]
    is_part: bool = False


Finder = Callable[[Mapping[str, Any]], Seen | None]
_about: dict[str, About] = {}
_doors: dict[str, Finder] = {}


def about(model: type[models.Model], *, customer: Path, order: Path = "", branch: Path = "branch_id") -> None:
    """Declare that records of this model are about a person."""
    _about[model._meta.label_lower] = About(model, customer, order, branch)


def shown(model: type[models.Model], by: str, *addresses: str) -> None:
    """Declare the addresses that show one record, by the column that stands in them (`number`, `pk`)."""
    label = model._meta.label_lower
    shown_by(lambda named: Seen(label, by, [_as_stored(named[by])]), *addresses)


def shown_by(find: Finder, *addresses: str) -> None:
    """Declare addresses of which a function tells what they show."""
    _doors.update(dict.fromkeys(addresses, find))
    finder_of.cache_clear()


def types() -> list[str]:
    """Types of the records that are about a person."""
    return sorted(_about)


def also(request: HttpRequest, seen: Seen) -> None:
    """Said by a view that shows records of which its address tells nothing (a sheet of tickets)."""
    vars(request)["seen"] = seen


def _as_stored(value: Any) -> Any:
    """Numbers are kept in capitals and found whichever way they are typed."""
    return value.upper() if isinstance(value, str) else value


@cache
def finder_of(address: str) -> Finder | None:
    """The declaration of an address: the longest of those that it begins with."""
    found = max((known for known in _doors if address.startswith(known)), key=len, default=None)
    return _doors[found] if found else None


def at(request: HttpRequest) -> Seen | None:
    """What the answered request showed of persons; None where it showed nothing of the kind."""
    said: Seen | None = vars(request).get("seen")
    match = request.resolver_match
    finder = finder_of(match.route) if match and said is None else None
    seen = finder(match.kwargs) if finder and match else said
    return seen if seen and seen.values and seen.record_type in _about else None


def note(actor: Actor, seen: Seen, way: Way, counts: bool = True) -> int:
    """Write the look, or count it on today's. Returns how many records it was.

    The statement does not wait for the disk: after a power cut the looks of the last half second may be missing.
    """
    text, parameters = _seen_by(seen.record_type, seen.by)
    values = [list(seen.values) if isinstance(one, Slot) else one for one in parameters]
    who = [actor.user_id, actor.role, actor.branch_id, way.value, timezone.localdate(), seen.record_type]
    return len(ask(_STATEMENT.format(seen=text), [*who, *values, int(counts)]))


def way_of(actor: Actor, content_type: str) -> Way:
    """By which way: another system, a page, or a paper or file."""
    if actor.source == Source.API:
        return Way.API
    return Way.PAGE if content_type.startswith("text/html") else Way.FILE


@cache
def _seen_by(record_type: str, by: str) -> tuple[str, tuple[Any, ...]]:
    """The query of keys, person, order and branch; its text is put together once."""
    known = _about[record_type]
    found: QuerySet[Any] = known.model._base_manager.filter(one_of("pk" if by == "pk" else by, "values")).order_by()
    named = {"seen_customer": known.customer, "seen_order": known.order, "seen_branch": known.branch}
    rows = found.annotate(**{name: _path(path) for name, path in named.items()}).values_list("pk", *named)
    text, parameters = rows.query.sql_with_params()
    return text, tuple(parameters)


def _path(path: Path) -> Expression | F:
    if isinstance(path, Expression):
        return path
    return F(path) if path else Cast(Value(None), BigIntegerField())
