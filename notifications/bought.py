"""What an order is made of, as its customer may read it: names and prices, never a power or a surcharge by its name."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.models import Frame
from core.money import money
from notifications.saying import day, one_line
from orders.models import EntryKind, FrameChoice, LedgerEntry, LensSpecification, LineKind, Order, Quotation
from orders.rules import MoneyState
from orders.services import ledger


@dataclass(frozen=True)
class Row:
    """One line of the order table: words left, amount right. `strong` for the total and what is due, `soft` for money after it."""

    label: str
    amount: str
    strong: bool = False
    soft: bool = False


def quotation_of(order: Order) -> Quotation | None:
    """The approved version, else the one being decided, else the newest."""
    versions = sorted(order.quotations.prefetch_related("lines"), key=lambda one: one.version, reverse=True)
    for state in ("approved", "sent", "draft"):
        for one in versions:
            if one.state == state:
                return one
    return versions[0] if versions else None


def items(order: Order, quotation: Quotation | None = None) -> list[Row]:
    """The things bought, by name and price. Surcharges would tell the prescription: they are one nameless line."""
    found = quotation or quotation_of(order)
    if found is None:
        return []
    sums: dict[str, Decimal] = {}
    for line in found.lines.all():
        name = _("Lens extras") if line.kind == LineKind.SURCHARGE else one_line(line.description)
        sums[name] = sums.get(name, Decimal(0)) + line.net
    return [Row(name, money(net)) for name, net in sums.items()]


def rows(order: Order, quotation: Quotation | None) -> list[Row]:
    """Items, total, what was paid and returned, what is left to pay."""
    found, entries = items(order, quotation), list(order.ledger.order_by("pk"))
    return found + money_rows(quotation, entries, ledger.money_of(order))


def money_rows(quotation: Quotation | None, entries: Sequence[LedgerEntry], account: MoneyState) -> list[Row]:
    """The rows below the items, from what a page has read already."""
    found: list[Row] = []
    if quotation is not None:
        found.append(Row(_("Total, tax included"), money(account.charged or quotation.total), strong=True))
    for entry in entries:
        if entry.kind in (EntryKind.CHARGE, EntryKind.ADJUSTMENT):
            continue
        words = _("Paid %(day)s") if entry.kind == EntryKind.PAYMENT else _("Returned %(day)s")
        found.append(Row(words % {"day": day(timezone.localtime(entry.at).date())}, money(entry.amount), soft=True))
    if account.charged and account.insured:
        found.append(Row(_("Claimed from your insurer"), money(-account.insured), soft=True))
    if account.charged and account.share:
        found.append(Row(_("Still to pay"), money(account.share), strong=True, soft=True))
    return found


def glasses(order: Order) -> str:
    """`Karoo 214 frame with Vista HD progressive 1.60 lenses`: what the customer recognises, no value of the eye."""
    frame = frame_of(order)
    return called(f"{frame.brand} {frame.model}" if frame else "", _lens_of(order))


def called(frame: str, lens: str) -> str:
    """The same from the names alone, which a page has read already; an empty one is left out."""
    product, frame_name = one_line(lens), one_line(frame)
    if frame_name and product:
        return _("%(frame)s frame with %(lens)s lenses") % {"frame": frame_name, "lens": product}
    if product:
        return _("%(lens)s lenses") % {"lens": product}
    return _("%(frame)s frame") % {"frame": frame_name} if frame_name else _("glasses")


def frame_of(order: Order) -> Frame | None:
    """The frame of the catalogue that was chosen; None for the customer's own or none."""
    choice = FrameChoice.objects.select_related("frame").filter(order=order).first()
    return choice.frame if choice else None


def _lens_of(order: Order) -> str:
    lens = LensSpecification.objects.select_related("right", "left").filter(order=order).first()
    product = (lens.right or lens.left) if lens else None
    return one_line(product.name) if product else ""


def picture_words(frame: Frame) -> str:
    return _("Your frame: %(frame)s") % {"frame": one_line(f"{frame.brand} {frame.model}, {frame.colour}")}
