"""Many values at once."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Expression, Func


class OneOf(Func):
    """`OneOf(F("family"), Value(names))`: `IN` with one array; a thousand parameters take longer to write than to look up."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()


class Keys(Expression):
    """Primary keys as one array, written into the statement: it is planned anew each time, for just these and their number."""

    def __init__(self, of: Sequence[int]) -> None:
        super().__init__(ArrayField(BigIntegerField()))
        self.text = array_of(of)

    def as_sql(self, _compiler: Any, _connection: Any) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.text}'::bigint[]", ()


def array_of(keys: Sequence[int]) -> str:
    """An array as PostgreSQL writes it; numbers alone, so that it may stand in a statement."""
    return f"{{{','.join(str(int(key)) for key in keys)}}}"
