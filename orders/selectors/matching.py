"""What is typed above the list of orders, as a condition that an index answers."""

from django.db.models import F, Q

from branches.models import Branch
from core.arrays import OneOf, keys
from customers.models import Customer
from customers.names import holding
from orders.models import Order
from orders.numbering import read_public_code

# The list asks ten questions at once, and each would look up again who and what is meant: so many are looked up before.
MOST_PEOPLE, MOST_NUMBERED = 5000, 200
SHORTEST_NAME_IN_DIGITS = 4


def matches(text: str) -> Q:
    """An order number (whole, its beginning or its digits), the customer's code, or words of the customer's name or number."""
    wanted = _numbered(text)
    orders = list(Order.objects.filter(wanted).order_by("pk").values_list("pk", flat=True)[: MOST_NUMBERED + 1])
    if len(orders) <= MOST_NUMBERED:
        wanted = Q(pk__in=orders)
    if text.isdecimal() and len(text) < SHORTEST_NAME_IN_DIGITS:
        return wanted
    people = Customer.objects.filter(holding(text)).order_by().values_list("pk", flat=True)
    ids = list(people[: MOST_PEOPLE + 1])
    if len(ids) > MOST_PEOPLE:
        return Q(customer_id__in=people) if not orders else wanted | Q(customer_id__in=people)
    return wanted | Q(OneOf(F("customer_id"), keys(ids))) if ids else wanted


def _numbered(text: str) -> Q:
    """Orders under that number or code, by their indexes; both are kept in capitals."""
    code = text.upper()
    wanted = Q(number__startswith=code) | Q(public_code=read_public_code(text) or code)
    if text.isdecimal() and len(text) <= 8:
        branches = Branch.objects.values_list("code", flat=True)
        wanted |= Q(number__in=[f"{branch}-{text.zfill(5)}" for branch in branches])
    return wanted
