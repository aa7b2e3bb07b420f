"""An export from the question to the file: rights, branches, a second person, cancelling, the end of its week."""

import csv
import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches import access
from branches.models import Membership, User
from branches.roles import MATRIX, Can, Role
from core import job_runs, jobs
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible
from core.models import Job, JobState
from records.models import Approval, Event
from reports.datasets.base import Definition, Filter
from reports.exports import asking, making, opening
from reports.exports.asking import Request
from reports.models import Export, ExportState
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop

pytestmark = pytest.mark.django_db

NUMBERS = Definition("orders", ("number", "branch", "state", "total", "balance"), sort="number")


@pytest.fixture
def shop() -> Shop:
    return makers.shop()


@pytest.fixture
def other() -> Shop:
    return makers.shop()


def person(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(person(actor))
    return client


def exported(actor: Actor, definition: Definition = NUMBERS, form: str = "csv") -> Export:
    export = asking.ask(actor, Request(definition, form, "My orders"))
    job_runs.run_waiting()
    export.refresh_from_db()
    return export


def rows(export: Export) -> list[list[str]]:
    with export.file.open("rb") as file:
        return list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))


def test_a_file_holds_the_rows_of_the_own_branch_only(shop: Shop, other: Shop) -> None:
    mine, theirs = makers.confirmed(shop), makers.confirmed(other)
    export = exported(shop.manager)
    assert export.state == ExportState.DONE
    assert [line[0] for line in rows(export)] == ["Order", mine.number]
    assert rows(export)[1][1:] == [
        shop.branch.name,
        "Confirmed",
        f"{mine.quotations.get().total:.2f}",
        f"{mine.quotations.get().total:.2f}",
    ]
    assert export.covered == [shop.branch.pk]
    everywhere = exported(factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch))
    assert {line[0] for line in rows(everywhere)[1:]} == {mine.number, theirs.number}
    assert everywhere.covered is None


def test_roles_in_two_branches_export_only_where_the_right_is_held(shop: Shop, other: Shop) -> None:
    mine, theirs = makers.confirmed(shop), makers.confirmed(other)
    Membership.objects.create(user_id=shop.manager.user_id, branch=other.branch, role=Role.RECEPTIONIST)
    actor = factories.actor(person(shop.manager), shop.branch)
    numbers = [line[0] for line in rows(exported(actor))]
    assert mine.number in numbers
    assert theirs.number not in numbers


def test_who_may_not_export_is_refused_and_nothing_is_kept(shop: Shop) -> None:
    with pytest.raises(NotAllowed):
        asking.ask(shop.receptionist, Request(NUMBERS, "csv"))
    answer = signed_in(shop.receptionist).post(
        reverse("reporting:export_list", args=["orders"]), {"_key": uuid.uuid4(), "format": "csv"}
    )
    assert answer.status_code == 403
    assert Export.objects.count() == 0
    assert Job.objects.filter(kind=asking.JOB).count() == 0


def test_personal_columns_need_their_right_and_are_named_in_the_event(shop: Shop) -> None:
    order = makers.confirmed(shop)
    wanted = Definition("orders", ("number", "customer_name"))
    with pytest.raises(DomainError) as refused:
        asking.ask(shop.manager, Request(wanted, "csv"))
    assert "columns" in refused.value.fields
    assert Export.objects.count() == 0
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    export = exported(head, wanted)
    assert export.personal
    assert rows(export)[1] == [order.number, order.customer.full_name]
    assert Event.objects.get(kind="export.asked").data["personal"] == ["customer_name"]


def test_a_filter_on_a_personal_column_needs_the_right_too(shop: Shop) -> None:
    wanted = Definition("orders", ("number",), (Filter("customer_name", "contains", "Thandi"),))
    with pytest.raises(DomainError) as refused:
        asking.ask(shop.manager, Request(wanted, "csv"))
    assert "filter_0" in refused.value.fields


@pytest.mark.parametrize(
    "wanted",
    [
        Definition("orders", ("number",), (Filter("customer_name", "contains", "Thandi"),)),
        Definition("customers", ("number",), groups=("born:month",)),
    ],
)
def test_a_file_that_names_a_person_in_its_filter_or_groups_is_personal(shop: Shop, wanted: Definition) -> None:
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    assert exported(head, wanted).personal


