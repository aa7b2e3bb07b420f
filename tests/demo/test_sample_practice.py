"""The practice that a newcomer finds after `./dev up`."""

from io import StringIO

import pytest
from django.core.management import call_command

from branches.models import Branch, Membership, Organisation, User
from branches.roles import Role
from demo import staff
from records import invariants

pytestmark = pytest.mark.django_db


def make() -> str:
    out = StringIO()
    call_command("sample_practice", stdout=out)
    return out.getvalue()


def test_the_sample_is_made_once_with_three_shops_a_laboratory_and_a_login_for_every_role() -> None:
    text = make()
    assert Organisation.objects.get().name == "Meridian Optical"
    assert sorted(Branch.objects.values_list("code", "is_lab")) == [
        ("DUR", False),
        ("MID", True),
        ("RSB", False),
        ("UMH", False),
    ]
    assert set(Membership.objects.values_list("role", flat=True)) == set(Role.values)
    assert "zanele@practice.example" in text
    assert staff.PASSWORD in text
    for user in User.objects.all():
        assert user.check_password(staff.PASSWORD)
        assert user.pin_hash
    assert invariants.violations() == []
    before = User.history.count()
    assert make() == text
    assert (User.objects.count(), User.history.count()) == (10, before)


def test_a_practice_with_staff_is_left_alone() -> None:
    User.objects.create_user("owner@shop.example", "a-long-password-1", full_name="A. Owner")
    assert make() == ""
    assert Branch.objects.count() == 0
