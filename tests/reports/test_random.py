"""A thousand random operations, read in random bites: what stands equals what a rebuild makes of the records."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from cases.models import Case
from cases.services import cases
from catalogue.models import Frame, LensProduct
from core import actor
from core.errors import DomainError
from customers.models import Customer
from demo.past import again
from inventory.models import StockEntry, StockItem
from labjobs.models import Job, QualityCheck
from notifications.models import Message
from orders.models import Order, OrderLink
from orders.services import orders, payments
from orders.services.payments import AdjustmentData
from reports.models import Fact
from reports.services import rebuilding
from tests.reports import year
from visits.models import Appointment

OPERATIONS = 1_000
SYSTEM = actor.system()


@pytest.fixture(scope="module")
def practice(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        year.build()
        yield
        transaction.set_rollback(True)


def any_of(model: Any, chance: Random, **where: Any) -> Any:
    """One row by chance."""
    ids = list(model._default_manager.filter(**where).order_by("pk").values_list("pk", flat=True))
    return model._default_manager.get(pk=chance.choice(ids))


def told(order: Order, kind: str, **more: Any) -> None:
    year.tell(kind, "orders.order", order.pk, order_id=order.pk, customer_id=order.customer_id, **more)


def put(row: Any, **values: Any) -> None:
    type(row)._default_manager.filter(pk=row.pk).update(**values)


def a_case(chance: Random) -> None:
    order = any_of(Order, chance)
    cases.open_case(SYSTEM, cases.CaseData("complaint", order, order.branch_id, "Waited", order_id=order.pk))


def a_case_is_coded_and_closed(chance: Random) -> None:
    case = any_of(Case, chance)
    closed = case.recorded_at + timedelta(hours=chance.randrange(99))
    put(case, state="closed", closed_at=closed, cause_code=chance.choice(("L01", "S02")), party_at_fault="lab")
    year.tell("case.closed", "cases.case", case.pk, order_id=case.order_id)


def a_price_changes(chance: Random) -> None:
    order = any_of(Order, chance, confirmed_at__isnull=False)
    payments.adjust(SYSTEM, AdjustmentData(order.pk, Decimal(chance.randint(-9000, 2000)) / 100, "Agreed", None, None))


def a_cancellation(chance: Random) -> None:
    orders.cancel(SYSTEM, any_of(Order, chance).pk, "Changed their mind")


def an_order_is_ready_at_another_time(chance: Random) -> None:
    order = any_of(Order, chance, confirmed_at__isnull=False)
    ready = chance.choice((None, order.confirmed_at + timedelta(hours=chance.randrange(400))))
    put(
        order,
        ready_at=ready,
        collected_at=ready and chance.choice((None, ready + timedelta(hours=chance.randrange(500)))),
    )
    told(order, "order.ready" if ready else "order.sent_back")


def a_remake_of_whatever_was_made(chance: Random) -> None:
    job = any_of(Job, chance, order__confirmed_at__isnull=False)
    put(job, state="remade")
    Job.objects.bulk_create(
        [again(job, number=f"R{Job.objects.count()}", tray_id=None, state="collected", remake_of_id=job.pk,
               remake_reason=chance.choice(("L02", "S02")), party_at_fault="lab", payer=chance.choice(("shop", "lab")),
               remake_cost=Decimal(chance.randrange(900)))]
    )  # fmt: skip
    told(job.order, "labjob.released")


def a_failed_check(chance: Random) -> None:
    check = any_of(QualityCheck, chance)
    QualityCheck.objects.bulk_create([again(check, attempt=QualityCheck.objects.count() + 9, passed=False)])
    told(check.job.order, "labjob.qc_failed")


def two_people_are_one(chance: Random) -> None:
    one, into = any_of(Customer, chance, merged_into=None), any_of(Customer, chance, merged_into=None)
    if one.pk < into.pk:
        put(one, merged_into=into)
        for who in (one, into):
            year.tell("customer.merged", "customers.customer", who.pk, customer_id=who.pk)


def a_birthday_is_corrected(chance: Random) -> None:
    who = any_of(Customer, chance)
    put(who, birth_date=chance.choice((None, timezone.localdate() - timedelta(days=chance.randrange(9000, 30000)))))
    year.tell("customer.changed", "customers.customer", who.pk, customer_id=who.pk)


def an_appointment_ends(chance: Random) -> None:
    found = any_of(Appointment, chance)
    put(found, state=chance.choice(("no_show", "done", "cancelled")))
    year.tell("appointment.done", "visits.appointment", found.pk, customer_id=found.customer_id)


def a_message_arrives_or_not(chance: Random) -> None:
    found = any_of(Message, chance)
    put(found, state=chance.choice(("sent", "delivered", "dead", "failed")))
    year.tell("message.sent", "notifications.message", found.pk, customer_id=found.customer_id, order_id=found.order_id)


def stock_moves(chance: Random) -> None:
    item = any_of(StockItem, chance)
    at = timezone.now() - timedelta(days=chance.randrange(400))
    movement, quantity = chance.choice((("sold", -1), ("received", 2), ("returned", 1), ("damaged", -1)))
    StockEntry.objects.create(item=item, movement=movement, quantity=quantity, at=at)
    year.tell("stock.adjusted", "inventory.stockitem", item.pk)


def a_frame_gets_another_brand_and_cost(chance: Random) -> None:
    frame = any_of(Frame, chance)
    put(frame, brand=chance.choice(("Karoo", "Vaal", "Orange")), cost=Decimal(chance.randrange(100, 900)))
    year.tell("catalogue.frame_changed", "catalogue.frame", frame.pk)


def a_lens_gets_another_material(chance: Random) -> None:
    lens = any_of(LensProduct, chance)
    put(lens, material=chance.choice(("MR-8", "CR-39", "Trivex")))
    year.tell("catalogue.lens_changed", "catalogue.lensproduct", lens.pk)


def a_customer_looks(chance: Random) -> None:
    link = any_of(OrderLink, chance)
    put(link, use_count=link.use_count + 1, last_used_at=timezone.now())


def a_rating(chance: Random) -> None:
    told(any_of(Order, chance, confirmed_at__isnull=False), "feedback.given", data={"time": chance.randint(0, 5)})


def a_recall(chance: Random) -> None:
    who = any_of(Customer, chance)
    year.tell("customer.recall_due", "customers.customer", who.pk, customer_id=who.pk)


def another_seller(chance: Random) -> None:
    order = any_of(Order, chance)
    put(order, seller_id=any_of(Order, chance).seller_id)
    told(order, "order.note")


VERBS: tuple[Callable[[Random], None], ...] = (
    a_case, a_case_is_coded_and_closed, a_price_changes, a_cancellation, an_order_is_ready_at_another_time,
    a_remake_of_whatever_was_made, a_failed_check, two_people_are_one, a_birthday_is_corrected, an_appointment_ends,
    a_message_arrives_or_not, stock_moves, a_frame_gets_another_brand_and_cost, a_lens_gets_another_material, a_customer_looks,
    a_rating, a_recall, another_seller,
)  # fmt: skip


def test_a_thousand_operations_read_in_bites_equal_a_rebuild(practice: None, django_db_blocker: Any) -> None:
    chance, done, after = Random(62), 0, 0
    with django_db_blocker.unblock():
        after = year.last_event()
        for number in range(OPERATIONS):
            try:
                with transaction.atomic():
                    chance.choice(VERBS)(chance)
                done += 1
            except DomainError:
                pass  # a verb that its record refuses changes nothing
            if chance.random() < 0.01 or number == OPERATIONS - 1:
                after = year.read(after)
        assert done > OPERATIONS * 0.8
        assert Fact.objects.count() > 1_000
        assert rebuilding.check() == []
