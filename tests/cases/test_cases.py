from decimal import Decimal

import pytest
from django.core.management import call_command

from branches.roles import Role
from cases.models import Case, CaseState
from cases.services import cases, nightly
from cases.services.cases import CaseData
from core.errors import DomainError, GateClosed, NotAllowed, NotVisible, StaleRecord
from notifications.services import dead
from records.models import Event
from records.services import reviews
from tests import factories
from tests.labjobs import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.branch()


@pytest.fixture
def clerk(shop):
    return factories.staff(Role.RECEPTIONIST, shop)


def a_complaint(clerk, shop, **more) -> Case:
    return cases.open_case(clerk, CaseData("complaint", shop, shop.pk, "Waited an hour", "Nobody came.", **more))


def test_opening_the_same_case_twice_gives_one_case_with_a_note(shop, clerk) -> None:
    first, second = a_complaint(clerk, shop), a_complaint(clerk, shop)
    assert first.pk == second.pk
    assert [note.text for note in second.notes.all()] == ["Nobody came."]
    assert Event.objects.filter(kind="case.opened").count() == 1


def test_a_case_cannot_close_before_its_rule_holds_and_says_what_is_missing(shop, clerk) -> None:
    case = a_complaint(clerk, shop)
    with pytest.raises(GateClosed) as caught:
        cases.close(clerk, case.pk, "done")
    assert [entry.code for entry in caught.value.missing] == ["customer_answered", "cause_found", "owner"]
    case.refresh_from_db()
    assert (case.state, case.closed_at) == (CaseState.OPEN, None)


def test_a_case_closes_when_owner_ticks_and_cause_are_there(shop, clerk) -> None:
    case = a_complaint(clerk, shop)
    cases.assign(clerk, case.pk, clerk.user_id)
    cases.code(clerk, case.pk, cases.Coding("S05", "shop"))
    cases.tick(clerk, case.pk, "customer_answered", "Rang her at 14:00")
    closed = cases.close(clerk, case.pk, "She is content")
    assert closed.state == CaseState.CLOSED and closed.closed_by_id == clerk.user_id
    with pytest.raises(DomainError, match="is closed"):
        cases.note(clerk, case.pk, "late")


def test_the_requester_cannot_decide(shop) -> None:
    manager, other = factories.staff(Role.BRANCH_MANAGER, shop), factories.staff(Role.BRANCH_MANAGER, shop)
    case = cases.open_case(manager, CaseData("payment_problem", shop, shop.pk, "Charged twice"))
    cases.request_decision(manager, case.pk, "refund", "Charged twice")
    with pytest.raises(NotAllowed, match="Someone else"):
        cases.decide(manager, case.pk, True, "Yes")
    case.refresh_from_db()
    assert (case.state, case.decided_by_id) == (CaseState.WAITING_APPROVAL, None)
    assert cases.decide(other, case.pk, True, "Seen on the statement").decided_by_id == other.user_id


def test_an_item_the_system_checks_cannot_be_ticked_by_hand(shop, clerk) -> None:
    case = a_complaint(clerk, shop)
    with pytest.raises(DomainError, match="ticks this item itself"):
        cases.tick(clerk, case.pk, "cause_found", "I know")
    assert case.ticks.count() == 0


def test_another_branch_does_not_see_the_case(shop, clerk) -> None:
    case = a_complaint(clerk, shop)
    stranger = factories.staff(Role.BRANCH_MANAGER, factories.branch())
    with pytest.raises(NotVisible):
        cases.assign(stranger, case.pk, stranger.user_id)
    case.refresh_from_db()
    assert case.owner_id is None


def test_the_owner_must_work_in_the_branch(shop, clerk) -> None:
    case = a_complaint(clerk, shop)
    stranger = factories.staff(Role.BRANCH_MANAGER, factories.branch())
    with pytest.raises(DomainError, match="works in this branch"):
        cases.assign(clerk, case.pk, stranger.user_id)


