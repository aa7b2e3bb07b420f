"""What rests on a prescription, frame, lens or measurement of an order: its approval and its promised date."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can, Role
from core.money import money
from orders import resting, resting_order, states
from orders.models import Order, OrderState, Quotation, QuotationState
from orders.resting import affected
from orders.services import ledger
from orders.services.agreement import KIND, QUOTED
from orders.services.decisions import REVIEW
from orders.services.orders import DATE_REVIEW
from orders.services.quotations import REQUOTE
from records.services import approvals, changes
from records.services.changes import Affected, Dependency, declare

# Once handed over, a change concerns the warranty and the next order, no longer this approval.
_OPEN = (OrderState.APPROVED, *states.PROMISED)

Orders = Callable[[Any], Sequence[Order]]


def _open(condition: Q) -> list[Order]:
    """Open orders; the rows of one table ask for the same ones, so they are read once."""
    found = Order.objects.filter(condition, state__in=_OPEN).select_related("owner", "seller").order_by("pk")
    return changes.read_once(("open orders", str(condition)), lambda: list(found))


def _of_prescription(record: Any) -> list[Order]:
    return _open(Q(prescription_id=record.pk))


def _of_order(record: Any) -> list[Order]:
    return _open(Q(pk=record.pk))


def _of_child(record: Any) -> list[Order]:
    return _open(Q(pk=record.order_id))


def _approved(orders: Orders) -> Callable[[Any], Iterable[Affected]]:
    """The customer's approvals that stand on the record."""

    def find(record: Any) -> Iterable[Affected]:
        for order in orders(record):
            quotation = Quotation.objects.filter(order=order, state=QuotationState.APPROVED).first()
            approval = approvals.current(quotation, KIND) if quotation else None
            if quotation is not None and approval is not None:
                title = _("Approval of quotation %(number)s, version %(version)s")
                words = title % {"number": quotation.number, "version": quotation.version}
                yield affected(order, words, approval=approval, amount=quotation.total)

    return find


def _promised(orders: Orders) -> Callable[[Any], Iterable[Affected]]:
    """Dates that were promised on the assumption that the old values are made."""

    def find(record: Any) -> Iterable[Affected]:
        for order in orders(record):
            if order.state == OrderState.IN_PRODUCTION and order.promised_on:
                words = _("Promised date of %(number)s, %(day)s")
                yield affected(order, words % {"number": order.number, "day": order.promised_on.isoformat()})

    return find


def _charged(orders: Orders) -> Callable[[Any], Iterable[Affected]]:
    """Amounts that stand in the books for what was agreed."""

    def find(record: Any) -> Iterable[Affected]:
        for order in orders(record):
            charged = ledger.money_of(order).charged
            if charged:
                words = {"number": order.number, "amount": money(charged)}
                yield affected(order, _("%(amount)s charged for %(number)s") % words, amount=charged)

    return find


def _reserved(record: Any) -> Iterable[Affected]:
    """The piece of stock that is held for the order."""
    for order in _of_child(record):
        if record.reservation_reference and record.stock_branch:
            words = {"frame": record.frame, "branch": record.stock_branch.name}
            yield affected(order, _("%(frame)s held in %(branch)s") % words)


def _waiting(record: Any) -> Iterable[Affected]:
    """Quotations on the customer's table that were made for the earlier values."""
    waiting = Q(quotations__state__in=[QuotationState.DRAFT, QuotationState.SENT], state=OrderState.QUOTED)
    for order in Order.objects.filter(waiting, prescription=record).select_related("owner", "seller").order_by("pk"):
        quotation = order.quotations.order_by("-version")[0]
        words = {"number": quotation.number, "version": quotation.version}
        yield affected(order, _("Quotation %(number)s, version %(version)s, not answered yet") % words)


