"""The laboratory: jobs, quality checks, remakes."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from labjobs.models import Job, JobState, QualityCheck, Remake, RemakeKind, RemakeState, Stage
from labjobs.services.remakes import PAYERS
from reports import words
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.selling import words_of


def _seen(scope: Scope, path: str = "") -> Q:
    """Where it is made, sold and collected."""
    if scope.everything:
        return Q()
    here = scope.branch_ids
    return (
        Q(**{f"{path}branch_id__in": here})
        | Q(**{f"{path}lab_branch_id__in": here})
        | Q(**{f"{path}order__collect_branch_id__in": here})
    )


def _jobs(scope: Scope) -> QuerySet[Any]:
    return Job.objects.filter(_seen(scope))


declare(
    Dataset(
        "jobs",
        _("Laboratory jobs"),
        _("One row a job: laboratory, stage, promise, times"),
        Can.VIEW_JOBS,
        _jobs,
        (
            Column("number", _("Job"), page="labjobs:job"),
            Column("order", _("Order"), source="order__number", page="orders:page"),
            Column("branch", _("Sold at"), source="branch__name"),
            Column("lab", _("Laboratory"), source="lab__name"),
            Column("tray", _("Tray"), source="tray__code"),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(JobState)),
            Column("stage", _("Stage"), Kind.CHOICE, choices=words_of(Stage)),
            Column("stage_since", _("In this stage since"), Kind.MOMENT),
            Column("released", _("Released"), Kind.MOMENT, source="released_at"),
            Column("released_by", _("Released by"), source="released_by__full_name"),
            Column("first_promised", _("First promise"), Kind.DAY, source="first_promised_on"),
            Column("promised", _("Promised"), Kind.DAY, source="promised_on"),
            Column("passed", _("Passed the check"), Kind.MOMENT, source="passed_at"),
            Column("ready", _("Ready in the shop"), Kind.MOMENT, source="ready_at"),
            Column("ended", _("Ended"), Kind.MOMENT, source="ended_at"),
            Column("on_hold", _("On hold since"), Kind.MOMENT, source="on_hold_since"),
            Column("on_hold_reason", _("Why on hold")),
            Column("remake_of", _("Remake of"), source="remake_of__number", page="labjobs:job"),
            Column("cause", _("Cause of the remake"), Kind.CHOICE, source="remake_reason", choices=words.causes),
            Column("party", _("At fault"), Kind.CHOICE, source="party_at_fault", choices=words.parties),
            Column("cost", _("Cost of the remake"), Kind.MONEY, source="remake_cost", can=Can.VIEW_COST),
        ),
        ("number", "order", "branch", "lab", "state", "stage", "released", "promised", "ready"),
        "released",
    )
)


def _checks(scope: Scope) -> QuerySet[Any]:
    return QualityCheck.objects.filter(_seen(scope, "job__"))


declare(
    Dataset(
        "checks",
        _("Quality checks"),
        _("One row an inspection: passed, failed, accepted"),
        Can.VIEW_JOBS,
        _checks,
        (
            Column("job", _("Job"), source="job__number", page="labjobs:job"),
            Column("order", _("Order"), source="job__order__number", page="orders:page"),
            Column("branch", _("Sold at"), source="job__branch__name"),
            Column("lab", _("Laboratory"), source="job__lab__name"),
            Column("attempt", _("Attempt"), Kind.NUMBER, adds=False),
            Column("passed", _("Passed"), Kind.YES_NO),
            Column("checked", _("Checked"), Kind.MOMENT, source="checked_at", zone="job__branch__time_zone"),
            Column("checked_by", _("Checked by"), source="checked_by__full_name"),
            Column("edition", _("Judged by"), source="edition__name"),
            Column("overridden", _("Accepted"), Kind.MOMENT, source="overridden_at", zone="job__branch__time_zone"),
            Column("overridden_by", _("Accepted by"), source="overridden_by__full_name"),
            Column("override_reason", _("Why accepted")),
        ),
        ("job", "branch", "lab", "attempt", "passed", "checked", "checked_by", "overridden_by", "override_reason"),
        "checked",
    )
)


def _remakes(scope: Scope) -> QuerySet[Any]:
    return Remake.objects.filter(_seen(scope, "job__"))


declare(
    Dataset(
        "remakes",
        _("Remakes"),
        _("One row a request: cause, party at fault, cost, decision"),
        Can.VIEW_JOBS,
        _remakes,
        (
            Column("number", _("Remake"), page="labjobs:remake_page"),
            Column("order", _("Order"), source="order__number", page="orders:page"),
            Column("branch", _("Sold at"), source="order__branch__name"),
            Column("lab", _("Laboratory"), source="job__lab__name"),
            Column("kind", _("Kind"), Kind.CHOICE, choices=words_of(RemakeKind)),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(RemakeState)),
            Column("cause", _("Cause"), Kind.CHOICE, choices=words.causes),
            Column("party", _("At fault"), Kind.CHOICE, source="party_at_fault", choices=words.parties),
            Column("payer", _("Who pays"), Kind.CHOICE, choices=lambda: PAYERS),
            Column("cost", _("Cost"), Kind.MONEY, can=Can.VIEW_COST),
            Column("credit", _("Expected credit"), Kind.MONEY, source="expected_credit", can=Can.VIEW_COST),
            Column("reason", _("Reason")),
            Column("requested", _("Asked"), Kind.MOMENT, source="requested_at", zone="order__branch__time_zone"),
            Column("requested_by", _("Asked by"), source="requested_by__full_name"),
            Column("decided", _("Decided"), Kind.MOMENT, source="decided_at", zone="order__branch__time_zone"),
            Column("decided_by", _("Decided by"), source="decided_by__full_name"),
        ),
        ("number", "order", "branch", "lab", "state", "cause", "party", "payer", "requested", "decided_by"),
        "requested",
    )
)
