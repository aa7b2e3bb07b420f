"""Words that customers and staff read for a parcel's state and for what held it up."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import ui
from core.states import Words
from shipping.models import Shipment, ShipmentState

S = ShipmentState

# What a customer may read: a whole sentence each, no blame, no jargon.
REASONS: dict[str, Words] = {
    "delayed": gettext_lazy("The carrier is running late."),
    "weather_delay": gettext_lazy("The weather holds the carrier up."),
    "customs": gettext_lazy("The parcel is with customs."),
    "customs_delay": gettext_lazy("Customs are still looking at the parcel."),
    "held": gettext_lazy("The carrier is holding the parcel."),
    "missorted": gettext_lazy("The parcel took a wrong turn at the carrier's."),
    "rescheduled": gettext_lazy("The carrier has moved the delivery to another day."),
    "transit_exception": gettext_lazy("Something went wrong on the way; the carrier is looking into it."),
    "delivery_exception": gettext_lazy("The carrier could not deliver the parcel."),
    "address_correction": gettext_lazy("The carrier could not find the address."),
    "awaiting_information": gettext_lazy("The carrier needs something from us before it goes on."),
    "contact_carrier": gettext_lazy("The carrier asks for a call before it goes on."),
    "payment_due": gettext_lazy("The carrier waits for a payment, such as duty."),
    "refused": gettext_lazy("The parcel was refused at the door."),
    "recipient_absent": gettext_lazy("Nobody was there to take the parcel."),
    "recipient_moved": gettext_lazy("The carrier says that you have moved."),
    "business_closed": gettext_lazy("The address was closed when the carrier came."),
    "not_accessible": gettext_lazy("The carrier could not get to the door."),
    "notice_left": gettext_lazy("The carrier came, found nobody and left a note."),
    "unclaimed": gettext_lazy("The parcel was not picked up in time."),
    "undeliverable": gettext_lazy("The parcel could not be delivered."),
    "rejected": gettext_lazy("The carrier did not take the parcel."),
    "damaged": gettext_lazy("The parcel was damaged on the way."),
    "disposed": gettext_lazy("The carrier could not save the parcel."),
    "lost": gettext_lazy("The parcel got lost on the way."),
    "expired": gettext_lazy("The carrier has no news of the parcel any more."),
    "cancelled_by_carrier": gettext_lazy("The carrier cancelled the shipment."),
}
_STATES: dict[str, Words] = {
    S.AVAILABLE_FOR_PICKUP: gettext_lazy("The parcel waits for you at the carrier's pick-up point."),
    S.ATTEMPT_FAILED: gettext_lazy("The carrier tried to deliver the parcel and could not."),
    S.EXCEPTION: gettext_lazy("Something went wrong with the parcel; the carrier is looking into it."),
    S.RETURNING: gettext_lazy("The parcel is on its way back to us."),
    S.RETURNED: gettext_lazy("The parcel came back to us."),
}

CUSTOMER_WORDS: dict[str, Words] = {
    S.PACKED: gettext_lazy("Packed and waiting for the carrier"),
    S.HANDED_OVER: gettext_lazy("Handed to the carrier"),
    S.IN_TRANSIT: gettext_lazy("On its way"),
    S.OUT_FOR_DELIVERY: gettext_lazy("Comes today"),
    S.AVAILABLE_FOR_PICKUP: gettext_lazy("Waits at the pick-up point"),
    S.ATTEMPT_FAILED: gettext_lazy("Could not be delivered"),
    S.EXCEPTION: gettext_lazy("Held up"),
    S.RETURNING: gettext_lazy("On its way back to us"),
    S.RETURNED: gettext_lazy("Came back to us"),
    S.DELIVERED: gettext_lazy("Delivered"),
    S.CANCELLED: gettext_lazy("Cancelled"),
}
TONES: dict[str, tuple[str, str]] = {
    S.PACKED: ("neutral", "box"),
    S.HANDED_OVER: ("info", "truck"),
    S.IN_TRANSIT: ("info", "truck"),
    S.OUT_FOR_DELIVERY: ("info", "truck"),
    S.AVAILABLE_FOR_PICKUP: ("warning", "alert"),
    S.ATTEMPT_FAILED: ("warning", "alert"),
    S.EXCEPTION: ("danger", "fail"),
    S.RETURNING: ("warning", "return"),
    S.RETURNED: ("warning", "return"),
    S.DELIVERED: ("success", "pass"),
    S.CANCELLED: ("neutral", "cross"),
}
WARNINGS: dict[str, Words] = {
    "check_digit": gettext_lazy("The check digit does not fit: look at the label again."),
    "shape": gettext_lazy("This carrier's numbers look different: is it the right carrier?"),
    "other_carrier": gettext_lazy("This looks like another carrier's number."),
}
# What happened on the way, for staff; the codes that are no problem.
FACTS: dict[str, Words] = {
    "arrived_at_facility": gettext_lazy("arrived at a depot"),
    "departed_facility": gettext_lazy("left a depot"),
    "arrived_at_destination": gettext_lazy("arrived"),
    "arrived_in_country": gettext_lazy("arrived in the country"),
    "accepted": gettext_lazy("taken by the carrier"),
    "transferred": gettext_lazy("passed on to the local carrier"),
    "forwarded": gettext_lazy("forwarded"),
    "resolved": gettext_lazy("goes on"),
    "picked_up": gettext_lazy("picked up"),
    "signed": gettext_lazy("signed for"),
}


def problem(state: str, reason: str) -> str:
    """Why a parcel is held up, for its customer, in the language that is active; empty when nothing is wrong."""
    return str(REASONS.get(reason) or _STATES.get(state, ""))


def reason_word(reason: str) -> str:
    """A reason beside a state, for staff."""
    return str(FACTS.get(reason) or REASONS.get(reason, reason.replace("_", " ")))


def badge(shipment: Shipment) -> ui.Badge:
    tone, icon = TONES[shipment.state]
    if shipment.state == S.EXCEPTION and shipment.reason == "lost":
        return ui.Badge(_("Lost"), tone, icon)
    return ui.Badge(shipment.get_state_display(), tone, icon)
