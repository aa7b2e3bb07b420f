"""The eleven stages of an order, from visit to collection, and where it stands."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import formats, ui
from core.money import money as shown
from core.prepared import one_of, prepared
from core.states import Words
from orders import needs, rules, states
from orders.models import FrameChoice, Measurement, Order, OrderState, Quotation
from orders.needs import Parts
from orders.services import ledger, payments
from records.models import Review

LABELS: dict[str, Words] = {
    "visit": gettext_lazy("Visit"),
    "eye_test": gettext_lazy("Eye test"),
    "frame": gettext_lazy("Frame"),
    "lens_quote": gettext_lazy("Lens quote"),
    "measures": gettext_lazy("Measures"),
    "approval": gettext_lazy("Approval"),
    "deposit": gettext_lazy("Deposit"),
    "laboratory": gettext_lazy("Laboratory"),
    "quality": gettext_lazy("Quality"),
    "fitting": gettext_lazy("Fitting"),
    "collection": gettext_lazy("Collection"),
}
Provider = Callable[[Order], Mapping[str, ui.Stage]]
_providers: list[Provider] = []

_MADE = (OrderState.READY, OrderState.SHIPPED, OrderState.COLLECTED, OrderState.CLOSED)
_HANDED_OVER = (OrderState.COLLECTED, OrderState.CLOSED)


def register(provider: Provider) -> None:
    """The laboratory tells its own stages (`laboratory`, `quality`, `fitting`) better than the order's state can."""
    if provider not in _providers:
        _providers.append(provider)


@dataclass(frozen=True)
class Known:
    """What the stages are read from; the page that has it already passes it in."""

    order: Order
    frame: FrameChoice | None
    measurement: Measurement | None
    quotation: Quotation | None
    money: rules.MoneyState
    reviews: list[Review]


def known_of(order: Order, parts: Parts | None = None) -> Known:
    return Known(
        order,
        parts.frame if parts else needs.frame_choice_of(order),
        parts.measurement if parts else needs.measurement_of(order),
        _last_quotation(order),
        ledger.money_of(order),
        _reviews().rows(orders=[order.pk]),
    )


def _last_quotation(order: Order) -> Quotation | None:
    """The newest version; the order that it names is the one at hand."""
    versions = _quotations().rows(orders=[order.pk])
    if not versions:
        order.never_quoted = True
        return None
    versions[-1].order = order
    return versions[-1]


def known_of_all(orders: Sequence[Order], money: Mapping[int, rules.MoneyState] | None = None) -> dict[int, Known]:
    """The same for several orders, in one query of each kind; who has read their money passes it in.

    The orders should come with `frame_choice` and `measurement` selected along.
    """
    keys = [order.pk for order in orders]
    quotations = {one.order_id: one for one in _quotations().rows(orders=keys)}
    reviews: dict[int | None, list[Review]] = {}
    for review in _reviews().rows(orders=keys):
        reviews.setdefault(review.order_id, []).append(review)
    money = money or ledger.money_by_order(list(orders))
    return {
        order.pk: Known(
            order,
            getattr(order, "frame_choice", None),
            getattr(order, "measurement", None),
            quotations.get(order.pk),
            money[order.pk],
            reviews.get(order.pk, []),
        )
        for order in orders
    }


@prepared
def _quotations() -> QuerySet[Quotation]:
    return Quotation.objects.filter(one_of("order_id", "orders")).order_by("version")


@prepared
def _reviews() -> QuerySet[Review]:
    return Review.objects.filter(one_of("order_id", "orders"), state="open")


def stages(order: Order, known: Known | None = None) -> list[ui.Stage]:
    """Eleven stages with state and a date or word each; the first unfinished one is current."""
    found = _own(known or known_of(order))
    for provider in _providers:
        found.update({code: stage for code, stage in provider(order).items() if code in found})
    return _with_current(order, list(found.values()))


