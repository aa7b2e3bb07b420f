"""The carriers' words in ours: (status, detail) becomes (state, reason). A word nobody knows is kept, listed and harmless.

After the published status lists of the three tracking services; the generic adapter understands all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from shipping.tracking.words import State

S = State
Meaning = tuple[State | None, str]  # None leaves the state to the status


@dataclass(frozen=True)
class Vocabulary:
    """Statuses by word; details (substatus, subtag, status_detail) refine a status unless it is already an end."""

    statuses: Mapping[str, State]
    details: Mapping[str, Meaning]
    # Details change the state only beside these.
    refined: frozenset[State] = frozenset(
        {S.UNKNOWN, S.IN_TRANSIT, S.EXCEPTION, S.RETURNED, S.RETURNING, S.OUT_FOR_DELIVERY}
    )


@dataclass(frozen=True)
class Understood:
    """`unknown` holds the words that no table explains, as `status:word` or `detail:word`."""

    state: State
    reason: str = ""
    unknown: tuple[str, ...] = ()


# What an organisation has taught: a word as `plain` makes it to its meaning.
Taught = Mapping[str, Meaning]


def plain(word: object) -> str:
    """`In Transit`, `in-transit` and `IN_TRANSIT` are one word."""
    return re.sub(r"[^a-z0-9]", "", str(word).casefold()) if word is not None else ""


def understand(
    vocabulary: Vocabulary, status: object, detail: object = None, taught: Taught | None = None
) -> Understood:
    """Our state and reason for a carrier's words. Never raises."""
    more = taught or {}
    word, finer = plain(status), plain(detail)
    unknown: list[str] = []
    state, reason = _status(vocabulary, word, more, unknown, str(status or ""))
    if finer and finer != word:
        state, reason = _refine(vocabulary, (state, reason), finer, more, unknown, str(detail))
    return Understood(state, reason, tuple(unknown))


def _status(v: Vocabulary, word: str, taught: Taught, unknown: list[str], raw: str) -> tuple[State, str]:
    if word in v.statuses:
        return v.statuses[word], ""
    if word in taught:
        state, reason = taught[word]
        return state or S.UNKNOWN, reason
    if word in v.details and word:
        state, reason = v.details[word]
        return state or S.IN_TRANSIT, reason
    if word:
        unknown.append(f"status:{raw}")
    return S.UNKNOWN, ""


def _refine(
    v: Vocabulary, known: tuple[State, str], finer: str, taught: Taught, unknown: list[str], raw: str
) -> tuple[State, str]:
    state, reason = known
    if finer in v.details:
        wanted, why = v.details[finer]
    elif finer in taught:
        wanted, why = taught[finer]
    elif finer in v.statuses:
        return (v.statuses[finer], reason) if state == S.UNKNOWN else known
    else:
        unknown.append(f"detail:{raw}")
        return known
    return (wanted if wanted is not None and state in v.refined else state), (why or reason)


def _words(table: Mapping[str, State]) -> dict[str, State]:
    return {plain(word): state for word, state in table.items()}


def _details(table: Mapping[str, Meaning]) -> dict[str, Meaning]:
    return {plain(word): meaning for word, meaning in table.items()}


