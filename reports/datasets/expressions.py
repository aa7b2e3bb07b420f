"""Expressions that datasets share: a moment by the branch's clock, its month, sums beside a row."""

from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    DecimalField,
    Expression,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat, Now, Trim

AMOUNT = DecimalField(max_digits=14, decimal_places=2)


def local(path: str, zone: str) -> Func:
    """The moment as the clock in the branch showed it (a time without zone)."""
    return Func(F(zone), F(path), function="timezone", output_field=DateTimeField())


def days_late(done: str, promised: str, zone: str) -> Func:
    """Days from a promised date to the day it was kept, or to today while it is not: below zero is early."""
    today = Cast(Func(F(zone), Now(), function="timezone", output_field=DateTimeField()), DateField())
    kept = Coalesce(Cast(local(done, zone), DateField()), today)
    return Func(kept, F(promised), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField())


def month(source: Expression | F) -> Cast:
    """The first day of the month of a date."""
    return Cast(Func(Value("month"), source, function="date_trunc"), DateField())


def full_name(path: str = "") -> Expression:
    """Given and family name of the customer at the end of a path, or of the row itself."""
    before = f"{path}__" if path else ""
    return Trim(Concat(F(f"{before}given_names"), Value(" "), F(f"{before}family_name"), output_field=CharField()))


def sum_beside(rows: QuerySet[Any], link: str, amount: str = "amount") -> Coalesce:
    """The sum of other rows that point here by `link`; nothing counts as zero."""
    total = rows.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(sum=Sum(amount)).values("sum")
    return Coalesce(Subquery(total, output_field=AMOUNT), Value(0), output_field=AMOUNT)


def one_beside(rows: QuerySet[Any], link: str, field: str) -> Subquery:
    """One value of the row that points here by `link`."""
    return Subquery(rows.filter(**{link: OuterRef("pk")}).values(field)[:1])
