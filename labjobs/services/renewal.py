"""A held job made with the new values: frozen again, back at the start, its review decided."""

from django.db import transaction
from django.utils.translation import gettext as _

from branches.roles import Can
from core.actor import Actor
from core.errors import GateClosed
from labjobs import jobvalues, states
from labjobs.dependencies import REVIEW
from labjobs.models import Job, JobState, Stage
from labjobs.services import common, passing, release
from labjobs.services.common import Said, Step
from orders import basis
from orders.models import OrderState
from orders.services import orders
from records.services import reviews


@transaction.atomic
def renew(actor: Actor, job_id: int, reason: str) -> Job:
    """Take what is approved now. Raises GateClosed while something for a release is missing, the approval above all."""
    order, job = common.open_for(actor, Can.RELEASE_JOBS, job_id)
    missing = release.missing_for_renewal(order)
    if missing:
        raise GateClosed(_("The new values cannot be made yet."), code="renewal_refused", missing=missing)
    moved = basis.differences(basis.read(job.inputs), basis.live(order))
    if job.state != JobState.RELEASED:
        states.JOB.step("renew", job.state)
    if order.state == OrderState.READY:
        orders.send_back(actor, order.pk, reason or _("Values changed"))
    job.inputs, job.values = basis.stored(basis.live(order)), jobvalues.frozen(order)
    job.verification, job.passed_at, job.ready_at, job.dispatched_at = None, None, None, None
    job.on_hold_since, job.on_hold_reason = None, ""
    common.move(actor, job, Step(Stage.RECEIVED, JobState.RELEASED, "renewal", reason))
    reviews.settle(job, REVIEW, actor, reason)
    passing.to_laboratory(actor, order, job, again=True)
    what = ", ".join(str(change) for change in moved)
    common.tell("labjob.renewed", actor, job, Said(reason=reason, new={"values": what}))
    return job
