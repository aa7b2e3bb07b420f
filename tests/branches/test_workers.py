"""A background job acts with what the person who asked may do when it runs."""

import pytest

from branches.models import Membership
from branches.roles import Role
from branches.workers import actor_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_roles_are_those_of_now() -> None:
    rosebank, durban = factories.branch("RSB"), factories.branch("DUR")
    person = factories.user(Role.BRANCH_MANAGER, rosebank)
    Membership.objects.create(user=person, branch=durban, role=Role.RECEPTIONIST)
    actor = actor_of(person.pk, durban.pk)
    assert actor.roles == {(rosebank.pk, Role.BRANCH_MANAGER), (durban.pk, Role.RECEPTIONIST)}
    assert (actor.role, actor.branch_id) == (Role.RECEPTIONIST, durban.pk)
    Membership.objects.filter(branch=durban).delete()
    assert actor_of(person.pk, durban.pk).roles == {(rosebank.pk, Role.BRANCH_MANAGER)}


def test_who_no_longer_works_here_has_none() -> None:
    person = factories.user(Role.BRANCH_MANAGER, factories.branch("RSB"))
    person.is_active = False
    person.save()
    actor = actor_of(person.pk)
    assert (actor.roles, actor.role) == (frozenset(), "")
