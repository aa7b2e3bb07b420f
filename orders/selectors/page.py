"""Everything the order's page shows, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can
from core import ui
from core.along import read_along
from core.money import money as shown_money
from core.prepared import Slot, prepared
from customers.page import identity
from orders import basis, needs, next_actions, panels, rules, stages, states
from orders.models import GatewayRefund, LedgerEntry, Order, OrderState, PaymentMethod, Quotation
from orders.needs import Parts
from orders.selectors import claims, paying, pricemoves
from orders.selectors.optical import optical_of
from orders.services import decisions, delivery, ledger, paying_back
from orders.services import orders as order_verbs
from orders.stages import Known
from orders.viewer import Viewer
from prescriptions.models import Prescription, PrescriptionState
from records import phrases
from records.facts import six_facts
from records.models import Event, Evidence, EvidenceKind
from records.selectors import ReviewCard, cards_of_order, together

FIRST_EVENTS = 8
MOST_EVENTS = 200


@dataclass(frozen=True)
class LedgerRow:
    """An entry with the balance after it."""

    entry: LedgerEntry
    balance: Decimal


def order_page(order: Order, viewer: Viewer, all_events: bool = False) -> dict[str, Any]:
    """The context of `orders/page.html`."""
    if order.prescription:
        read_along([order.prescription], "eyes")
    known = stages.known_of(order)
    if known.quotation:
        read_along([known.quotation], "lines")
    built = panels.build(order, viewer)
    events, count = history(order, all_events)
    entries = ledger_rows(order)
    approved = known.quotation if known.quotation and known.quotation.state == "approved" else None
    desk = paying.desk_of(approved, known.money)
    return {
        "order": order,
        "banner": identity(order.customer, alerts(known.money)),
        "facts": _facts(order),
        "steps": stages.stages(order, known),
        "work": stages.work_badge(order.state, bool(known.reviews)),
        "money": stages.money_badge(known.money, timezone.localdate()),
        "reviews": together(_cards(order, viewer)) if known.reviews else [],
        "quotation": known.quotation,
        "moves": _moves(known),
        "lines": list(known.quotation.lines.all()) if known.quotation else [],
        "frame": known.frame,
        "optical": optical_of(known),
        "ledger": entries,
        "claims": claims.rows(order) if known.money.has_claims else [],
        "desk": desk,
        "on_their_way": _on_their_way(order, entries),
        "balance": known.money.balance,
        "panels": [one for one in built if one.panel.place == panels.MAIN],
        "asides": [one for one in built if one.panel.place == panels.ASIDE],
        "anchors": _anchors(built, count),
        "history": events,
        "event_count": count,
        "next": next_actions.next_action(order, viewer),
        "may": rights(order, viewer),
        "delivered_by": delivery.in_words(order),
    }


def _moves(known: Known) -> pricemoves.PriceMoves | None:
    """Only a quotation that waits is compared with today's prices: otherwise the lenses need not be read."""
    if known.quotation is None or known.quotation.state not in pricemoves.WAITING:
        return None
    parts = Parts(known.frame, needs.specification_of(known.order), known.measurement)
    return pricemoves.since(known.order, known.quotation, parts)


def _on_their_way(order: Order, rows: list[LedgerRow]) -> list[GatewayRefund]:
    """Only what came in over a gateway goes back over one: other orders need not ask."""
    if not any(row.entry.method == PaymentMethod.ONLINE for row in rows):
        return []
    return paying_back.waiting(order)


def _cards(order: Order, viewer: Viewer) -> list[ReviewCard]:
    """The open reviews, each headed by what changed after which decision."""
    titles = {
        decisions.REVIEW: _("%(what)s changed after approval"),
        order_verbs.DATE_REVIEW: _("%(what)s changed after a date was promised"),
    }
    cards = []
    for card in cards_of_order(order.pk, viewer.actor):
        title = titles.get(card.review.decision)
        what = basis.label(card.review.cause_type).lower()
        shown = (
            replace(card.shown, title=title % {"what": _("the %(thing)s") % {"thing": what}}) if title else card.shown
        )
        cards.append(replace(card, shown=shown))
    return cards


def alerts(money: rules.MoneyState) -> Sequence[ui.Badge]:
    if not money.share:
        return ()
    return [ui.Badge(_("%(amount)s due") % {"amount": shown_money(money.share)}, "warning", "money")]


