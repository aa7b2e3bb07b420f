"""From sums to figures: the value of a measure, how it changed, and in which words. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext as _

from core import formats, money
from reports.hours import NO_HOURS, Hours
from reports.measures import Better, Kind, Measure

ZERO = Decimal(0)
HUNDRED = Decimal(100)
_TENTH, _HUNDREDTH = Decimal("0.1"), Decimal("0.01")
TWO_DAYS = 48
GROUPED_FROM = 10_000
DAY = 24
_SCALE = {Kind.RATE: HUNDRED, Kind.MARGIN: HUNDRED, Kind.MEAN: Decimal(1), Kind.TURN: Decimal(365)}


class Sums(NamedTuple):
    """Sums of facts. `hours` counts facts by their whole hours, for measures of time."""

    facts: int = 0
    counted: Decimal = ZERO
    hit: Decimal = ZERO
    amount: Decimal = ZERO
    hours: Hours = NO_HOURS

    def percentile(self, share: Decimal) -> int | None:
        """The smallest whole hour that at least this share of the facts does not exceed (`percentile_disc`)."""
        return self.hours.percentile(share)


NOTHING = Sums()


def value(measure: Measure, sums: Sums) -> Decimal | None:
    """The figure: per cent, whole hours (median), a mean or a number; None where it would divide by nothing."""
    if measure.kind == Kind.HOURS:
        middle = sums.percentile(Decimal("0.5"))
        return None if middle is None else Decimal(middle)
    if measure.kind == Kind.NUMBER:
        return sums.hit
    over = basis(measure, sums)
    return None if over <= 0 else sums.hit / over * _SCALE[measure.kind]


def enough(measure: Measure, sums: Sums) -> bool:
    """Whether there are facts enough for a figure that means something."""
    return measure.kind == Kind.NUMBER or sums.counted >= measure.least


def weight(measure: Measure, sums: Sums) -> Decimal:
    """What a bar shows: the failures of a rate, the hours, what a mean lost, or the money kept. Bars add up to the whole's."""
    if measure.kind == Kind.HOURS or measure.weighs_amount:
        return sums.amount
    if measure.kind == Kind.RATE and measure.better == Better.HIGHER:
        return sums.counted - sums.hit
    return sums.hit


def average(measure: Measure, sums: Sums) -> Decimal:
    """Weight (or money) by its base: what shares and contributions are measured against."""
    base = basis(measure, sums)
    return weight(measure, sums) / base if base else ZERO


def basis(measure: Measure, sums: Sums) -> Decimal:
    """What a figure divides by: the money taken, the value of the stock over time, or the number counted."""
    return sums.amount if measure.kind in {Kind.MARGIN, Kind.TURN} else sums.counted


def contribution(measure: Measure, part: tuple[Sums, Sums], whole: tuple[Sums, Sums]) -> Decimal:
    """How much of the change of the average one part explains, (now, before) each; the parts' sum is the whole change.

    A part counts by how far it lies from the earlier average, so that selling more of an average thing explains nothing.
    """
    was = average(measure, whole[1])

    def off(one: Sums, of: Sums) -> Decimal:
        base = basis(measure, of)
        return (weight(measure, one) - was * basis(measure, one)) / base if base else ZERO

    return off(part[0], whole[0]) - off(part[1], whole[1])


def worsens(measure: Measure, change: Decimal) -> bool:
    """Whether a change of the weight is for the worse: more failures, hours or lost points, or less money kept."""
    good = measure.better == Better.HIGHER and measure.kind != Kind.RATE and not measure.weighs_amount
    return change < 0 if good else change > 0


def text(measure: Measure, figure: Decimal | None) -> str:
    """`6.1 %`, `4.6 days`, `31 h`, `4.2`, `17`."""
    number, unit = parts(measure, figure)
    return f"{number} {unit}".strip()


