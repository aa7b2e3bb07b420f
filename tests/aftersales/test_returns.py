"""A return from the question to the money: who may, what the policy says, what stock and ledger show after it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from aftersales.models import Remedy, Return, ReturnPolicy, ReturnReason, ReturnState
from aftersales.services import returns, settling, waiting
from aftersales.services.returns import InspectionData
from aftersales.services.settling import SettleData
from branches.roles import Role
from cases.models import Case
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed, NotVisible
from inventory.models import StockEntry, StockItem
from notifications.models import Message
from notifications.services import planning
from orders.models import LedgerEntry, Order, OrderState
from orders.services import decisions, payments, quotations
from orders.services.quotations import QuoteRequest
from records import invariants
from records.models import Event
from tests import factories
from tests.aftersales import makers
from tests.aftersales.makers import FRAME
from tests.orders import makers as selling
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return selling.shop("RSB", name="Rosebank")


MONEY = {"R1", "R2", "R3", "R4", "I1", "I2", "I2b", "I2c", "I15"}


def states_of(found: Return) -> list[str]:
    return list(
        Event.objects.filter(subject_id=found.pk, kind__startswith="return.")
        .order_by("pk")
        .values_list("kind", flat=True)
    )


def test_a_customer_asks_by_the_link_and_the_policy_answers_at_once(shop: Shop) -> None:
    order = makers.handed_over(shop, days_ago=3)
    found = makers.asked(order)
    assert (found.state, found.branch_id, found.requested_by_id) == ("requested", shop.branch.pk, None)
    assert [(item.key, item.amount) for item in found.items.all()] == [("frame", FRAME)]
    assert found.explained[0]["allowed"] is True and "within 14 days" in found.explained[0]["why"]
    event = Event.objects.get(kind="return.requested")
    assert (event.order_id, event.role, event.reason_code) == (order.pk, "customer", "not_satisfied")
    assert event.data["items"].startswith("Karoo 214") and event.data["amount"] == "2450.00"


@pytest.mark.parametrize(
    ("days_ago", "reason", "keys", "allowed"),
    [
        (14, ReturnReason.NOT_SATISFIED, ["frame"], True),
        (15, ReturnReason.NOT_SATISFIED, ["frame"], False),
        (15, ReturnReason.DEFECTIVE, ["frame"], True),
        (181, ReturnReason.DEFECTIVE, ["frame"], False),
        (1, ReturnReason.NOT_SATISFIED, ["lenses"], False),
        (1, ReturnReason.WRONG, ["lenses"], True),
    ],
)
def test_the_window_depends_on_goods_and_reason(
    shop: Shop, days_ago: int, reason: str, keys: list[str], allowed: bool
) -> None:
    found = makers.asked(makers.handed_over(shop, days_ago), keys=keys, reason=reason)
    assert [one["allowed"] for one in found.explained] == [allowed]


def test_lenses_are_one_thing_without_the_name_of_a_surcharge(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop), keys=["lenses"], reason=ReturnReason.WRONG)
    item = found.items.get()
    assert item.description == "Vista HD progressive 1.60"
    assert item.amount == Decimal("7630.00")


def test_the_rule_of_a_brand_goes_before_the_general_one(shop: Shop) -> None:
    ReturnPolicy.objects.create(code="karoo", goods="frame", brand="karoo", days=60, faulty_days=365)
    found = makers.asked(makers.handed_over(shop, 50))
    assert found.explained[0]["allowed"] is True


def test_nothing_comes_back_before_it_was_handed_over(shop: Shop) -> None:
    order = selling.confirmed(shop)
    with pytest.raises(DomainError, match="Only what was handed over"):
        makers.asked(order)
    assert not Return.objects.exists() and not Event.objects.filter(kind="return.requested").exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"keys": []}, "keys"),
        ({"keys": ["frame", "boat"]}, "keys"),
        ({"reason": "mood"}, "reason"),
        ({"remedy": "car"}, "remedy"),
        ({"reason": ReturnReason.DAMAGED, "words": " "}, "words"),
    ],
)
def test_a_bad_request_names_the_field_and_keeps_nothing(shop: Shop, fields: dict[str, object], field: str) -> None:
    order = makers.handed_over(shop)
    with pytest.raises(DomainError) as refused:
        makers.asked(order, **fields)
    assert set(refused.value.fields) == {field}
    assert not Return.objects.exists()


def test_one_return_of_an_order_at_a_time(shop: Shop) -> None:
    order = makers.handed_over(shop)
    first = makers.asked(order)
    with pytest.raises(DomainError, match="under way already"):
        makers.asked(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        Return.objects.create(number="RET-X", order=order, branch=order.branch, reason="wrong", remedy="refund")
    returns.withdraw(makers.by_link(order), first.pk)
    assert makers.asked(order).number != first.number


def test_who_asked_does_not_decide(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop), shop.optician)
    with pytest.raises(NotAllowed, match="Somebody else has to decide"):
        returns.approve(shop.optician, found.pk)
    with pytest.raises(NotAllowed):
        returns.decline(shop.optician, found.pk, "no")
    assert Return.objects.get(pk=found.pk).state == ReturnState.REQUESTED
    assert returns.approve(shop.manager, found.pk).state == ReturnState.APPROVED


def test_outside_the_policy_a_manager_approves_with_a_reason(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop, days_ago=40))
    with pytest.raises(NotAllowed):
        returns.approve(shop.optician, found.pk, "a good customer")
    with pytest.raises(DomainError, match="outside the policy"):
        returns.approve(shop.manager, found.pk, "  ")
    assert Return.objects.get(pk=found.pk).state == ReturnState.REQUESTED
    done = returns.approve(shop.manager, found.pk, "a good customer")
    assert (done.outside_policy, done.decision_reason) == (True, "a good customer")
    assert Event.objects.get(kind="return.approved").data["outside_policy"] is True


def test_a_decline_needs_a_reason_and_ends_it(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop))
    with pytest.raises(DomainError, match="Say why"):
        returns.decline(shop.manager, found.pk, "")
    returns.decline(shop.manager, found.pk, "Engraved by the customer")
    assert Event.objects.get(kind="return.declined").reason == "Engraved by the customer"
    with pytest.raises(IllegalTransition):
        returns.receive(shop.receptionist, found.pk)


def test_a_receptionist_does_not_decide_and_another_branch_sees_nothing(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop))
    with pytest.raises(NotAllowed):
        returns.approve(shop.receptionist, found.pk)
    stranger = factories.staff(Role.BRANCH_MANAGER, factories.branch("DUR"))
    with pytest.raises(NotVisible):
        returns.approve(stranger, found.pk)


def test_what_was_not_approved_is_not_received_and_a_second_scan_changes_nothing(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop))
    with pytest.raises(IllegalTransition, match="not approved yet"):
        returns.receive(shop.receptionist, found.pk)
    returns.approve(shop.manager, found.pk)
    returns.receive(shop.receptionist, found.pk)
    returns.receive(shop.receptionist, found.pk)
    assert states_of(found) == ["return.requested", "return.approved", "return.received"]


@pytest.mark.parametrize(
    ("whereto", "movements", "more"),
    [("stock", ["returned"], 1), ("damaged", ["returned", "damaged"], 0), ("supplier", ["returned", "to_supplier"], 0)],
)
def test_an_inspected_frame_stands_in_the_stock_ledger(
    shop: Shop, whereto: str, movements: list[str], more: int
) -> None:
    order = makers.handed_over(shop)
    before = StockItem.objects.get().on_hand
    found = makers.inspected(shop, order, whereto)
    entries = StockEntry.objects.filter(reference=found.number).order_by("pk")
    assert [entry.movement for entry in entries] == movements
    assert StockItem.objects.get().on_hand == before + more
    assert found.items.get().stock_entry == entries.last()


def test_lenses_never_go_back_to_stock(shop: Shop) -> None:
    order = makers.handed_over(shop)
    found = makers.asked(order, keys=["lenses"], reason=ReturnReason.WRONG)
    returns.approve(shop.manager, found.pk)
    returns.receive(shop.receptionist, found.pk)
    with pytest.raises(DomainError) as refused:
        returns.inspect(shop.receptionist, found.pk, InspectionData("fine", {"lenses": "stock"}))
    assert set(refused.value.fields) == {"to_lenses"}
    assert not StockEntry.objects.filter(reference=found.number).exists()


def test_a_refund_credits_the_order_and_pays_back_what_was_paid(shop: Shop) -> None:
    order = makers.handed_over(shop)
    found = makers.inspected(shop, order)
    second = factories.user(Role.BRANCH_MANAGER, shop.branch)
    data = SettleData(found.pk, FRAME, "card", "slip 9", second.pk)
    done = settling.refund(shop.manager, data)
    assert done.state == ReturnState.REFUNDED
    assert done.credit is not None and done.credit.amount == -FRAME
    assert done.refund is not None and done.refund.amount == FRAME
    assert payments.balance(order.pk) == 0
    with pytest.raises(IllegalTransition):
        settling.refund(shop.manager, data)
    assert LedgerEntry.objects.filter(order=order, kind="refund").count() == 1
    assert returns.close(shop.receptionist, found.pk).state == ReturnState.CLOSED
    assert not MONEY & {violation.invariant.code for violation in invariants.violations()}


def test_what_was_never_paid_is_only_owed_no_longer(shop: Shop) -> None:
    order = makers.handed_over(shop, paid=False)
    before = payments.balance(order.pk)
    second = factories.user(Role.BRANCH_MANAGER, shop.branch)
    done = settling.refund(shop.manager, SettleData(makers.inspected(shop, order).pk, FRAME, "card", "", second.pk))
    assert done.refund is None
    assert payments.balance(order.pk) == before - FRAME
    assert Event.objects.get(kind="return.refunded").data["refunded"] == "0.00"


@pytest.mark.parametrize("amount", ["0", "-1", "2450.01"])
def test_never_more_than_was_charged_for_it(shop: Shop, amount: str) -> None:
    found = makers.inspected(shop, makers.handed_over(shop))
    with pytest.raises(DomainError) as refused:
        settling.refund(shop.manager, SettleData(found.pk, Decimal(amount), "card", "slip"))
    assert set(refused.value.fields) == {"amount"}
    assert not LedgerEntry.objects.filter(kind__in=["refund", "adjustment"]).exists()


def test_an_exchange_starts_an_order_that_takes_the_credit_along(shop: Shop) -> None:
    order = makers.handed_over(shop)
    found = makers.inspected(shop, order, remedy=Remedy.EXCHANGE)
    done = settling.replace(shop.optician, found.pk)
    new = done.replacement
    assert new is not None and (new.customer_id, new.prescription_id) == (order.customer_id, order.prescription_id)
    assert payments.balance(order.pk) == -FRAME
    assert settling.replace(shop.optician, found.pk).replacement == new
    with pytest.raises(GateClosed):
        returns.close(shop.receptionist, found.pk)
    selling.choose(new, shop)
    quotation = quotations.make(shop.optician, new.pk, QuoteRequest())
    decisions.approve(shop.optician, quotation.pk, selling.answer(quotation))
    new.refresh_from_db()
    assert new.state == OrderState.CONFIRMED
    assert payments.balance(order.pk) == 0
    assert payments.balance(new.pk) == quotation.total - FRAME
    moved = LedgerEntry.objects.filter(order__in=[order, new], method="credit").order_by("pk")
    assert [(entry.order_id, entry.amount, entry.reference) for entry in moved] == [
        (order.pk, FRAME, new.number),
        (new.pk, -FRAME, order.number),
    ]
    Order.objects.filter(pk=new.pk).update(state=OrderState.COLLECTED)
    assert waiting.look_after(found.requested_at) == 1
    assert Return.objects.get(pk=found.pk).state == ReturnState.CLOSED
    assert not MONEY & {violation.invariant.code for violation in invariants.violations()}


def test_what_came_back_for_good_cannot_come_back_again(shop: Shop) -> None:
    order = makers.handed_over(shop)
    found = makers.inspected(shop, order)
    second = factories.user(Role.BRANCH_MANAGER, shop.branch)
    settling.refund(shop.manager, SettleData(found.pk, FRAME, "card", "slip", second.pk))
    returns.close(shop.receptionist, found.pk)
    with pytest.raises(DomainError) as refused:
        makers.asked(order)
    assert set(refused.value.fields) == {"keys"}


def test_a_return_that_nobody_decides_becomes_a_case_once(shop: Shop) -> None:
    found = makers.asked(makers.handed_over(shop))
    late = found.requested_at + timedelta(days=2, minutes=1)
    assert waiting.look_after(found.requested_at + timedelta(days=1)) == 0
    assert waiting.look_after(late) == 1
    assert waiting.look_after(late) == 0
    case = Case.objects.get(kind="return_waiting")
    assert (case.order_id, case.owner_role, case.branch_id) == (found.order_id, Role.BRANCH_MANAGER, found.branch_id)


def test_the_customer_hears_of_each_stage_with_number_things_and_way_back(shop: Shop) -> None:
    order = makers.handed_over(shop)
    found = makers.inspected(shop, order)
    second = factories.user(Role.BRANCH_MANAGER, shop.branch)
    settling.refund(shop.manager, SettleData(found.pk, FRAME, "card", "slip", second.pk))
    planning.plan_waiting()
    told = Message.objects.filter(template_key__startswith="return_", channel="email").order_by("pk")
    keys = [message.template_key for message in told]
    assert keys == ["return_requested", "return_approved", "return_received", "return_refunded"]
    approved = told[1].body
    assert found.number in approved and "Karoo 214" in approved and "Money back" in approved
    assert f"put the number {found.number} inside, and send it to Rosebank" in approved
    assert "2\u00a0450.00" in told[3].body
