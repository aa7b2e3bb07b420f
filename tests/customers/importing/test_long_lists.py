"""Long lists: portions whole or not at all, stopped and gone on with, by two at the same time."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch
from branches.roles import Role
from core import job_runs, jobs
from core.actor import Actor
from core.errors import IllegalTransition
from core.models import Job, JobState
from customers.models import Customer, CustomerImport, CustomerImportRow
from customers.services import import_writing
from records.import_models import FileState
from tests.customers.importing.lists import applied, checked, csv_of, row
from tests.factories import branch, staff
from tests.racing import at_once

pytestmark = pytest.mark.django_db


def test_a_portion_is_written_whole_or_not_at_all_and_the_next_worker_goes_on(
    nomvula: Actor, _small_portions: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = checked(nomvula, csv_of([row(n) for n in range(8)]))
    import_writing.start(nomvula, batch.pk)
    calls: list[int] = []

    def dies(actor: Actor, batch: CustomerImport, one: CustomerImportRow) -> Customer:
        calls.append(one.row_number)
        if one.row_number == 6:
            raise RuntimeError("the machine went off")
        return real(actor, batch, one)

    real = import_writing._make
    with monkeypatch.context() as patched:
        patched.setattr(import_writing, "_make", dies)
        with pytest.raises(RuntimeError):
            import_writing.write(nomvula, batch.pk)
    assert (Customer.objects.count(), batch.rows.filter(done_at__isnull=False).count()) == (3, 3)
    batch = import_writing.write(nomvula, batch.pk)
    assert (batch.state, Customer.objects.count(), batch.counts["made"]) == (FileState.APPLIED, 8, 8)
    assert sorted(Customer.objects.values_list("email", flat=True)) == sorted(f"p{n}@post.example" for n in range(8))


def test_a_stopped_import_says_how_far_it_is_and_goes_on(nomvula: Actor, _small_portions: None) -> None:
    batch = checked(nomvula, csv_of([row(n) for n in range(8)]))
    import_writing.start(nomvula, batch.pk)

    def stop_after_the_second(done: int, _total: int) -> None:
        if done >= 6:
            raise jobs.Cancelled

    with pytest.raises(jobs.Cancelled):
        import_writing.write(nomvula, batch.pk, stop_after_the_second)
    assert Customer.objects.count() == 3
    import_writing.start(nomvula, batch.pk)
    assert import_writing.write(nomvula, batch.pk).counts["made"] == 8


def test_a_long_list_is_worked_off_stopped_and_gone_on_with(
    desk: Client, rosebank: Branch, _small_portions: None
) -> None:
    file = SimpleUploadedFile("old.csv", csv_of([row(n) for n in range(7)]))
    desk.post(reverse("customers:imports"), {"branch": rosebank.pk, "file": file})
    batch = CustomerImport.objects.get()
    url = reverse("customers:import", args=[batch.number])
    desk.post(url, dict(batch.columns))
    assert "Wait, or stop it" in desk.get(url).content.decode()
    job_runs.run_waiting()
    apply = reverse("customers:import_apply", args=[batch.number])
    desk.post(apply)
    desk.post(reverse("customers:import_stop", args=[batch.number]))
    assert Job.objects.get(kind="customers.import_write").state == JobState.CANCELLED
    job_runs.run_waiting()
    assert Customer.objects.count() == 0
    assert "Stopped by hand" in desk.get(url).content.decode()
    desk.post(apply)
    job_runs.run_waiting()
    assert (Customer.objects.count(), CustomerImport.objects.get().state) == (7, FileState.APPLIED)
    desk.post(reverse("customers:import_take_back", args=[batch.number]), {"reason": "Wrong list"})
    job_runs.run_waiting()
    assert Customer.objects.filter(archived_at=None).count() == 0


def test_an_applied_import_is_not_applied_again(nomvula: Actor) -> None:
    batch = applied(nomvula, csv_of([row(0)]))
    with pytest.raises(IllegalTransition):
        import_writing.start(nomvula, batch.pk)
    assert timezone.now() - Customer.objects.get().recorded_at < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_written_by_two_people_at_once_makes_nobody_twice() -> None:
    rosebank = branch("RSB", name="Rosebank")
    first, second = staff(Role.BRANCH_MANAGER, rosebank), staff(Role.BRANCH_MANAGER, rosebank)
    content = csv_of([row(n) for n in range(12)])
    batches = [checked(first, content), checked(second, content)]
    for actor, batch in zip((first, second), batches, strict=True):
        assert batch.counts["new"] == 12
        import_writing.start(actor, batch.pk)
    at_once([lambda: import_writing.write(first, batches[0].pk), lambda: import_writing.write(second, batches[1].pk)])
    assert Customer.objects.count() == 12
    assert CustomerImportRow.objects.filter(is_live=True).count() == 12
    assert CustomerImportRow.objects.filter(verdict="before").count() == 12


@pytest.mark.django_db(transaction=True)
def test_two_workers_on_one_import_write_each_row_once() -> None:
    rosebank = branch("RSB", name="Rosebank")
    manager = staff(Role.BRANCH_MANAGER, rosebank)
    batch = checked(manager, csv_of([row(n) for n in range(12)]))
    import_writing.start(manager, batch.pk)
    answers = at_once([lambda: import_writing.write(manager, batch.pk)] * 2)
    assert Customer.objects.count() == 12
    assert sorted(type(answer).__name__ for answer in answers) == ["CustomerImport", "IllegalTransition"]