def _facts(order: Order) -> ui.SixFacts:
    """The six facts, with the evidence of the whole order: photos, prints and signatures of its parts."""
    return replace(six_facts(order, pieces=()), branch=order.branch.name, evidence=_evidence_words(order))


def _evidence_words(order: Order) -> str:
    counted = _evidence().rows(order=order.pk, prescription=order.prescription_id or 0)
    words = ", ".join(str(EvidenceKind(kind).label).lower() for kind, _n in counted)
    return f"{sum(n for _kind, n in counted)} · {words}" if counted else ""


@prepared
def _evidence() -> QuerySet[Evidence, Any]:
    """(kind, how many) of the order, its quotations and its prescription."""
    quotations = Quotation.objects.filter(order=Slot("order")).values("pk")
    about = Q(subject_type="orders.order", subject_id=Slot("order"))
    about |= Q(subject_type="orders.quotation", subject_id__in=quotations)
    about |= Q(subject_type="prescriptions.prescription", subject_id=Slot("prescription"))
    kinds = Evidence.objects.filter(about, withdrawn_at=None).values_list("kind")
    return kinds.annotate(n=Count("pk")).order_by("kind")


def ledger_rows(order: Order) -> list[LedgerRow]:
    """The ledger, oldest first, with the running balance."""
    rows: list[LedgerRow] = []
    balance = rules.ZERO
    for entry in ledger.entries_of(order):
        balance += entry.amount
        rows.append(LedgerRow(entry, balance))
    return rows


def history(order: Order, everything: bool) -> tuple[list[ui.Group], int]:
    """The last events, or all of them, and how many there are."""
    rows = _events().rows(order=order.pk)
    shown = rows if everything else rows[:FIRST_EVENTS]
    return ([ui.Group("", [_entry(event) for event in shown])] if shown else []), len(rows)


@prepared
def _events() -> QuerySet[Event]:
    found = Event.objects.filter(order_id=Slot("order")).exclude(kind__in=phrases.hidden_kinds())
    return found.order_by("-pk")[:MOST_EVENTS]


def _entry(event: Event) -> ui.Entry:
    said = phrases.say(event)
    return ui.Entry(said.text, event.at, said.meta, said.icon, said.tone, said.detail, _("More") if said.detail else "")


def _anchors(built: Sequence[panels.Built], events: int) -> list[ui.Anchor]:
    own = [
        (10, ui.Anchor("items", _("Items"))),
        (20, ui.Anchor("rx", _("Rx and measures"))),
        (40, ui.Anchor("pay", _("Payments"))),
        (100, ui.Anchor("hist", _("History"), events)),
    ]
    theirs = [(_place(one.panel), ui.Anchor(one.panel.code, one.panel.title, one.count)) for one in built]
    return [anchor for _order, anchor in sorted([*own, *theirs], key=lambda pair: pair[0])]


def _place(panel: panels.Panel) -> int:
    return panel.order + (50 if panel.place == panels.ASIDE else 0)


def rights(order: Order, viewer: Viewer) -> dict[str, bool]:
    """What this person may do with this order now; the templates offer nothing else."""
    placed = order.state in states.PLACED
    requotable = order.state in states.PROMISED or states.ORDER.allows("quote", order.state)
    early = order.state in (OrderState.DRAFT, OrderState.QUOTED)
    return {
        "edit": viewer.may(Can.EDIT_ORDERS, order),
        "deliver": order.state in delivery.CHANGEABLE and viewer.may(Can.SHIP_ORDERS, order),
        "pay": placed and viewer.may(Can.TAKE_PAYMENTS, order),
        "refund": (placed or order.state == OrderState.CANCELLED) and viewer.may(Can.REFUND_PAYMENTS, order),
        "repromise": order.state in states.PROMISED and viewer.may(Can.REPROMISE_JOBS, order),
        "cancel": states.ORDER.allows("cancel", order.state)
        and viewer.may(Can.EDIT_ORDERS if early else Can.CANCEL_ORDERS, order),
        "quote": requotable and viewer.may(Can.EDIT_ORDERS, order),
        "cost": viewer.may(Can.VIEW_COST, order),
        "correct": _is_current(order.prescription) and viewer.may(Can.WRITE_PRESCRIPTIONS, order),
    }


def _is_current(prescription: Prescription | None) -> bool:
    return prescription is not None and prescription.state == PrescriptionState.CURRENT
