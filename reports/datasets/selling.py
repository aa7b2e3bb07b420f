"""Orders, what was sold, and the money."""

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Round
from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from branches.scope import Scope
from core.states import Words
from orders.models import (
    Delivery,
    EntryKind,
    LedgerEntry,
    LineKind,
    Order,
    OrderState,
    PaymentMethod,
    Quotation,
    QuotationLine,
)
from orders.repromise import CAUSES
from orders.selectors import listing
from records.models import Event
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.expressions import AMOUNT, days_late, full_name, one_beside, sum_beside

PLACED = ("confirmed", "in_production", "ready", "shipped", "collected", "closed")


def words_of(choices: Any) -> Any:
    """The choices of a model's field, as a column takes them."""

    def words() -> Mapping[str, Words]:
        return dict(choices.choices)

    return words


def customer_columns(path: str = "customer") -> tuple[Column, ...]:
    """The customer's number for everybody; name and ways to reach the person under the right for personal data."""
    return (
        Column("customer", _("Customer number"), source=f"{path}__number", page="customers:page"),
        Column("customer_name", _("Customer"), source=lambda: full_name(path), is_personal=True),
        Column("customer_phone", _("Mobile"), source=f"{path}__phone", is_personal=True),
        Column("customer_email", _("E-mail"), source=f"{path}__email", is_personal=True),
        Column("customer_born", _("Date of birth"), Kind.DAY, source=f"{path}__birth_date", is_personal=True),
    )


def _approved() -> QuerySet[Quotation]:
    return Quotation.objects.filter(state="approved")


def _last_delay(field: str) -> Subquery:
    """What was said when the order was promised anew, the last time."""
    told = Event.objects.filter(order_id=OuterRef("pk"), kind="order.repromised").order_by("-pk")
    return Subquery(told.values(field)[:1])


def _orders(scope: Scope) -> QuerySet[Any]:
    return Order.objects.visible_to(scope)


def _listed_orders(scope: Scope, query: Mapping[str, str]) -> QuerySet[Any]:
    """The rows of the order list under the filters in its address."""
    return listing.rows_under(scope, query)


declare(
    Dataset(
        "orders",
        _("Orders"),
        _("One row an order: state, promise, money"),
        Can.VIEW_ORDERS,
        _orders,
        (
            Column("number", _("Order"), page="orders:page"),
            Column("branch", _("Sold at"), source="branch__name"),
            Column("collect_branch", _("Collected at"), source="collect_branch__name"),
            Column("made_branch", _("Made at"), source="made_branch__name"),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(OrderState)),
            Column("delivery", _("Delivery"), Kind.CHOICE, choices=words_of(Delivery)),
            *customer_columns(),
            Column("seller", _("Seller"), source="seller__full_name"),
            Column("owner", _("Owner"), source="owner__full_name"),
            Column("started", _("Started"), Kind.MOMENT, source="recorded_at"),
            Column("quoted", _("Quoted"), Kind.MOMENT, source="quoted_at"),
            Column("confirmed", _("Confirmed"), Kind.MOMENT, source="confirmed_at"),
            Column("first_promised", _("First promise"), Kind.DAY, source="first_promised_on"),
            Column("promised", _("Promised"), Kind.DAY, source="promised_on"),
            Column("ready", _("Ready"), Kind.MOMENT, source="ready_at"),
            Column(
                "late",
                _("Days late"),
                Kind.NUMBER,
                source=lambda: days_late("ready_at", "first_promised_on", "branch__time_zone"),
                adds=False,
            ),
            Column(
                "delay_cause",
                _("Why promised anew"),
                Kind.CHOICE,
                source=lambda: _last_delay("reason_code"),
                choices=lambda: dict(CAUSES),
            ),
            Column("delay_reason", _("Words for the new date"), source=lambda: _last_delay("reason")),
            Column("collected", _("Collected"), Kind.MOMENT, source="collected_at"),
            Column("cancelled", _("Cancelled"), Kind.MOMENT, source="cancelled_at"),
            Column("cancelled_reason", _("Why cancelled"), source="cancelled_reason"),
            Column("total", _("Price"), Kind.MONEY, source=lambda: one_beside(_approved(), "order", "total")),
            Column("discount", _("Discount"), Kind.MONEY, source=lambda: one_beside(_approved(), "order", "discount")),
            Column("tax", _("Tax"), Kind.MONEY, source=lambda: one_beside(_approved(), "order", "tax")),
            Column("paid", _("Paid"), Kind.MONEY, source=lambda: -_paid()),
            Column(
                "balance",
                _("Balance"),
                Kind.MONEY,
                source=lambda: sum_beside(LedgerEntry.objects.all(), "order"),
                above_zero="balance__owed",
            ),
            Column("payment_due", _("Payment due"), Kind.DAY, source="payment_due_on"),
            Column("note", _("Note"), is_personal=True),
        ),
        ("number", "branch", "state", "customer", "seller", "confirmed", "promised", "ready", "total", "balance"),
        "confirmed",
        of_list=_listed_orders,
    )
)