def test_who_may_no_longer_see_a_column_does_not_get_the_file_that_holds_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = exported(shop.manager, Definition("remakes", ("cost",)))
    monkeypatch.setattr(access, "MATRIX", {role: rights - {Can.VIEW_COST} for role, rights in MATRIX.items()})
    with pytest.raises(NotAllowed):
        opening.open_file(shop.manager, export.public_id)
    export.refresh_from_db()
    assert (export.opened_count, Event.objects.filter(kind="export.opened").count()) == (0, 0)


def test_a_role_taken_away_before_the_worker_comes_stops_the_work(shop: Shop) -> None:
    makers.confirmed(shop)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))
    Membership.objects.filter(user_id=shop.manager.user_id).delete()
    job_runs.run_waiting()
    export.refresh_from_db()
    assert export.state == ExportState.QUEUED
    assert not export.file
    assert Job.objects.get(key=export.job_key).state == JobState.DEAD


def test_another_person_does_not_learn_of_the_file(shop: Shop) -> None:
    makers.confirmed(shop)
    export = exported(shop.manager)
    colleague = factories.staff(Role.BRANCH_MANAGER, shop.branch)
    for name in ("export", "export_file"):
        assert signed_in(colleague).get(reverse(f"reporting:{name}", args=[export.public_id])).status_code == 404
    assert not Event.objects.filter(kind="export.opened").exists()


def test_opening_is_recorded_and_counted(shop: Shop) -> None:
    order = makers.confirmed(shop)
    export = exported(shop.manager)
    answer = signed_in(shop.manager).get(reverse("reporting:export_file", args=[export.public_id]))
    body = b"".join(answer.streaming_content)
    assert order.number.encode() in body
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="my-orders-')
    assert "no-store" in answer.headers["Cache-Control"]
    export.refresh_from_db()
    assert export.opened_count == 1
    assert Event.objects.get(kind="export.opened").actor_id == shop.manager.user_id


def test_a_right_lost_since_closes_the_file(shop: Shop) -> None:
    makers.confirmed(shop)
    export = exported(shop.manager)
    Membership.objects.filter(user_id=shop.manager.user_id).update(role=Role.OPTOMETRIST)
    with pytest.raises(NotAllowed):
        opening.open_file(factories.actor(person(shop.manager), shop.branch), export.public_id)
    export.refresh_from_db()
    assert export.opened_count == 0


def test_many_rows_wait_for_a_second_person(shop: Shop, settings: Any) -> None:
    settings.EXPORT_ALONE_ROWS = 1
    for _n in range(2):
        makers.confirmed(shop)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))
    assert export.state == ExportState.ASKED
    assert Job.objects.filter(kind=asking.JOB).count() == 0
    with pytest.raises(NotAllowed):
        asking.approve(shop.manager, export.pk)
    with pytest.raises(NotAllowed):
        asking.approve(shop.receptionist, export.pk)
    assert Export.objects.get(pk=export.pk).state == ExportState.ASKED
    colleague = factories.staff(Role.ACCOUNTANT, shop.branch)
    assert [one.pk for one in opening.waiting_for(colleague)] == [export.pk]
    page = signed_in(colleague).get(reverse("reporting:export", args=[export.public_id]))
    assert b"Agree" in page.content
    asking.approve(colleague, export.pk)
    job_runs.run_waiting()
    export.refresh_from_db()
    assert (export.state, export.rows, export.decided_by_id) == (ExportState.DONE, 2, colleague.user_id)
    assert Approval.objects.get(kind="export").decided_by_id == colleague.user_id
    assert signed_in(colleague).get(reverse("reporting:export_file", args=[export.public_id])).status_code == 404


def test_a_stranger_does_not_decide(shop: Shop, other: Shop, settings: Any) -> None:
    settings.EXPORT_ALONE_ROWS = 0
    makers.confirmed(shop)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))
    with pytest.raises(NotVisible):
        asking.approve(other.manager, export.pk)
    assert opening.waiting_for(other.manager) == []
    assert Export.objects.get(pk=export.pk).state == ExportState.ASKED


def test_rows_that_grew_beyond_the_limit_are_not_taken_alone(shop: Shop, settings: Any) -> None:
    makers.confirmed(shop)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))
    settings.EXPORT_ALONE_ROWS = 0
    job_runs.run_waiting()
    export.refresh_from_db()
    assert not export.file
    assert "second person" in Job.objects.get(key=export.job_key).last_error


def test_a_refusal_says_why(shop: Shop, settings: Any) -> None:
    settings.EXPORT_ALONE_ROWS = 0
    makers.confirmed(shop)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))
    colleague = factories.staff(Role.ACCOUNTANT, shop.branch)
    with pytest.raises(DomainError):
        asking.refuse(colleague, export.pk, " ")
    refused = asking.refuse(colleague, export.pk, "Ask for a month, not for all")
    assert (refused.state, refused.decision_reason) == (ExportState.REFUSED, "Ask for a month, not for all")
    assert Job.objects.filter(kind=asking.JOB).count() == 0


