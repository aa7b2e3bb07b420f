"""Schedules set up and carried out by the worker, for the tests beside this."""

import csv
import io
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from branches.models import User
from core import job_runs
from core.actor import Actor
from reports.builder import saving
from reports.builder.saving import ReportData
from reports.datasets.base import Definition
from reports.models import Export, SavedReport, Schedule, ScheduleRun
from reports.schedules import keeping, running
from reports.schedules.keeping import ScheduleData

NUMBERS = Definition("orders", ("number", "branch"), sort="number")


def person(actor: Actor) -> User:
    return User.objects.get(pk=actor.user_id)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(person(actor))
    return client


def saved(actor: Actor, definition: Definition = NUMBERS) -> SavedReport:
    return saving.keep(actor, ReportData("Orders by number", definition.as_json()))


def scheduled(actor: Actor, *people: User, **fields: Any) -> Schedule:
    chosen = tuple(one.pk for one in people) or (person(actor).pk,)
    values: dict[str, Any] = {"every": "day", "hour": 7, "format": "csv"} | fields
    return keeping.keep(actor, saved(actor), ScheduleData(people=chosen, **values))


def due(schedule: Schedule) -> ScheduleRun:
    """Its hour strikes and the worker has done its part."""
    Schedule.objects.filter(pk=schedule.pk).update(next_at=timezone.now() - timedelta(minutes=1))
    assert running.start_due() == 1
    job_runs.run_waiting()
    return schedule.runs.latest("pk")


def outcomes(run: ScheduleRun) -> dict[str, str]:
    return {one.person.full_name: one.outcome for one in run.deliveries.select_related("person")}


def numbers(export: Export) -> list[str]:
    with export.file.open("rb") as file:
        return [line[0] for line in csv.reader(io.StringIO(file.read().decode("utf-8-sig")))][1:]
