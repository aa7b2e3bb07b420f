"""What an event means for its customer: who, where, in which language, and every value a text may name.

Nothing clinical goes in: no power, no line detail, no surcharge by its name. Amounts, days and names only.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from branches import hours
from branches.models import Branch, Organisation
from core import formats
from core.money import money
from customers.contact import shown_phone
from customers.models import Customer
from notifications.codes import code_of
from notifications.texts import base_of
from orders.models import EntryKind, FrameChoice, LedgerEntry, LensSpecification, LineKind, Order, Quotation
from orders.services import ledger
from records.models import Event
from visits.models import Appointment

# Stands for the order's link in what is stored: the real address is put in when the message leaves.
LINK_MARK = "{{order-link}}"
PREFERENCES_MARK = "{{preferences-link}}"


@dataclass(frozen=True)
class Row:
    """One line of the order table: words left, amount right. `strong` for the total and what is due, `soft` for money after it."""

    label: str
    amount: str
    strong: bool = False
    soft: bool = False


@dataclass(frozen=True)
class Facts:
    """Everything that rendering needs; `values` by variable name, as the reader sees them."""

    customer: Customer
    branch: Branch
    language: str
    values: Mapping[str, str]
    order: Order | None = None
    rows: tuple[Row, ...] = ()
    picture: str = ""
    picture_words: str = ""
    ends_at: datetime | None = None


@contextmanager
def reading_as(language: str, branch: Branch) -> Iterator[None]:
    """Words, days and amounts as this customer reads them, times in the branch's zone."""
    with translation.override(base_of(language)), timezone.override(ZoneInfo(branch.time_zone)):
        yield


def of_event(event: Event) -> Facts | None:
    """The facts of one event; None when there is nobody to tell (the record has gone)."""
    if event.kind.startswith("appointment."):
        return _of_appointment(event)
    if event.order_id is None:
        return None
    order = Order.objects.select_related("branch", "collect_branch", "customer").filter(pk=event.order_id).first()
    return of_order(order, event) if order is not None else None


def of_order(order: Order, event: Event | None = None) -> Facts:
    """What may be said about an order, with what the event adds (payment, old date, reason, parcel)."""
    shop = order.collect_branch
    with reading_as(order.customer.language, shop):
        quotation = _quotation(order)
        values = _everywhere(order.customer, shop) | _order_values(order, quotation)
        if event is not None:
            values |= _event_values(event, order, quotation)
        picture, words = _picture(order)
        rows = tuple(_rows(order, quotation))
        values |= {"items": "table" if rows else "", "picture": "inline" if picture else ""}
        return Facts(order.customer, shop, base_of(order.customer.language), values, order, rows, picture, words)


def _of_appointment(event: Event) -> Facts | None:
    found = Appointment.objects.select_related("branch", "customer").filter(pk=event.subject_id).first()
    if found is None:
        return None
    with reading_as(found.customer.language, found.branch):
        starts = timezone.localtime(found.period.lower)
        values = _everywhere(found.customer, found.branch) | {
            "day": _day(starts.date()),
            "time": f"{starts:%H:%M}",
            "kind": str(found.get_kind_display()),
            "reason": _one_line(event.reason),
        }
        return Facts(found.customer, found.branch, base_of(found.customer.language), values, ends_at=found.period.lower)


def _everywhere(customer: Customer, shop: Branch) -> dict[str, str]:
    practice = Organisation.objects.order_by("pk").first()
    name = practice.name if practice else ""
    return {
        "name": _one_line(customer.first_name),
        "practice": _one_line(name),
        "shop": _one_line(f"{name} {shop.name}".strip()),
        "phone": shown_phone(shop.phone) if shop.phone.startswith("+") else _one_line(shop.phone),
        "address": _one_line(", ".join(part for part in (shop.line1, shop.line2, shop.city) if part)),
        "hours": week(shop),
    }


def week(shop: Branch) -> str:
    """`Mon to Fri 08:30–17:30, Sat 08:30–13:00`, neighbouring days with the same hours drawn together."""
    runs: list[tuple[str, str, str]] = []
    for code, label in hours.DAYS:
        span = hours.write(shop.opening_hours.get(code))
        short = str(label)[:3] if translation.get_language() == "en" else str(label)
        if runs and runs[-1][2] == span:
            runs[-1] = (runs[-1][0], short, span)
        else:
            runs.append((short, short, span))
    return ", ".join(
        f"{first} {span}" if first == last else _("%(first)s to %(last)s %(span)s")
        % {"first": first, "last": last, "span": span}
        for first, last, span in runs
        if span
    )  # fmt: skip


def _order_values(order: Order, quotation: Quotation | None) -> dict[str, str]:
    account = ledger.money_of(order)
    total = account.charged or (quotation.total if quotation else account.charged)
    due = account.balance if account.charged else total
    promised = order.promised_on or (quotation.promised_on if quotation else None)
    return {
        "order": order.number,
        "glasses": glasses(order),
        "total": money(total),
        "paid": money(account.paid) if account.paid else "",
        "due": money(due) if due > 0 else "",
        "date": _day(promised),
        "old_date": "",
        "reason": "",
        "link": LINK_MARK,
        "collect_at": _one_line(order.collect_branch.name),
    }


