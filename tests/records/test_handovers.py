import pytest

from branches.roles import Role
from core.errors import DomainError, NotVisible
from records import events
from records.services import handovers
from records.services.handovers import Passing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.branch()


def test_the_receiver_sees_what_changed_since_the_last_hand_over(shop) -> None:
    optician = factories.staff(Role.DISPENSING_OPTICIAN, shop)
    handovers.pass_on(optician, Passing(shop, Role.OPTOMETRIST, "eye_test", shop.pk, 7))
    fact = events.Fact(shop, shop.pk, None, 7, reason="typed wrong", old={"axis": "065"}, new={"axis": "090"})
    events.record("prescription.corrected", optician, fact)
    passed = handovers.pass_on(optician, Passing(shop, Role.LAB_TECHNICIAN, "production", shop.pk, 7))
    assert [(c["what"], c["old"], c["new"], c["why"]) for c in passed.changes] == [
        ("axis", "065", "090", "typed wrong")
    ]
    assert (passed.from_role, passed.to_role) == (Role.OPTOMETRIST, Role.LAB_TECHNICIAN)


def test_only_the_receiving_role_acknowledges(shop) -> None:
    optician = factories.staff(Role.DISPENSING_OPTICIAN, shop)
    technician = factories.staff(Role.LAB_TECHNICIAN, shop)
    passed = handovers.pass_on(optician, Passing(shop, Role.LAB_TECHNICIAN, "production", shop.pk, 7))
    with pytest.raises(DomainError, match="receives"):
        handovers.acknowledge(optician, passed.pk)
    with pytest.raises(NotVisible):
        handovers.acknowledge(factories.staff(Role.LAB_TECHNICIAN, factories.branch()), passed.pk)
    assert len(handovers.waiting(7)) == 1
    assert handovers.acknowledge(technician, passed.pk).acknowledged_by_id == technician.user_id
    assert handovers.waiting(7) == []


def test_no_hand_over_when_the_same_role_keeps_the_work(shop) -> None:
    optician = factories.staff(Role.DISPENSING_OPTICIAN, shop)
    handovers.pass_on(optician, Passing(shop, Role.LAB_TECHNICIAN, "surfacing", shop.pk, 7))
    assert handovers.pass_on(optician, Passing(shop, Role.LAB_TECHNICIAN, "coating", shop.pk, 7)) is None