def test_cancelling_while_it_runs_leaves_no_file(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    for _n in range(2):
        makers.confirmed(shop)
    monkeypatch.setattr(making, "EACH", 1)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))

    def cancel_then_go_on(done: int, total: int) -> None:
        asking.cancel(shop.manager, export.pk)
        raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        making.make(export.pk, cancel_then_go_on)
    export.refresh_from_db()
    assert export.state == ExportState.CANCELLED
    assert not export.file
    assert not default_storage.exists("exports")
    assert Job.objects.get(key=export.job_key).state == JobState.CANCELLED


def test_cancelling_at_the_last_moment_keeps_nothing(shop: Shop) -> None:
    makers.confirmed(shop)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv"))
    made = making.make(export.pk, lambda done, total: None if done < total else _cancelled(shop, export))
    assert made.state == ExportState.CANCELLED
    assert not default_storage.exists("exports")


def _cancelled(shop: Shop, export: Export) -> None:
    if Export.objects.get(pk=export.pk).state == ExportState.QUEUED:
        asking.cancel(shop.manager, export.pk)


def test_making_it_twice_is_making_it_once(shop: Shop) -> None:
    makers.confirmed(shop)
    export = exported(shop.manager)
    before = (export.sha256, export.finished_at, export.file.name)
    again = making.make(export.pk, lambda done, total: None)
    assert (again.sha256, again.finished_at, again.file.name) == before
    assert Event.objects.filter(kind="export.made").count() == 1


def test_after_a_week_the_file_goes_and_the_record_stays(shop: Shop, django_capture_on_commit_callbacks: Any) -> None:
    makers.confirmed(shop)
    export = exported(shop.manager)
    name = export.file.name
    assert making.remove_expired() == 0
    Export.objects.filter(pk=export.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert making.remove_expired() == 1
    assert not default_storage.exists(name)
    export.refresh_from_db()
    assert (export.state, export.rows) == (ExportState.EXPIRED, 1)
    answer = signed_in(shop.manager).get(reverse("reporting:export_file", args=[export.public_id]))
    assert answer.status_code == 409


@pytest.fixture
def listed(shop: Shop) -> Iterator[Client]:
    yield signed_in(shop.manager)


def test_the_order_list_is_exported_under_its_filters_in_two_clicks(shop: Shop, listed: Client) -> None:
    wanted, other = makers.confirmed(shop), makers.confirmed(shop)
    query = f"view=open&q={wanted.number}"
    page = listed.get(f"{reverse('orders:list')}?{query}").content.decode()
    address = reverse("reporting:export_list", args=["orders"])
    assert f'action="{address}"' in page
    answer = listed.post(address, {"_key": uuid.uuid4(), "listed": query, "format": "csv"})
    assert answer.status_code == 303
    job_runs.run_waiting()
    export = Export.objects.get()
    assert [line[0] for line in rows(export)[1:]] == [wanted.number]
    assert other.number not in str(rows(export))
    assert answer.headers["Location"] == reverse("reporting:export", args=[export.public_id])


def test_the_receptionist_sees_no_export_on_the_list(shop: Shop) -> None:
    assert b"reports/exports/list" not in signed_in(shop.receptionist).get(reverse("orders:list")).content


def test_a_pdf_is_made_of_the_same_rows(shop: Shop) -> None:
    from pypdf import PdfReader

    order = makers.confirmed(shop)
    export = exported(shop.manager, form="pdf")
    with export.file.open("rb") as file:
        text = "".join(page.extract_text() for page in PdfReader(file).pages)
    assert order.number in text
    assert "My orders" in text


def test_the_page_that_watches_comes_again_whole_when_the_file_is_there(shop: Shop) -> None:
    client = signed_in(shop.manager)
    export = asking.ask(shop.manager, Request(NUMBERS, "csv", "My orders"))
    url, part = reverse("reporting:export", args=[export.public_id]), {"HX-Request": "true"}
    waiting = client.get(url, headers=part)
    assert "HX-Refresh" not in waiting.headers and b"Waiting for a worker" in waiting.content
    job_runs.run_waiting()
    assert client.get(url, headers=part).headers["HX-Refresh"] == "true"
    assert b'data-key="d"' in client.get(url).content
