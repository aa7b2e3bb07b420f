"""Schedule a saved report, change, pause, remove it, leave it; each kept as an event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible, Problems, StaleRecord
from records import events
from reports.builder import saving
from reports.datasets.base import Definition
from reports.exports import asking
from reports.models import Every, Recipient, SavedReport, Schedule
from reports.schedules import people, rhythm
from reports.schedules.rhythm import Rhythm


@dataclass(frozen=True)
class ScheduleData:
    """What a person decides: the rhythm, the file, the people (keys of users)."""

    every: str
    hour: int
    people: tuple[int, ...]
    weekday: int = 0
    day: int = 1
    format: str = "xlsx"
    attach: bool = True
    send_empty: bool = False

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(self.every, self.hour, self.weekday, self.day)


def rhythm_of(schedule: Schedule) -> Rhythm:
    return Rhythm(schedule.every, schedule.hour, schedule.weekday, schedule.day)


def next_of(schedule: Schedule, moment: datetime) -> datetime:
    """When it is due after a moment, by the clock of its branch."""
    return rhythm.next_after(rhythm_of(schedule), moment, ZoneInfo(schedule.branch.time_zone))


def visible(actor: Actor) -> list[Schedule]:
    """One's own, those one is on, and those of the branches one runs; soonest first."""
    runs = access.branches_with(actor, Can.MANAGE_SETTINGS)
    mine = Q(owner_id=actor.user_id) | Q(recipients__person_id=actor.user_id)
    here = Q() if None in runs else mine | Q(branch_id__in=[branch for branch in runs if branch is not None])
    rows = Schedule.objects.filter(here, removed_at=None).distinct()
    return list(
        rows.select_related("report", "branch", "owner")
        .prefetch_related("recipients__person")
        .order_by("next_at", "pk")
    )


def schedule_for(actor: Actor, pk: int) -> Schedule:
    """One of them. Raises NotVisible."""
    found = next((schedule for schedule in visible(actor) if schedule.pk == pk), None)
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


@transaction.atomic
def keep(actor: Actor, report: SavedReport, data: ScheduleData) -> Schedule:
    """A new schedule of a report the actor sees, by the clock of the actor's branch.

    Raises NotAllowed without the right to export, DomainError at `people`, `format`, `hour`, `weekday` or `day`.
    """
    branch, owner = asking.placed(actor)
    access.require(actor, Can.EXPORT_DATA, branch.pk)
    # Whoever removes the report meanwhile takes its schedules along: this one is either among them or not made.
    SavedReport.objects.select_for_update().get(pk=report.pk)
    saving.report_for(actor, report.pk)
    chosen = _checked(actor, report, branch, data)
    row = Schedule(report=report, branch=branch, owner_id=owner)
    _write(row, data)
    _choose(row, chosen, people.places(actor, branch))
    _record("schedule.made", actor, row)
    return row


@transaction.atomic
def change(actor: Actor, schedule: Schedule, data: ScheduleData, version: int | None = None) -> Schedule:
    """Another rhythm, file or people. Raises as `keep`, and StaleRecord after another save."""
    row = _locked(actor, schedule.pk)
    if version is not None and version != row.version:
        raise StaleRecord(_("Somebody else saved first. Look again, then save."), current_version=row.version)
    access.require(actor, Can.EXPORT_DATA, row.branch_id)
    chosen = _checked(actor, row.report, row.branch, data)
    row.version += 1
    _write(row, data)
    _choose(row, chosen, people.places(actor, row.branch))
    _record("schedule.changed", actor, row)
    return row


