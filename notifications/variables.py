"""What a message may say, by subject. The one list behind the editor's chips, the check of a text and the samples."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.states import Words


@dataclass(frozen=True)
class Variable:
    """`meaning` is what the editor shows beside the chip."""

    name: str
    meaning: Words


_EVERYWHERE = (
    Variable("name", _("what we call the customer")),
    Variable("practice", _("name of the practice")),
    Variable("shop", _("practice and branch")),
    Variable("phone", _("telephone of the branch")),
    Variable("address", _("address of the branch")),
    Variable("hours", _("opening hours of the week")),
)
_ORDER = (
    Variable("order", _("order number")),
    Variable("glasses", _("frame and lenses in words")),
    Variable("items", _("table of items with prices")),
    Variable("total", _("total of the order")),
    Variable("paid", _("paid so far")),
    Variable("due", _("still to pay, empty when nothing")),
    Variable("date", _("promised day")),
    Variable("old_date", _("day promised before, empty when unchanged")),
    Variable("reason", _("reason in the words of the person who gave it")),
    Variable("offer", _("what we offer for the wait, empty when nothing")),
    Variable("contact", _("whom the customer asks for, empty when anybody")),
    Variable("link", _("link to the order page")),
    Variable("collect_at", _("branch where it is collected")),
    Variable("way", _("how the customer gets it: collected at a branch, or sent")),
    Variable("picture", _("picture of the frame, when there is one")),
)
_PAYMENT = (
    Variable("amount", _("amount of this payment")),
    Variable("method", _("how it was paid")),
    Variable("receipt", _("receipt number")),
)
_QUOTATION = (Variable("valid_until", _("last day of the quotation")), Variable("deposit", _("deposit")))
_VISIT = (
    Variable("day", _("day of the appointment")),
    Variable("time", _("time of the appointment")),
    Variable("kind", _("what the appointment is for")),
    Variable("reason", _("reason in the words of the person who gave it")),
)
_SHIPMENT = (
    Variable("carrier", _("carrier")),
    Variable("tracking", _("tracking number")),
    Variable("tracking_link", _("link to the carrier's page")),
    Variable("service", _("shipping method")),
    Variable("service_note", _("what the shipping method means, such as the usual days")),
    Variable("place", _("where the parcel was seen last")),
    Variable("seen_at", _("day and time it was seen there")),
    Variable("delivered_at", _("day and time of the delivery")),
    Variable("signed_by", _("who took the parcel, as the carrier says")),
    Variable("parcel", _("what is in the parcel")),
    Variable("to_follow", _("what comes in another parcel, empty when nothing")),
)
_RETURN = (
    Variable("return_number", _("number of the return")),
    Variable("returned", _("what is returned")),
    Variable("wish", _("refund, exchange or repair, in words")),
    Variable("instructions", _("how to send it back")),
    Variable("return_by", _("last day for sending it back")),
    Variable("amount", _("amount that is returned")),
    Variable("new_order", _("number of the replacement's order")),
    Variable("new_date", _("day the replacement is expected")),
)
_CLAIM = (
    Variable("insurer", _("medical aid or insurer")),
    Variable("outcome", _("its answer, in words")),
    Variable("claimed", _("amount that was claimed")),
    Variable("covered", _("amount it pays, empty when nothing")),
)
_REMAKE = (
    Variable("remade", _("what is made again")),
    Variable("warranty", _("warranty that covers it, empty when none")),
    Variable("charge", _("what the customer pays for it, empty when nothing")),
)
_RECALL = (
    Variable("due_on", _("day of the recall")),
    Variable("book_link", _("link for asking for an appointment")),
)
# Blocks: drawn by the channel, alone on their line.
BLOCKS = frozenset({"items", "picture"})

OF_SUBJECT: dict[str, tuple[Variable, ...]] = {
    "order": _EVERYWHERE + _ORDER,
    "payment": _EVERYWHERE + _ORDER + _PAYMENT,
    "quotation": _EVERYWHERE + _ORDER + _QUOTATION,
    "shipment": _EVERYWHERE + _ORDER + _SHIPMENT,
    "return": _EVERYWHERE + _ORDER + _RETURN,
    "claim": _EVERYWHERE + _ORDER + _CLAIM,
    "remake": _EVERYWHERE + _ORDER + _REMAKE,
    "collection": (*_EVERYWHERE, *_ORDER, Variable("when", _("when the customer means to come"))),
    "recall": _EVERYWHERE + _RECALL,
    "code": (*_EVERYWHERE, *_ORDER, Variable("code", _("the six digits"))),
    "appointment": _EVERYWHERE + _VISIT,
}


def names(subject: str) -> set[str]:
    return {variable.name for variable in OF_SUBJECT[subject]}