def _event_values(event: Event, order: Order, quotation: Quotation | None) -> dict[str, str]:
    values = {"reason": _one_line(event.reason)}
    if event.kind == "order.repromised":
        old, new = as_date(event.old.get("promised")), as_date(event.new.get("promised"))
        values |= {"old_date": _day(old), "date": _day(new or order.promised_on)}
    if event.kind == "order.code_asked":
        values["code"] = code_of(event.pk, order.pk)
    if event.kind == "payment.taken":
        values |= _payment(event, order)
    if event.kind == "quotation.sent" and quotation is not None:
        values |= {"valid_until": _day(quotation.valid_until), "deposit": money(quotation.deposit_required)}
    if event.kind.startswith("shipment."):
        names = ("carrier", "tracking", "tracking_link", "service", "place", "delivered_at")
        values |= {name: _one_line(str(event.data.get(name, ""))) for name in names}
        values["date"] = _day(as_date(event.data.get("expected_on"))) or _day(order.promised_on)
    return values


def _payment(event: Event, order: Order) -> dict[str, str]:
    entry = LedgerEntry.objects.filter(order=order, kind=EntryKind.PAYMENT, pk=event.subject_id).first()
    if entry is None:
        return {"amount": "", "method": "", "receipt": ""}
    return {"amount": money(-entry.amount), "method": str(entry.get_method_display()).lower(), "receipt": entry.number}


def _quotation(order: Order) -> Quotation | None:
    """The approved version, else the one being decided, else the newest."""
    versions = sorted(order.quotations.prefetch_related("lines"), key=lambda one: one.version, reverse=True)
    for state in ("approved", "sent", "draft"):
        for one in versions:
            if one.state == state:
                return one
    return versions[0] if versions else None


def items(order: Order, quotation: Quotation | None = None) -> list[Row]:
    """The things bought, by name and price. Surcharges would tell the prescription: they are one nameless line."""
    found = quotation or _quotation(order)
    if found is None:
        return []
    sums: dict[str, Decimal] = {}
    for line in found.lines.all():
        name = _("Lens extras") if line.kind == LineKind.SURCHARGE else _one_line(line.description)
        sums[name] = sums.get(name, Decimal(0)) + line.net
    return [Row(name, money(net)) for name, net in sums.items()]


def _rows(order: Order, quotation: Quotation | None) -> list[Row]:
    rows = items(order, quotation)
    account = ledger.money_of(order)
    if quotation is not None:
        rows.append(Row(_("Total, tax included"), money(account.charged or quotation.total), strong=True))
    for entry in order.ledger.exclude(kind__in=[EntryKind.CHARGE, EntryKind.ADJUSTMENT]).order_by("pk"):
        words = _("Paid %(day)s") if entry.kind == EntryKind.PAYMENT else _("Returned %(day)s")
        rows.append(Row(words % {"day": _day(timezone.localtime(entry.at).date())}, money(entry.amount), soft=True))
    if account.charged and account.balance > 0:
        rows.append(Row(_("To pay when you collect"), money(account.balance), strong=True, soft=True))
    return rows


def glasses(order: Order) -> str:
    """`Karoo 214 frame with Vista HD progressive 1.60 lenses`: what the customer recognises, no value of the eye."""
    frame = FrameChoice.objects.select_related("frame").filter(order=order).first()
    lens = LensSpecification.objects.select_related("right", "left").filter(order=order).first()
    product = (lens.right or lens.left) if lens else None
    frame_name = f"{frame.frame.brand} {frame.frame.model}" if frame and frame.frame else ""
    if frame_name and product:
        return _("%(frame)s frame with %(lens)s lenses") % {"frame": frame_name, "lens": product.name}
    if product:
        return _("%(lens)s lenses") % {"lens": product.name}
    return _("%(frame)s frame") % {"frame": frame_name} if frame_name else _("glasses")


def _picture(order: Order) -> tuple[str, str]:
    frame = FrameChoice.objects.select_related("frame").filter(order=order).first()
    if frame is None or frame.frame is None or not frame.frame.image:
        return "", ""
    words = _("Your frame: %(frame)s") % {"frame": f"{frame.frame.brand} {frame.frame.model}, {frame.frame.colour}"}
    return str(frame.frame.image.name), words


def _day(value: date | None) -> str:
    return formats.day(value, today=timezone.localdate()) if value else ""


def as_date(value: object) -> date | None:
    """A day out of an event's values, which keep it as text."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _one_line(text: str) -> str:
    """No line break, no control sign, no brackets of our own grammar: a value can never become structure."""
    cleaned = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(cleaned.replace("{", "(").replace("}", ")").split())
