"""What the clock and the workers do: start what is due once, make each reader's own file, tell them and the owner.

Rights are looked up anew for every reader at every run. A worker that dies leaves the readers it has not served waiting;
the next one goes on with those.
"""

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches.models import User
from core import jobs
from core.actor import Actor, Source
from core.errors import DomainError
from core.models import Job
from records import events
from reports.datasets.base import Definition
from reports.exports import asking, making
from reports.exports.asking import Request
from reports.models import Delivery, Export, ExportState, Outcome, Recipient, RunState, Schedule, ScheduleRun
from reports.schedules import keeping, mails, people

JOB = "reports.schedule"


def start_due() -> int:
    """Every minute: begin what is due. However many times were missed, one run makes up for them."""
    now = timezone.now()
    due = Schedule.objects.filter(next_at__lte=now, paused_at=None, removed_at=None).values_list("pk", flat=True)
    return sum(_start_if_due(pk) for pk in list(due))


@transaction.atomic
def _start_if_due(pk: int) -> int:
    now = timezone.now()
    rows = Schedule.objects.select_for_update(of=("self",), skip_locked=True).select_related(
        "report", "branch", "owner"
    )
    row = rows.filter(pk=pk, next_at__lte=now, paused_at=None, removed_at=None).first()
    if row is None:
        return 0
    due, row.next_at = row.next_at, keeping.next_of(row, now)
    if not people.may_own(row):
        row.paused_at, row.paused_why = (
            now,
            _("%(name)s, who set it up, may not see reports here any more.") % {"name": row.owner.full_name},
        )
        row.save()
        _record("schedule.paused", row)
        return 0
    row.save()
    _begin(ScheduleRun(schedule=row, due_at=due))
    return 1


@transaction.atomic
def start_now(actor: Actor, pk: int) -> ScheduleRun:
    """One more time, because a person wants it; the rhythm stays as it is."""
    schedule = keeping.schedule_for(actor, pk)
    # Two people who ask at once: the second waits here and then finds the first one's run.
    Schedule.objects.select_for_update().get(pk=pk)
    if not people.may_change(actor, schedule):
        raise DomainError(_("Only its owner or who runs the branch sends it."))
    if schedule.runs.filter(state=RunState.WAITING).exists():
        raise DomainError(_("It is being sent already."))
    return _begin(ScheduleRun(schedule=schedule, due_at=timezone.now(), asked_by_id=actor.user_id))


def _begin(run: ScheduleRun) -> ScheduleRun:
    run.save()
    schedule = run.schedule
    Delivery.objects.bulk_create(
        Delivery(run=run, person_id=one.person_id, branch_id=one.branch_id)
        for one in schedule.recipients.order_by("pk")
    )
    jobs.enqueue(JOB, run.job_key, {"run": run.pk}, actor=None)
    _record("schedule.started", schedule)
    return run


def _record(kind: str, schedule: Schedule) -> None:
    told = {"what": schedule.report.name}
    events.record(kind, owner_of(schedule), events.Fact(schedule, branch_id=schedule.branch_id, data=told))


def last_of(schedules: Sequence[Schedule]) -> dict[int, ScheduleRun]:
    """The newest run of each schedule that has one, by its key. One query."""
    rows = ScheduleRun.objects.filter(schedule__in=schedules).order_by("schedule_id", "-pk").distinct("schedule_id")
    return {run.schedule_id: run for run in rows}


def owner_of(schedule: Schedule) -> Actor:
    """The clock, acting for who set the schedule up."""
    owner = schedule.owner
    return Actor(owner.full_name, "system", Source.SYSTEM, owner.pk, schedule.branch_id)


def carry_out(run_id: int, progress: Callable[[int, int], None]) -> ScheduleRun:
    """For the worker: serve every reader who waits, then settle the run and tell the owner who got nothing."""
    run = ScheduleRun.objects.select_related("schedule__report", "schedule__branch", "schedule__owner").get(pk=run_id)
    if run.state != RunState.WAITING:
        return run
    rows = list(run.deliveries.select_related("person", "branch", "export").order_by("pk"))
    for done, delivery in enumerate(rows):
        progress(done, len(rows))
        if delivery.outcome == Outcome.WAITING:
            _serve(run, delivery)
    progress(len(rows), len(rows))
    return _settle(run, [one for one in rows if one.pk])


