"""Which event tells the customer what, by which channel. A manager reads it as a table and may switch lines off.

`together`: every channel of the line is used (the first message of an order); otherwise the first that can be used, in
the customer's preference, and the next when that one fails. `progress`: a newer such message replaces an older unsent one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.states import Words
from customers.models import ConsentPurpose
from orders.models import Delivery
from records.models import Event

EMAIL, SMS, PUSH = "email", "sms", "push"
ORDER, FEEDBACK, RECALL = ConsentPurpose.ORDER_MESSAGES, ConsentPurpose.FEEDBACK, ConsentPurpose.RECALL


@dataclass(frozen=True)
class Trigger:
    """One line. `critical` messages are not held in quiet hours. `only_if` looks at the event alone."""

    event: str
    template: str
    label: Words
    channels: tuple[str, ...]
    subject: str = "order"
    together: bool = False
    critical: bool = False
    progress: bool = False
    purpose: str = ORDER
    only_if: Callable[[Event], bool] | None = None


def _by_link(event: Event) -> bool:
    """The staff may hand the quotation over on paper; a message follows only when they chose to send it."""
    return bool(event.data.get("channel", EMAIL) != "paper")


def _parcel_in(*states: str) -> Callable[[Event], bool]:
    """Trouble with a parcel has three faces; its state, which the event carries, says which."""
    return lambda event: str(event.data.get("state", "")) in states


def _parcel_held(event: Event) -> bool:
    return not _parcel_in("available_for_pickup", "returning", "returned")(event)


_ALL = (EMAIL, SMS, PUSH)
_QUICK = (PUSH, SMS, EMAIL)
_SHORT = (PUSH, EMAIL, SMS)


def _at_the_counter(event: Event) -> bool:
    """What a carrier handed over has a message of its own."""
    return bool(event.data.get("how") != "parcel")


def _is_sent(event: Event) -> bool:
    return bool(event.data.get("delivery") == Delivery.SHIP)


def _is_collected(event: Event) -> bool:
    return not _is_sent(event)


TRIGGERS: tuple[Trigger, ...] = (
    Trigger("quotation.sent", "quotation_sent", _("Quotation to approve"), (EMAIL, SMS), "quotation", only_if=_by_link),
    Trigger("order.confirmed", "order_confirmed", _("Order confirmed"), _ALL, together=True),
    Trigger("labjob.released", "in_production", _("In production"), _SHORT, progress=True),
    Trigger("order.repromised", "new_date", _("Delay: new date"), _ALL, together=True),
    # At once when it is known: by a person who tells the customer, or when a job passes its promise without a new date.
    Trigger("order.held_up", "order_held", _("Delay or problem"), _ALL, together=True),
    Trigger("case.opened", "order_held", _("Delay or problem"), _ALL, together=True),
    Trigger("labjob.remade", "remake", _("Made again"), _SHORT, "remake"),
    Trigger(
        "order.ready", "order_ready", _("Ready to collect"), _ALL, together=True, progress=True, only_if=_is_collected
    ),
    Trigger("order.ready", "ready_to_send", _("Ready to send"), _ALL, together=True, progress=True, only_if=_is_sent),
    Trigger("order.collection_planned", "collection_planned", _("Time to collect"), (SMS, EMAIL), "collection"),
    Trigger(
        "order.collected", "order_collected", _("Thanks and care"), (EMAIL, SMS), progress=True, only_if=_at_the_counter
    ),
    Trigger("order.cancelled", "order_cancelled", _("Order cancelled"), (EMAIL, SMS)),
    Trigger("order.problem_reported", "problem_received", _("Problem report received"), (EMAIL, SMS)),
    Trigger("order.feedback_due", "feedback_request", _("Feedback request"), (EMAIL, SMS, PUSH), purpose=FEEDBACK),
    Trigger("shipment.shipped", "shipped", _("Shipped"), _ALL, "shipment", together=True, progress=True),
    Trigger("shipment.in_transit", "in_transit", _("In transit"), _SHORT, "shipment", progress=True),
    Trigger(
        "shipment.out_for_delivery", "out_for_delivery", _("Out for delivery"), _QUICK, "shipment",
        critical=True, progress=True,
    ),
    Trigger("shipment.delivered", "delivered", _("Delivered"), _ALL, "shipment", together=True, progress=True),
    Trigger(
        "shipment.problem", "delivery_problem", _("Delivery problem"), _ALL, "shipment",
        together=True, critical=True, only_if=_parcel_held,
    ),
    Trigger(
        "shipment.problem", "pickup_ready", _("At a pick-up point"), _QUICK, "shipment",
        progress=True, only_if=_parcel_in("available_for_pickup"),
    ),
    Trigger(
        "shipment.problem", "parcel_returned", _("Parcel comes back"), _SHORT, "shipment",
        only_if=_parcel_in("returning", "returned"),
    ),
    Trigger("payment.taken", "payment_taken", _("Payment received"), _ALL, "payment"),
    Trigger("payment.declined", "payment_failed", _("Payment problem"), _QUICK, "payment"),
    Trigger("payment.refunded", "payment_refunded", _("Refund"), _ALL, "payment"),
    Trigger("claim.answered", "claim_decided", _("Insurer has answered"), (EMAIL, SMS), "claim"),
    Trigger("return.requested", "return_requested", _("Return requested"), _ALL, "return"),
    Trigger("return.approved", "return_approved", _("Return approved"), _ALL, "return"),
    Trigger("return.declined", "return_declined", _("Return declined"), _ALL, "return"),
    Trigger("return.received", "return_received", _("Return received"), _SHORT, "return"),
    Trigger("return.refunded", "return_refunded", _("Return refunded"), _ALL, "return"),
    Trigger("return.replaced", "return_replaced", _("Return replaced"), _ALL, "return"),
    Trigger("appointment.booked", "appointment_booked", _("Appointment booked"), (EMAIL, SMS), "appointment"),
    Trigger("appointment.moved", "appointment_moved", _("Appointment moved"), (EMAIL, SMS), "appointment"),
    Trigger("appointment.cancelled", "appointment_cancelled", _("Appointment cancelled"), (EMAIL, SMS), "appointment"),
    Trigger("appointment.reminder_due", "appointment_reminder", _("Appointment reminder"), (SMS, EMAIL), "appointment"),
    Trigger("customer.recall_sent", "recall", _("Recall"), (EMAIL, SMS), "recall", purpose=RECALL),
    # A person asks for the link again on the look-up page; it goes to the contact on file and nowhere else.
    Trigger("order.code_asked", "order_code", _("Code for the details"), (SMS, EMAIL), "code", critical=True),
    Trigger("order.link_asked", "order_link", _("Link to the order"), (EMAIL, SMS), together=True, critical=True),
)  # fmt: skip

# Two events may use one text: its first line speaks for it.
BY_TEMPLATE = {trigger.template: trigger for trigger in reversed(TRIGGERS)}
EVENTS = frozenset(trigger.event for trigger in TRIGGERS)


def of_event(kind: str) -> list[Trigger]:
    """The lines of one event kind."""
    return [trigger for trigger in TRIGGERS if trigger.event == kind]
