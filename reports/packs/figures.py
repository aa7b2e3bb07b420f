"""The sums of a month for some branches, in plain SQL. Days are dates of each branch's own zone.

Sales come from the ledger (charges and corrections), takings from it too (payments and refunds), so that the pack, the invoices and
the drawer agree. Balances and stock are as they stood at the end of the last day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from reports.periods import Period

ZERO = Decimal("0.00")
MOST_BALANCES = 25

# The tax in an entry: that of the quotation it charges, its share of a part, the opposite when all is taken back.
_TAX = """
    CASE WHEN q.total IS NULL OR q.total = 0 THEN 0
         WHEN l.amount = q.total THEN q.tax WHEN l.amount = -q.total THEN -q.tax
         ELSE round(l.amount * q.tax / q.total, 2) END
"""
_ENTRIES = """
    FROM orders_ledgerentry l JOIN branches_branch b ON b.id = l.branch_id
    LEFT JOIN LATERAL (
        SELECT x.total, x.tax, x.tax_percent FROM orders_quotation x WHERE x.order_id = l.order_id
        ORDER BY (x.version = l.quotation_version) DESC NULLS LAST, (x.state = 'approved') DESC, x.version DESC LIMIT 1
    ) q ON true
    WHERE l.branch_id = ANY(%(branches)s) AND (l.at AT TIME ZONE b.time_zone)::date BETWEEN %(first)s AND %(last)s
"""
_SALES = f"""
    SELECT b.name, coalesce(q.tax_percent, 0), count(DISTINCT l.order_id) FILTER (WHERE l.kind = 'charge'),
           coalesce(sum(l.amount) FILTER (WHERE l.kind = 'charge'), 0),
           coalesce(sum(l.amount) FILTER (WHERE l.kind = 'adjustment'), 0), coalesce(sum({_TAX}), 0)
    {_ENTRIES} AND l.kind IN ('charge', 'adjustment') GROUP BY 1, 2 ORDER BY 1, 2
"""
_TAKINGS = f"""
    SELECT b.name, l.method, coalesce(sum(-l.amount) FILTER (WHERE l.kind = 'payment'), 0),
           coalesce(sum(l.amount) FILTER (WHERE l.kind = 'refund'), 0), count(*)
    {_ENTRIES} AND l.kind IN ('payment', 'refund') GROUP BY 1, 2 ORDER BY 1, 2
"""
_MARGIN = """
    SELECT n.kind, sum(n.quantity), sum(n.discount),
           sum(CASE WHEN q.tax_included THEN round(n.net / (1 + q.tax_percent / 100), 2) ELSE n.net END),
           sum(n.unit_cost * n.quantity)
    FROM orders_order o JOIN branches_branch b ON b.id = o.branch_id
    JOIN orders_quotation q ON q.order_id = o.id AND q.state = 'approved'
    JOIN orders_quotationline n ON n.quotation_id = q.id
    WHERE o.branch_id = ANY(%(branches)s) AND o.confirmed_at IS NOT NULL AND o.state <> 'cancelled'
      AND (o.confirmed_at AT TIME ZONE b.time_zone)::date BETWEEN %(first)s AND %(last)s
    GROUP BY 1 ORDER BY 4 DESC
"""
_BALANCES = """
    SELECT o.number, b.name, (o.confirmed_at AT TIME ZONE b.time_zone)::date AS confirmed, o.payment_due_on, sum(l.amount)
    FROM orders_ledgerentry l JOIN orders_order o ON o.id = l.order_id JOIN branches_branch b ON b.id = l.branch_id
    WHERE l.branch_id = ANY(%(branches)s) AND (l.at AT TIME ZONE b.time_zone)::date <= %(last)s
    GROUP BY o.id, b.id HAVING sum(l.amount) <> 0 ORDER BY 5 DESC, 1
"""
_CASES = """
    SELECT c.kind,
           count(*) FILTER (WHERE (c.recorded_at AT TIME ZONE b.time_zone)::date BETWEEN %(first)s AND %(last)s),
           count(*) FILTER (WHERE (c.closed_at AT TIME ZONE b.time_zone)::date BETWEEN %(first)s AND %(last)s),
           count(*) FILTER (WHERE (c.recorded_at AT TIME ZONE b.time_zone)::date <= %(last)s
                            AND (c.closed_at IS NULL OR (c.closed_at AT TIME ZONE b.time_zone)::date > %(last)s)),
           percentile_disc(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.closed_at - c.recorded_at))
               FILTER (WHERE (c.closed_at AT TIME ZONE b.time_zone)::date BETWEEN %(first)s AND %(last)s)
    FROM cases_case c JOIN branches_branch b ON b.id = c.branch_id
    WHERE c.branch_id = ANY(%(branches)s) GROUP BY 1 ORDER BY 4 DESC, 1
