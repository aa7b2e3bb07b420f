"""What the return policy says about one thing, in words a customer understands. No database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aftersales.models import Goods, ReturnPolicy, ReturnReason
from core import formats, practice_words

FAULTY = (ReturnReason.DAMAGED, ReturnReason.DEFECTIVE, ReturnReason.WRONG)


@dataclass(frozen=True)
class Verdict:
    """`allowed` by the rules; `why` in one sentence, for the customer and for whoever decides."""

    allowed: bool
    why: str
    policy: ReturnPolicy | None = None


def policy_for(policies: Sequence[ReturnPolicy], goods: str, brand: str = "") -> ReturnPolicy | None:
    """The rule of this brand, else the one of all brands."""
    mine = [one for one in policies if one.goods == goods and one.is_active]
    named = (one for one in mine if one.brand and one.brand.casefold() == brand.casefold())
    general = (one for one in mine if not one.brand)
    return next(named, None) or next(general, None)


def judge(policy: ReturnPolicy | None, reason: str, handed_over: date | None, today: date) -> Verdict:
    """Whether it may come back today. What was never handed over is not a return but a cancellation."""
    if handed_over is None:
        return Verdict(False, _("It has not been handed over yet."), policy)
    if policy is None:
        return Verdict(False, _("There is no rule for this; a person decides."))
    faulty = reason in FAULTY
    days = policy.faulty_days if faulty else policy.days
    if not days:
        return Verdict(False, _never(policy, faulty), policy)
    last = handed_over + timedelta(days=days)
    words = {"days": days_of(days), "day": formats.day(last, today=today)}
    if today > last:
        return Verdict(False, _("The time for this, %(days)s, ended on %(day)s.") % words, policy)
    return Verdict(True, _("Possible within %(days)s, until %(day)s.") % words, policy)


def days_of(number: int) -> str:
    """`14 days`, in as many forms as a language has for a number."""
    return ngettext("%(n)d day", "%(n)d days", number) % {"n": number}


def _never(policy: ReturnPolicy, faulty: bool) -> str:
    if policy.made_to_order and not faulty:
        return _("Made for your eyes alone, so it cannot be taken back unless something is wrong with it.")
    if policy.goods == Goods.SERVICE:
        return _("A service that was given cannot be returned.")
    return _("This cannot be returned.")


def sentence(policy: ReturnPolicy) -> str:
    """The rule as the customer reads it on the page of the order."""
    words = {"days": days_of(policy.days), "faulty": days_of(policy.faulty_days)}
    if policy.made_to_order and not policy.days:
        first = _("Made for you alone: not if you change your mind; within %(faulty)s if something is wrong.") % words
    elif not policy.days and not policy.faulty_days:
        first = _("Not returned.")
    elif policy.days:
        first = _("Within %(days)s if you change your mind, within %(faulty)s if something is wrong.") % words
    else:
        first = _("Within %(faulty)s if something is wrong.") % words
    return " ".join(part for part in (first, practice_words.spoken(policy, "conditions")) if part)