def _own(known: Known) -> dict[str, ui.Stage]:
    order, quotation = known.order, known.quotation
    arrived = order.visit.arrived_at if order.visit else order.recorded_at
    tested = order.prescription.issued_on or order.prescription.signed_at if order.prescription else None
    return {
        "visit": _done("visit", True, arrived),
        "eye_test": _done("eye_test", order.prescription is not None, tested),
        "frame": _done("frame", known.frame is not None, known.frame.recorded_at if known.frame else None),
        "lens_quote": _done("lens_quote", quotation is not None, quotation.recorded_at if quotation else None),
        "measures": _done(
            "measures", known.measurement is not None, known.measurement.measured_at if known.measurement else None
        ),
        "approval": _approval(known),
        "deposit": _deposit(known),
        "laboratory": _laboratory(order),
        "quality": _done("quality", order.state in _MADE, order.ready_at or order.promised_on),
        "fitting": _done("fitting", order.state in _HANDED_OVER, order.collected_at or order.promised_on),
        "collection": _done("collection", order.state in _HANDED_OVER, order.collected_at or order.promised_on),
    }


def _done(code: str, done: bool, when: date | datetime | None) -> ui.Stage:
    return ui.Stage(LABELS[code], "done" if done else "next", _short(when))


def _short(when: date | datetime | None) -> str:
    """`20 Nov`."""
    if when is None:
        return ""
    return formats.day(when, today=timezone.localdate()).split(" ", 1)[-1]


def _approval(known: Known) -> ui.Stage:
    if any(review.decision == "quotation_approval" for review in known.reviews):
        return ui.Stage(LABELS["approval"], "review", _("Review"))
    return _done("approval", known.order.approved_at is not None, known.order.approved_at)


def _deposit(known: Known) -> ui.Stage:
    placed = known.order.state in states.PLACED
    done = placed and not payments.still_missing(known.quotation, known.money)
    note = money_badge(known.money, timezone.localdate()).word if known.money.charged else ""
    return ui.Stage(LABELS["deposit"], "done" if done else "next", note)


def _laboratory(order: Order) -> ui.Stage:
    if order.state == OrderState.IN_PRODUCTION:
        return ui.Stage(LABELS["laboratory"], "current", _short(order.production_started_at))
    return _done("laboratory", order.state in _MADE, order.production_started_at)


def _with_current(order: Order, found: list[ui.Stage]) -> list[ui.Stage]:
    """The first stage that is not done is where the order stands; a cancelled order stands nowhere."""
    if order.state == OrderState.CANCELLED:
        return found
    for place, stage in enumerate(found):
        if stage.state in ("current", "hold"):
            found[place] = replace(stage, is_current=True)
            return found
    for place, stage in enumerate(found):
        if stage.state == "next":
            found[place] = replace(stage, state="current", is_current=True)
            return found
    return found


def money_badge(money: rules.MoneyState, today: date) -> ui.Badge:
    """The order's money in a word: never mixed with the state of the work."""
    word = rules.payment_word(money, today)
    words, tone, icon = _MONEY[word]
    amount = {"credit": -money.balance, "insurer": money.balance}.get(word, money.share)
    return ui.Badge(str(words) % {"amount": shown(amount)}, tone, icon)


_MONEY: dict[str, tuple[Words, str, str]] = {
    "none": (gettext_lazy("Nothing due yet"), "neutral", "clock"),
    "paid": (gettext_lazy("Paid"), "success", "pass"),
    "credit": (gettext_lazy("%(amount)s to refund"), "warning", "money"),
    "insurer": (gettext_lazy("%(amount)s with the insurer"), "info", "hourglass"),
    "overdue": (gettext_lazy("%(amount)s overdue"), "danger", "money"),
    "half": (gettext_lazy("Half paid"), "info", "money"),
    "pending": (gettext_lazy("%(amount)s pending"), "warning", "money"),
}


_STATUS: dict[str, Words] = {
    OrderState.QUOTED: gettext_lazy("Awaiting approval"),
    OrderState.IN_PRODUCTION: gettext_lazy("Processing"),
    OrderState.COLLECTED: gettext_lazy("Handed over"),
}


def work_badge(state: str, has_reviews: bool) -> ui.Badge:
    """The work of an order in this state, in a word."""
    if has_reviews:
        word = _("Processing: review") if state == OrderState.IN_PRODUCTION else _("Review needed")
        return ui.Badge(word, "review", "review")
    tone, icon = states.TONE[state]
    return ui.Badge(str(_STATUS.get(state) or OrderState(state).label), tone, icon)