def _checked(actor: Actor, report: SavedReport, branch: Branch, data: ScheduleData) -> list[people.Reader]:
    problems = Problems()
    if data.every not in Every.values or not 0 <= data.hour <= 23:
        problems.add("hour", _("Choose an hour of the day."))
    if not 0 <= data.weekday <= 6:
        problems.add("weekday", _("Choose a weekday."))
    if not 1 <= data.day <= 31:
        problems.add("day", _("Choose a day from 1 to 31."))
    if data.format not in asking.FORMATS:
        problems.add("format", _("Choose CSV, XLSX or PDF."))
    may = {one.person.pk: one for one in people.readers(actor, Definition.of_json(report.definition), branch)}
    if not data.people:
        problems.add("people", _("Choose who gets it."))
    elif not set(data.people) <= set(may):
        problems.add("people", _("Somebody you chose may not see this data. Look again who is on the list."))
    problems.raise_if_any(_("The schedule cannot be kept like this."))
    return [may[pk] for pk in dict.fromkeys(data.people)]


def _write(row: Schedule, data: ScheduleData) -> None:
    row.every, row.weekday, row.day, row.hour = data.every, data.weekday, data.day, data.hour
    row.format, row.attach, row.send_empty = data.format, data.attach, data.send_empty
    row.next_at = next_of(row, timezone.now())
    row.save()


def _choose(row: Schedule, chosen: list[people.Reader], places: Sequence[Branch]) -> None:
    """Who is not chosen goes, but for the people of branches that the actor does not see."""
    row.recipients.filter(branch__in=places).exclude(person__in=[one.person for one in chosen]).delete()
    for one in chosen:
        Recipient.objects.update_or_create(schedule=row, person=one.person, defaults={"branch": one.branch})


def _locked(actor: Actor, pk: int) -> Schedule:
    """The row, for those who may change it. Raises NotVisible, NotAllowed."""
    schedule_for(actor, pk)
    row = Schedule.objects.select_for_update(of=("self",)).select_related("report", "branch").get(pk=pk)
    if not people.may_change(actor, row):
        raise NotAllowed(_("Only its owner or who runs the branch changes a schedule."), code="not_allowed")
    return row


@transaction.atomic
def pause(actor: Actor, pk: int) -> Schedule:
    """Nothing goes out until it is resumed; what was missed meanwhile is not made up."""
    row = _locked(actor, pk)
    if row.paused_at is None:
        row.paused_at, row.paused_why = timezone.now(), ""
        row.save()
        _record("schedule.paused", actor, row)
    return row


@transaction.atomic
def resume(actor: Actor, pk: int) -> Schedule:
    """On again, from its next time on. Who resumes a schedule whose owner is gone becomes its owner."""
    row = _locked(actor, pk)
    if row.paused_at is None:
        raise DomainError(_("It is not paused."))
    if actor.user_id is not None and not people.may_own(row):
        row.owner_id = actor.user_id
    row.paused_at, row.paused_why, row.next_at = None, "", next_of(row, timezone.now())
    row.save()
    _record("schedule.resumed", actor, row)
    return row


@transaction.atomic
def remove(actor: Actor, pk: int) -> Schedule:
    """Take it off; what it sent stays on record."""
    row = _locked(actor, pk)
    row.removed_at = timezone.now()
    row.save()
    _record("schedule.removed", actor, row)
    return row


@transaction.atomic
def leave(actor: Actor, pk: int) -> Schedule:
    """Get no more of it. The last one on it stays, and pauses it instead."""
    row = Schedule.objects.select_for_update(of=("self",)).get(pk=schedule_for(actor, pk).pk)
    mine = row.recipients.filter(person_id=actor.user_id)
    if not mine.exists():
        raise DomainError(_("You are not on this schedule."))
    if row.recipients.count() == 1:
        row.paused_at, row.paused_why = timezone.now(), _("Its last reader left.")
        row.save()
    else:
        mine.delete()
    _record("schedule.left", actor, row)
    return row


def _record(kind: str, actor: Actor, row: Schedule) -> None:
    told: dict[str, Any] = {
        "what": row.report.name,
        "people": list(row.recipients.order_by("person_id").values_list("person_id", flat=True)),
        "rhythm": [row.every, row.weekday, row.day, row.hour],
    }
    events.record(kind, actor, events.Fact(row, branch_id=row.branch_id, data=told))
