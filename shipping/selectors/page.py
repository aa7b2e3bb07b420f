"""Everything the pages of one shipment and of one order show of parcels, in a fixed number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core import formats, ui
from core.prepared import Slot, prepared
from customers.page import identity
from labjobs.models import JobState
from labjobs.selectors.finding import open_job_of
from orders.models import Delivery, Order, OrderState
from orders.next_actions import Button, NextAction
from orders.viewer import Viewer
from records.facts import role_word
from records.selectors import cards_of_order, together
from shipping import contents, documents, links, states, wording
from shipping.models import Shipment, ShipmentState, TrackingCheckpoint
from shipping.services import following, trouble
from shipping.tracking import merging
from shipping.tracking.words import State

RANK = 30
S = ShipmentState


@dataclass(frozen=True)
class Heard:
    """One line of the parcel's events. `delay`: it came more than an hour after it happened."""

    row: TrackingCheckpoint
    word: str
    what: str
    note: str
    tone: str
    delay: bool


def shipment_page(shipment: Shipment, viewer: Viewer) -> dict[str, Any]:
    """The context of `shipping/shipment.html`."""
    order = shipment.order
    return {
        "shipment": shipment,
        "order": order,
        "banner": identity(order.customer),
        "badge": wording.badge(shipment),
        "link": links.of(shipment),
        "warning": wording.WARNINGS.get(shipment.number_warning, ""),
        "heard": heard(shipment),
        "trackers": list(shipment.trackers.filter(number=shipment.tracking_number).select_related("endpoint")),
        "why": wording.problem(shipment.state, shipment.reason),
        "lines": list(shipment.lines.select_related("line")),
        "address": documents.address_lines(shipment),
        "gates": [ui.Step(gate["label"], True, gate["how"]) for gate in shipment.gates],
        "reviews": together(
            [card for card in cards_of_order(order.pk, viewer.actor) if card.review.blocks == "shipping"]
        ),
        "may": rights(shipment, viewer),
        "next": next_of(shipment, viewer),
        "silent": trouble.is_silent(shipment, timezone.localdate()),
        "others": list(Shipment.objects.filter(order=order).exclude(pk=shipment.pk).order_by("-pk")),
    }


def heard(shipment: Shipment) -> list[Heard]:
    """Newest first by the carrier's clock; what was not believed is marked with why."""
    merged = merging.merge(following.checkpoints_of(shipment), timezone.now())
    rows = {row.fingerprint: row for row in shipment.checkpoints.all()}
    points = {point.fingerprint: point for point in merged.history}
    return [_heard(rows[key], points[key], merged) for key in reversed(list(points)) if key in rows]


def _heard(row: TrackingCheckpoint, point: Any, merged: merging.Merged) -> Heard:
    notes = []
    if point.fingerprint in merged.contradictions:
        notes.append(_("contradicts what came before, not believed"))
    if point.fingerprint in merged.future:
        notes.append(_("lies in the future, not believed"))
    if row.zone_assumed:
        notes.append(_("time zone assumed"))
    if row.occurred_at is None:
        notes.append(_("no time given"))
    if point.state == State.UNKNOWN:
        notes.append(_("word not known"))
    label = dict(S.choices).get(
        point.state.value, _("Label made") if point.state == State.LABEL_CREATED else row.status_raw
    )
    late = row.occurred_at is not None and (row.received_at - row.occurred_at).total_seconds() > 3600
    tone = "review" if notes else wording.TONES.get(point.state.value, ("neutral", ""))[0]
    what = row.message or wording.reason_word(point.reason)
    return Heard(row, str(label), what, ", ".join(notes), tone, late)


def rights(shipment: Shipment, viewer: Viewer) -> dict[str, bool]:
    """Which buttons the viewer gets."""
    ship = viewer.may(Can.SHIP_ORDERS, shipment.order)
    is_open = shipment.state in states.OPEN and not shipment.ended_reason
    return {
        "hand_over": ship and shipment.state == S.PACKED,
        "unpack": ship and shipment.state == S.PACKED,
        "say": ship and shipment.state != S.CANCELLED,
        "change": ship and is_open,
        "readdress": ship and is_open and shipment.to_branch_id is None,
    }