def _rows(on: str, orders: Orders, fields: frozenset[str] = frozenset()) -> list[Dependency]:
    return [
        Dependency(
            on=on,
            decision=REVIEW,
            label=gettext_lazy("The customer's approval"),
            why=gettext_lazy("The customer agreed to the earlier values; what is made must be what was agreed."),
            before_next_stage=gettext_lazy("A new version of the quotation approved by the customer"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_approved(orders),
            blocks="release",
            fields=fields,
        ),
        Dependency(
            on=on,
            decision=DATE_REVIEW,
            label=gettext_lazy("The promised date"),
            why=gettext_lazy("Work that has begun may have to begin again, so the date may not hold."),
            before_next_stage=gettext_lazy("The date confirmed or a new one promised"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_promised(orders),
            blocks="collection",
            fields=fields,
        ),
        Dependency(
            on=on,
            decision="charge",
            label=gettext_lazy("The amount charged"),
            why=gettext_lazy("What is charged is what was agreed."),
            before_next_stage=gettext_lazy("Changes by itself when a new version is approved"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_charged(orders),
            fields=fields,
            reopens=False,
        ),
    ]


def _quoted_row(orders: Orders, blocks: str) -> Dependency:
    """A discount, an amount or a day that is quoted anew after the customer agreed, with nothing else changed."""
    return Dependency(
        on="orders.order",
        decision=REVIEW,
        label=gettext_lazy("The customer's approval of the amount"),
        why=gettext_lazy("The customer agreed to the earlier amount; what is charged must be what was agreed."),
        before_next_stage=gettext_lazy("The new version of the quotation approved by the customer"),
        owner_role=Role.DISPENSING_OPTICIAN,
        find=_approved(orders),
        blocks=blocks,
        fields=frozenset({QUOTED}),
    )


def _in_state(*wanted: OrderState) -> Orders:
    return lambda record: [order for order in _of_order(record) if order.state in wanted]


_END = frozenset({"discontinued_on"})


def _price_row(on: str) -> Dependency:
    return Dependency(
        on=on,
        decision=resting.QUOTED_PRICE,
        label=gettext_lazy("The quoted price"),
        why=gettext_lazy("The list price is no longer the one that was quoted; the quotation holds until its day."),
        before_next_stage=gettext_lazy("The quoted price confirmed, or a new version of the quotation"),
        owner_role=Role.DISPENSING_OPTICIAN,
        find=resting.quoted_price,
        blocks="release",
        fields=frozenset({"price", "bands"}),
        live=resting.live_prices,
        confirm_by=Can.EDIT_ORDERS,
    )


def _date_row(decision: str, label: Any, before: Any, find: Callable[[Any], Iterable[Affected]]) -> Dependency:
    """What a new promised date is only told about."""
    return Dependency(
        on="orders.order",
        decision=decision,
        label=label,
        why=gettext_lazy("The day that was promised moves."),
        before_next_stage=before,
        owner_role=Role.DISPENSING_OPTICIAN,
        find=find,
        fields=_PROMISE,
        reopens=False,
    )


_PROMISE = frozenset({"promised_on"})
_OF_ORDER = [
    Dependency(
        on="orders.order",
        decision=resting_order.APPOINTMENT,
        label=gettext_lazy("Appointments to fetch or fit the glasses"),
        why=gettext_lazy("The customer comes before the glasses can be there."),
        before_next_stage=gettext_lazy("The appointment moved, or kept with a reason"),
        owner_role=Role.RECEPTIONIST,
        find=resting_order.appointments,
        blocks="collection",
        fields=_PROMISE,
        live=resting_order.live_appointments,
        confirm_by=Can.MANAGE_VISITS,
    ),
    _date_row(
        "agreed_date", gettext_lazy("The date that was approved"),
        gettext_lazy("Stands; the first promise is kept beside the new one"), resting_order.agreed_date,
    ),
    _date_row(
        "customer_told", gettext_lazy("The customer"),
        gettext_lazy("Told by a message of its own when this is saved"), resting_order.told,
    ),
    Dependency(
        on="orders.order",
        decision=resting_order.DEPOSIT,
        label=gettext_lazy("Work that began on a deposit"),
        why=gettext_lazy("It was released because the deposit was paid; that money has gone back, or a larger one is due."),
        before_next_stage=gettext_lazy("The deposit paid again, or the work let go on without it"),
        owner_role=Role.BRANCH_MANAGER,
        find=resting_order.deposit,
        blocks="production",
        fields=frozenset({"paid", "charged"}),
        live=resting_order.live_deposit,
        confirm_by=Can.REFUND_PAYMENTS,
    ),
    Dependency(
        on="orders.order",
        decision=resting_order.CLAIM,
        label=gettext_lazy("The amount claimed from an insurer"),
        why=gettext_lazy("The insurer was asked for a share of an amount that is charged no longer."),
        before_next_stage=gettext_lazy("The claim confirmed on the new amount, or withdrawn and made again"),
        owner_role=Role.RECEPTIONIST,
        find=resting_order.claimed,
        blocks="collection",
        fields=frozenset({"charged"}),
        live=resting_order.live_claims,
        confirm_by=Can.TAKE_PAYMENTS,
    ),
]  # fmt: skip


declare(
    [
        *_OF_ORDER,
        *_rows("prescriptions.prescription", _of_prescription),
        *_rows("orders.framechoice", _of_child),
        *_rows("orders.lensspecification", _of_child),
        *_rows("orders.measurement", _of_child),
        *_rows("orders.order", _of_order, frozenset({"prescription"})),
        _quoted_row(_in_state(OrderState.APPROVED, OrderState.CONFIRMED), "release"),
        _quoted_row(_in_state(OrderState.IN_PRODUCTION, OrderState.READY, OrderState.SHIPPED), "collection"),
        Dependency(
            on="orders.order",
            decision="charge",
            label=gettext_lazy("The amount charged and the deposit"),
            why=gettext_lazy("What is charged is what was agreed."),
            before_next_stage=gettext_lazy("Changes by itself when the new version is approved"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_charged(_of_order),
            fields=frozenset({QUOTED}),
            reopens=False,
        ),
        Dependency(
            on="prescriptions.prescription",
            decision=REQUOTE,
            label=gettext_lazy("The quotation on the table"),
            why=gettext_lazy("The customer would agree to values that no longer hold."),
            before_next_stage=gettext_lazy("A new version of the quotation"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=_waiting,
            blocks="release",
        ),
        Dependency(
            on="orders.framechoice",
            decision="reservation",
            label=gettext_lazy("The frame held"),
            why=gettext_lazy("The piece was held for this order."),
            before_next_stage=gettext_lazy("Given back by itself when another frame is chosen"),
            owner_role=Role.FRAME_CONTROLLER,
            find=_reserved,
            reopens=False,
        ),
        Dependency(
            on="catalogue.lensproduct",
            decision=resting.LENS_SUPPLY,
            label=gettext_lazy("The supply of the lens"),
            why=gettext_lazy("The lens that was chosen is no longer made, so the order may not be possible."),
            before_next_stage=gettext_lazy("Another lens chosen and agreed, or the supply confirmed"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=resting.lens_supply,
            blocks="release",
            fields=_END,
            live=resting.live_lenses,
            confirm_by=Can.EDIT_ORDERS,
        ),
        Dependency(
            on="catalogue.frame",
            decision=resting.FRAME_SUPPLY,
            label=gettext_lazy("The supply of the frame"),
            why=gettext_lazy("The frame still has to come from a supplier who makes it no longer."),
            before_next_stage=gettext_lazy("Another frame chosen and agreed, or the supply confirmed"),
            owner_role=Role.FRAME_CONTROLLER,
            find=resting.frame_supply,
            blocks="release",
            fields=_END,
            live=resting.live_frame,
            confirm_by=Can.EDIT_ORDERS,
        ),
        Dependency(
            on="inventory.reservation",
            decision=resting.FRAME_LOST,
            label=gettext_lazy("The frame of the order"),
            why=gettext_lazy("The piece that was held is gone; the glasses cannot be made with it."),
            before_next_stage=gettext_lazy("Another piece held, or another frame chosen and agreed"),
            owner_role=Role.DISPENSING_OPTICIAN,
            find=resting.frame_lost,
            blocks="release",
        ),
        *(_price_row(on) for on in ("catalogue.frame", "catalogue.lensproduct", "catalogue.lensaddon")),
        Dependency(
            on="customers.customer",
            decision=resting.IDENTITY,
            label=gettext_lazy("Whom the glasses are for"),
            why=gettext_lazy("Prescription, ticket and papers carry the earlier name or date of birth."),
            before_next_stage=gettext_lazy("Confirmed that the glasses are this person's"),
            owner_role=Role.RECEPTIONIST,
            find=resting.identity,
            blocks="collection",
            fields=frozenset({"given_names", "family_name", "birth_date", "merged_into"}),
            live=resting.live_person,
            confirm_by=Can.COLLECT_ORDERS,
        ),
        Dependency(
            on="customers.customer",
            decision="messages",
            label=gettext_lazy("Messages to the customer"),
            why=gettext_lazy("They are sent to the number and address that hold when they leave."),
            before_next_stage=gettext_lazy("Go to the new number or address by themselves"),
            owner_role=Role.RECEPTIONIST,
            find=resting.messages_go_to,
            fields=frozenset({"phone", "other_phone", "email", "preferred_channel", "language"}),
            reopens=False,
        ),
    ]
)
