"""The parcels of an order as its customer sees them: who has it, its number with the carrier's page, where it was last."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from core import formats
from shipping import links, wording
from shipping.models import Shipment, ShipmentState

_LATE_WORDS = (ShipmentState.ATTEMPT_FAILED, ShipmentState.EXCEPTION, ShipmentState.RETURNING, ShipmentState.RETURNED)


@dataclass(frozen=True)
class Parcel:
    """One box of the page. `trouble`: something is wrong with it and the shop is at it; `why` in a sentence."""

    carrier: str
    number: str
    url: str
    words: str
    expected: str
    trouble: bool = False
    why: str = ""


def shown(parcel: Shipment) -> Parcel:
    """Nothing of the address: it stands on the parcel and nowhere on this page."""
    today = timezone.localdate()
    expected = formats.day(parcel.expected_on, today=today) if parcel.expected_on else ""
    over = parcel.state == ShipmentState.DELIVERED
    out = parcel.state == ShipmentState.OUT_FOR_DELIVERY
    place = f", {parcel.place}" if parcel.place and not over else ""
    signed = _(", signed by %(name)s") % {"name": parcel.signed_by} if over and parcel.signed_by else ""
    return Parcel(
        parcel.carrier.name,
        parcel.tracking_number,
        address_of(parcel),
        f"{_words(parcel, today)}{place}{signed}",
        "" if over or out else expected,
        parcel.state in _LATE_WORDS,
        wording.problem(parcel.state, parcel.reason) if parcel.state in _LATE_WORDS else "",
    )


def comes_today(parcel: Shipment, today: date) -> bool:
    """It is with the driver since this morning. What went out yesterday and did not arrive is no promise any more."""
    return parcel.state == ShipmentState.OUT_FOR_DELIVERY and timezone.localdate(parcel.state_at) >= today


def _words(parcel: Shipment, today: date) -> str:
    if parcel.state == ShipmentState.OUT_FOR_DELIVERY and not comes_today(parcel, today):
        since = formats.day(timezone.localdate(parcel.state_at), today=today)
        return _("Out for delivery since %(day)s") % {"day": since}
    return str(wording.CUSTOMER_WORDS[parcel.state])


def address_of(parcel: Shipment) -> str:
    """The carrier's page of this parcel; only https, so that no template of words becomes another address."""
    address = links.of(parcel)
    return address if address.startswith("https://") else ""
