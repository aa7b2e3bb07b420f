from datetime import timedelta

import pytest
from django.utils import timezone

from branches.roles import Role
from cases.services import cases, escalation
from cases.services.cases import CaseData
from core import actor
from records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.branch()


@pytest.fixture
def case(shop):
    return cases.open_case(actor.system(), CaseData("complaint", shop, shop.pk, "Waited"))


def test_a_case_nobody_took_goes_to_the_manager_after_a_quarter_of_an_hour(shop, case) -> None:
    manager = factories.user(Role.BRANCH_MANAGER, shop)
    now = timezone.now()
    assert escalation.escalate_due(now + timedelta(minutes=14)) == 0
    assert escalation.escalate_due(now + timedelta(minutes=16)) == 1
    case.refresh_from_db()
    assert case.owner_id == manager.pk
    assert Event.objects.get(kind="case.escalated").reason == "nobody took it"
    assert escalation.escalate_due(now + timedelta(minutes=20)) == 0


def test_a_late_case_is_escalated_and_keeps_its_owner(shop, case) -> None:
    owner = factories.user(Role.RECEPTIONIST, shop)
    cases.assign(factories.actor(owner, shop), case.pk, owner.pk)
    assert escalation.escalate_due(timezone.now() + timedelta(hours=49)) == 1
    case.refresh_from_db()
    assert case.owner_id == owner.pk and case.escalated_at is not None


def test_a_manager_of_another_branch_does_not_get_it(shop, case) -> None:
    factories.user(Role.BRANCH_MANAGER, factories.branch())
    escalation.escalate_due(timezone.now() + timedelta(minutes=16))
    case.refresh_from_db()
    assert case.owner_id is None
