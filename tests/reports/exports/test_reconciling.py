"""Reconciliation finds what disagrees, says so to the right branch, and is silent about a practice that agrees."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import User
from cases.models import Case
from cases.services import cases
from core import job_runs
from core.actor import Actor, system
from core.errors import GateClosed
from inventory.models import StockEntry, StockItem
from notifications.models import Message
from orders.models import Order
from reports.models import Difference, Reconciliation
from reports.reconciling import running
from reports.reconciling.checks import BY_CODE, CHECKS
from tests import factories
from tests.labjobs import makers as lab
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def tamper(query: str, *values: Any) -> None:
    """Change the data behind the services' back, history and ledgers included."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(query, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def fill_ledgers() -> None:
    """The makers lay frames on the shelf without a delivery; here the delivery is entered after the fact."""
    for item in StockItem.objects.all():
        missing = item.on_hand - sum(entry.quantity for entry in item.entries.all())
        if missing:
            StockEntry.objects.create(item=item, movement="received", quantity=missing)


def differences() -> list[tuple[str, str]]:
    return [(row.check_code, row.label) for row in running.run(system()).differences.order_by("pk")]


def test_a_practice_made_by_the_services_agrees() -> None:
    at = lab.bench()
    lab.collected(at)
    lab.released(at)
    makers.confirmed(at.shop)
    fill_ledgers()
    assert differences() == []
    assert Case.objects.filter(kind="reconciliation").count() == 0
    call_command("reconcile")


def test_every_check_has_words_and_runs() -> None:
    assert len(BY_CODE) == len(CHECKS) >= 15
    running.run(system())


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("UPDATE orders_ledgerentry SET amount = amount + 1 WHERE order_id = %s AND kind = 'charge'", "charged"),
        ("UPDATE orders_order SET state = 'in_production' WHERE id = %s", "no_job"),
        ("UPDATE orders_order SET state = 'shipped', shipped_at = now() WHERE id = %s", "shipped_without_parcel"),
        (
            "UPDATE orders_order SET state = 'ready', ready_at = now() - interval '2 hours' WHERE id = %s",
            "not_told_ready",
        ),
        ("UPDATE orders_order SET state = 'cancelled', cancelled_at = now() WHERE id = %s", "cancelled_owing"),
        ("UPDATE orders_order SET state = 'collected', payment_due_on = NULL WHERE id = %s", "handed_over_owing"),
    ],
)
def test_what_was_changed_behind_the_services_is_found(shop: Shop, query: str, code: str) -> None:
    order = makers.confirmed(shop)
    fill_ledgers()
    assert differences() == []
    tamper(query, order.pk)
    assert (code, order.number) in differences()


def test_stock_that_left_the_ledger_is_found(shop: Shop) -> None:
    factories.stocked(at=shop.branch, pieces=3)
    tamper("UPDATE inventory_stockitem SET on_hand = on_hand + 1 WHERE branch_id = %s", shop.branch.pk)
    made = running.run(system())
    found = made.differences.get(check_code="on_hand")
    assert (found.expected, found.found, found.branch) == ("3", "4", shop.branch)


def test_a_message_that_does_not_leave_is_found(shop: Shop) -> None:
    Message.objects.create(
        dedupe_key="x", template_key="ready", channel="sms", branch=shop.branch, recipient="+27", body="b",
        not_before=timezone.now() - timedelta(hours=2),
    )  # fmt: skip
    assert differences() == [("stuck_message", "ready sms")]


def test_a_difference_opens_one_case_that_closes_when_it_agrees_again(shop: Shop) -> None:
    order = makers.confirmed(shop)
    fill_ledgers()
    tamper("UPDATE orders_order SET state = 'in_production' WHERE id = %s", order.pk)
    running.run(system())
    running.run(system())
    case = Case.objects.get(kind="reconciliation")
    assert case.branch_id == shop.branch.pk
    assert order.number in case.description
    cases.assign(shop.manager, case.pk, shop.manager.user_id or 0)
    with pytest.raises(GateClosed):
        cases.close(shop.manager, case.pk, "looks fine")
    tamper("UPDATE orders_order SET state = 'confirmed' WHERE id = %s", order.pk)
    running.run(system())
    cases.close(shop.manager, case.pk, "mended")
    assert Case.objects.get(pk=case.pk).state == "closed"


def test_the_page_lists_own_branches_only_and_leads_to_the_records(shop: Shop) -> None:
    other = makers.shop()
    mine, theirs = makers.confirmed(shop), makers.confirmed(other)
    fill_ledgers()
    Order.objects.filter(pk__in=[mine.pk, theirs.pk]).update(state="in_production")
    running.run(system())
    body = signed_in(shop.manager).get(reverse("reporting:reconciliation")).content.decode()
    assert f'href="{reverse("orders:page", args=[mine.number])}"' in body
    assert theirs.number not in body
    assert signed_in(shop.receptionist).get(reverse("reporting:reconciliation")).status_code == 403


def test_compare_now_is_a_job_and_ends_in_the_bell(shop: Shop) -> None:
    client = signed_in(shop.manager)
    assert client.post(reverse("reporting:reconcile")).status_code == 303
    job_runs.run_waiting()
    assert Reconciliation.objects.get().finished_at is not None
    assert "Reconciliation" in client.get(reverse("notices")).content.decode()


def test_the_command_exits_with_an_error_when_something_differs(shop: Shop) -> None:
    order = makers.confirmed(shop)
    fill_ledgers()
    Order.objects.filter(pk=order.pk).update(state="in_production")
    with pytest.raises(CommandError, match="1 difference"):
        call_command("reconcile")
    assert Difference.objects.count() == 1
