"""A pair that comes back from the shop: to rework, with the order in production again."""

from django.db import transaction
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from labjobs import states
from labjobs.models import Job, JobState, Stage
from labjobs.services import common, passing
from labjobs.services.common import Said, Step
from orders.services import common as order_common
from orders.services import orders


@transaction.atomic
def send_back(actor: Actor, job_id: int, reason: str) -> Job:
    """After a failed fitting: the job goes to rework at the assembly bench, the order is in production again."""
    order, job = common.open_for(actor, Can.RECORD_FITTINGS, job_id)
    text = order_common.needs_reason(reason, _("Say why it goes back."))
    states.JOB.step("refit", job.state)
    job.ready_at, job.passed_at, job.dispatched_at = None, None, None
    common.move(actor, job, Step(Stage.ASSEMBLY, JobState.REWORK, "fitting", text))
    orders.send_back(actor, order.pk, text)
    passing.to_laboratory(actor, order, job)
    common.tell("labjob.moved", actor, job, Said(reason=text, new={"stage": str(Stage.ASSEMBLY.label)}))
    return job
