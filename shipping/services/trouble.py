"""Cases about parcels: a problem the carrier reports, silence, an expected day that passed. Each has an owner."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from branches.models import Branch
from cases.models import Case, CaseState
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor, system
from core.formats import day
from orders import workdays
from orders.services import common as orders
from shipping import states, wording
from shipping.models import Shipment
from shipping.tracking import outcome
from shipping.tracking.words import State

STALLED, PROBLEM, LOST = outcome.STALLED, outcome.PROBLEM, outcome.LOST
BATCH = 500


def open_for(actor: Actor, shipment: Shipment) -> Case | None:
    """The case that the shipment's state and reason call for. While one of its kind is open, it gets a note."""
    known = shipment.state in State._value2member_map_
    kind = outcome.case_kind(State(shipment.state), shipment.reason) if known else ""
    if not kind:
        return None
    words = wording.problem(shipment.state, shipment.reason) or str(shipment.get_state_display())
    title = _("%(order)s: %(what)s") % {"order": shipment.order.number, "what": words}
    return _open(shipment, kind, title, words, "")


def _open(shipment: Shipment, kind: str, title: str, description: str, since: str) -> Case:
    order = shipment.order
    return cases.open_case(
        system(branch_id=shipment.branch_id),
        CaseData(
            kind=kind,
            subject=shipment,
            branch_id=shipment.branch_id,
            title=title,
            description=description,
            customer_id=order.customer_id,
            order_id=order.pk,
            owner_id=_owner(shipment),
            party_at_fault="carrier",
            earlier_value={"since": [since, ""]} if since else {},
        ),
    )


def _owner(shipment: Shipment) -> int | None:
    """Who looks after the order, when they work where the parcel left; else the role has it."""
    owner = shipment.order.owner
    if owner is None or not owner.memberships.filter(branch_id__in=[shipment.branch_id]).exists():
        return shipment.packed_by_id
    return owner.pk


def look(now: datetime) -> int:
    """Open a case for every parcel that is silent for too long or past its day; once for each. Returns how many."""
    under_way = Shipment.objects.filter(state__in=states.UNDER_WAY, ended_reason="")
    rows = under_way.select_related("order__customer", "order__owner", "branch", "carrier").order_by(
        Coalesce("last_word_at", "handed_over_at")
    )
    return sum(_look_at(shipment, now) for shipment in rows[: BATCH * 4])


@transaction.atomic
def _look_at(shipment: Shipment, now: datetime) -> bool:
    today = orders.today(shipment.branch, now)
    silent_since = quiet_since(shipment)
    if is_silent(shipment, today):
        words = {
            "n": shipment.carrier.silence_days,
            "carrier": shipment.carrier.name,
            "day": day(silent_since, today=today),
        }
        why = _("No word from %(carrier)s since %(day)s, more than %(n)s working days.") % words
        return _once(shipment, f"silence {silent_since.isoformat()}", why)
    if is_overdue(shipment, today) and shipment.expected_on:
        why = _("It was expected on %(day)s and is not delivered.") % {"day": day(shipment.expected_on, today=today)}
        return _once(shipment, f"expected {shipment.expected_on.isoformat()}", why)
    return False


def quiet_since(shipment: Shipment) -> date:
    """The day of the last word, or of the hand-over, on the branch's calendar."""
    last = max(moment for moment in (shipment.last_word_at, shipment.handed_over_at, shipment.packed_at) if moment)
    return orders.local(shipment.branch, last).date()


def is_silent(shipment: Shipment, today: date) -> bool:
    """More working days than the carrier may be silent, by the branch's public holidays."""
    return shipment.state in states.UNDER_WAY and today > _limit(quiet_since(shipment), shipment, shipment.branch)


def _limit(since: date, shipment: Shipment, branch: Branch) -> date:
    return workdays.after(since, shipment.carrier.silence_days, branch)


def is_overdue(shipment: Shipment, today: date) -> bool:
    expected = shipment.expected_on
    return shipment.state in states.UNDER_WAY and expected is not None and expected < today


def _once(shipment: Shipment, since: str, why: str) -> bool:
    told = Case.objects.filter(kind=STALLED, subject_type="shipping.shipment", subject_id=shipment.pk)
    if told.filter(~Q(state=CaseState.CLOSED) | Q(earlier_value__since=[since, ""])).exists():
        return False
    title = _("%(order)s: parcel stands still") % {"order": shipment.order.number}
    _open(shipment, STALLED, title, why, since)
    return True
