"""The machine of a shipment. People pack, hand over and cancel; from then on the carrier's checkpoints move it."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.states import Machine, Transition
from shipping.models import ShipmentState as S

_SHIP = Can.SHIP_ORDERS
_ON_THE_WAY = (
    S.HANDED_OVER,
    S.IN_TRANSIT,
    S.OUT_FOR_DELIVERY,
    S.AVAILABLE_FOR_PICKUP,
    S.ATTEMPT_FAILED,
    S.EXCEPTION,
    S.RETURNING,
)
_REACHED = (*_ON_THE_WAY[1:], S.DELIVERED, S.RETURNED)

SHIPMENT = Machine(
    "shipment",
    S.choices,
    [
        Transition("hand_over", S.PACKED, S.HANDED_OVER, _SHIP, _("Hand over")),
        Transition("cancel", S.PACKED, S.CANCELLED, _SHIP, _("Unpack"), True),
        *(
            Transition("track", start, end, _SHIP, _("What the carrier says"))
            for start in _ON_THE_WAY
            for end in _REACHED
            if start != end
        ),
        Transition("track", S.DELIVERED, S.RETURNING, _SHIP, _("What the carrier says")),
        Transition("track", S.DELIVERED, S.RETURNED, _SHIP, _("What the carrier says")),
    ],
)  # fmt: skip

UNDER_WAY = _ON_THE_WAY
OPEN = (S.PACKED, *UNDER_WAY)
# Waits for a person to do something about it.
PROBLEM = (S.ATTEMPT_FAILED, S.EXCEPTION, S.RETURNING, S.AVAILABLE_FOR_PICKUP)
# Never left, or came back.
OUT_OF_USE = (S.CANCELLED, S.RETURNED)
# In the customer's hands, or on the way there: its lines are not to be packed again.
HOLDS_ITS_LINES = (*OPEN, S.DELIVERED)
