import pytest

from branches.roles import Role
from cases.models import Case, CaseState
from cases.services import cases
from cases.services.cases import CaseData
from core.errors import DomainError, GateClosed, NotAllowed, NotVisible
from records.models import Event
from tests import factories

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
    assert [entry.code for entry in caught.value.missing] == ["customer_answered", "cause_found", "owner", "cause"]
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
