"""What a customer sees of a return: the stages in words with their days, and what they have to do now."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from aftersales.models import OVER, Remedy, Return, ReturnState
from core import formats
from core.money import money
from orders.models import Order
from orders.services.common import local
from orders.services.common import today as today_at


@dataclass(frozen=True)
class Step:
    """One stage. `state`: done, now or empty."""

    label: str
    state: str = ""
    day: str = ""

    @property
    def icon(self) -> str:
        return {"done": "check", "now": "hourglass"}.get(self.state, "todo")


@dataclass(frozen=True)
class Shown:
    """The box on the order page. `may_keep`: they can still change their mind."""

    number: str
    headline: str
    words: str
    steps: list[Step] = field(default_factory=list)
    reason: str = ""
    may_keep: bool = False
    may_print: bool = False
    is_over: bool = False
    tone: str = "info"


def latest(order: Order) -> Return | None:
    """The newest return of the order, withdrawn ones left out."""
    found = Return.objects.filter(order=order).exclude(state=ReturnState.WITHDRAWN)
    return found.select_related("order__collect_branch", "branch", "replacement", "refund").order_by("-pk").first()


def shown(found: Return | None) -> Shown | None:
    """What the customer reads of it; None without a return."""
    if found is None:
        return None
    headline, words = _words(found)
    declined = found.state == ReturnState.DECLINED
    return Shown(
        found.number,
        headline,
        words,
        [] if declined else _steps(found),
        found.decision_reason if declined else "",
        may_keep=found.state in (ReturnState.REQUESTED, ReturnState.APPROVED),
        may_print=found.state == ReturnState.APPROVED,
        is_over=found.state in OVER,
        tone="warning" if declined else "info",
    )


def _words(found: Return) -> tuple[str, str]:
    """Where it stands, and what happens next or is to be done."""
    shop = {"shop": found.branch.name, "number": found.number}
    exchange = found.remedy == Remedy.EXCHANGE
    back = money(found.refund.amount) if found.refund else ""
    new = found.replacement.number if found.replacement else ""
    settled = (
        _("%(amount)s is on its way back to you. Your bank may take some days.") % {"amount": back}
        if back
        else _("The amount is taken off what you owe.")
    )
    table = {
        ReturnState.REQUESTED: (_("We have your request"), _("We answer within two working days.")),
        ReturnState.APPROVED: (
            _("Your return is approved"),
            _("Bring it to %(shop)s, or send it there. Say the number %(number)s.") % shop,
        ),
        ReturnState.DECLINED: (_("We cannot take it back"), _("If you see it differently, call us.")),
        ReturnState.RECEIVED: (_("It has arrived"), _("We look at it and write to you.")),
        ReturnState.INSPECTED: (
            _("We have looked at it"),
            _("Your replacement is ordered next.") if exchange else _("Your money is paid back next."),
        ),
        ReturnState.REFUNDED: (_("Refunded"), settled),
        ReturnState.REPLACED: (_("Your replacement is ordered"), _("Its number is %(new)s.") % {"new": new}),
        ReturnState.CLOSED: (_("Your return is complete"), settled if not new else ""),
    }
    return table[ReturnState(found.state)]


def _steps(found: Return) -> list[Step]:
    last = _("Replaced") if found.remedy == Remedy.EXCHANGE else _("Money back")
    way = (
        (_("Requested"), found.requested_at),
        (_("Approved"), found.decided_at),
        (_("Received"), found.received_at),
        (_("Checked"), found.inspected_at),
        (last, found.settled_at),
    )
    made, now = [], True
    today = today_at(found.branch)
    for label, at in way:
        if at is not None:
            made.append(Step(label, "done", formats.day(local(found.branch, at).date(), today=today)))
        else:
            made.append(Step(label, "now" if now else ""))
            now = False
    return made
