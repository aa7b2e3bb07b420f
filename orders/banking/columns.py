"""What banks call their columns: one column with signs, or one for money in and one for money out."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.importing import columns
from core.importing.columns import Column, Problem, Reader, Wrong, read_cells
from core.importing.dates import DayOrder, reader

COLUMNS: Sequence[Column] = (
    Column(
        "booked_on",
        gettext_lazy("Date"),
        ("date", "transaction date", "posting date", "booking date", "value date", "datum", "data"),
        True,
    ),
    Column("amount", gettext_lazy("Amount, with sign"), ("amount", "transaction amount", "value", "betrag", "montant")),
    Column("money_in", gettext_lazy("Money in"), ("credit", "credits", "credit amount", "paid in", "money in", "deposit", "deposits")),
    Column("money_out", gettext_lazy("Money out"), ("debit", "debits", "debit amount", "paid out", "money out", "withdrawal", "withdrawals")),
    Column(
        "description",
        gettext_lazy("Description"),
        ("description", "details", "narrative", "transaction description", "particulars", "text", "memo"),
    ),
    Column("reference", gettext_lazy("Reference"), ("reference", "ref", "payment reference", "customer reference", "my reference")),
    Column("payer", gettext_lazy("Payer"), ("payer", "name", "counterparty", "from", "beneficiary", "other party")),
)  # fmt: skip
SAMPLES: Mapping[str, Sequence[Sequence[str]]] = {
    "signed": (
        ("Date", "Amount", "Description", "Reference"),
        ("2026-11-24", "1595.00", "EFT CREDIT T MOKOENA", "RSB-10482"),
        ("2026-11-24", "-89.50", "BANK FEES", ""),
    ),
    "in-and-out": (
        ("Transaction date", "Details", "Debit", "Credit"),
        ("24/11/2026", "PAYMENT FROM A PILLAY RSB-10455", "", "2 450.00"),
        ("24/11/2026", "CARD MACHINE RENTAL", "410.00", ""),
    ),
}
_AMOUNTS = ("amount", "money_in", "money_out")


def labels() -> Mapping[str, str]:
    return {column.name: str(column.label) for column in COLUMNS}


def _signed(name: str, text: str) -> Mapping[str, Any]:
    """`-89.50`, `89.50-`, `(89.50)`, `89.50 DR`, `1 595,00 CR`."""
    bare = re.sub(r"\s*(cr|dr)\s*$", "", text.strip(), flags=re.IGNORECASE)
    negative = bare.startswith(("-", "−", "(")) or bare.endswith(("-", "−")) or text.strip().lower().endswith("dr")
    amount = columns.money(name, bare.strip("()-−+ "))[name]
    return {name: -amount if negative else amount}


def _unsigned(name: str, text: str) -> Mapping[str, Any]:
    """A column of its own says the direction: its sign says nothing more."""
    return {name: abs(_signed(name, text)[name])}


def _free(name: str, text: str) -> Mapping[str, Any]:
    """Words of strangers: kept as they are, written safely wherever they leave."""
    return {name: text}


def understand(cells: Mapping[str, str], order: DayOrder, today: Any) -> tuple[dict[str, Any], list[Problem]]:
    """Day, amount (positive: came in) and words of one line."""
    readers: Mapping[str, Reader] = {
        "booked_on": reader(order, today), "amount": _signed, "money_in": _unsigned, "money_out": _unsigned,
        "description": _free, "reference": _free, "payer": _free,
    }  # fmt: skip
    values, problems = read_cells(cells, readers, ("booked_on",))
    if not any(one.column in _AMOUNTS for one in problems):
        try:
            values["amount"] = _amount(values)
        except Wrong as wrong:
            column = next((name for name in _AMOUNTS if name in cells), "amount")
            problems.append(Problem(column, cells.get(column, ""), str(wrong)))
    parts = [values.get(name, "") for name in ("description", "reference", "payer")]
    values["words"] = " · ".join(part for part in parts if part)[:500]
    return values, problems


def _amount(values: Mapping[str, Any]) -> Decimal:
    came, went = values.get("money_in", Decimal(0)), values.get("money_out", Decimal(0))
    amount: Decimal = values["amount"] if "amount" in values else came - went
    if came and went:
        raise Wrong(_("Money in and money out on one line."))
    if not amount:
        raise Wrong(_("No amount is written here."))
    return amount
