"""What is typed above the list of orders, as a condition that an index answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Cast

from branches.models import Branch
from core.arrays import Keys, OneOf, OneOfMany, array_of
from core.prepared import Slot
from customers.models import Customer
from customers.names import holding
from orders.models import Order
from orders.numbering import read_public_code

# The list asks ten questions at once, and each would look up again who and what is meant: so many are looked up before.
MOST_PEOPLE, MOST_NUMBERED = 5000, 200
SHORTEST_NAME_IN_DIGITS = 4


@dataclass(frozen=True)
class Meant:
    """Keys of orders under a number or code, and of customers of a name; None where there are too many to be looked up."""

    text: str
    orders: Sequence[int] | None
    people: Sequence[int] | None

    def condition(self) -> Q:
        """Of orders, for one question."""
        wanted = _numbered(self.text) if self.orders is None else Q(pk__in=self.orders)
        if self.people is None:
            return wanted | Q(customer_id__in=_people(self.text))
        return wanted | Q(OneOf(F("customer_id"), Keys(self.people))) if self.people else wanted

    def values(self) -> dict[str, str] | None:
        """For a kept question under `kept_condition`; None where it cannot be asked so."""
        if self.orders is None or self.people is None:
            return None
        return {"orders": array_of(self.orders), "people": array_of(self.people)}


def meant(text: str) -> Meant:
    """An order number (whole, its beginning or its digits), the customer's code, or words of the customer's name or number."""
    orders = Order.objects.filter(_numbered(text)).order_by("pk").values_list("pk", flat=True)
    people = [] if _is_short_number(text) else _few(_people(text), MOST_PEOPLE)
    return Meant(text, _few(orders, MOST_NUMBERED), people)


def kept_condition() -> Q:
    """The same with slots for the keys: for the counts beside the views, which ask it of few rows."""
    orders, people = (Cast(Slot(name), ArrayField(BigIntegerField())) for name in ("orders", "people"))
    return Q(OneOf(F("pk"), orders)) | Q(OneOfMany(F("customer_id"), people))


def _few(keys: QuerySet[Any, int], most: int) -> list[int] | None:
    found = list(keys[: most + 1])
    return found if len(found) <= most else None


def _is_short_number(text: str) -> bool:
    """Digits that name no customer: nearly everybody's number holds them."""
    return text.isdecimal() and len(text) < SHORTEST_NAME_IN_DIGITS


def _people(text: str) -> QuerySet[Customer, int]:
    return Customer.objects.filter(holding(text)).order_by().values_list("pk", flat=True)


def _numbered(text: str) -> Q:
    """Orders under that number or code, by their indexes; both are kept in capitals."""
    code = text.upper()
    wanted = Q(number__startswith=code) | Q(public_code=read_public_code(text) or code)
    if text.isdecimal() and len(text) <= 8:
        branches = Branch.objects.values_list("code", flat=True)
        wanted |= Q(number__in=[f"{branch}-{text.zfill(5)}" for branch in branches])
    return wanted
