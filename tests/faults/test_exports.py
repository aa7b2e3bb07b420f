"""A worker is killed outright in the middle of an export: the file is made all the same, whole and once."""

import os
import signal

import pytest
from django.core.files.storage import default_storage

from branches.roles import Role
from core.models import Job, JobState
from customers.models import Customer
from records.models import Event
from reports.datasets.base import Definition
from reports.exports import asking
from reports.exports.asking import Request
from reports.models import Export, ExportState
from tests import factories
from tests.faults.handlers import SLOW, noted
from tests.faults.stack import Stack, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]

ROWS = 2_000


def test_an_export_whose_worker_is_killed_is_finished_by_the_next(stack: Stack) -> None:
    shop = factories.branch()
    Customer.objects.bulk_create(
        Customer(number=f"C-{n:06d}", home_branch=shop, given_names="A", family_name="B", sort_key="b", search_text="b")
        for n in range(ROWS)
    )
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    stack.clock()
    worker = stack.worker()
    export = asking.ask(manager, Request(Definition("customers", ("number",), sort="number"), "csv", SLOW))

    def work() -> Job:
        return Job.objects.get(key=export.job_key)

    assert wait_for(lambda: 0 < work().progress < ROWS)
    os.killpg(worker.pid, signal.SIGKILL)  # the worker and the process of its pool that writes
    worker.wait()
    killed = work()
    assert (killed.state, killed.total) == (JobState.RUNNING, ROWS)
    assert Export.objects.get(pk=export.pk).state == ExportState.QUEUED
    stack.worker()
    assert wait_for(lambda: Export.objects.get(pk=export.pk).state == ExportState.DONE), work().last_error
    assert wait_for(lambda: work().state == JobState.DONE)
    assert (work().attempts, work().progress, work().total) == (2, ROWS, ROWS)
    assert noted("execution") == [SLOW, SLOW]
    export.refresh_from_db()
    assert export.rows == ROWS
    with export.file.open("rb") as file:
        lines = file.read().decode("utf-8-sig").splitlines()
    assert lines[1:] == [f"C-{n:06d}" for n in range(ROWS)]
    folder = export.file.name.rpartition("/")[0]
    assert default_storage.listdir(folder)[1] == [export.file.name.rpartition("/")[2]]
    assert Event.objects.filter(kind="export.made").count() == 1
