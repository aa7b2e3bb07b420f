"""The practice that a newcomer finds after `./dev up`."""

from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.utils import timezone

from branches.models import Branch, Membership, Organisation, User
from branches.roles import Role
from core.actor import system
from demo import clock, staff
from labjobs.models import Job
from orders.models import Order
from records import invariants
from records.models import Event
from reports.reconciling import running
from reports.services import following, rebuilding
from reports.services.following import Told
from tests.reports import auditing

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
    _the_story_happened_at_its_own_hours()
    _the_books_agree()
    _the_events_tell_the_measures_everything()
    assert auditing.differing() == {}
    assert auditing.without_words() == []
    before = User.history.count()
    assert make() == text
    assert (User.objects.count(), User.history.count()) == (10, before)


def _the_story_happened_at_its_own_hours() -> None:
    """Thandi ordered two working days ago; her lenses were begun later; nothing lies in the future."""
    order = Order.objects.get(number="RSB-10482")
    job = Job.objects.get(order=order)
    assert (order.customer.full_name, job.tray.code) == ("Thandi Mokoena", "T-317")
    day = clock.working_day(order.branch, timezone.now(), 2)
    assert timezone.localtime(order.confirmed_at, ZoneInfo(order.branch.time_zone)).date() == day
    assert order.recorded_at < order.confirmed_at < job.released_at < job.stage_since
    assert Event.objects.get(kind="order.confirmed", subject_id=order.pk).at == order.confirmed_at
    assert Order.history.filter(id=order.pk).earliest("history_date").history_date < order.confirmed_at
    assert list(Event.objects.filter(at__gt=timezone.now()).values_list("kind", "at")) == []


def _the_books_agree() -> None:
    """The nightly comparison finds what a shop at work leaves for today: a deposit to give back, and somebody to tell."""
    found = running.run(system()).differences.values_list("check_code", flat=True)
    assert set(found) == {"cancelled_owing", "not_told_ready"}


def _the_events_tell_the_measures_everything() -> None:
    fields = ("id", "kind", "subject_type", "subject_id", "order_id", "customer_id")
    following.take(Told(*row) for row in Event.objects.order_by("pk").values_list(*fields))
    assert rebuilding.check() == []


def test_a_practice_with_staff_is_left_alone() -> None:
    User.objects.create_user("owner@shop.example", "a-long-password-1", full_name="A. Owner")
    assert make() == ""
    assert Branch.objects.count() == 0