def _paid() -> Expression:
    money_in = LedgerEntry.objects.filter(kind__in=[EntryKind.PAYMENT, EntryKind.REFUND])
    return sum_beside(money_in, "order")


def _lines(scope: Scope) -> QuerySet[Any]:
    """Lines of approved quotations of orders that were placed. Sales are their branch's own, wherever the lenses are made."""
    rows = QuotationLine.objects.filter(quotation__state="approved", quotation__order__state__in=PLACED)
    return rows if scope.everything else rows.filter(quotation__order__branch_id__in=scope.branch_ids)


def before_tax() -> Expression:
    """What a line brings before tax, to the cent: prices that include it are divided by one plus the rate."""
    rate = ExpressionWrapper(
        1 + F("quotation__tax_percent") / Value(100), output_field=DecimalField(max_digits=14, decimal_places=6)
    )
    return Case(
        When(quotation__tax_included=True, then=Round(F("net") / rate, 2)), default=F("net"), output_field=AMOUNT
    )


def cost() -> Expression:
    return ExpressionWrapper(F("unit_cost") * F("quantity"), output_field=AMOUNT)


_ORDER = "quotation__order"
_ZONE = f"{_ORDER}__branch__time_zone"

declare(
    Dataset(
        "lines",
        _("Items sold"),
        _("One row an item of a confirmed order: price, discount, tax, margin"),
        Can.VIEW_ORDERS,
        _lines,
        (
            Column("order", _("Order"), source=f"{_ORDER}__number", page="orders:page"),
            Column("branch", _("Sold at"), source=f"{_ORDER}__branch__name"),
            Column("seller", _("Seller"), source=f"{_ORDER}__seller__full_name"),
            Column("confirmed", _("Confirmed"), Kind.MOMENT, source=f"{_ORDER}__confirmed_at", zone=_ZONE),
            Column(
                "state", _("State of the order"), Kind.CHOICE, source=f"{_ORDER}__state", choices=words_of(OrderState)
            ),
            Column("kind", _("Kind"), Kind.CHOICE, choices=words_of(LineKind)),
            Column("description", _("Item")),
            Column("quantity", _("Quantity"), Kind.NUMBER),
            Column("unit_price", _("Unit price"), Kind.MONEY, adds=False),
            Column("discount", _("Discount"), Kind.MONEY),
            Column("discount_percent", _("Discount, per cent"), Kind.NUMBER, adds=False),
            Column("discount_reason", _("Reason of the discount")),
            Column("discount_approved_by", _("Discount approved by"), source="discount_approved_by__full_name"),
            Column("net", _("Amount"), Kind.MONEY),
            Column("tax", _("Tax"), Kind.MONEY),
            Column("before_tax", _("Before tax"), Kind.MONEY, source=before_tax),
            Column("cost", _("Cost"), Kind.MONEY, source=cost, can=Can.VIEW_COST),
            Column(
                "margin",
                _("Margin before tax"),
                Kind.MONEY,
                source=lambda: ExpressionWrapper(before_tax() - cost(), output_field=AMOUNT),
                can=Can.VIEW_COST,
            ),
            *customer_columns(f"{_ORDER}__customer"),
        ),
        ("order", "branch", "seller", "confirmed", "kind", "description", "quantity", "discount", "net", "tax"),
        "confirmed",
    )
)


def _ledger(scope: Scope) -> QuerySet[Any]:
    if scope.everything:
        return LedgerEntry.objects.all()
    return LedgerEntry.objects.filter(branch_id__in=scope.branch_ids)


declare(
    Dataset(
        "ledger",
        _("Payments and charges"),
        _("One row an entry of the ledger: charges, payments, refunds, corrections"),
        Can.VIEW_ORDERS,
        _ledger,
        (
            Column("number", _("Entry"), page="orders:receipt"),
            Column("order", _("Order"), source="order__number", page="orders:page"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("kind", _("Kind"), Kind.CHOICE, choices=words_of(EntryKind)),
            Column("method", _("Method"), Kind.CHOICE, choices=words_of(PaymentMethod)),
            Column("amount", _("Owed by the customer"), Kind.MONEY),
            Column("taken", _("Money in"), Kind.MONEY, source=lambda: _money_in()),
            Column("at", _("When"), Kind.MOMENT),
            Column("by", _("By"), source="by_name"),
            Column("approved_by", _("Approved by"), source="approved_by__full_name"),
            Column("reason", _("Reason")),
            Column("reference", _("Reference")),
            Column("reverses", _("Corrects"), source="reverses__number"),
            *customer_columns("order__customer"),
        ),
        ("number", "order", "branch", "at", "kind", "method", "amount", "by", "reason"),
        "at",
    )
)


def _money_in() -> Expression:
    """What came into the till: payments count, refunds count against."""
    return Case(
        When(kind__in=[EntryKind.PAYMENT, EntryKind.REFUND], then=-F("amount")), default=Value(0), output_field=AMOUNT
    )
