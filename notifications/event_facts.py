"""What one event adds to the facts of its order: the payment, the parcel, the return, the old date, the reason.

Shipping and aftersales say what they know in the event's data (`docs/how-to/add-a-message.md` lists the names); what an
event lacks is empty, and its line of the text goes away.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Case
from core.money import money
from labjobs.models import Remake
from notifications import offers
from notifications.bought import glasses
from notifications.codes import code_of
from notifications.saying import as_date, as_moment, day, discreet, moment, one_line
from orders.models import LedgerEntry, LineKind, Order, PaymentMethod, Quotation
from records.models import Event
from shipping import wording
from shipping.models import Shipment

Values = dict[str, str]


def of(event: Event, order: Order, quotation: Quotation | None) -> Values:
    """The values of this event, as the reader's language and zone are set. Reason and offer come with every event."""
    values = {
        "reason": discreet(event.reason),
        "offer": offers.words_of(event.data),
        "contact": said(event, "contact"),
    }
    area = event.kind.partition(".")[0]
    by_kind, by_area = _BY_KIND.get(event.kind), _BY_AREA.get(area)
    if event.kind == "quotation.sent" and quotation is not None:
        values |= {"valid_until": day(quotation.valid_until), "deposit": money(quotation.deposit_required)}
    for provider in (by_area, by_kind):
        if provider is not None:
            values |= provider(event, order)
    return values


def said(event: Event, name: str) -> str:
    """One value of the event's data, fit for a message."""
    value = event.data.get(name)
    return discreet(str(value)) if value not in (None, "") else ""


def amount(value: object) -> str:
    """An amount as the reader sees it; empty for what is no number."""
    try:
        return money(abs(Decimal(str(value)))) if value not in (None, "") else ""
    except InvalidOperation:
        return ""


def _new_date(event: Event, order: Order) -> Values:
    old, new = as_date(event.old.get("promised")), as_date(event.new.get("promised"))
    return {"old_date": day(old), "date": day(new or order.promised_on)}


def _code(event: Event, order: Order) -> Values:
    return {"code": code_of(event.pk, order.pk)}


def _payment(event: Event, order: Order) -> Values:
    """From the ledger where it was posted; a failed one stands in the event alone."""
    entry = LedgerEntry.objects.filter(order=order, pk=event.data.get("entry") or event.subject_id).first()
    if entry is None or event.kind == "payment.declined":
        return {
            "amount": amount(event.data.get("amount") or event.new.get("amount")),
            "method": _method(str(event.data.get("method", "") or PaymentMethod.CARD.value)),
            "receipt": said(event, "receipt"),
        }
    return {"amount": amount(entry.amount), "method": _method(entry.method), "receipt": entry.number}


def _method(code: str) -> str:
    return str(dict(PaymentMethod.choices).get(code, code)).lower()


def _claim(event: Event, order: Order) -> Values:
    """What the insurer pays and what stays with the customer, who owes it from now on."""
    claimed, covered = _number(event.data.get("amount")), _number(event.data.get("approved"))
    outcome = _("declined") if not covered else _("approved") if covered >= claimed else _("partly approved")
    shortfall = max(claimed - covered, Decimal(0))
    return {
        "insurer": said(event, "insurer"),
        "outcome": said(event, "outcome") or outcome,
        "claimed": money(claimed) if claimed else "",
        "covered": money(covered) if covered else "",
        "due": money(shortfall) if shortfall else "",
    }


def _number(value: object) -> Decimal:
    try:
        return Decimal(str(value or 0))
    except InvalidOperation:
        return Decimal(0)


