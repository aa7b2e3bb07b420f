"""Claims as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core import ui
from orders.models import Claim, ClaimState, Order
from records import phrases
from records.models import Event

_TONE: dict[str, tuple[str, str]] = {
    ClaimState.SUBMITTED: ("info", "hourglass"),
    ClaimState.APPROVED: ("success", "pass"),
    ClaimState.PART_APPROVED: ("warning", "alert"),
    ClaimState.REJECTED: ("danger", "fail"),
    ClaimState.PAID: ("success", "pass"),
    ClaimState.WITHDRAWN: ("neutral", "cross"),
}


@dataclass(frozen=True)
class ClaimRow:
    claim: Claim
    badge: ui.Badge


def badge(claim: Claim) -> ui.Badge:
    tone, icon = _TONE[claim.state]
    return ui.Badge(claim.get_state_display(), tone, icon)


def rows(order: Order) -> Sequence[ClaimRow]:
    """The order's claims, oldest first; one query."""
    return [ClaimRow(claim, badge(claim)) for claim in order.claims.order_by("pk")]


def history(claim: Claim) -> list[ui.Group]:
    """What happened to it, newest first."""
    events = Event.objects.filter(subject_type="orders.claim", subject_id=claim.pk).order_by("-pk")
    said = [(event, phrases.say(event)) for event in events]
    return [ui.Group("", [ui.Entry(one.text, event.at, one.meta, one.icon, one.tone) for event, one in said])]
