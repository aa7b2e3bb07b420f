"""Who is credited for a remake, and how much: the laboratory's terms as rows, and the verdict on one remake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lensmath.numbers import ZERO, exact

FULL = Decimal(100)
# In laboratories' terms a "multifocal" has segments: who does not adapt to a progressive goes back to one.
SEGMENTED = frozenset({"bifocal", "trifocal"})


class Party(StrEnum):
    """Whose reason it is; also the group of the reason codes."""

    LAB = "lab"
    PRESCRIBER = "prescriber"
    SHOP = "shop"
    PATIENT = "patient"
    WARRANTY = "warranty"


REASONS: Mapping[str, tuple[Party, str | Promise]] = {
    "L01": (Party.LAB, _("Power")),
    "L02": (Party.LAB, _("Axis")),
    "L03": (Party.LAB, _("Prism or PD")),
    "L04": (Party.LAB, _("Height")),
    "L05": (Party.LAB, _("Wrong lens or design")),
    "L06": (Party.LAB, _("Wrong material or index")),
    "L07": (Party.LAB, _("Coating or tint fault")),
    "L08": (Party.LAB, _("Surface fault")),
    "L09": (Party.LAB, _("Edging or size")),
    "L10": (Party.LAB, _("Frame damaged")),
    "L11": (Party.LAB, _("Lost")),
    "L12": (Party.LAB, _("Late")),
    "P01": (Party.PRESCRIBER, _("Prescription changed")),
    "P02": (Party.PRESCRIBER, _("Prescriber's transcription")),
    "S01": (Party.SHOP, _("Order entry")),
    "S02": (Party.SHOP, _("Measurement of PD or height")),
    "S03": (Party.SHOP, _("Frame data")),
    "S04": (Party.SHOP, _("Wrong product sold")),
    "S05": (Party.SHOP, _("Damaged in the shop")),
    "C01": (Party.PATIENT, _("Does not adapt")),
    "C02": (Party.PATIENT, _("Changes mind on frame or tint")),
    "C03": (Party.PATIENT, _("Damage by the patient")),
    "W01": (Party.WARRANTY, _("Scratch")),
    "W02": (Party.WARRANTY, _("Coating failure")),
    "W03": (Party.WARRANTY, _("Frame defect")),
    "W04": (Party.WARRANTY, _("Breakage cover")),
}

UNMET: Mapping[str, str | Promise] = {
    "no_rule": _("The laboratory gives no credit for this reason."),
    "too_late": _("The %(days)s days allowed are over."),
    "date_unknown": _("The date the period runs from is not known."),
    "times_used_up": _("This has been credited as often as allowed."),
    "changed": _("Credit is given only when nothing in the order changes."),
    "replacement_missing": _("Credit is given only with a replacement order of the kinds allowed."),
    "not_returned": _("The old lenses must go back first."),
}
GROUPS: Mapping[Party, str | Promise] = {
    Party.LAB: _("Laboratory's fault"),
    Party.PRESCRIBER: _("Prescriber"),
    Party.SHOP: _("Shop"),
    Party.PATIENT: _("Customer"),
    Party.WARRANTY: _("Warranty"),
}
OUTSTANDING = frozenset({"not_returned"})


class CountedFrom(StrEnum):
    """Where a period begins."""

    INVOICE = "invoice"
    SHIPPING = "shipping"


_SINCE: Mapping[CountedFrom, str | Promise] = {
    CountedFrom.INVOICE: _("within %(days)s days of the invoice"),
    CountedFrom.SHIPPING: _("within %(days)s days of shipping"),
}


@dataclass(frozen=True)
class CreditRule:
    """One row of a laboratory's terms.

    ``reasons``: codes or whole groups (`lab`). ``percents``: credit of the first, second, ... remake; the last one goes on.
    ``within_days`` inclusive. ``times``: how often at all. ``replacements``: lens groups one of which must be ordered instead.
    """

    reasons: frozenset[str]
    percents: tuple[Decimal, ...] = (FULL,)
    within_days: int | None = None
    counted_from: CountedFrom = CountedFrom.INVOICE
    times: int | None = None
    unchanged_required: bool = False
    return_required: bool = False
    replacements: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.reasons or not self.percents:
            raise ValueError("a credit rule needs a reason and a percentage")
        if any(not ZERO <= percent <= FULL for percent in self.percents):
            raise ValueError("a percentage lies between 0 and 100")

    def covers(self, reason: str) -> bool:
        """Whether this row is about that reason, by its code or its group."""
        group = REASONS.get(reason, (None, ""))[0]
        return reason in self.reasons or (group is not None and group in self.reasons)

    def percent(self, occurrence: int) -> Decimal:
        """The credit of the first (1), second, ... remake."""
        return self.percents[min(max(occurrence, 1), len(self.percents)) - 1]


@dataclass(frozen=True)
class RemakeFacts:
    """What is known of a remake: the how-manieth of this order, days passed, what changed, what came back, what replaces it."""

    reason: str
    occurrence: int = 1
    days: Mapping[CountedFrom, int] | None = None
    changed: bool = False
    returned: bool = False
    replacement: str | None = None


@dataclass(frozen=True)
class CreditVerdict:
    """Credit due today, credit expected once the outstanding things are done, and what stands in the way."""

    percent: Decimal
    expected_percent: Decimal
    unmet: tuple[str, ...] = ()
    rule: CreditRule | None = None

    @property
    def messages(self) -> list[str]:
        """What stands in the way, in the reader's language."""
        params = {"days": self.rule.within_days if self.rule else ""}
        return [str(UNMET[code]) % params for code in self.unmet]


