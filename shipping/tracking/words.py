"""Our words for the state of a parcel and the reason beside it, and how they rank."""

from enum import StrEnum


class State(StrEnum):
    """Where a parcel stands by its carrier. The value is stable."""

    UNKNOWN = "unknown"
    LABEL_CREATED = "label_created"
    IN_TRANSIT = "in_transit"
    OUT_FOR_DELIVERY = "out_for_delivery"
    ATTEMPT_FAILED = "attempt_failed"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    EXCEPTION = "exception"
    RETURNING = "returning"
    RETURNED = "returned"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


# Higher is further. Of two checkpoints at the same moment the further one counts.
RANK: dict[State, int] = {state: place for place, state in enumerate(State)}

TERMINAL = frozenset({State.DELIVERED, State.RETURNED, State.CANCELLED})
# The only ways out of an end.
OUT_OF_TERMINAL = frozenset({(State.DELIVERED, State.RETURNING), (State.DELIVERED, State.RETURNED)})

# The message that a state is worth, by the name of its event; none for the others.
MESSAGE: dict[State, str] = {
    State.IN_TRANSIT: "in_transit",
    State.OUT_FOR_DELIVERY: "out_for_delivery",
    State.DELIVERED: "delivered",
    State.ATTEMPT_FAILED: "problem",
    State.AVAILABLE_FOR_PICKUP: "problem",
    State.EXCEPTION: "problem",
    State.RETURNING: "problem",
    State.RETURNED: "problem",
}
PROGRESS = ("in_transit", "out_for_delivery", "delivered")

# Who can do something about it. After the groups that carrier libraries use.
GROUP: dict[str, str] = {
    "delayed": "carrier", "missorted": "carrier", "damaged": "carrier", "lost": "carrier", "transit_exception": "carrier",
    "delivery_exception": "carrier", "rescheduled": "carrier", "disposed": "carrier", "expired": "carrier", "rejected": "carrier",
    "weather_delay": "weather",
    "customs": "customs", "customs_delay": "customs",
    "address_correction": "consignee", "refused": "consignee", "recipient_absent": "consignee", "recipient_moved": "consignee",
    "business_closed": "consignee", "unclaimed": "consignee", "payment_due": "consignee", "not_accessible": "consignee",
    "held": "consignee", "notice_left": "consignee", "undeliverable": "consignee",
    "awaiting_information": "retailer", "contact_carrier": "retailer",
}  # fmt: skip
# A parcel may move on with one of these and still need a person to look.
DELAYING = frozenset(
    {"delayed", "weather_delay", "customs_delay", "held", "missorted", "transit_exception", "rescheduled", "contact_carrier"}
    | {"address_correction", "awaiting_information", "payment_due"}
)  # fmt: skip
