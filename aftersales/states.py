"""The machine of a return. Who asked for it does not decide on it; nothing is settled before it was looked at."""

from django.utils.translation import gettext_lazy as _

from aftersales.models import ReturnState as S
from branches.roles import Can
from core.states import Machine, Transition

RETURN = Machine(
    "return",
    S.choices,
    [
        Transition("approve", S.REQUESTED, S.APPROVED, Can.APPROVE_RETURNS, _("Approve")),
        Transition("decline", S.REQUESTED, S.DECLINED, Can.APPROVE_RETURNS, _("Decline"), True),
        Transition("withdraw", S.REQUESTED, S.WITHDRAWN, Can.MANAGE_RETURNS, _("Withdraw")),
        Transition("withdraw", S.APPROVED, S.WITHDRAWN, Can.MANAGE_RETURNS, _("Withdraw")),
        Transition("receive", S.APPROVED, S.RECEIVED, Can.MANAGE_RETURNS, _("Receive")),
        Transition("inspect", S.RECEIVED, S.INSPECTED, Can.MANAGE_RETURNS, _("Inspect")),
        Transition("decline", S.INSPECTED, S.DECLINED, Can.APPROVE_RETURNS, _("Decline"), True),
        Transition("refund", S.INSPECTED, S.REFUNDED, Can.REFUND_PAYMENTS, _("Refund")),
        Transition("replace", S.INSPECTED, S.REPLACED, Can.EDIT_ORDERS, _("Order the replacement")),
        Transition("close", S.REFUNDED, S.CLOSED, Can.MANAGE_RETURNS, _("Close")),
        Transition("close", S.REPLACED, S.CLOSED, Can.MANAGE_RETURNS, _("Close")),
    ],
)

# Somebody still has to do something for these.
OPEN = (S.REQUESTED, S.APPROVED, S.RECEIVED, S.INSPECTED, S.REFUNDED, S.REPLACED)

TONE: dict[str, tuple[str, str]] = {
    S.REQUESTED: ("warning", "hourglass"),
    S.APPROVED: ("info", "pass"),
    S.DECLINED: ("danger", "fail"),
    S.WITHDRAWN: ("neutral", "fail"),
    S.RECEIVED: ("info", "box"),
    S.INSPECTED: ("info", "ruler"),
    S.REFUNDED: ("success", "money"),
    S.REPLACED: ("success", "return"),
    S.CLOSED: ("neutral", "pass"),
}