def test_who_decides_does_so_on_what_is_asked_for_now(shop) -> None:
    asker, decider = factories.staff(Role.BRANCH_MANAGER, shop), factories.staff(Role.BRANCH_MANAGER, shop)
    case = cases.open_case(asker, CaseData("payment_problem", shop, shop.pk, "Charged twice"))
    asked = cases.request_decision(asker, case.pk, "refund", "Charged twice", case.version)
    cases.code(asker, case.pk, cases.Coding(cost=Decimal("990.00")))
    with pytest.raises(StaleRecord):
        cases.decide(decider, case.pk, True, "Yes", asked.version)
    case.refresh_from_db()
    assert (case.state, case.decided_at) == (CaseState.WAITING_APPROVAL, None)
    decided = cases.decide(decider, case.pk, True, "Yes, 990", case.version)
    assert (decided.state, decided.decided_by_id) == (CaseState.OPEN, decider.user_id)


def test_a_message_that_could_not_be_written_is_closed_by_who_told_the_customer(shop, clerk) -> None:
    told = Event.objects.create(kind="order.ready", actor_name="x", source="system", subject_type="a", subject_id=1)
    dead.open_unplanned(told, "no words")
    case = Case.objects.get(kind="dead_message")
    cases.assign(clerk, case.pk, clerk.user_id)
    with pytest.raises(GateClosed):
        cases.close(clerk, case.pk, "done")
    cases.tick(clerk, case.pk, "customer_told", "Rang him at 10:00")
    assert cases.close(clerk, case.pk, "He knows").state == CaseState.CLOSED


def test_what_the_records_can_answer_alone_is_not_ticked_by_hand(shop) -> None:
    case = broken_data(shop)
    with pytest.raises(DomainError, match="ticks this item itself"):
        cases.tick(factories.staff(Role.HEAD_OFFICE, shop), case.pk, "data_mended", "I say so")


def broken_data(shop) -> Case:
    nightly.tell(nightly.DATA, "The check found data that cannot be right", ["I2, a balance: [(1,)]"])
    return Case.objects.get(kind=nightly.DATA)


def test_a_failed_data_check_closes_when_the_check_has_passed_since(shop) -> None:
    head, case = factories.staff(Role.HEAD_OFFICE, shop), broken_data(shop)
    cases.assign(head, case.pk, head.user_id)
    with pytest.raises(GateClosed):
        cases.close(head, case.pk, "mended")
    call_command("check_invariants")
    nightly.tell(nightly.DATA, "Again", ["I2, a balance: [(1,)]"])
    with pytest.raises(GateClosed):
        cases.close(head, case.pk, "mended")
    call_command("check_invariants")
    assert cases.close(head, case.pk, "mended").state == CaseState.CLOSED


def test_a_prescription_mismatch_of_a_customer_waits_for_that_customers_decisions_alone(shop, clerk) -> None:
    mine, other = factories.customer(shop), factories.customer(shop, phone="+27835550001")
    data = CaseData("prescription_mismatch", mine, shop.pk, "Other values", customer_id=mine.pk)
    case = cases.open_case(clerk, data)
    for customer in (other, mine):
        cause = reviews.Reopened(customer, "d", "a", "b", "c", customer, "receptionist", customer_id=customer.pk)
        review = reviews.open_for(cause, clerk)
        holds = customer == mine
        assert ("reviews_decided" in [one.code for one in cases.still_missing(case)]) is holds
    reviews.settle(mine, "d", clerk)
    assert review.pk and "reviews_decided" not in [one.code for one in cases.still_missing(case)]


def test_a_worn_pair_with_a_coating_defect_is_not_settled_by_having_been_handed_over(shop, clerk) -> None:
    bench = makers.bench()
    job = makers.collected(bench)
    data = CaseData("coating_defect", job, bench.shop.branch.pk, "Coating peels", order_id=job.order_id)
    case = cases.open_case(bench.shop.manager, data)
    assert "check_passed" in [one.code for one in cases.still_missing(case)]
    cases.request_decision(bench.shop.manager, case.pk, "recoat", "Peels at the rim")
    cases.decide(factories.staff(Role.BRANCH_MANAGER, bench.shop.branch), case.pk, True, "Seen")
    assert "check_passed" not in [one.code for one in cases.still_missing(Case.objects.get(pk=case.pk))]
