"""Jobs past their promise: a case with an owner for each, opened by the clock."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import system
from labjobs import states
from labjobs.models import Job
from orders.services import common as orders

BATCH = 500


def open_due(now: datetime) -> int:
    """Open a case for every job whose day has passed in its branch and that has none for this promise. Returns how many."""
    tomorrow = timezone.localtime(now).date()
    late = Job.objects.filter(state__in=[state.value for state in states.ON_BOARD], promised_on__lte=tomorrow)
    return sum(_open(job, now) for job in late.select_related("order__customer", "branch", "lab", "tray")[:BATCH])


@transaction.atomic
def _open(job: Job, now: datetime) -> bool:
    if job.promised_on >= orders.today(job.branch, now):
        return False
    told = Case.objects.filter(
        kind="lab_delay",
        subject_type="labjobs.job",
        subject_id=job.pk,
        earlier_value__promised=[job.promised_on.isoformat(), ""],
    )
    if told.exists():
        return False
    words = {"tray": job.tray.code if job.tray else job.number, "stage": job.get_stage_display()}
    cases.open_case(
        system(),
        CaseData(
            kind="lab_delay",
            subject=job,
            branch_id=job.lab_branch_id or job.branch_id,
            title=_("%(tray)s is late at %(stage)s") % words,
            description=_("Promise a new date with its cause, or finish it today."),
            customer_id=job.order.customer_id,
            order_id=job.order_id,
            owner_id=job.lab.lead_id,
            cause_code="L12",
            party_at_fault="lab",
            earlier_value={"promised": [job.promised_on.isoformat(), ""]},
        ),
    )
    return True