def judge(facts: RemakeFacts, rules: Sequence[CreditRule]) -> CreditVerdict:
    """The best verdict of the rows about this reason; a reason without a row gets no credit."""
    verdicts = [_judged(facts, rule) for rule in rules if rule.covers(facts.reason)]
    if not verdicts:
        return CreditVerdict(ZERO, ZERO, ("no_rule",))
    return max(verdicts, key=lambda verdict: (verdict.percent, verdict.expected_percent))


def _judged(facts: RemakeFacts, rule: CreditRule) -> CreditVerdict:
    unmet = tuple(_unmet(facts, rule))
    full = rule.percent(facts.occurrence)
    expected = full if set(unmet) <= OUTSTANDING else ZERO
    return CreditVerdict(ZERO if unmet else full, expected, unmet, rule)


def _unmet(facts: RemakeFacts, rule: CreditRule) -> Iterable[str]:
    if rule.within_days is not None:
        passed = (facts.days or {}).get(rule.counted_from)
        if passed is None:
            yield "date_unknown"
        elif passed > rule.within_days:
            yield "too_late"
    if rule.times is not None and facts.occurrence > rule.times:
        yield "times_used_up"
    if rule.unchanged_required and facts.changed:
        yield "changed"
    if rule.replacements and not _kinds(facts.replacement) & rule.replacements:
        yield "replacement_missing"
    if rule.return_required and not facts.returned:
        yield "not_returned"


def _kinds(design: str | None) -> set[str]:
    """A design, and the laboratories' word for its group."""
    if design is None:
        return set()
    return {design, "multifocal"} if design in SEGMENTED else {design}


def sentence(rule: CreditRule) -> str:
    """A row as a person reads it: `Lab: 100 %, within 60 days of the invoice, lenses back`."""
    reasons = ", ".join(
        str(REASONS[code][1]) if code in REASONS else str(GROUPS[Party(code)]) for code in sorted(rule.reasons)
    )
    parts = [" / ".join(f"{percent.normalize():f} %" for percent in rule.percents)]
    if rule.within_days is not None:
        parts.append(str(_SINCE[rule.counted_from]) % {"days": rule.within_days})
    if rule.times is not None:
        parts.append(str(_("at most %(n)d times")) % {"n": rule.times})
    if rule.unchanged_required:
        parts.append(str(_("nothing else changed")))
    if rule.return_required:
        parts.append(str(_("lenses sent back")))
    if rule.replacements:
        parts.append(str(_("with a replacement: %(kinds)s")) % {"kinds": ", ".join(sorted(rule.replacements))})
    return f"{reasons}: {', '.join(str(part) for part in parts)}"


def to_plain(rule: CreditRule) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {
        **{field.name: getattr(rule, field.name) for field in fields(rule)},
        "reasons": sorted(rule.reasons),
        "percents": [str(percent) for percent in rule.percents],
        "counted_from": str(rule.counted_from),
        "replacements": sorted(rule.replacements),
    }


def from_plain(plain: Mapping[str, Any]) -> CreditRule:
    """A row from JSON. Raises ValueError or TypeError for a column that is unknown, missing or unreadable."""
    known = dict(plain)
    known["reasons"] = frozenset(known.get("reasons", ()))
    known["replacements"] = frozenset(known.get("replacements", ()))
    known["percents"] = tuple(exact(percent) for percent in known.get("percents", (FULL,)))
    known["counted_from"] = CountedFrom(known.get("counted_from", CountedFrom.INVOICE))
    return CreditRule(**known)