EASYPOST = Vocabulary(
    _words(
        {
            "unknown": S.UNKNOWN, "error": S.UNKNOWN, "pre_transit": S.LABEL_CREATED, "in_transit": S.IN_TRANSIT,
            "out_for_delivery": S.OUT_FOR_DELIVERY, "available_for_pickup": S.AVAILABLE_FOR_PICKUP,
            "delivered": S.DELIVERED, "return_to_sender": S.RETURNING, "failure": S.EXCEPTION, "cancelled": S.CANCELLED,
        }
    ),
    _details(
        {
            "address_correction": (None, "address_correction"), "arrived_at_destination": (None, "arrived_at_destination"),
            "arrived_at_facility": (None, "arrived_at_facility"),
            "arrived_at_pickup_location": (S.AVAILABLE_FOR_PICKUP, ""), "awaiting_information": (None, "awaiting_information"),
            "damaged": (S.EXCEPTION, "damaged"), "delayed": (None, "delayed"),
            "delivery_exception": (S.ATTEMPT_FAILED, "delivery_exception"), "delivery_attempted": (S.ATTEMPT_FAILED, ""),
            "departed_facility": (None, "departed_facility"), "departed_origin_facility": (None, "departed_facility"),
            "expired": (None, "expired"), "held": (None, "held"), "label_created": (None, ""),
            "lost": (S.EXCEPTION, "lost"), "missorted": (None, "missorted"), "out_for_delivery": (S.OUT_FOR_DELIVERY, ""),
            "received_at_destination_facility": (None, "arrived_at_facility"),
            "received_at_origin_facility": (None, "arrived_at_facility"), "refused": (S.EXCEPTION, "refused"),
            "return": (S.RETURNING, ""), "status_update": (None, ""),
            "transferred_to_destination_carrier": (None, "transferred"), "transit_exception": (None, "transit_exception"),
            "weather_delay": (None, "weather_delay"), "unknown": (None, ""),
        }
    ),
)  # fmt: skip

SHIPPO = Vocabulary(
    _words(
        {
            "UNKNOWN": S.UNKNOWN, "PRE_TRANSIT": S.LABEL_CREATED, "TRANSIT": S.IN_TRANSIT, "DELIVERED": S.DELIVERED,
            "RETURNED": S.RETURNED, "FAILURE": S.EXCEPTION,
        }
    ),
    _details(
        {
            "information_received": (None, ""), "address_issue": (None, "address_correction"),
            "contact_carrier": (None, "contact_carrier"), "delayed": (None, "delayed"),
            "delivery_attempted": (S.ATTEMPT_FAILED, ""), "delivery_rescheduled": (None, "rescheduled"),
            "delivery_scheduled": (None, ""), "location_inaccessible": (S.ATTEMPT_FAILED, "not_accessible"),
            "notice_left": (S.ATTEMPT_FAILED, "notice_left"), "out_for_delivery": (S.OUT_FOR_DELIVERY, ""),
            "package_accepted": (None, "accepted"), "package_arrived": (None, "arrived_at_facility"),
            "package_damaged": (S.EXCEPTION, "damaged"), "package_departed": (None, "departed_facility"),
            "package_forwarded": (None, "forwarded"), "package_held": (None, "held"), "package_processed": (None, ""),
            "package_processing": (None, ""), "pickup_available": (S.AVAILABLE_FOR_PICKUP, ""),
            "reschedule_delivery": (S.ATTEMPT_FAILED, "rescheduled"), "delivered": (None, ""),
            "return_to_sender": (S.RETURNING, ""), "package_unclaimed": (S.RETURNING, "unclaimed"),
            "package_undeliverable": (S.EXCEPTION, "undeliverable"), "package_disposed": (S.EXCEPTION, "disposed"),
            "package_lost": (S.EXCEPTION, "lost"), "other": (None, ""), "unknown": (None, ""),
        }
    ),
)  # fmt: skip

