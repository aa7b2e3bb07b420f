"""Compare everything, keep what differs, and put a case before the branch where something does."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.scope import Scope
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor, system
from reports.models import Difference, Reconciliation
from reports.reconciling.checks import CHECKS, Check

KIND = "reconciliation"
MOST_KEPT = 500
KEPT_DAYS = 90
JOB = "reports.reconcile"


@transaction.atomic
def run(actor: Actor) -> Reconciliation:
    """One comparison of every branch, with its differences and the cases that follow. At most 500 a check are kept."""
    made = Reconciliation.objects.create(asked_by_id=actor.user_id)
    found = [difference for check in CHECKS for difference in _differences(made, check)]
    Difference.objects.bulk_create(found, batch_size=1_000)
    made.counts = dict(Counter(difference.check_code for difference in found))
    made.finished_at = timezone.now()
    made.save()
    for branch_id, count in Counter(difference.branch_id for difference in found).items():
        _open_case(branch_id, count, [one for one in found if one.branch_id == branch_id])
    Reconciliation.objects.filter(started_at__lt=timezone.now() - timedelta(days=KEPT_DAYS)).delete()
    return made


def _differences(made: Reconciliation, check: Check) -> Iterable[Difference]:
    with connection.cursor() as cursor:
        cursor.execute(check.query)
        rows = cursor.fetchmany(MOST_KEPT)
    for branch_id, record_type, record_id, label, expected, found in rows:
        yield Difference(
            run=made,
            check_code=check.code,
            branch_id=branch_id,
            record_type=record_type,
            record_id=record_id,
            label=label[:120],
            expected=expected[:120],
            found=found[:120],
        )


def _open_case(branch_id: int, count: int, rows: Sequence[Difference]) -> None:
    """One case a branch: while it is open, a new night adds a note."""
    branch = Branch.objects.get(pk=branch_id)
    named = ", ".join(dict.fromkeys(row.label for row in rows[:10]))
    title = _("Reconciliation found differences")
    text = _("%(n)d differences: %(named)s") % {"n": count, "named": named}
    cases.open_case(system(branch_id=branch_id), CaseData(KIND, branch, branch_id, title, text[:2000]))


def last() -> Reconciliation | None:
    """The newest comparison that finished."""
    return Reconciliation.objects.filter(finished_at__isnull=False).order_by("-pk").first()


def listed(made: Reconciliation, scope: Scope) -> QuerySet[Difference]:
    """Its differences in these branches."""
    rows = Difference.objects.filter(run=made).select_related("branch").order_by("check_code", "branch__name", "pk")
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)