def next_of(shipment: Shipment, viewer: Viewer) -> NextAction:
    """Exactly one verb for this parcel."""
    order = shipment.order
    owner = order.owner.full_name if order.owner else shipment.branch.name
    if shipment.ended_reason or shipment.state in (S.DELIVERED, S.CANCELLED):
        return NextAction(_("Nothing more to do"), why=shipment.ended_reason)
    if shipment.state == S.PACKED:
        url = reverse("shipping:hand_over", args=[shipment.number])
        buttons = (
            [Button(_("Handed over"), url, post=True, primary=True, key="n")]
            if rights(shipment, viewer)["hand_over"]
            else []
        )
        why = _("Packed and labelled.") if shipment.tracking_number else _("It has no tracking number yet.")
        return NextAction(_("Hand it to %(carrier)s") % {"carrier": shipment.carrier.name}, owner, why, buttons=buttons)
    if shipment.state == S.RETURNED:
        url = reverse("shipping:pack", args=[order.number])
        return NextAction(
            _("Decide with the customer, then send it again"),
            owner,
            buttons=[Button(_("Pack again"), url, primary=True)],
        )
    say = Button(
        _("Enter what the carrier says"), reverse("shipping:say", args=[shipment.number]), primary=True, key="n"
    )
    if shipment.state in states.PROBLEM:
        why = wording.problem(shipment.state, shipment.reason)
        return NextAction(
            _("Clear it up with %(carrier)s") % {"carrier": shipment.carrier.name},
            owner,
            why,
            "warning",
            "alert",
            [say],
        )
    day = formats.day(shipment.expected_on, today=timezone.localdate()) if shipment.expected_on else ""
    why = _("Expected %(day)s.") % {"day": day} if day else ""
    return NextAction(_("Wait for the carrier"), shipment.carrier.name, why, "", "hourglass", [say])


def panel(order: Order, viewer: Viewer) -> Mapping[str, Any] | None:
    """The order's parcels, newest first; for an order to be sent also before there is one."""
    rows = _of_order().rows(order=order.pk)
    if not rows and order.delivery != Delivery.SHIP:
        return None
    parcels = [
        {
            "shipment": one,
            "badge": wording.badge(one),
            "link": links.of(one),
            "why": wording.problem(one.state, one.reason) if one.state in states.PROBLEM else "",
        }
        for one in rows
    ]
    may = viewer.may(Can.SHIP_ORDERS, order) and order.state in (OrderState.READY, OrderState.SHIPPED)
    return {"parcels": parcels, "count": len(rows), "may_pack": may and contents.left_to_send(order), "order": order}


@prepared
def _of_order() -> QuerySet[Shipment]:
    return Shipment.objects.filter(order=Slot("order")).select_related("carrier", "to_branch").order_by("-pk")


def next_action(order: Order, viewer: Viewer) -> NextAction | None:
    """A ready order that is to be sent: pack, hand over; a shipped one: wait or clear up."""
    if order.state == OrderState.READY and order.delivery == Delivery.SHIP:
        return _send(order, viewer)
    if order.state != OrderState.SHIPPED:
        return None
    found = Shipment.objects.filter(order=order, to_branch=None, ended_reason="").exclude(state__in=states.OUT_OF_USE)
    parcels = list(found.select_related("carrier", "branch", "order__owner").order_by("-pk"))
    worst = next((one for one in parcels if one.state in states.PROBLEM), parcels[0] if parcels else None)
    return next_of(worst, viewer) if worst else None


def _send(order: Order, viewer: Viewer) -> NextAction | None:
    job = open_job_of(order)
    if job is not None and job.state != JobState.READY:
        return None
    packed = Shipment.objects.filter(order=order, state=S.PACKED, to_branch=None).select_related(
        "carrier", "branch", "order__owner"
    )
    waiting = packed.first()
    if waiting is not None:
        return next_of(waiting, viewer)
    url = reverse("shipping:pack", args=[order.number])
    buttons = [Button(_("Pack and ship"), url, primary=True, key="n")] if viewer.may(Can.SHIP_ORDERS, order) else []
    owner = order.owner.full_name if order.owner else role_word("receptionist")
    return NextAction(_("Pack and ship"), owner, _("The customer wants it sent."), buttons=buttons)


def stage(order: Order) -> Mapping[str, ui.Stage]:
    """Fitting and collection of an order that is sent read as shipping and delivery."""
    if order.delivery != Delivery.SHIP and order.state != OrderState.SHIPPED:
        return {}
    shipped = order.shipped_at is not None
    delivered = order.state in (OrderState.COLLECTED, OrderState.CLOSED)
    return {
        "fitting": ui.Stage(_("Shipping"), "done" if shipped else "next", _short(order.shipped_at)),
        "collection": ui.Stage(
            _("Delivery"), "done" if delivered else "next", _short(order.collected_at if delivered else None)
        ),
    }


def _short(at: datetime | None) -> str:
    return formats.day(timezone.localtime(at).date(), today=timezone.localdate()).split(" ", 1)[-1] if at else ""
