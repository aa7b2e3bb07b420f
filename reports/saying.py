"""The plain sentence under a measure's question: how it moved, and which cause moved it most. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import formats
from reports import figures
from reports.figures import Sums
from reports.measures import Kind, Measure
from reports.selectors import Part


@dataclass(frozen=True)
class Mover:
    """The value of a cause that explains most of the change, in the direction of the change.

    `unrecorded`: what explains even more of it, but has no cause on record.
    """

    part: Part
    share: Decimal
    unrecorded: Part | None = None


def mover(measure: Measure, parts: Sequence[Part], now: Sums, before: Sums) -> Mover | None:
    """None when nothing moved. What is not recorded is no cause.

    Parts explain the average; where the median of hours went the other way, or stayed, they explain nothing that is shown.
    """
    whole = (now, before)
    moved = figures.average(measure, now) - figures.average(measure, before)
    shown = figures.change(measure, figures.value(measure, now), figures.value(measure, before))
    if not moved or shown is None or _alike(measure, now, before):
        return None
    if measure.kind == Kind.HOURS and (shown.difference > 0) != (moved > 0):
        return None
    heavy = [part for part in parts if figures.weight(measure, part.now) or figures.weight(measure, part.before)]
    scored = [(figures.contribution(measure, (part.now, part.before), whole), part) for part in heavy]
    alike = [(score, part) for score, part in scored if score and (score > 0) == (moved > 0)]
    named = [one for one in alike if one[1].value]
    if not named:
        return None
    score, part = max(named, key=lambda one: abs(one[0]))
    more = next((one for value, one in alike if not one.value and abs(value) > abs(score)), None)
    return Mover(part, score / moved, more)


def sentence(measure: Measure, parts: Sequence[Part], names: Mapping[str, str], now: Sums, before: Sums) -> str:
    """`The rework rate rose from 4.8 % to 6.1 %. The largest mover is coating: 7, was 2.`"""
    if not now.facts:
        return _("Nothing was counted in this period.")
    if not figures.enough(measure, now):
        return few(measure)
    if not figures.enough(measure, before):
        return _("%(label)s is %(now)s. The period before has too few to compare.") % {
            "label": measure.label,
            "now": figures.text(measure, figures.value(measure, now)),
        }
    found = mover(measure, parts, now, before)
    return f"{_moved(measure, now, before)} {_mover(measure, found, names) if found else ''}".strip()


def few(measure: Measure) -> str:
    """`Fewer than 20 orders: not shown.` A figure from so few would say more about chance than about work."""
    if measure.least <= 1:
        return _("No figure for this period.")
    return _("Fewer than %(n)s %(noun)s: not shown.") % {"n": measure.least, "noun": measure.noun}


def _alike(measure: Measure, now: Sums, before: Sums) -> bool:
    """Whether both read the same, as they are written."""
    return figures.text(measure, figures.value(measure, now)) == figures.text(measure, figures.value(measure, before))


def _moved(measure: Measure, now: Sums, before: Sums) -> str:
    new, old = figures.value(measure, now), figures.value(measure, before)
    moved = figures.change(measure, new, old)
    words = {"label": measure.label, "now": figures.text(measure, new), "before": figures.text(measure, old)}
    if moved is None or words["now"] == words["before"]:
        return _("%(label)s stayed at %(now)s.") % words
    if moved.rises:
        return _("%(label)s rose from %(before)s to %(now)s.") % words
    return _("%(label)s fell from %(before)s to %(now)s.") % words


def _mover(measure: Measure, found: Mover, names: Mapping[str, str]) -> str:
    now, before = found.part.now, found.part.before
    words = {
        "name": names.get(found.part.value, found.part.value),
        "now": _worth(measure, now),
        "before": _worth(measure, before),
    }
    if found.unrecorded is not None:
        words["unknown"] = _worth(measure, found.unrecorded.now)
        return (
            _(
                "Most of it has no cause on record (%(unknown)s); of what has one, the largest mover is %(name)s: %(now)s, was "
                "%(before)s."
            )
            % words
        )
    return _("The largest mover is %(name)s: %(now)s, was %(before)s.") % words


def _worth(measure: Measure, sums: Sums) -> str:
    """A part in the sentence: its failures of how many, its average hours, or its margin and money."""
    if measure.kind == Kind.HOURS:
        average = figures.average(measure, sums)
        words = {"hours": " ".join(figures.hours(average)), "n": formats.number(sums.counted, 0), "noun": measure.noun}
        return _("%(hours)s on average over %(n)s %(noun)s") % words if sums.counted else _("none")
    if measure.kind in {Kind.MARGIN, Kind.MEAN, Kind.TURN}:
        value = figures.value(measure, sums)
        return figures.text(measure, value) if value is not None else figures.weight_text(measure, sums.hit)
    weight = figures.weight_text(measure, figures.weight(measure, sums))
    if measure.kind == Kind.RATE and sums.counted > figures.weight(measure, sums):
        return _("%(hit)s of %(n)s") % {"hit": weight, "n": figures.number_of(measure, sums.counted)}
    return weight
