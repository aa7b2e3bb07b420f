"""What is measured, what it should cost, and the path from a measured pair of glasses to a confirmed order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bench.client import Answer, Client, fields

Facts = dict[str, Any]


@dataclass(frozen=True)
class Work:
    """One thing that people do. `aim`: p95 as a multiple of the floor (None: only told). `few`: the same with few rows."""

    name: str
    path: Callable[[Facts], str]
    aim: int | None = None
    who: str = "session"
    few: Callable[[Facts], str] | None = None


def _search(text: Callable[[Facts], str]) -> Callable[[Facts], str]:
    return lambda facts: f"/customers/?{urlencode({'q': text(facts)})}"


def _orders(**query: str) -> Callable[[Facts], str]:
    return lambda facts: f"/orders/?{urlencode({name: value.format(**facts) for name, value in query.items()})}"


FLOOR = Work("floor: one indexed row, no middleware", lambda facts: f"/bench/floor/{facts['customer']}/", 1, "nobody")
WORKS = (
    Work(
        "customer search by name",
        _search(lambda facts: facts["family_name"][:6]),
        8,
        few=_search(lambda facts: facts["customer"]),
    ),
    Work("customer search by full name", _search(lambda facts: facts["full_name"]), 8),
    Work("customer search by phone ending", _search(lambda facts: facts["phone_ends"]), 8),
    Work("customer search by birth date", _search(lambda facts: facts["born"]), 8),
    Work("customer page with history", lambda facts: f"/customers/{facts['customer']}/", 15),
    Work("order list, open", _orders(), 12, few=_orders(q="{moving}")),
    Work("order list, done", _orders(view="done"), 12),
    Work("order list, by customer name", _orders(view="done", q="{family_name}"), 12),
    Work("Today board", lambda facts: "/", 12),
    Work("laboratory board", lambda facts: "/lab/", 20, "lab_session"),
    Work("order page", lambda facts: f"/orders/{facts['moving']}/"),
    Work("dispense page", lambda facts: f"/orders/{facts['draft']}/dispense/"),
    # 40 quarters are +10.00 D, which nothing is made for: the same question with no rows in its answer.
    Work(
        "lens finder, 5,000 products",
        lambda facts: "/bench/finder/8/",
        15,
        "nobody",
        few=lambda facts: "/bench/finder/40/",
    ),
    Work("public order page", lambda facts: f"/t/order/{facts['public']['code']}/", 6, "public"),
)
CONFIRM_AIM = 60


def clients(facts: Facts, port: int, who: str, count: bool = False) -> Client:
    """A browser of the person: signed in, let in by a link, or nobody in particular."""
    client = Client(port, count=count)
    if who in ("session", "lab_session"):
        client.cookies["sessionid"] = facts[who]
    elif who == "public":
        client.get(facts["public"]["link"])
    return client


def confirm(staff: Client, customer: Client, order: dict[str, str]) -> list[Answer]:
    """From a measured order to a confirmed one: quote, send, and the customer agrees by link. All requests of both."""
    number, page = order["number"], f"/orders/{order['number']}/"
    asked = [staff.get(page), staff.get(f"{page}quote/")]
    asked.append(staff.post(f"{page}quote/", _kept(asked[-1])))
    asked.append(staff.get(f"{page}send/"))
    asked.append(staff.post(f"{page}send/", _kept(asked[-1]) | {"channel": "email"}))
    asked.append(customer.get(order["link"]))
    asked.append(customer.get(f"/t/order/{order['code']}/approve/"))
    agreed = _kept(asked[-1]) | {"name": "Bench Customer", "agree": "on"}
    asked.append(customer.post(f"/t/order/{order['code']}/approve/", agreed))
    wrong = [f"{place}: {one.status}" for place, one in enumerate(asked) if one.status not in (200, 302, 303)]
    if wrong:
        raise AssertionError(f"{number} was not confirmed; {', '.join(wrong)}")
    return asked


def _kept(answer: Answer) -> dict[str, str]:
    return fields(answer.body)