def parts(measure: Measure, figure: Decimal | None) -> tuple[str, str]:
    """The figure and its unit apart, for tiles."""
    if figure is None:
        return formats.DASH, ""
    if measure.kind in {Kind.RATE, Kind.MARGIN}:
        return formats.number(figure, 1), "%"
    if measure.kind == Kind.HOURS:
        return hours(figure)
    if measure.kind == Kind.MEAN:
        return formats.number(figure, 2), str(measure.mean_unit)
    if measure.kind == Kind.TURN:
        return formats.number(figure, 1), _("times a year")
    return grouped(figure), ""


def hours(figure: Decimal) -> tuple[str, str]:
    """Up to two days in hours, then in days with one place."""
    if abs(figure) <= TWO_DAYS:
        return formats.number(figure, 0), _("h")
    return formats.number(figure / DAY, 1), _("days")


def weight_text(measure: Measure, amount: Decimal) -> str:
    """What a bar is worth: `7`, `312 h`, `R 4 210.00`."""
    if measure.kind == Kind.MARGIN or measure.in_money:
        return money.money(amount)
    number = grouped(amount)
    return _("%(n)s h") % {"n": number} if measure.kind == Kind.HOURS else number


@dataclass(frozen=True)
class Change:
    """How a figure moved: the difference in its own unit, in words, and whether that is good."""

    difference: Decimal
    words: str
    tone: str
    rises: bool


def change(measure: Measure, now: Decimal | None, before: Decimal | None) -> Change | None:
    """None where one of the two is not shown."""
    if now is None or before is None:
        return None
    difference = (now - before).quantize(_HUNDREDTH if measure.kind == Kind.MEAN else _TENTH, rounding=ROUND_HALF_UP)
    if difference == 0:
        return Change(ZERO, _("unchanged"), "neutral", False)
    better = (difference > 0) == (measure.better == Better.HIGHER)
    words = {"n": _size(measure, abs(difference))}
    if measure.kind == Kind.HOURS:
        said = _("%(n)s faster") % words if better else _("%(n)s slower") % words
    elif measure.kind == Kind.NUMBER:
        said = _("%(n)s more") % words if difference > 0 else _("%(n)s fewer") % words
    else:
        said = _("%(n)s better") % words if better else _("%(n)s worse") % words
    return Change(difference, said, "success" if better else "warning", difference > 0)


def _size(measure: Measure, difference: Decimal) -> str:
    if measure.kind in {Kind.RATE, Kind.MARGIN}:
        return _("%(n)s points") % {"n": formats.number(difference, 1)}
    if measure.kind == Kind.MEAN:
        return formats.number(difference, 2)
    return text(measure, difference)


def of_counted(measure: Measure, sums: Sums) -> str:
    """How many stand behind a figure: `19 of 312`, `288 jobs`."""
    if measure.kind == Kind.RATE:
        return _("%(hit)s of %(n)s") % {
            "hit": number_of(measure, sums.hit),
            "n": number_of(measure, sums.counted),
        }
    return f"{grouped(sums.counted)} {measure.one if measure.one and sums.counted == 1 else measure.noun}"


def number_of(measure: Measure, counted: Decimal) -> str:
    """How many, or how much money where money is what is counted."""
    return money.money(counted) if measure.kind == Kind.RATE and measure.in_money else grouped(counted)


def grouped(number: Decimal) -> str:
    """`1860`, `10 451`, `12.50`: thousands stand apart from five figures on, as amounts do."""
    text = formats.number(number, 0 if number == number.to_integral_value() else 2)
    if abs(number) < GROUPED_FROM:
        return text
    whole, point, rest = text.partition(".")
    sign, digits = (whole[0], whole[1:]) if not whole[0].isdigit() else ("", whole)
    return f"{sign}{int(digits):,}".replace(",", money.NBSP) + point + rest


def total(many: Sequence[Sums]) -> Sums:
    """The sum of sums."""
    if len(many) == 1:
        return many[0]
    facts, counted, hit, amount = 0, ZERO, ZERO, ZERO
    for one in many:
        facts += one.facts
        counted += one.counted
        hit += one.hit
        amount += one.amount
    hours = [one.hours for one in many if one.hours is not NO_HOURS]
    return Sums(facts, counted, hit, amount, Hours.total(hours) if hours else NO_HOURS)
