"""Which event tells the customer what, by which channel. A manager reads it as a table and may switch lines off.

`together`: every channel of the line is used (the first message of an order); otherwise the first that can be used, in
the customer's preference, and the next when that one fails. `progress`: a newer such message replaces an older unsent one.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.states import Words
from customers.models import ConsentPurpose
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


TRIGGERS: tuple[Trigger, ...] = (
    Trigger("quotation.sent", "quotation_sent", _("Quotation to approve"), (EMAIL, SMS), "quotation", only_if=_by_link),
    Trigger("order.confirmed", "order_confirmed", _("Order confirmed"), (EMAIL, SMS), together=True),
    Trigger("payment.taken", "payment_taken", _("Payment received"), (EMAIL, SMS), "payment"),
    Trigger("labjob.released", "in_production", _("In production"), (PUSH, EMAIL, SMS), progress=True),
    Trigger("order.repromised", "new_date", _("Delay: new date"), (EMAIL, SMS), together=True),
    Trigger("order.ready", "order_ready", _("Ready to collect"), (EMAIL, SMS), together=True, progress=True),
    Trigger("shipment.shipped", "shipped", _("Shipped"), (EMAIL, SMS), "shipment", together=True, progress=True),
    Trigger("shipment.in_transit", "in_transit", _("In transit"), (PUSH, EMAIL, SMS), "shipment", progress=True),
    Trigger(
        "shipment.out_for_delivery", "out_for_delivery", _("Out for delivery"), (PUSH, SMS, EMAIL), "shipment",
        critical=True, progress=True,
    ),
    Trigger("shipment.delivered", "delivered", _("Delivered"), (EMAIL, SMS), "shipment", together=True, progress=True),
    Trigger("shipment.problem", "delivery_problem", _("Delivery problem"), (EMAIL, SMS), "shipment", critical=True),
    Trigger("order.collected", "order_collected", _("Thanks and care"), (EMAIL, SMS), progress=True),
    Trigger("order.feedback_due", "feedback_request", _("Feedback request"), (EMAIL, SMS), purpose=FEEDBACK),
    Trigger("order.cancelled", "order_cancelled", _("Order cancelled"), (EMAIL, SMS)),
    Trigger("appointment.booked", "appointment_booked", _("Appointment booked"), (EMAIL, SMS), "appointment"),
    Trigger("appointment.moved", "appointment_moved", _("Appointment moved"), (EMAIL, SMS), "appointment"),
    Trigger("appointment.cancelled", "appointment_cancelled", _("Appointment cancelled"), (EMAIL, SMS), "appointment"),
    Trigger("appointment.reminder_due", "appointment_reminder", _("Appointment reminder"), (SMS, EMAIL), "appointment"),
    # A person asks for the link again on the look-up page; it goes to the contact on file and nowhere else.
    Trigger("order.code_asked", "order_code", _("Code for the details"), (SMS, EMAIL), "code", critical=True),
    Trigger("order.link_asked", "order_link", _("Link to the order"), (EMAIL, SMS), together=True, critical=True),
)  # fmt: skip

BY_TEMPLATE = {trigger.template: trigger for trigger in TRIGGERS}
EVENTS = frozenset(trigger.event for trigger in TRIGGERS)


def of_event(kind: str) -> list[Trigger]:
    """The lines of one event kind."""
    return [trigger for trigger in TRIGGERS if trigger.event == kind]