"""
_STOCK = """
    SELECT b.name, f.brand, sum(e.quantity), sum(e.quantity * f.cost)
    FROM inventory_stockentry e JOIN inventory_stockitem i ON i.id = e.item_id
    JOIN catalogue_frame f ON f.id = i.frame_id JOIN branches_branch b ON b.id = i.branch_id
    WHERE i.branch_id = ANY(%(branches)s) AND (e.at AT TIME ZONE b.time_zone)::date <= %(last)s
    GROUP BY 1, 2 HAVING sum(e.quantity) <> 0 ORDER BY 4 DESC, 1, 2
"""


@dataclass(frozen=True)
class Sale:
    """Charges and corrections of one branch at one tax rate; `tax` is part of the gross."""

    branch: str
    rate: Decimal
    orders: int
    charged: Decimal
    corrected: Decimal
    tax: Decimal

    @property
    def gross(self) -> Decimal:
        return self.charged + self.corrected

    @property
    def net(self) -> Decimal:
        return self.gross - self.tax


@dataclass(frozen=True)
class Taking:
    branch: str
    method: str
    paid: Decimal
    refunded: Decimal
    entries: int

    @property
    def net(self) -> Decimal:
        return self.paid - self.refunded


@dataclass(frozen=True)
class Margin:
    """Items of one kind, before tax."""

    kind: str
    pieces: int
    discount: Decimal
    sales: Decimal
    cost: Decimal

    @property
    def margin(self) -> Decimal:
        return self.sales - self.cost

    @property
    def percent(self) -> Decimal | None:
        return self.margin / self.sales * 100 if self.sales else None


@dataclass(frozen=True)
class Balance:
    """What one order owed (or, below zero, was owed) at the end; `days` since it was confirmed, none where that came later."""

    order: str
    branch: str
    confirmed: date | None
    due: date | None
    amount: Decimal
    days: int


@dataclass(frozen=True)
class CaseCount:
    kind: str
    opened: int
    closed: int
    open: int
    median_hours: Decimal | None


@dataclass(frozen=True)
class Stock:
    branch: str
    brand: str
    pieces: int
    value: Decimal


@dataclass(frozen=True)
class Month:
    """Everything that a pack sums."""

    period: Period
    sales: Sequence[Sale]
    takings: Sequence[Taking]
    margins: Sequence[Margin]
    balances: Sequence[Balance]
    cases: Sequence[CaseCount]
    stock: Sequence[Stock]

    @property
    def gross(self) -> Decimal:
        return sum((one.gross for one in self.sales), ZERO)

    @property
    def tax(self) -> Decimal:
        return sum((one.tax for one in self.sales), ZERO)

    @property
    def orders(self) -> int:
        return sum(one.orders for one in self.sales)

    @property
    def taken(self) -> Decimal:
        return sum((one.net for one in self.takings), ZERO)

    @property
    def margin(self) -> Decimal:
        return sum((one.margin for one in self.margins), ZERO)

    @property
    def margin_sales(self) -> Decimal:
        return sum((one.sales for one in self.margins), ZERO)

    @property
    def owed(self) -> Decimal:
        """What customers owe; what is owed to them stands apart."""
        return sum((one.amount for one in self.balances if one.amount > 0), ZERO)

    @property
    def credit(self) -> Decimal:
        return -sum((one.amount for one in self.balances if one.amount < 0), ZERO)

    @property
    def stock_value(self) -> Decimal:
        return sum((one.value for one in self.stock), ZERO)

    @property
    def stock_pieces(self) -> int:
        return sum(one.pieces for one in self.stock)

    def aged(self) -> list[tuple[str, int, Decimal]]:
        """What is owed by its age in days: 0–30, 31–60, 61–90, more."""
        steps = (("0–30", 0, 30), ("31–60", 31, 60), ("61–90", 61, 90), ("90+", 91, 10**6))
        owing = [one for one in self.balances if one.amount > 0]
        return [
            (label, len(found), sum((one.amount for one in found), ZERO))
            for label, low, high in steps
            for found in [[one for one in owing if low <= one.days <= high]]
        ]


def month(branch_ids: Sequence[int], period: Period) -> Month:
    """The sums of these branches for the period. Six queries."""
    last = period.last
    return Month(
        period,
        [Sale(*row) for row in _rows(_SALES, branch_ids, period)],
        [Taking(*row) for row in _rows(_TAKINGS, branch_ids, period)],
        [Margin(*row) for row in _rows(_MARGIN, branch_ids, period)],
        [_balance(row, last) for row in _rows(_BALANCES, branch_ids, period)],
        [_case(row) for row in _rows(_CASES, branch_ids, period) if any(row[1:4])],
        [Stock(*row) for row in _rows(_STOCK, branch_ids, period)],
    )


def _balance(row: Sequence[Any], last: date) -> Balance:
    order, branch, confirmed, due, amount = row
    return Balance(order, branch, confirmed, due, amount, max(0, (last - (confirmed or last)).days))


def _case(row: Sequence[Any]) -> CaseCount:
    kind, opened, closed, still, seconds = row
    return CaseCount(kind, opened, closed, still, None if seconds is None else Decimal(seconds) / 3600)


def _rows(query: str, branch_ids: Sequence[int], period: Period) -> list[Any]:
    values: dict[str, Any] = {"branches": list(branch_ids), "first": period.first, "last": period.last}
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())
