"""The quality check: readings in, verdict computed; a failure sends the job to rework and opens a case with an owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData, Link
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotAllowed, StaleRecord
from labjobs import defects, inspection, states
from labjobs.inspection import Bench, Result
from labjobs.models import Job, JobState, QualityCheck, QualityLine, Stage, ToleranceEdition
from labjobs.services import common, editions
from labjobs.services.common import Said, Step
from lensmath.tolerance.edition import Edition
from lensmath.tolerance.verdicts import Instrument
from orders.models import Order


@dataclass(frozen=True)
class CheckData:
    """What was measured: readings by the names of `inspection.rows_of`, and the looks that are right (`COSMETIC`)."""

    job_id: int
    readings: Mapping[str, Decimal]
    looks_right: frozenset[str]
    instrument: str = Instrument.AUTOMATIC.value
    version: int | None = None


@dataclass(frozen=True)
class Verdict:
    """A check with the lines it was judged by, and the case a failure opened."""

    check: QualityCheck
    results: Sequence[Result]
    failures: Sequence[str] = field(default_factory=tuple)
    case: Case | None = None


@transaction.atomic
def check(actor: Actor, data: CheckData) -> Verdict:
    """Judge a job by the default edition. Raises DomainError at every box that has no reading."""
    order, job = common.open_for(actor, Can.CHECK_QUALITY, data.job_id)
    _at_bench(job, data)
    common.require_free(job)
    edition = editions.default()
    tables = editions.tables(edition)
    bench = inspection.bench_of(job.values, job.verification, job.eyes)
    _all_read(bench, tables, data.readings)
    results = inspection.judge(bench, data.readings, tables, Instrument(data.instrument))
    failures = defects.failures(results, data.looks_right)
    record = _keep(actor, job, data, edition, results, not failures)
    if failures:
        return Verdict(record, results, failures, _fail(actor, order, job, record, results, data))
    _pass(actor, job, record)
    return Verdict(record, results)


def _at_bench(job: Job, data: CheckData) -> None:
    if data.version is not None and data.version != job.version:
        raise StaleRecord(
            _("Somebody else moved or checked this job since you opened it. Open the check again."),
            current_version=job.version,
        )
    here = job.state == JobState.QUALITY or (job.state == JobState.REWORK and job.stage == Stage.QUALITY)
    if not here:
        words = {"state": job.get_state_display(), "stage": job.get_stage_display()}
        message = _("The job is “%(state)s” at %(stage)s. Bring it to the quality check first.") % words
        raise IllegalTransition(message, code="not_at_quality")


def _all_read(bench: Bench, edition: Edition, readings: Mapping[str, Decimal]) -> None:
    rows = inspection.rows_of(bench, edition)
    missing = [row for row in rows if row.name not in readings and not (row.kind == inspection.AXIS and not row.judged)]
    if missing:
        fields = {row.name: _("Measure this value.") for row in missing}
        raise DomainError(_("Some values are not measured."), fields=fields, code="not_measured")


def _keep(
    actor: Actor,
    job: Job,
    data: CheckData,
    edition: ToleranceEdition,
    results: Sequence[Result],
    passed: bool,
) -> QualityCheck:
    record = QualityCheck.objects.create(
        job=job,
        attempt=job.checks.count() + 1,
        edition=edition,
        edition_table=edition.table,
        instrument=data.instrument,
        ordered=job.values.get("eyes") or {},
        verification=job.verification,
        measured={name: str(value) for name, value in data.readings.items()},
        cosmetic={code: code in data.looks_right for code in inspection.COSMETIC},
        passed=passed,
        checked_at=timezone.now(),
        checked_by_id=common.person(actor),
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    QualityLine.objects.bulk_create(_line(record, place, result) for place, result in enumerate(results, start=1))
    return record


def _line(record: QualityCheck, place: int, result: Result) -> QualityLine:
    return QualityLine(
        check_record=record,
        position=place,
        eye=result.eye,
        quantity=result.kind,
        ordered=result.ordered,
        target=result.target,
        measured=result.measured,
        limit=result.limit,
        difference=result.difference,
        share=result.share,
        over=result.over,
        passed=result.passed,
        judged=result.judged,
    )


def _pass(actor: Actor, job: Job, record: QualityCheck) -> None:
    if job.state == JobState.REWORK:
        common.move(actor, job, Step(Stage.QUALITY, JobState.QUALITY, "check"))
    states.JOB.step("pass_check", job.state)
    job.passed_at = timezone.now()
    common.move(actor, job, Step(Stage.DISPATCH, JobState.PASSED, "check"))
    common.tell("labjob.qc_passed", actor, job, Said(data={"attempt": record.attempt}), record)


def _fail(
    actor: Actor,
    order: Order,
    job: Job,
    record: QualityCheck,
    results: Sequence[Result],
    data: CheckData,
) -> Case:
    found = defects.of(results, data.looks_right)
    if job.state != JobState.REWORK:
        states.JOB.step("fail_check", job.state)
        common.move(actor, job, Step(Stage.QUALITY, JobState.REWORK, "check", found.title))
    case = cases.open_case(
        actor,
        CaseData(
            kind=found.case_kind,
            subject=job,
            branch_id=common.case_branch(actor, job, order),
            title=f"{_tray(job)}: {found.title}"[:200],
            description=" · ".join(found.sentences),
            customer_id=order.customer_id,
            order_id=order.pk,
            owner_id=job.lab.lead_id,
            cause_code=found.cause,
            party_at_fault="lab",
            earlier_value=found.values,
            links=[Link("check", record, _("Check %(n)s") % {"n": record.attempt})],
        ),
    )
    said = Said(
        reason=found.title,
        reason_code=found.cause,
        data={"attempt": record.attempt, "case": case.number, "stage_at_fault": found.stage, "defect": found.defect},
    )
    common.tell("labjob.qc_failed", actor, job, said, record)
    return case


def _tray(job: Job) -> str:
    return job.tray.code if job.tray else job.number


@transaction.atomic
def send_to_rework(actor: Actor, job_id: int, stage: str = "") -> Job:
    """Back to the stage at fault (or another of the laboratory's way), with what failed as the reason."""
    _order, job = common.open_for(actor, Can.CHECK_QUALITY, job_id)
    last = job.checks.order_by("-attempt").first()
    if job.state != JobState.REWORK or last is None or last.passed:
        raise IllegalTransition(_("The last check did not fail."), code="not_failed")
    found = defects.of_record(last)
    way = states.WAY[job.lab.kind]
    target = stage or (found.stage if found.stage in way else way[1])
    if target not in way or target in (Stage.QUALITY, Stage.DISPATCH):
        raise DomainError(
            _("Choose the stage that makes it again."), fields={"stage": _("Choose a stage.")}, code="off_way"
        )
    common.move(actor, job, Step(target, JobState.REWORK, "check", found.title))
    said = Said(
        reason=found.title, new={"stage": str(Stage(target).label)}, data={"stage": str(target), "how": "rework"}
    )
    common.tell("labjob.moved", actor, job, said)
    return job


@transaction.atomic
def override(actor: Actor, check_id: int, reason: str) -> QualityCheck:
    """A second person accepts a failed check, with a reason. The failure stays on the record."""
    job_id = QualityCheck.objects.values_list("job_id", flat=True).get(pk=check_id)
    _order, job = common.open_for(actor, Can.OVERRIDE_QUALITY, job_id)
    record = QualityCheck.objects.select_for_update().get(pk=check_id)
    newest = job.checks.order_by("-attempt").first()
    if record != newest or record.passed or job.state != JobState.REWORK:
        raise IllegalTransition(_("Only the last, failed check of a job can be accepted."), code="not_failed")
    if record.checked_by_id == actor.user_id:
        raise NotAllowed(_("Somebody else has to accept what you measured."), code="same_person")
    if not reason.strip():
        raise DomainError(
            _("Say why it may leave as it is."), fields={"reason": _("Enter a reason.")}, code="reason_missing"
        )
    common.require_free(job)
    record.overridden_at, record.overridden_by_id = timezone.now(), actor.user_id
    record.override_reason = reason.strip()
    record.version += 1
    record.save()
    states.JOB.step("override_check", job.state)
    job.passed_at = record.overridden_at
    common.move(actor, job, Step(Stage.DISPATCH, JobState.PASSED, "override", reason.strip()))
    data = {"attempt": record.attempt, "failed": [line.quantity for line in record.lines.filter(passed=False)]}
    common.tell("labjob.qc_overridden", actor, job, Said(reason=reason.strip(), data=data), record)
    return record
