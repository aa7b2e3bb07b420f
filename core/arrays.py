"""Many values in one parameter."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, Func, Value
from django.db.models.functions import Cast


class OneOf(Func):
    """`OneOf(F("family"), Value(names))`: `IN` with one array; a thousand parameters take longer to write than to look up."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()


def keys(of: Sequence[int]) -> Cast:
    """Primary keys as one array, written as one text: thousands of them are put together number by number otherwise."""
    return Cast(Value(f"{{{','.join(map(str, of))}}}"), ArrayField(BigIntegerField()))
