"""To which order a line of a statement belongs: surely, probably, or nobody can tell. Reads once for a whole file."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from core.money import money
from customers.names import fold
from orders import states
from orders.models import EntryKind, LedgerEntry, LineMatch, Order, PaymentMethod
from orders.services import ledger

_NUMBER = re.compile(r"(?<![A-Z0-9])([A-Z]{2,6})[- ]?(\d{5,7})(?!\d)")
_RECEIPT = re.compile(r"(?<![A-Z0-9])([A-Z]{2,6}-I\d{2}-\d{6})(?!\d)")
_SHORTEST_REFERENCE = 4
_SHORTEST_NAME = 3


@dataclass(frozen=True)
class Line:
    """What a line says: its words and the amount that came in."""

    words: str
    amount: Decimal


@dataclass(frozen=True)
class Match:
    """A verdict with its reason, and what it proposes: an order to pay, or a recorded transfer to confirm."""

    verdict: LineMatch
    why: str
    order: Order | None = None
    recorded: LedgerEntry | None = None


@dataclass
class Matcher:
    """Knows what the named orders owe, which orders owe a line's amount, and which transfers no line has confirmed."""

    lines: Sequence[Line]
    branch_ids: Collection[int] | None
    taken: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        orders = Order.objects.select_related("customer", "branch").filter(state__in=states.PLACED)
        if self.branch_ids is not None:
            orders = orders.filter(branch_id__in=self.branch_ids)
        amounts = {line.amount for line in self.lines}
        self.invoices = _invoice_numbers(self.lines)
        named = {number for line in self.lines for number in self._numbers(line)}
        self.named = {one.number: one for one in orders.filter(number__in=named)}
        owing = orders.select_related("balance").filter(balance__owed__gt=0, balance__owed__in=amounts)
        self.owing: dict[Decimal, list[Order]] = {}
        for one in owing.order_by("pk"):
            self.owing.setdefault(one.balance.owed, []).append(one)
        self.money = ledger.money_by_order(list(self.named.values()))
        self.recorded = _unconfirmed(amounts, self.branch_ids)

    def match(self, line: Line) -> Match:
        """The first rule that answers. An order or transfer that an earlier line of the file took is not offered again."""
        named = [self.named[number] for number in self._numbers(line) if number in self.named]
        found = self._recorded(line, named) or self._named(line, named) or self._by_amount(line)
        if found.recorded:
            self.taken.add(-found.recorded.pk)
        elif found.order:
            self.taken.add(found.order.pk)
        return found

    def _numbers(self, line: Line) -> list[str]:
        by_invoice = [self.invoices[one] for one in _RECEIPT.findall(line.words.upper()) if one in self.invoices]
        return list(dict.fromkeys([*numbers_in(line.words), *by_invoice]))

    def _recorded(self, line: Line, named: Sequence[Order]) -> Match | None:
        """A transfer that the desk has taken already is confirmed, never posted a second time."""
        numbers = {one.pk for one in named}
        text = fold(line.words)
        for entry in self.recorded.get(line.amount, ()):
            said = fold(entry.reference)
            by_reference = len(said) >= _SHORTEST_REFERENCE and said in text
            if -entry.pk not in self.taken and (by_reference or entry.order_id in numbers):
                why = _("Recorded at the desk as %(receipt)s with this amount and reference.")
                return Match(LineMatch.EXACT, why % {"receipt": entry.number}, entry.order, entry)
        return None

    def _named(self, line: Line, named: Sequence[Order]) -> Match | None:
        if not named:
            return None
        if len(named) > 1:
            numbers = ", ".join(one.number for one in named)
            return Match(LineMatch.NONE, _("Several orders are named: %(numbers)s.") % {"numbers": numbers})
        order = named[0]
        known = self.money[order.pk]
        words = {"number": order.number, "balance": money(known.balance), "share": money(known.share)}
        if order.pk in self.taken:
            return Match(LineMatch.LIKELY, _("%(number)s is named, but an earlier line pays it.") % words, order)
        if line.amount in (known.balance, known.share) and line.amount > 0:
            return Match(LineMatch.EXACT, _("%(number)s is named and owes exactly this.") % words, order)
        if known.balance <= 0:
            return Match(
                LineMatch.LIKELY, _("%(number)s is named but owes nothing: it would be credit.") % words, order
            )
        if line.amount < known.balance:
            return Match(
                LineMatch.LIKELY, _("%(number)s is named and owes %(balance)s: a part payment.") % words, order
            )
        return Match(
            LineMatch.LIKELY,
            _("%(number)s is named and owes only %(balance)s: the rest would be credit.") % words,
            order,
        )

    def _by_amount(self, line: Line) -> Match:
        owing = [one for one in self.owing.get(line.amount, ()) if one.pk not in self.taken]
        text = f" {fold(line.words)} "
        by_name = [one for one in owing if _is_named(one, text)]
        if len(by_name) == 1:
            why = _("%(customer)s is named and %(number)s owes exactly this.")
            return Match(
                LineMatch.LIKELY, why % {"customer": by_name[0].customer, "number": by_name[0].number}, by_name[0]
            )
        if len(owing) == 1:
            why = _("Only %(number)s owes exactly this; no number or name says so.")
            return Match(LineMatch.LIKELY, why % {"number": owing[0].number}, owing[0])
        if owing:
            numbers = ", ".join(one.number for one in owing[:4])
            return Match(LineMatch.NONE, _("Several orders owe this amount: %(numbers)s.") % {"numbers": numbers})
        return Match(LineMatch.NONE, _("No order is named and none owes this amount."))


def numbers_in(words: str) -> list[str]:
    """Order numbers as people type them into a transfer: `RSB-10482`, `rsb 10482`, `RSB10482`."""
    return list(dict.fromkeys(f"{code}-{digits}" for code, digits in _NUMBER.findall(words.upper())))


def occurrences(keys: Iterable[str]) -> list[int]:
    """For each key how often it stood before: the same transfer twice a day is two lines."""
    seen: Counter[str] = Counter()
    found = []
    for key in keys:
        found.append(seen[key])
        seen[key] += 1
    return found


def _is_named(order: Order, text: str) -> bool:
    name = fold(order.customer.family_name or order.customer.given_names)
    return len(name) >= _SHORTEST_NAME and f" {name} " in text


def _unconfirmed(
    amounts: Collection[Decimal], branch_ids: Collection[int] | None
) -> Mapping[Decimal, list[LedgerEntry]]:
    rows = LedgerEntry.objects.filter(
        kind=EntryKind.PAYMENT, method=PaymentMethod.TRANSFER, amount__in=[-amount for amount in amounts],
        reversed_by=None, bank_line=None,
    )  # fmt: skip
    if branch_ids is not None:
        rows = rows.filter(branch_id__in=branch_ids)
    found: dict[Decimal, list[LedgerEntry]] = {}
    for entry in rows.select_related("order__customer", "order__branch").order_by("pk"):
        found.setdefault(-entry.amount, []).append(entry)
    return found


def _invoice_numbers(lines: Sequence[Line]) -> dict[str, str]:
    wanted = {one for line in lines for one in _RECEIPT.findall(line.words.upper())}
    rows = LedgerEntry.objects.filter(number__in=wanted, kind=EntryKind.CHARGE)
    return dict(rows.values_list("number", "order__number"))
