"""Runs inside the product: a signed-in session, orders ready to be quoted, and the addresses to measure. Prints JSON."""

import json
import os
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bench import lenses
from branches.middleware import BRANCH_KEY
from branches.models import Branch, User
from customers.models import Channel, Customer
from demo import orders as selling
from inventory.models import StockItem
from labjobs.models import Job
from orders.models import Order
from orders.services import links

BRANCH = "RSB"
MANAGER = os.environ.get("BENCH_PERSON", "nomvula")


def session(name: str, branch: str) -> str:
    """Sign in as the log-in page does, without its deliberate slowness."""
    user = User.objects.get(email__startswith=f"{name}@")
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[BRANCH_KEY] = Branch.objects.get(code=branch).pk
    store.save()
    return str(store.session_key)


def to_confirm(count: int) -> list[dict[str, str]]:
    """Orders with frame, lenses and measurements, made by the product's services, and their customers' links."""
    fitting = StockItem.objects.filter(branch__code=BRANCH, frame__mount="full_rim", frame__b_mm__gte=36)
    item = fitting.filter(frame__eye_size_mm__range=(48, 56)).select_related("frame").earliest("frame_id")
    item.on_hand += count
    item.save(update_fields=["on_hand"])
    people = Customer.objects.filter(pk__gte=10_000_000).exclude(email="").order_by("pk")
    made = []
    for person in people.filter(home_branch__code=BRANCH)[:count]:
        person.called = f"Bench {person.pk}"
        person.save(update_fields=["called"])
        wish = selling.Wish(
            (person.called, person.family_name), BRANCH, selling.SINGLE, _keep, item.frame.sku, with_exam=False
        )
        selling.make(wish)
        order = Order.objects.filter(customer=person).latest("pk")
        link = links.link_for(order, Channel.EMAIL)
        made.append({"number": order.number, "code": order.public_code, "link": link[link.index("/t/") :]})
    return made


def _keep(at: Any, order: Order) -> None:
    """As far as the dispensing desk."""


def facts() -> dict[str, Any]:
    """Everything that a measurement needs to know about this database."""
    orders = Order.objects.filter(branch__code=BRANCH)
    closed = orders.filter(state="closed").order_by("-pk")[5000:5001].get() if orders.count() > 6000 else None
    known = closed or orders.filter(state="closed").latest("pk")
    moving = orders.filter(state="in_production").latest("pk")
    link = links.link_for(moving, Channel.EMAIL)
    products = lenses.load()
    return {
        "session": session(MANAGER, BRANCH),
        "lab_session": session(MANAGER, "MID"),
        "counts": {
            "customers": Customer.objects.count(),
            "orders": Order.objects.count(),
            "jobs": Job.objects.count(),
            "lenses": products,
        },
        "customer": known.customer.number,
        "family_name": known.customer.family_name,
        "full_name": known.customer.full_name,
        "phone_ends": known.customer.phone[-6:],
        "born": known.customer.birth_date.isoformat() if known.customer.birth_date else "",
        "order": known.number,
        "moving": moving.number,
        "public": {"code": moving.public_code, "link": link[link.index("/t/") :]},
    }


if __name__ == "__main__":
    found = facts()
    found["confirm"] = to_confirm(int(sys.argv[1]))
    found["draft"] = found["confirm"][0]["number"] if found["confirm"] else ""
    sys.stdout.write(f"\nFACTS {json.dumps(found)}\n")