def _parcel(event: Event, order: Order) -> Values:
    """Carrier, number, link, method, place and days. A day without a clock stays a day."""
    shipment = Shipment.objects.filter(pk=event.subject_id, order=order).first()
    names = ("carrier", "tracking", "tracking_link", "service", "service_note", "place", "to_follow", "signed_by")
    values = {name: said(event, name) for name in names}
    # A link and a number are passed on as they are: they hold digits and signs that are nobody's eyes.
    values |= {name: one_line(str(event.data.get(name) or "")) for name in ("tracking", "tracking_link")}
    values["reason"] = wording.problem(str(event.data.get("state", "")), event.reason_code) or discreet(event.reason)
    values["parcel"] = said(event, "items") or _names(shipment) or glasses(order)
    if event.kind == "shipment.problem":
        # In the customer's language, whoever wrote it down: the carrier's own words stay on the shipment.
        values["reason"] = str(wording.problem(str(event.data.get("state", "")), event.reason_code)) or discreet(
            event.reason
        )
    values["delivered_at"] = _when(event, "delivered_at")
    values["seen_at"] = _when(event, "seen_at")
    values["date"] = day(as_date(event.data.get("expected_on"))) or day(_still_true(order))
    return values


def _names(shipment: Shipment | None) -> str:
    """What lies in the parcel, by name. Surcharges would tell the prescription."""
    if shipment is None:
        return ""
    lines = shipment.lines.exclude(line__kind=LineKind.SURCHARGE).order_by("line__position")
    return ", ".join(one_line(name) for name in lines.values_list("line__description", flat=True))


def _still_true(order: Order) -> date | None:
    """The order's promise, while it lies ahead."""
    promised = order.promised_on
    return promised if promised and promised >= timezone.localdate() else None


def _when(event: Event, name: str) -> str:
    exact = as_moment(event.data.get(name))
    return moment(exact) if exact else day(as_date(event.data.get(name))) or said(event, name)


def _return(event: Event, order: Order) -> Values:
    data = event.data
    return {
        "return_number": one_line(str(data.get("return") or "")),
        "returned": said(event, "items") or glasses(order),
        "wish": said(event, "wish"),
        "instructions": said(event, "instructions"),
        "return_by": day(as_date(data.get("return_by"))),
        "amount": amount(data.get("amount")),
        "new_order": one_line(str(data.get("new_order") or "")),
        "new_date": day(as_date(data.get("expected_on"))),
    }


def _remake(event: Event, order: Order) -> Values:
    """What the customer need know of a remake: not whose fault, not which value."""
    remake = Remake.objects.select_related("warranty").filter(pk=event.data.get("remake"), order=order).first()
    if remake is None:
        return {"reason": "", "remade": "", "warranty": "", "charge": ""}
    charged = remake.payer == "customer" and bool(remake.cost)
    return {
        "reason": "",
        "remade": one_line(remake.get_kind_display()),
        "warranty": one_line(remake.warranty.covers) if remake.warranty else "",
        "charge": money(remake.cost) if charged else "",
    }


def _held(event: Event, _order: Order) -> Values:
    """Why it is held up, in our words for a case that the clock opened, else in those of the person who tells it."""
    if event.kind == "case.opened":
        return {"reason": _("Making your lenses takes longer than planned.")}
    return {}


def _collection(event: Event, _order: Order) -> Values:
    return {"when": discreet(str(event.new.get("when", "")))}


_BY_AREA: Mapping[str, Callable[[Event, Order], Values]] = {
    "payment": _payment,
    "claim": _claim,
    "shipment": _parcel,
    "return": _return,
}
_BY_KIND: Mapping[str, Callable[[Event, Order], Values]] = {
    "order.repromised": _new_date,
    "order.code_asked": _code,
    "order.collection_planned": _collection,
    "order.held_up": _held,
    "case.opened": _held,
    "labjob.remade": _remake,
}
# Cases that the customer hears of at once, and only while nobody gave a new date.
TOLD_CASES = frozenset({"lab_delay"})


def concerns_customer(event: Event, order: Order) -> bool:
    """Most cases are ours alone: of them only a job past its promise is told, and only while the order has no later one."""
    if event.kind != "case.opened":
        return True
    kind = Case.objects.filter(pk=event.subject_id).values_list("kind", flat=True).first()
    return kind in TOLD_CASES and order.promised_on is not None and order.promised_on <= timezone.localdate()
