"""The two machines of selling: the order and its quotation. What staff and customers read for each state."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.states import Machine, Transition, Words
from orders.models import ClaimState as C
from orders.models import OrderState as S
from orders.models import QuotationState as Q

ORDER = Machine(
    "order",
    S.choices,
    [
        Transition("quote", S.DRAFT, S.QUOTED, Can.EDIT_ORDERS, _("Make the quotation")),
        Transition("quote", S.QUOTED, S.QUOTED, Can.EDIT_ORDERS, _("Make the quotation again")),
        Transition("quote", S.APPROVED, S.QUOTED, Can.EDIT_ORDERS, _("Make the quotation again")),
        Transition("reopen", S.QUOTED, S.DRAFT, Can.EDIT_ORDERS, _("Choose again")),
        Transition("reopen", S.APPROVED, S.DRAFT, Can.EDIT_ORDERS, _("Choose again")),
        Transition("approve", S.QUOTED, S.APPROVED, Can.APPROVE_ORDERS, _("Record the approval")),
        Transition("confirm", S.APPROVED, S.CONFIRMED, Can.APPROVE_ORDERS, _("Confirm the order")),
        Transition("start_production", S.CONFIRMED, S.IN_PRODUCTION, Can.RELEASE_JOBS, _("Release to lab")),
        Transition("stop_production", S.IN_PRODUCTION, S.CONFIRMED, Can.RELEASE_JOBS, _("Take back from the lab")),
        Transition("mark_ready", S.IN_PRODUCTION, S.READY, Can.CHECK_QUALITY, _("Mark as ready")),
        Transition("mark_ready", S.CONFIRMED, S.READY, Can.EDIT_ORDERS, _("Mark as ready")),
        Transition("send_back", S.READY, S.IN_PRODUCTION, Can.RECORD_FITTINGS, _("Send back to the lab"), True),
        Transition("remake", S.COLLECTED, S.IN_PRODUCTION, Can.APPROVE_REMAKES, _("Make again"), True),
        Transition("ship", S.READY, S.SHIPPED, Can.SHIP_ORDERS, _("Ship")),
        Transition("take_back", S.SHIPPED, S.READY, Can.SHIP_ORDERS, _("Take back from the carrier"), True),
        Transition("collect", S.READY, S.COLLECTED, Can.COLLECT_ORDERS, _("Hand over")),
        Transition("collect", S.SHIPPED, S.COLLECTED, Can.COLLECT_ORDERS, _("Confirm the delivery")),
        Transition("close", S.COLLECTED, S.CLOSED, Can.COLLECT_ORDERS, _("Close")),
        Transition("cancel", S.DRAFT, S.CANCELLED, Can.EDIT_ORDERS, _("Cancel"), True),
        Transition("cancel", S.QUOTED, S.CANCELLED, Can.EDIT_ORDERS, _("Cancel"), True),
        Transition("cancel", S.APPROVED, S.CANCELLED, Can.CANCEL_ORDERS, _("Cancel"), True),
        Transition("cancel", S.CONFIRMED, S.CANCELLED, Can.CANCEL_ORDERS, _("Cancel"), True),
        Transition("cancel", S.IN_PRODUCTION, S.CANCELLED, Can.CANCEL_ORDERS, _("Cancel"), True),
        Transition("cancel", S.READY, S.CANCELLED, Can.CANCEL_ORDERS, _("Cancel"), True),
    ],
)

QUOTATION = Machine(
    "quotation",
    Q.choices,
    [
        Transition("send", Q.DRAFT, Q.SENT, Can.EDIT_ORDERS, _("Send for approval")),
        Transition("send", Q.SENT, Q.SENT, Can.EDIT_ORDERS, _("Send again")),
        Transition("approve", Q.DRAFT, Q.APPROVED, Can.APPROVE_ORDERS, _("Approve in the shop")),
        Transition("approve", Q.SENT, Q.APPROVED, Can.APPROVE_ORDERS, _("Approve")),
        Transition("decline", Q.DRAFT, Q.DECLINED, Can.APPROVE_ORDERS, _("Decline"), True),
        Transition("decline", Q.SENT, Q.DECLINED, Can.APPROVE_ORDERS, _("Decline"), True),
        Transition("lapse", Q.DRAFT, Q.LAPSED, Can.EDIT_ORDERS, _("Let lapse")),
        Transition("lapse", Q.SENT, Q.LAPSED, Can.EDIT_ORDERS, _("Let lapse")),
        Transition("replace", Q.DRAFT, Q.REPLACED, Can.EDIT_ORDERS, _("Replace")),
        Transition("replace", Q.SENT, Q.REPLACED, Can.EDIT_ORDERS, _("Replace")),
        Transition("replace", Q.APPROVED, Q.REPLACED, Can.EDIT_ORDERS, _("Replace")),
    ],
)

CLAIM = Machine(
    "claim",
    C.choices,
    [
        Transition("answer", C.SUBMITTED, C.APPROVED, Can.TAKE_PAYMENTS, _("Approved in full")),
        Transition("answer", C.SUBMITTED, C.PART_APPROVED, Can.TAKE_PAYMENTS, _("Approved in part"), True),
        Transition("answer", C.SUBMITTED, C.REJECTED, Can.TAKE_PAYMENTS, _("Rejected"), True),
        Transition("pay", C.APPROVED, C.PAID, Can.TAKE_PAYMENTS, _("Post the insurer's payment")),
        Transition("pay", C.PART_APPROVED, C.PAID, Can.TAKE_PAYMENTS, _("Post the insurer's payment")),
        Transition("withdraw", C.SUBMITTED, C.WITHDRAWN, Can.TAKE_PAYMENTS, _("Withdraw"), True),
        Transition("withdraw", C.APPROVED, C.WITHDRAWN, Can.TAKE_PAYMENTS, _("Withdraw"), True),
        Transition("withdraw", C.PART_APPROVED, C.WITHDRAWN, Can.TAKE_PAYMENTS, _("Withdraw"), True),
    ],
)

# Orders somebody still has to do something for.
OPEN = (S.DRAFT, S.QUOTED, S.APPROVED, S.CONFIRMED, S.IN_PRODUCTION, S.READY, S.SHIPPED)
# Promised to a customer and not handed over yet.
PROMISED = (S.CONFIRMED, S.IN_PRODUCTION, S.READY, S.SHIPPED)
# The customer has agreed and the charge stands in the ledger.
PLACED = (*PROMISED, S.COLLECTED, S.CLOSED)

# One sentence for the person who is waiting. No clinical word, no internal word.
CUSTOMER_WORDS: dict[str, Words] = {
    S.DRAFT: _("We are preparing your quotation."),
    S.QUOTED: _("Your quotation is waiting for your answer."),
    S.APPROVED: _("Thank you. We are checking that everything is available."),
    S.CONFIRMED: _("Your order is confirmed and is being prepared."),
    S.IN_PRODUCTION: _("Your glasses are being made."),
    S.READY: _("Your glasses are ready."),
    S.SHIPPED: _("Your glasses are on their way."),
    S.COLLECTED: _("Your glasses have been handed over."),
    S.CLOSED: _("Your order is complete."),
    S.CANCELLED: _("Your order was cancelled."),
}

TONE: dict[str, tuple[str, str]] = {
    S.DRAFT: ("neutral", "pen"),
    S.QUOTED: ("warning", "hourglass"),
    S.APPROVED: ("info", "pass"),
    S.CONFIRMED: ("info", "pass"),
    S.IN_PRODUCTION: ("info", "lab"),
    S.READY: ("success", "pass"),
    S.SHIPPED: ("info", "truck"),
    S.COLLECTED: ("success", "pass"),
    S.CLOSED: ("neutral", "pass"),
    S.CANCELLED: ("neutral", "fail"),
}
