"""Whether a remake is covered: the warranty that answers, the laboratory's credit, and why, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from core import formats
from labjobs import credit_rules
from labjobs.credit_rules import CountedFrom, CreditVerdict, RemakeFacts
from labjobs.models import Job, Warranty
from orders import basis
from orders.models import EntryKind, LensSpecification, Order
from orders.rules import to_cents


@dataclass(frozen=True)
class CoverVerdict:
    """The warranty to use (if any), the laboratory's credit, and the reasons of both for the person who asks."""

    warranty: Warranty | None
    credit: CreditVerdict
    explained: Sequence[str]

    def credit_of(self, cost: Decimal) -> Decimal:
        """What the laboratory is expected to credit of this cost."""
        return to_cents(cost * self.credit.expected_percent / 100)


def judge(order: Order, job: Job, cause: str, today: date, *, returned: bool = False) -> CoverVerdict:
    """Look for a running warranty of this cause, then at the laboratory's terms."""
    warranty, words = cover(list(order.warranties.order_by("pk")), cause, today)
    rules = [credit_rules.from_plain(row) for row in job.lab.credit_rules or []]
    credit = credit_rules.judge(_facts(order, job, cause, today, returned), rules)
    return CoverVerdict(warranty, credit, [words, *_credit_words(credit)])


def cover(warranties: Sequence[Warranty], cause: str, today: date) -> tuple[Warranty | None, str]:
    """The warranty that covers the cause today, and the sentence that says so or why none does."""
    about = [one for one in warranties if cause in one.terms.get("causes", [])]
    if not warranties:
        return None, _("No warranty has started: the pair was not handed over yet.")
    if not about:
        return None, _("No warranty of this order covers this cause.")
    for one in about:
        if one.ends_on < today:
            continue
        if one.times_used < one.times_allowed:
            words = {"part": one.covers, "day": formats.day(one.ends_on, today=today)}
            return one, _("The warranty “%(part)s” covers it until %(day)s.") % words
    last = max(about, key=lambda one: one.ends_on)
    words = {"part": last.covers, "day": formats.day(last.ends_on, today=today), "n": str(last.times_used)}
    if last.ends_on < today:
        return None, _("The warranty “%(part)s” ended on %(day)s.") % words
    return None, _("The warranty “%(part)s” is used up: %(n)s times.") % words


def _facts(order: Order, job: Job, cause: str, today: date, returned: bool) -> RemakeFacts:
    invoice = order.ledger.filter(kind=EntryKind.CHARGE).order_by("pk").first()
    days = {}
    if invoice is not None:
        days[CountedFrom.INVOICE] = (today - invoice.at.date()).days
    gone = job.lab_shipped_at or job.dispatched_at or job.ready_at
    if gone is not None:
        days[CountedFrom.SHIPPING] = (today - gone.date()).days
    earlier = order.remake_requests.filter(state="approved").count()
    changed = bool(basis.differences(basis.read(job.inputs), basis.live(order)))
    lenses = LensSpecification.objects.filter(order=order).select_related("right", "left").first()
    design = lenses.product.design if lenses and lenses.product else None
    return RemakeFacts(cause, earlier + 1, days, changed=changed, returned=returned, replacement=design)


def _credit_words(credit: CreditVerdict) -> list[str]:
    if credit.expected_percent:
        return [_("The laboratory credits %(n)s %%.") % {"n": f"{credit.expected_percent:f}"}, *credit.messages]
    return credit.messages