AFTERSHIP = Vocabulary(
    _words(
        {
            "Pending": S.UNKNOWN, "Expired": S.UNKNOWN, "InfoReceived": S.LABEL_CREATED, "InTransit": S.IN_TRANSIT,
            "OutForDelivery": S.OUT_FOR_DELIVERY, "AvailableForPickup": S.AVAILABLE_FOR_PICKUP,
            "AttemptFail": S.ATTEMPT_FAILED, "Delivered": S.DELIVERED, "Exception": S.EXCEPTION,
        }
    ),
    _details(
        {
            "Exception_001": (None, ""), "Exception_002": (S.EXCEPTION, "recipient_moved"),
            "Exception_003": (S.EXCEPTION, "refused"), "Exception_004": (S.IN_TRANSIT, "customs_delay"),
            "Exception_005": (S.IN_TRANSIT, "delayed"), "Exception_006": (S.IN_TRANSIT, "payment_due"),
            "Exception_007": (S.IN_TRANSIT, "address_correction"), "Exception_008": (S.EXCEPTION, "unclaimed"),
            "Exception_009": (S.EXCEPTION, "rejected"), "Exception_010": (S.RETURNING, ""),
            "Exception_011": (S.RETURNED, ""), "Exception_012": (S.EXCEPTION, "damaged"),
            "Exception_013": (S.EXCEPTION, "lost"),
            "AttemptFail_001": (None, ""), "AttemptFail_002": (None, "recipient_absent"),
            "AttemptFail_003": (None, "business_closed"),
            "InTransit_001": (None, ""), "InTransit_002": (None, "accepted"), "InTransit_003": (None, "arrived_at_facility"),
            "InTransit_004": (None, "arrived_in_country"), "InTransit_005": (None, "customs"), "InTransit_006": (None, "customs"),
            "InTransit_007": (None, "departed_facility"), "InTransit_008": (None, "resolved"),
            "InTransit_009": (None, "forwarded"), "InTransit_010": (None, ""),
            "InfoReceived_001": (None, ""), "OutForDelivery_001": (None, ""), "OutForDelivery_003": (None, ""),
            "OutForDelivery_004": (None, ""), "AvailableForPickup_001": (None, ""), "Delivered_001": (None, ""),
            "Delivered_002": (None, "picked_up"), "Delivered_003": (None, "signed"), "Delivered_004": (None, ""),
            "Pending_001": (None, ""), "Pending_002": (None, ""), "Pending_003": (None, ""), "Pending_004": (None, ""),
            "Pending_005": (None, ""), "Pending_006": (None, ""), "Expired_001": (None, "expired"),
        }
    ),
)  # fmt: skip

_MORE = {
    "label_created": S.LABEL_CREATED, "created": S.LABEL_CREATED, "booked": S.LABEL_CREATED, "collected": S.IN_TRANSIT,
    "picked_up": S.IN_TRANSIT, "shipped": S.IN_TRANSIT, "dispatched": S.IN_TRANSIT, "with_driver": S.OUT_FOR_DELIVERY,
    "attempt_failed": S.ATTEMPT_FAILED, "failed_attempt": S.ATTEMPT_FAILED, "delivery_failed": S.ATTEMPT_FAILED,
    "ready_for_pickup": S.AVAILABLE_FOR_PICKUP, "exception": S.EXCEPTION, "returning": S.RETURNING, "returned": S.RETURNED,
    "canceled": S.CANCELLED, "on_hold": S.IN_TRANSIT, "delivery_delayed": S.IN_TRANSIT, "pending": S.UNKNOWN,
    "arrived": S.IN_TRANSIT, "departed": S.IN_TRANSIT,
}  # fmt: skip
GENERIC = Vocabulary(
    {**AFTERSHIP.statuses, **SHIPPO.statuses, **EASYPOST.statuses, **_words(_MORE)},
    {
        **AFTERSHIP.details, **SHIPPO.details, **EASYPOST.details,
        **_details(
            {
                "customs_delay": (None, "customs_delay"), "on_hold": (None, "held"), "delivery_delayed": (None, "delayed"),
                "recipient_absent": (S.ATTEMPT_FAILED, "recipient_absent"), "unclaimed": (S.EXCEPTION, "unclaimed"),
                "recipient_moved": (S.EXCEPTION, "recipient_moved"), "business_closed": (S.ATTEMPT_FAILED, "business_closed"),
                "not_accessible": (S.ATTEMPT_FAILED, "not_accessible"), "payment_due": (None, "payment_due"),
                "customs": (None, "customs"), "signed": (None, "signed"),
            }
        ),
    },
)  # fmt: skip


@dataclass(frozen=True)
class Adapter:
    """A tracking service: its words. Its payloads are read in `readers`, its signatures in `signatures`."""

    name: str
    label: str
    vocabulary: Vocabulary = field(repr=False)


ADAPTERS: dict[str, Adapter] = {
    "easypost": Adapter("easypost", "EasyPost", EASYPOST),
    "shippo": Adapter("shippo", "Shippo", SHIPPO),
    "aftership": Adapter("aftership", "AfterShip", AFTERSHIP),
    "generic": Adapter("generic", "JSON", GENERIC),
}
