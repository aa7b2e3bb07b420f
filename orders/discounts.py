"""Discounts: what was asked for each line, in money, and who has to agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from branches import access
from core.actor import Actor
from core.errors import Problems
from orders import rules
from orders.pricing import PricedLine


@dataclass(frozen=True)
class Discount:
    """Taken off one line: a percentage or an amount in currency, and always why."""

    line_key: str
    reason: str
    percent: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Taken:
    """A discount in money. `percent` is what it comes to of the line's list price."""

    amount: Decimal
    percent: Decimal
    reason: str


NOTHING = Taken(rules.ZERO, rules.ZERO, "")


def in_money(lines: Sequence[PricedLine], asked: Sequence[Discount]) -> dict[str, Taken]:
    """The discount of each line by its key. Raises DomainError with a message per line (`discount:<key>`)."""
    by_key = {line.key: line for line in lines}
    problems = Problems()
    found: dict[str, Taken] = {}
    for one in asked:
        line = by_key.get(one.line_key)
        if line is None or not (one.percent or one.amount):
            continue
        taken = _taken(line, one)
        problem = _problem(line, taken)
        if problem:
            problems.add(f"discount:{one.line_key}", problem)
        found[one.line_key] = taken
    problems.raise_if_any(_("Check the discounts."))
    return found


def _taken(line: PricedLine, asked: Discount) -> Taken:
    gross = rules.to_cents(line.unit_price * line.quantity)
    if asked.amount:
        amount = rules.to_cents(asked.amount)
        return Taken(amount, rules.percent_of(amount, gross), asked.reason.strip())
    percent = asked.percent or rules.ZERO
    return Taken(rules.to_cents(gross * percent / rules.HUNDRED), percent, asked.reason.strip())


def _problem(line: PricedLine, taken: Taken) -> str:
    if taken.amount < 0 or taken.percent < 0:
        return _("A discount cannot be negative.")
    if taken.amount > line.unit_price * line.quantity:
        return _("A discount cannot be larger than the price.")
    return "" if taken.reason else _("Say why: the discount of “%(item)s” needs a reason.") % {"item": line.description}


def agreed_by(taken: Mapping[str, Taken], branch_id: int, actor: Actor, second: Actor | None) -> Actor | None:
    """Who agreed beside the asker; None when the asker's own limit covers it. Raises DomainError above both limits."""
    largest = max((one.percent for one in taken.values()), default=rules.ZERO)
    own = access.discount_limit(actor, branch_id)
    if actor.is_system or largest <= own:
        return None
    if second is not None and largest <= access.discount_limit(second, branch_id):
        return second
    words = {"largest": f"{largest.normalize():f}", "own": f"{own.normalize():f}"}
    problems = Problems()
    if second is None:
        message = _("You may give up to %(own)s %%. A colleague who may give %(largest)s %% has to agree.")
    else:
        message = _("%(largest)s %% is also above what %(name)s may give.")
        words["name"] = second.name
    problems.add("second_email", message % words)
    problems.raise_if_any(message % words)
    return None
