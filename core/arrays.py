"""Many values in one parameter."""

from django.db.models import BooleanField, Func


class OneOf(Func):
    """`OneOf(F("family"), Value(names))`: `IN` with one array; a thousand parameters take longer to write than to look up."""

    template, arg_joiner, output_field = "%(expressions)s)", " = ANY(", BooleanField()
