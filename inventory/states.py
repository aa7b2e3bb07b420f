"""The machines of moving and counting stock."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.states import Machine, Transition
from inventory.models import CountState as C
from inventory.models import TransferState as T

TRANSFER = Machine(
    "transfer",
    T.choices,
    [
        Transition("send", T.DRAFT, T.SENT, Can.MANAGE_STOCK, _("Send")),
        Transition("cancel", T.DRAFT, T.CANCELLED, Can.MANAGE_STOCK, _("Cancel")),
        Transition("receive", T.SENT, T.RECEIVED, Can.MANAGE_STOCK, _("Receive")),
    ],
)

COUNT = Machine(
    "stock count",
    C.choices,
    [
        Transition("post", C.OPEN, C.CLOSED, Can.MANAGE_STOCK, _("Post the count")),
        Transition("cancel", C.OPEN, C.CANCELLED, Can.MANAGE_STOCK, _("Cancel")),
    ],
)

TRANSFER_TONE = {
    T.DRAFT: ("neutral", "pen"),
    T.SENT: ("info", "truck"),
    T.RECEIVED: ("success", "pass"),
    T.CANCELLED: ("neutral", "fail"),
}
COUNT_TONE = {C.OPEN: ("info", "current"), C.CLOSED: ("success", "pass"), C.CANCELLED: ("neutral", "fail")}
