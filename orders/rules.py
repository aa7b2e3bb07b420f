"""Money decided without a database: rounding, discount, tax, deposit, and what a balance is called."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)


def to_cents(amount: Decimal) -> Decimal:
    """Half a cent goes away from zero, as tills do."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class LineMoney:
    """One line in money. `net` is what the customer pays for it before added tax."""

    gross: Decimal
    discount: Decimal
    net: Decimal
    tax: Decimal


def line_money(quantity: int, unit_price: Decimal, discount: Decimal, tax: "TaxRule") -> LineMoney:
    """Tax is computed and rounded per line and then summed, so that every line of the invoice can be checked alone."""
    gross = to_cents(unit_price * quantity)
    net = gross - discount
    return LineMoney(gross, discount, net, tax.of(net))


@dataclass(frozen=True)
class TaxRule:
    """The branch's tax: `percent`, already inside the prices or added on top."""

    percent: Decimal
    included: bool

    def of(self, net: Decimal) -> Decimal:
        """The tax of one line, rounded to cents."""
        base = HUNDRED + self.percent if self.included else HUNDRED
        return to_cents(net * self.percent / base)


@dataclass(frozen=True)
class Sums:
    subtotal: Decimal
    discount: Decimal
    tax: Decimal
    total: Decimal


def sums(lines: Iterable[LineMoney], tax: TaxRule) -> Sums:
    """`subtotal` is list price, `total` what the customer pays, tax included in either case."""
    rows = list(lines)
    net, added = sum((row.net for row in rows), ZERO), sum((row.tax for row in rows), ZERO)
    return Sums(
        subtotal=sum((row.gross for row in rows), ZERO),
        discount=sum((row.discount for row in rows), ZERO),
        tax=added,
        total=net if tax.included else net + added,
    )


def deposit(total: Decimal, percent: Decimal) -> Decimal:
    return to_cents(total * percent / HUNDRED)


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    return ZERO if not whole else (part * HUNDRED / whole).quantize(CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True)
class MoneyState:
    """The money of an order today: charged, paid so far, by when the rest is due.

    `insured` is what insurers were asked for and may still pay, `promised` the part of it that they have approved.
    """

    charged: Decimal
    paid: Decimal
    due_on: date | None
    insured: Decimal = ZERO
    promised: Decimal = ZERO
    has_claims: bool = False

    @property
    def balance(self) -> Decimal:
        return self.charged - self.paid

    @property
    def share(self) -> Decimal:
        """What the customer owes: the balance without what is claimed from an insurer; never negative."""
        return max(self.balance - self.insured, ZERO)

    @property
    def captured(self) -> Decimal:
        """What came in, and what an insurer has promised in writing."""
        return self.paid + self.promised


def payment_word(money: MoneyState, today: date) -> str:
    """`none`, `paid`, `credit`, `insurer`, `overdue`, `half`, or `pending`. "Overdue" is only ever said of money.

    `insurer`: the customer has paid their share, the rest is claimed.
    """
    if money.balance < 0:
        return "credit"
    if not money.charged:
        return "none"
    if money.balance == 0:
        return "paid"
    if not money.share:
        return "insurer"
    if money.due_on is not None and money.due_on < today:
        return "overdue"
    return "half" if money.paid == money.balance else "pending"