def _serve(run: ScheduleRun, delivery: Delivery) -> None:
    """One reader, in their own language and the clock of their branch. Who was taken off since is forgotten."""
    if not _is_wanted(run, delivery):
        _drop(delivery)
        delivery.delete()
        return
    with translation.override(delivery.person.reads), timezone.override(ZoneInfo(delivery.branch.time_zone)):
        refused = refusal(run.schedule, delivery)
        if refused is not None:
            _end(delivery, refused)
            return
        try:
            export = _file(run, delivery)
        except (DomainError, jobs.GiveUp) as error:
            _drop(delivery)
            _end(delivery, _outcome_of(error), str(error))
            return
        if export.state != ExportState.DONE:
            _end(delivery, Outcome.REFUSED, _("The file was cancelled."))
        elif export.rows == 0 and not run.schedule.send_empty:
            _end(delivery, Outcome.EMPTY)
        else:
            _send(run, delivery, export)


def _is_wanted(run: ScheduleRun, delivery: Delivery) -> bool:
    """Whether the schedule is still there, with this person on it."""
    on = Recipient.objects.filter(schedule_id=run.schedule_id, person_id=delivery.person_id)
    return on.filter(schedule__removed_at=None).exists()


def refusal(schedule: Schedule, delivery: Delivery) -> Outcome | None:
    """Why this person gets nothing as things stand now; None where nothing stands in the way."""
    person = User.objects.prefetch_related("memberships").get(pk=delivery.person_id)
    if not person.is_active or not person.email:
        return Outcome.GONE
    if not people.belongs(person, delivery.branch_id):
        return Outcome.NO_BRANCH
    rights = people.rights_for(Definition.of_json(schedule.report.definition))
    return None if people.holds(person, delivery.branch_id, rights) else Outcome.NO_RIGHT


def _outcome_of(error: Exception) -> Outcome:
    return Outcome.TOO_MANY if getattr(error, "code", "") == "too_many" else Outcome.REFUSED


def _file(run: ScheduleRun, delivery: Delivery) -> Export:
    """The reader's own export; one begun by a worker that died is made to its end."""
    if delivery.export is None:
        report = run.schedule.report
        wanted = Request(Definition.of_json(report.definition), run.schedule.format, report.name)
        with transaction.atomic():
            reader = making.actor_of(delivery.person, delivery.branch_id)
            delivery.export = asking.prepare(reader, wanted, owner_of(run.schedule))
            delivery.save()
    return making.make(delivery.export.pk, lambda done, total: None)


def _drop(delivery: Delivery) -> None:
    """A file that cannot be made does not stay as one being made."""
    if delivery.export_id is not None:
        Export.objects.filter(pk=delivery.export_id, state=ExportState.QUEUED).update(state=ExportState.CANCELLED)


def _send(run: ScheduleRun, delivery: Delivery, export: Export) -> None:
    with transaction.atomic():
        delivery.message = mails.put(run, delivery, export)
        _end(delivery, Outcome.SENT)


def _end(delivery: Delivery, outcome: Outcome, why: str = "") -> None:
    delivery.outcome, delivery.why = outcome, why[:200]
    delivery.save()


def _settle(run: ScheduleRun, rows: list[Delivery]) -> ScheduleRun:
    """What became of the run: readers who were to get something and did not make it less than done."""
    troubled = [one for one in rows if one.outcome not in (Outcome.SENT, Outcome.EMPTY)]
    state = RunState.DONE if not troubled else RunState.FAILED if len(troubled) == len(rows) else RunState.PARTLY
    with transaction.atomic():
        run.state, run.finished_at = state, timezone.now()
        run.save()
        if troubled:
            mails.tell_owner(run, troubled)
    return run


def given_up(job: Job) -> None:
    """A run whose worker failed every time: those not served get nothing, and the owner is told."""
    if job.kind != JOB:
        return
    run = ScheduleRun.objects.select_related("schedule__report", "schedule__owner", "schedule__branch").get(
        pk=job.payload["run"]
    )
    for one in run.deliveries.filter(outcome=Outcome.WAITING).select_related("person"):
        _end(one, Outcome.REFUSED, job.last_error)
    _settle(run, list(run.deliveries.select_related("person").order_by("pk")))
