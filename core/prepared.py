"""Questions that every page asks: the text of the query is put together once, and asked with other values each time.

Composing a query takes Django longer than the database needs to answer it: 0.3 ms for a plain one, 2 ms for a wide join. Where
the text is always the same, say so:

    @prepared
    def _roles_of() -> QuerySet[Membership]:
        return Membership.objects.filter(user=Slot("user")).select_related("branch")

    roles = _roles_of().rows(user=request.user.pk)

What changes the text (a wider scope, other columns) is an argument of the function: each value keeps a text of its own. What is
only a value is a `Slot`, and is sent as a parameter like any other. Inside must be nothing that reads the clock, the language
or the time zone (`timezone.now()`, `TruncDate`): it would be read once.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import lru_cache
from typing import Any, Generic, ParamSpec, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.compiler import SQLCompiler
from django.db.models import BooleanField, Expression, F, Field, Func, QuerySet
from django.db.transaction import TransactionManagementError
from psycopg import Cursor, sql

from core.arrays import OneOf

# Texts of one question; where filters are its arguments, the ones that were not asked for longest go.
KEPT = 256
_PLACE = re.compile("%[s%]")
P = ParamSpec("P")
Row = TypeVar("Row")


class Slot(Expression):
    """A value that is given when the query is asked: `filter(customer=Slot("customer"))`.

    It is sent as it is given: a key, a word, a day, a moment, an amount; for `one_of` a list of them. Never None.
    """

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]


def one_of(column: str, slot: str) -> OneOf:
    """Condition: the column is one of a list of values. `filter(one_of("order_id", "orders"))`."""
    return OneOf(F(column), Slot(slot))


def like(column: str, slot: str) -> Func:
    """Condition: the text is like a pattern that `beginning` or `holding` has made."""
    return Func(F(column), Slot(slot), template="%(expressions)s", arg_joiner=" LIKE ", output_field=BooleanField())


def beginning(text: str) -> str:
    """The pattern of texts that begin so."""
    return f"{connections[DEFAULT_DB_ALIAS].ops.prep_for_like_query(text)}%"


def holding(text: str) -> str:
    """The pattern of texts in which this stands somewhere."""
    return f"%{beginning(text)}"


def written(text: str, parameters: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """A statement with all values but its slots written into the text: they are the same each time it is asked.

    So PostgreSQL keeps a plan that is made for them: it knows how many rows they stand for, and that a partial index serves.
    """
    values, connection = iter(parameters), connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()

    def place(sign: re.Match[str]) -> str:
        value = next(values) if sign[0] == "%s" else None
        if value is None or isinstance(value, Slot):
            return sign[0]
        return sql.Literal(value).as_string(connection.connection).replace("%", "%%")

    return _PLACE.sub(place, text), tuple(value for value in parameters if value is None or isinstance(value, Slot))


def with_slots(parameters: Sequence[Any], values: Mapping[str, Any]) -> tuple[Any, ...]:
    """The parameters of a statement with the values of its slots."""
    return tuple(values[one.name] if isinstance(one, Slot) else one for one in parameters)


def ask(text: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Rows of a statement whose text comes again: PostgreSQL plans it for the first few times only (on one connection)."""
    connection = connections[DEFAULT_DB_ALIAS]
    connection.ensure_connection()
    make: Any = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with make(Cursor(connection.connection)) as cursor:
        cursor.execute(text, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


class Prepared(Generic[Row]):
    """A query whose text is kept. Related rows and columns of others come along as the queryset says."""

    def __init__(self, found: QuerySet[Any, Row]) -> None:
        self._found: Any = found.all()
        vars(self._found)["_query"] = _Kept(found)  # the setter takes a whole query only

    def rows(self, **values: Any) -> list[Row]:
        """Ask with a value for every slot."""
        asked = self._found.all()
        asked.query.values = values
        return list(asked)

    def count(self, **values: Any) -> int:
        """How many rows there are. Let the query read keys alone."""
        asked = self._found.all().query.get_compiler()
        asked.values = values
        if asked.text:
            asked.text = f"SELECT count(*) FROM ({asked.text}) AS counted"  # noqa: S608 (the ORM's own text)
        return sum(number for found in asked.execute_sql() for (number,) in found)

    def row(self, **values: Any) -> Row | None:
        """The first row, or None. Narrow the query so that there are not many."""
        return next(iter(self.rows(**values)), None)


def prepared(compose: Callable[P, QuerySet[Any, Row]]) -> Callable[P, Prepared[Row]]:
    """Decorates the function that composes the query; its arguments, if any, are what changes the text."""

    @lru_cache(maxsize=KEPT)
    def kept(*arguments: P.args, **named: P.kwargs) -> Prepared[Row]:
        return Prepared(compose(*arguments, **named))

    return cast(Callable[P, Prepared[Row]], kept)


class _Kept(SQLCompiler):
    """What Django makes of a query before it is sent. In a queryset it also stands for the query itself."""

    def __init__(self, found: QuerySet[Any, Any]) -> None:
        super().__init__(found.query, connections[DEFAULT_DB_ALIAS], DEFAULT_DB_ALIAS)
        try:
            self.text, self.parameters = written(*super().as_sql())
        except EmptyResultSet:
            self.text, self.parameters = "", ()  # nothing can answer: it is not even sent
        self.converters = super().get_converters([column[0] for column in self.select[: self.col_count]])
        self.values: Mapping[str, Any] = {}
        self.locks = found.query.select_for_update

    def chain(self) -> "_Kept":
        return copy(self)

    def get_compiler(self, using: str | None = None, connection: Any = None, elide_empty: bool = True) -> "_Kept":
        self.connection = connections[using or DEFAULT_DB_ALIAS]
        return self

    def as_sql(self, with_limits: bool = True, with_col_aliases: bool = False) -> tuple[str, tuple[Any, ...]]:
        return self.text, with_slots(self.parameters, self.values)

    def execute_sql(self, *_how: Any, **_named: Any) -> Any:
        """All rows, by a statement that the connection's own backend has planned before."""
        if not self.text:
            return []
        if self.locks and self.connection.get_autocommit():
            raise TransactionManagementError("Rows are locked inside of a transaction.")
        rows = ask(*self.as_sql())
        return [[row[: self.col_count] for row in rows] if self.has_extra_select else rows]

    def get_converters(self, expressions: Any) -> Any:
        return self.converters
