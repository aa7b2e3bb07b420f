"""What the payments region offers: the amounts that are usual now, and whether cash can be taken."""

from dataclasses import dataclass, replace
from decimal import Decimal

from orders import rules
from orders.models import Order, Quotation, QuotationState
from orders.services import drawers, ledger, payments

_TWO = Decimal(2)


@dataclass(frozen=True)
class Desk:
    """Amounts in the practice's currency. `share` is what the customer owes, `deposit` what of it the laboratory waits for."""

    share: Decimal
    deposit: Decimal
    insured: Decimal
    drawer_is_open: bool | None = None

    @property
    def half(self) -> Decimal:
        return rules.to_cents(self.share / _TWO)

    @property
    def suggested(self) -> Decimal:
        return self.deposit or self.share

    def initial(self, asked: str = "") -> dict[str, str]:
        """The amount that stands in the box: what was asked for by name, else the deposit, else all."""
        amount = {"full": self.share, "half": self.half}.get(asked, self.suggested)
        return {"amount": f"{amount:.2f}" if amount else ""}


def desk(order: Order) -> Desk:
    """Read for one order."""
    approved = Quotation.objects.filter(order=order, state=QuotationState.APPROVED).first()
    found = desk_of(approved, ledger.money_of(order))
    return replace(found, drawer_is_open=drawers.open_drawer(order.branch_id) is not None)


def desk_of(approved: Quotation | None, money: rules.MoneyState) -> Desk:
    """The same from what a page has read already, without a look at the drawer."""
    missing = min(payments.still_missing(approved, money), money.share)
    return Desk(money.share, missing, money.insured)
