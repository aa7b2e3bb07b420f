"""Orders in the search box and under the scanner, anywhere in the product."""

import re
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import palette
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.palette import Hit, Searcher
from branches.roles import Can
from branches.scope import Scope
from core import formats
from customers.search import search as search_customers
from orders import numbering, states
from orders.models import Order

_DIGITS = re.compile(r"\d{1,6}$")
_NUMBERED = re.compile(r"[A-Z0-9]{1,6}-\d{0,6}$")
_SHORTEST_NAME = 3
_CUSTOMERS = 5


def connect() -> None:
    """At start-up."""
    label = gettext_lazy("Orders")
    palette.register(Searcher("orders", label, 20, _search, can=Can.VIEW_ORDERS, prefix="#"))
    palette.register_scanner(_scanned)


def matching(scope: Scope, text: str) -> QuerySet[Order]:
    """Orders by number (`RSB-10482`, its beginning, or the digits alone), by the customer's code, else by the customer."""
    orders: QuerySet[Order] = Order.objects.visible_to(scope).select_related("customer", "branch")
    wanted = text.strip().upper()
    code = numbering.read_public_code(wanted)
    if code is not None:
        return orders.filter(public_code=code)
    if _NUMBERED.match(wanted):
        return orders.filter(number__startswith=wanted).order_by("number")
    if _DIGITS.match(wanted):
        return orders.filter(number__in=[f"{branch}-{int(wanted):05d}" for branch in _branch_codes()])
    if len(wanted) < _SHORTEST_NAME:
        return orders.none()
    people = [row.id for row in search_customers(scope, text, _CUSTOMERS)]
    under_way = Q(customer_id__in=people) & Q(state__in=[state.value for state in states.OPEN])
    return orders.filter(under_way).order_by("-pk")


def _branch_codes() -> list[str]:
    return list(Branch.objects.values_list("code", flat=True))


def _search(request: StaffRequest, text: str) -> Sequence[Hit]:
    today = timezone.localdate()
    found = list(matching(request.scope, text)[: palette.LIMIT])
    return [
        Hit(_label(order), reverse("orders:page", args=[order.number]), _meta(order, today), "orders")
        for order in found
    ]


def _label(order: Order) -> str:
    customer = order.customer
    name = f"{customer.family_name}, {customer.given_names}" if customer.family_name else customer.given_names
    return f"{order.number}, {name}"


def _meta(order: Order, today: date) -> str:
    promised = _("promised %(day)s") % {"day": formats.day(order.promised_on, today=today)} if order.promised_on else ""
    return " · ".join(part for part in (order.get_state_display(), promised, order.branch.code) if part)


def _scanned(request: StaffRequest, code: str) -> str | None:
    """A slip's order number or the customer's code opens the order. Trays and open jobs are asked before."""
    wanted = code.strip().lstrip("~").upper()
    public = numbering.read_public_code(wanted)
    found = Order.objects.visible_to(request.scope).filter(Q(number=wanted) | Q(public_code=public or wanted)).first()
    return reverse("orders:page", args=[found.number]) if found else None
