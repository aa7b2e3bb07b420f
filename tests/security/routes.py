"""One line for every address: the right it needs, what it points at, and whether that belongs to a branch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from branches.roles import Can
from tests.security.world import World

# Addresses of packages, with tests of their own.
IGNORED = ("account_", "mfa_", "usersessions_", "socialaccount_")


def nothing(_world: World) -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True)
class Route:
    """`of_branch`: the object belongs to a branch, so a stranger gets 404. `door` is staff or public."""

    needs: str = ""
    args: Callable[[World], tuple[Any, ...]] = nothing
    of_branch: bool = False
    method: str = "get"
    door: str = "staff"
    answers: tuple[int, ...] = (200,)
    organisation_wide: bool = False


def of_order(needs: str, method: str = "get") -> Route:
    return Route(needs, lambda w: (w.order.number,), True, method)


def of_draft(needs: str, method: str = "get") -> Route:
    return Route(needs, lambda w: (w.draft.number,), True, method)


def of_job(needs: str, method: str = "get") -> Route:
    return Route(needs, lambda w: (w.job.number,), True, method)


def of_case(needs: str, method: str = "get") -> Route:
    return Route(needs, lambda w: (w.case.number,), True, method)


def of_customer(needs: str, method: str = "get") -> Route:
    return Route(needs, lambda w: (w.customer.number,), method=method, organisation_wide=True)


def of_prescription(needs: str, method: str = "get") -> Route:
    return Route(needs, lambda w: (w.prescription.pk,), method=method, organisation_wide=True)


ROUTES: dict[str, Route] = {
    "cases:inbox": Route(Can.VIEW_CASES),
    "cases:open": Route(Can.MANAGE_CASES, lambda w: ("orders.order", w.order.pk), True),
    "cases:page": of_case(Can.VIEW_CASES),
    "cases:assign": of_case(Can.MANAGE_CASES, "post"),
    "cases:take": of_case(Can.MANAGE_CASES, "post"),
    "cases:note": of_case(Can.MANAGE_CASES, "post"),
    "cases:code": of_case(Can.MANAGE_CASES, "post"),
    "cases:ask": of_case(Can.MANAGE_CASES, "post"),
    "cases:decide": of_case(Can.VIEW_CASES, "post"),
    "cases:tick": Route(Can.MANAGE_CASES, lambda w: (w.case.number, "customer_answered"), True),
    "cases:close": of_case(Can.MANAGE_CASES, "post"),
    "records:reviews": Route(Can.VIEW_ORDERS),
    "records:override": Route(Can.OVERRIDE_REVIEWS, lambda w: (w.review.pk,), True),
    "records:history": Route(Can.VIEW_ORDERS, lambda w: ("orders.order", w.order.pk), True),
    "records:add_evidence": Route(Can.VIEW_ORDERS, lambda w: ("orders.order", w.order.pk), True),
}
