"""What is typed above the list of orders, as a condition that an index answers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from branches.models import Branch
from core import prepared
from core.arrays import Keys, OneOf, array_of
from core.prepared import Slot, like
from customers.models import Customer
from customers.names import fold, holding
from orders.models import Order
from orders.numbering import read_public_code

# More are not looked up before: the orders of a list are asked one by one whether their customer is meant. Where so many
# share a name a page of them is soon found, and it costs the same when ten times as many do.
MOST_PEOPLE, MOST_NUMBERED = 2000, 200
SHORTEST_NAME_IN_DIGITS = 4


@dataclass(frozen=True)
class Meant:
    """Keys of orders under a number or code, and of customers of a name; None where there are too many to be looked up."""

    text: str
    orders: Sequence[int] | None
    people: Sequence[int] | None

    @property
    def words(self) -> list[str]:
        """What a customer's name or number has to hold. Nearly everybody's number holds a few digits: they name nobody."""
        is_short = self.text.isdecimal() and len(self.text) < SHORTEST_NAME_IN_DIGITS
        return [] if is_short else fold(self.text).split()

    def condition(self) -> Q:
        """Of orders, for one question."""
        wanted = _numbered(self.text) if self.orders is None else Q(pk__in=self.orders)
        if self.people is None:
            return wanted | Q(_customer_is(holding(self.text)))
        return wanted | Q(OneOf(F("customer_id"), Keys(self.people))) if self.people else wanted

    def values(self) -> dict[str, str] | None:
        """For a kept question under `kept_condition`; None where it cannot be asked so."""
        if self.orders is None:
            return None
        words = {f"word{n}": prepared.holding(word) for n, word in enumerate(self.words)}
        return {"orders": array_of(self.orders), **words}


def meant(text: str) -> Meant:
    """An order number (whole, its beginning or its digits), the customer's code, or words of the customer's name or number."""
    orders = Order.objects.filter(_numbered(text)).order_by("pk").values_list("pk", flat=True)
    found = Meant(text, _few(orders, MOST_NUMBERED), [])
    if not found.words:
        return found
    people = Customer.objects.filter(holding(text)).order_by().values_list("pk", flat=True)
    return replace(found, people=_few(people, MOST_PEOPLE))


def kept_condition(words: int) -> Q:
    """The same with slots, for a name of so many words: for the counts beside the views, which look at few orders."""
    wanted = Q(OneOf(F("pk"), Cast(Slot("orders"), ArrayField(BigIntegerField()))))
    if not words:
        return wanted
    return wanted | Q(_customer_is(reduce(and_, (Q(like("search_text", f"word{n}")) for n in range(words)))))


def _customer_is(named: Q) -> Subquery:
    """Asked of one order after the other by the customer's key, never the other way round."""
    customer = Customer.objects.filter(pk=OuterRef("customer_id")).order_by()
    return Subquery(customer.values(is_named=ExpressionWrapper(named, BooleanField())))


def _few(keys: QuerySet[Any, int], most: int) -> list[int] | None:
    found = list(keys[: most + 1])
    return found if len(found) <= most else None


def _numbered(text: str) -> Q:
    """Orders under that number or code, by their indexes; both are kept in capitals."""
    code = text.upper()
    wanted = Q(number__startswith=code) | Q(public_code=read_public_code(text) or code)
    if text.isdecimal() and len(text) <= 8:
        branches = Branch.objects.values_list("code", flat=True)
        wanted |= Q(number__in=[f"{branch}-{text.zfill(5)}" for branch in branches])
    return wanted
