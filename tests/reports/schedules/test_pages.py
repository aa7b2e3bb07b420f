"""Schedules are set up, changed and seen by those who may."""

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.models import User
from branches.roles import Role
from core import job_runs
from core.errors import DomainError, NotAllowed, NotVisible
from records.models import Event
from reports.exports import making
from reports.models import Export, Schedule
from reports.schedules import keeping
from reports.schedules.keeping import ScheduleData
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop
from tests.reports.schedules.makers import due, person, saved, scheduled, signed_in

pytestmark = pytest.mark.django_db


def test_only_people_who_may_see_the_data_can_be_chosen(shop: Shop) -> None:
    other = makers.shop()
    report = saved(shop.manager)
    for stranger in (person(other.manager), person(shop.receptionist)):
        with pytest.raises(DomainError) as refused:
            keeping.keep(shop.manager, report, ScheduleData("day", 7, (stranger.pk,)))
        assert "people" in refused.value.fields
    for wrong, field in ((ScheduleData("day", 24, (1,)), "hour"), (ScheduleData("month", 7, (1,), day=32), "day")):
        with pytest.raises(DomainError) as refused:
            keeping.keep(shop.manager, report, wrong)
        assert field in refused.value.fields
    assert Schedule.objects.count() == 0


def test_a_stranger_does_not_see_it_and_a_reader_does_not_change_it(shop: Shop, accountant: User) -> None:
    other = makers.shop()
    schedule = scheduled(shop.manager, person(shop.manager), accountant)
    reader = factories.actor(accountant, shop.branch)
    with pytest.raises(NotVisible):
        keeping.schedule_for(other.manager, schedule.pk)
    for verb in (keeping.pause, keeping.remove):
        with pytest.raises(NotAllowed):
            verb(reader, schedule.pk)
    stranger = signed_in(other.manager)
    assert stranger.get(reverse("reporting:schedule", args=[schedule.pk])).status_code == 404
    assert stranger.post(reverse("reporting:schedule_pause", args=[schedule.pk])).status_code == 404
    schedule.refresh_from_db()
    assert (schedule.paused_at, schedule.removed_at) == (None, None)
    keeping.leave(reader, schedule.pk)
    assert [one.person_id for one in schedule.recipients.all()] == [shop.manager.user_id]


def test_who_runs_the_branch_keeps_the_readers_of_branches_they_do_not_see(shop: Shop) -> None:
    other = makers.shop()
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    schedule = scheduled(head, person(shop.manager), person(other.manager))
    keeping.change(shop.manager, schedule, ScheduleData("day", 9, (person(shop.manager).pk,)))
    kept = schedule.recipients.order_by("person_id").values_list("person_id", flat=True)
    assert list(kept) == sorted([shop.manager.user_id, other.manager.user_id])
    keeping.change(head, schedule, ScheduleData("day", 9, (person(shop.manager).pk,)))
    assert schedule.recipients.get().person_id == shop.manager.user_id


def test_set_up_by_the_form_shown_with_its_runs_and_sent_now(shop: Shop, accountant: User) -> None:
    makers.confirmed(shop)
    client, report = signed_in(shop.manager), saved(shop.manager)
    new = reverse("reporting:schedule_new", args=[report.pk])
    shown = client.get(new).content.decode()
    assert accountant.full_name in shown
    assert person(shop.receptionist).full_name not in shown
    fields = {"every": "month", "weekday": "0", "day": "31", "hour": "6", "format": "csv"}
    refused = client.post(new, fields)
    assert refused.status_code == 422
    assert Schedule.objects.count() == 0
    client.post(new, fields | {"people": [str(accountant.pk), str(shop.manager.user_id)], "attach": "on"})
    schedule = Schedule.objects.get()
    page = reverse("reporting:schedule", args=[schedule.pk])
    assert "On day 31 of each month, or its last, at 06:00" in client.get(page).content.decode()
    client.post(reverse("reporting:schedule_send", args=[schedule.pk]))
    job_runs.run_waiting()
    shown = client.get(page).content.decode()
    assert f"{accountant.full_name}: Sent, 1 row" in shown
    assert shown.count("the file</a>") == 1
    assert client.get(reverse("reporting:schedules")).status_code == 200
    assert Event.objects.filter(kind="schedule.started").count() == 1
    for name, answer in (("pause", "Paused"), ("resume", "Pause</button>"), ("remove", "")):
        client.post(reverse(f"reporting:schedule_{name}", args=[schedule.pk]))
        assert answer in client.get(page).content.decode()
    assert client.get(page).status_code == 404


def test_files_of_readers_are_removed_like_others(shop: Shop) -> None:
    makers.confirmed(shop)
    export = due(scheduled(shop.manager)).deliveries.get().export
    name = export.file.name
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now())
    assert default_storage.exists(name)
    assert making.remove_expired() == 1
    page = signed_in(shop.manager).get(reverse("reporting:schedules"))
    assert page.status_code == 200


def test_the_pages_take_as_many_queries_for_many_as_for_one(shop: Shop, accountant: User) -> None:
    makers.confirmed(shop)
    client, report = signed_in(shop.manager), saved(shop.manager)
    readers = (person(shop.manager).pk, accountant.pk)
    schedule = keeping.keep(shop.manager, report, ScheduleData("day", 7, readers, format="csv"))
    due(schedule)
    pages = (reverse("reporting:schedules"), reverse("reporting:schedule", args=[schedule.pk]))

    def queries() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as counted:
                assert client.get(page).status_code == 200
            found.append(len(counted))
        return found

    few = queries()
    for _n in range(3):
        due(schedule)
        keeping.keep(shop.manager, report, ScheduleData("week", 7, readers))
    assert queries() == few
