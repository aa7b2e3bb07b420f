"""Hand-overs of an order between the shop and its laboratory: what changed since the last one is read before going on."""

from django.utils.translation import gettext as _

from branches.roles import Role
from core.actor import Actor
from core.errors import Missing
from labjobs.models import Job
from orders.models import Order
from records.facts import role_word
from records.models import Handover
from records.services import handovers
from records.services.handovers import Passing

PRODUCTION, FITTING = "production", "fitting"


def to_laboratory(actor: Actor, order: Order, job: Job, *, again: bool = False) -> None:
    """Our own laboratory receives the order. An outside one signs nothing here."""
    if job.lab_branch_id is None:
        return
    passing = Passing(
        order, Role.LAB_TECHNICIAN, PRODUCTION, job.lab_branch_id, order.pk, since=order.approved_at, again=again
    )
    handovers.pass_on(actor, passing)


def to_shop(actor: Actor, order: Order) -> None:
    """The shop that hands out receives the finished pair."""
    passing = Passing(
        order, Role.DISPENSING_OPTICIAN, FITTING, order.collect_branch_id, order.pk, since=order.approved_at
    )
    handovers.pass_on(actor, passing)


def unread(order: Order, stage: str) -> list[Missing]:
    """The hand-over that nobody has read yet, where something changed before this stage."""
    return [
        Missing("handover", _words(one), str(role_word(one.to_role)))
        for one in handovers.waiting(order.pk)
        if one.stage == stage and handovers.must_be_read(one)
    ]


def _words(one: Handover) -> str:
    first = one.changes[0]
    words = {"what": first["what"], "old": first["old"] or "–", "new": first["new"] or "–"}
    return _("Changed since the last hand-over, not read yet: %(what)s %(old)s → %(new)s.") % words
