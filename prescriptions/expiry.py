"""How long a prescription holds, by a table: country, region, kind, age, seller. The table proposes, a person decides.

The date that counts is the one stored on the prescription, with its reason.
"""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SPECTACLE = "spectacle"
CONTACT_LENS = "contact_lens"
MONTHS_IN_YEAR = 12

MESSAGES: Mapping[str, str | Promise] = {
    "by_rule": _("%(months)s months from issue (%(source)s)"),
    "by_prescriber": _("set by the prescriber: %(reason)s"),
    "prescriber_within_rule": _("set by the prescriber"),
    "no_rule": _("no period is laid down: enter the date or leave it open"),
    "own_expiry": _("the prescription states its own expiry"),
    "reason_required": _("A shorter validity needs the medical reason."),
    "before_re_examination": _("The prescription cannot expire before the recommended re-examination."),
    "seller_may_not": _("An unregistered seller may not supply this customer."),
}


class ExpiryRefused(ValueError):
    """The wanted date breaks a rule: `reason_required` or `before_re_examination`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        return str(MESSAGES[self.code])


@dataclass(frozen=True)
class ExpiryRule:
    """One row: where and for whom it holds, and for how many months (None: no period, or the document's own).

    ``at_least_months`` is a floor under the region's period and under a date the prescriber sets without a medical reason.
    ``registered_seller`` None holds for both; ages are inclusive, in whole years. ``hard_stop`` forbids instead of warning.
    """

    country: str
    kind: str
    source: str
    months: int | None = None
    region: str = ""
    at_least_months: int | None = None
    age_from: int | None = None
    age_to: int | None = None
    registered_seller: bool | None = None
    forbidden: bool = False
    hard_stop: bool = True
    own_expiry: bool = False
    verified: bool = True

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "ExpiryRule":
        """From a row of an edited table. Raises TypeError for an unknown column or a missing one."""
        return cls(**plain)

    def holds_for(self, request: "ExpiryRequest") -> bool:
        """Whether this row is about that prescription; a row with ages needs a known age."""
        if (self.country, self.kind) != (request.country, request.kind):
            return False
        if self.region and self.region != request.region:
            return False
        if self.registered_seller is not None and self.registered_seller != request.registered_seller:
            return False
        return _age_holds(self, request.age)

    @property
    def precision(self) -> tuple[bool, bool, bool]:
        """The more a row says about whom it means, the earlier it is asked."""
        aged = self.age_from is not None or self.age_to is not None
        return self.registered_seller is not None, bool(self.region), aged


def _age_holds(rule: ExpiryRule, age: int | None) -> bool:
    if rule.age_from is None and rule.age_to is None:
        return True
    if age is None:
        return False
    return (rule.age_from or 0) <= age and (rule.age_to is None or age <= rule.age_to)


@dataclass(frozen=True)
class ExpiryRequest:
    """What is known when the date is proposed. ``issued`` is the day the patient got the copy."""

    country: str
    kind: str
    issued: date
    region: str = ""
    age: int | None = None
    registered_seller: bool = True
    prescriber_date: date | None = None
    prescriber_reason: str = ""
    re_examination: date | None = None


@dataclass(frozen=True)
class ExpiryProposal:
    """The proposed last day (None: none laid down), why, and whether passing it forbids or warns."""

    expires_on: date | None
    code: str
    params: Mapping[str, object]
    hard_stop: bool
    verified: bool

    @property
    def reason(self) -> str:
        """Why, in the reader's language, to be stored with the date."""
        return str(MESSAGES[self.code]) % self.params

    def usable_on(self, day: date) -> bool:
        """Whether it may still be used that day; the last day counts."""
        return self.code != "seller_may_not" and (self.expires_on is None or day <= self.expires_on)


TABLE: Sequence[ExpiryRule] = (
    ExpiryRule("US", SPECTACLE, "16 CFR 456 sets no expiry; state law may", hard_stop=False, verified=False),
    ExpiryRule("US", CONTACT_LENS, "16 CFR 315.6, 15 USC 7604", months=12, at_least_months=12),
    ExpiryRule("US", SPECTACLE, "Louisiana, state rule", months=18, region="LA", verified=False),
    ExpiryRule("GB", SPECTACLE, "professional judgement of the registered supplier", registered_seller=True, hard_stop=False),
    ExpiryRule("GB", SPECTACLE, "Sale of Optical Appliances Order 1984", months=24, registered_seller=False),
    ExpiryRule(
        "GB", SPECTACLE, "Opticians Act 1989 s.27", age_to=15, registered_seller=False, forbidden=True
    ),
    ExpiryRule("GB", CONTACT_LENS, "Opticians Act 1989 s.25 and s.27", own_expiry=True),
    ExpiryRule("ZA", SPECTACLE, "set by the practitioner; 24 months is usual", months=24, hard_stop=False, verified=False),
    ExpiryRule("ZA", CONTACT_LENS, "set by the practitioner; 12 months is usual", months=12, hard_stop=False, verified=False),
    ExpiryRule("FR", SPECTACLE, "renewal by an optician, under 16", months=12, age_to=15, verified=False),
    ExpiryRule("FR", SPECTACLE, "renewal by an optician, 16 to 42", months=60, age_from=16, age_to=42, verified=False),
    ExpiryRule("FR", SPECTACLE, "renewal by an optician, over 42", months=36, age_from=43, verified=False),
    ExpiryRule("DE", SPECTACLE, "none for private sale", hard_stop=False, verified=False),
)  # fmt: skip


def propose(request: ExpiryRequest, table: Sequence[ExpiryRule] = TABLE) -> ExpiryProposal:
    """The expiry to offer, with its reason. Raises ExpiryRefused when the prescriber's own date breaks the rule."""
    rows = sorted(
        (row for row in table if row.holds_for(request)), key=lambda row: (row.forbidden, row.precision), reverse=True
    )
    if rows and rows[0].forbidden:
        return ExpiryProposal(None, "seller_may_not", {"source": rows[0].source}, hard_stop=True, verified=True)
    by_rule = _by_rule(request, rows)
    if request.prescriber_date is None:
        return by_rule
    return _by_prescriber(request, by_rule, _floor(request.issued, rows))


def _by_rule(request: ExpiryRequest, rows: Sequence[ExpiryRule]) -> ExpiryProposal:
    if not rows:
        return ExpiryProposal(None, "no_rule", {}, hard_stop=False, verified=False)
    first = rows[0]
    if first.months is None:
        code = "own_expiry" if first.own_expiry else "no_rule"
        return ExpiryProposal(None, code, {"source": first.source}, first.hard_stop, first.verified)
    months = max(first.months, _floor_months(rows))
    params = {"months": months, "source": first.source}
    return ExpiryProposal(months_after(request.issued, months), "by_rule", params, first.hard_stop, first.verified)


def _floor(issued: date, rows: Sequence[ExpiryRule]) -> date | None:
    months = _floor_months(rows)
    return months_after(issued, months) if months else None


def _floor_months(rows: Sequence[ExpiryRule]) -> int:
    return max((row.at_least_months or 0 for row in rows), default=0)


def _by_prescriber(request: ExpiryRequest, by_rule: ExpiryProposal, floor: date | None) -> ExpiryProposal:
    wanted, longest = request.prescriber_date, by_rule.expires_on
    if wanted is None:
        return by_rule
    if request.re_examination is not None and wanted < request.re_examination:
        raise ExpiryRefused("before_re_examination")
    if longest is not None and wanted > longest and by_rule.hard_stop and not _only_a_floor(longest, floor):
        return by_rule
    shortened = floor is not None and wanted < max(floor, longest or floor)
    if shortened and not request.prescriber_reason.strip():
        raise ExpiryRefused("reason_required")
    code = "by_prescriber" if request.prescriber_reason.strip() else "prescriber_within_rule"
    params = {"reason": request.prescriber_reason.strip()}
    return ExpiryProposal(wanted, code, params, by_rule.hard_stop, by_rule.verified)


def _only_a_floor(longest: date, floor: date | None) -> bool:
    """Where the law only says 'not less than', a later date is the prescriber's to give."""
    return floor is not None and longest == floor


def months_after(day: date, months: int) -> date:
    """The same day of the month so many calendar months later; where there is none, the last day of that month."""
    month_index = day.year * MONTHS_IN_YEAR + day.month - 1 + months
    year, month = divmod(month_index, MONTHS_IN_YEAR)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
