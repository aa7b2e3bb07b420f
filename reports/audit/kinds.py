"""What kinds of events are called where the event itself is not at hand: in a list of choices, in a column.

The sentences of a story carry names and amounts (`%(amount)s on its way back to the card`); without them they say nothing.
Kinds whose sentence reads well up to its colon need no row here.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from core.states import Words
from records import phrases
from records.services import changes

OWN: dict[str, Words] = {
    "carrier.changed": _("Carrier changed"),
    "carrier.endpoint_changed": _("Door for carrier events changed"),
    "carrier.word_mapped": _("Carrier's word given a meaning"),
    "case.assigned": _("Case taken"),
    "case.closed": _("Case closed"),
    "case.decided": _("Case decided"),
    "case.opened": _("Case opened"),
    "case.requested": _("Decision on a case asked"),
    "claim.answered": _("Claim answered by the insurer"),
    "claim.paid": _("Claim paid by the insurer"),
    "claim.submitted": _("Claim submitted"),
    "claim.withdrawn": _("Claim withdrawn"),
    "customer.merged": _("Customers merged"),
    "customer.recall_sent": _("Reminded of the next visit"),
    "eye_test.finished": _("Eye test finished"),
    "feedback.given": _("Feedback given"),
    "labjob.acknowledged": _("Laboratory has the order"),
    "labjob.advanced": _("Next stage in the laboratory"),
    "labjob.dispatched": _("On its way to the shop"),
    "labjob.moved": _("Moved to another stage"),
    "labjob.released": _("Released to the laboratory"),
    "labjob.remade": _("Made again"),
    "labjob.sent": _("Sent to the laboratory"),
    "labjob.shipped": _("Sent back by the laboratory"),
    "message.sent": _("Message sent"),
    "order.assigned": _("Owner of an order changed"),
    "order.cancelled": _("Order cancelled"),
    "order.closed": _("Order closed"),
    "order.collect_branch_changed": _("Another shop to collect at"),
    "order.collected": _("Order collected"),
    "order.collection_planned": _("Collection planned by the customer"),
    "order.confirmed": _("Order confirmed"),
    "order.customer_merged": _("Order moved to the customer who was kept"),
    "order.delivery_changed": _("Delivery changed"),
    "order.prescription_chosen": _("Prescription chosen"),
    "order.ready": _("Order ready to collect"),
    "order.repromised": _("Promised anew"),
    "order.started": _("Order started"),
    "payment.adjusted": _("Account corrected"),
    "payment.asked": _("Payment page opened by the customer"),
    "payment.declined": _("Online payment declined"),
    "payment.refund_asked": _("Refund on its way"),
    "payment.refund_refused": _("Refund refused by the gateway"),
    "payment.refunded": _("Refunded"),
    "payment.reversed": _("Transfer taken off an order"),
    "payment.taken": _("Paid"),
    "prescription.corrected": _("Prescription corrected"),
    "prescription.signed": _("Prescription signed"),
    "prescription.withdrawn": _("Prescription withdrawn"),
    "quotation.approved": _("Quotation approved"),
    "quotation.made": _("Quotation made"),
    "quotation.reopened": _("Agreement opened again"),
    "remake.approved": _("Remake approved"),
    "remake.refused": _("Remake refused"),
    "remake.requested": _("Remake asked for"),
    "return.approved": _("Return approved"),
    "return.closed": _("Return closed"),
    "return.declined": _("Return declined"),
    "return.inspected": _("Return looked at"),
    "return.received": _("Return received"),
    "return.refunded": _("Return paid back"),
    "return.replaced": _("Return replaced by a new order"),
    "return.requested": _("Return asked for"),
    "return.withdrawn": _("Return withdrawn"),
    "shipment.delivered": _("Parcel delivered"),
    "shipment.followed": _("Parcel followed by a service"),
    "shipment.in_transit": _("Parcel in transit"),
    "shipment.moved": _("Word of the carrier"),
    "shipment.out_for_delivery": _("Parcel out for delivery"),
    "shipment.packed": _("Parcel packed"),
    "shipment.problem": _("Problem with a parcel"),
    "shipment.sent_to_branch": _("Parcel sent to a branch"),
    "shipment.shipped": _("Parcel handed to the carrier"),
    "template.published": _("Message text published"),
    "tolerance.chosen": _("Tolerance table chosen"),
    "tolerance.revised": _("Tolerance table revised"),
}


def needs_a_name(words: str) -> bool:
    """Whether a sentence carries values before its first colon or comma, so that it cannot be cut there."""
    return "%(" in words.split(":")[0].split(",")[0]


def names() -> Mapping[str, Words]:
    """Every kind in words, without the values of one event."""
    return {kind: OWN.get(kind) or phrases.fill(str(phrase.words), {}) for kind, phrase in phrases.every().items()}


def decisions() -> Mapping[str, Words]:
    """What is decided: quotations, large exports, wishes to be forgotten, and whatever a change opens again."""
    opened = {row.decision: row.label for row in changes.table()}
    return {**opened, "quotation": _("Quotation"), "export": _("Export"), "erasure": _("Wish to be forgotten")}
