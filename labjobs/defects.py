"""What a failed check means: the defect, the stage that made it, the cause code of the trade. Pure.

Cause codes are those of `credit_rules.REASONS`; the stage at fault follows from how lenses are made.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.states import Words
from labjobs import inspection
from labjobs.inspection import Result
from labjobs.models import QualityCheck, Stage
from lensmath.numbers import ZERO

# Defect: (cause code, stage at fault).
_OF_KIND: dict[str, tuple[str, Stage]] = {
    inspection.SPHERE: ("L01", Stage.SURFACING),
    inspection.CYLINDER: ("L01", Stage.SURFACING),
    inspection.ADD: ("L01", Stage.SURFACING),
    inspection.AXIS: ("L02", Stage.EDGING),
    inspection.VERTICAL: ("L03", Stage.EDGING),
    inspection.HORIZONTAL: ("L03", Stage.EDGING),
    inspection.HEIGHT: ("L04", Stage.EDGING),
    inspection.HEIGHT_PAIR: ("L04", Stage.EDGING),
}
_OF_LOOK: dict[str, tuple[str, Stage]] = {
    "coating": ("L07", Stage.COATING),
    "scratch": ("L08", Stage.SURFACING),
    "edge": ("L09", Stage.EDGING),
    "groove": ("L09", Stage.EDGING),
    "screws": ("L09", Stage.ASSEMBLY),
    "sides": ("L09", Stage.ASSEMBLY),
}
_WRONG_LOOK: dict[str, Words] = {
    "scratch": gettext_lazy("Scratched or chipped"),
    "coating": gettext_lazy("Coating uneven"),
    "edge": gettext_lazy("Edge or bevel not clean"),
    "screws": gettext_lazy("Screws loose or frame not true"),
    "groove": gettext_lazy("Lens does not sit in the groove"),
    "sides": gettext_lazy("Sides not level"),
}


@dataclass(frozen=True)
class Found:
    """The defect of a failed check. `values` are (ordered, measured) by what was judged."""

    title: str
    sentences: Sequence[str]
    defect: str
    cause: str
    stage: str
    case_kind: str
    values: dict[str, Any] = field(default_factory=dict)


def failures(results: Sequence[Result], looks_right: Iterable[str]) -> list[str]:
    """Every failure in a sentence: first what was measured, then what was looked at. Empty: the job passes."""
    right = frozenset(looks_right)
    measured = [result.sentence for result in results if not result.passed]
    return measured + [str(_WRONG_LOOK[code]) for code in inspection.COSMETIC if code not in right]


def of(results: Sequence[Result], looks_right: Iterable[str]) -> Found:
    """The defect, from the worst measured value or else the first look that is wrong."""
    right = frozenset(looks_right)
    failed = sorted((one for one in results if not one.passed), key=lambda one: abs(one.share or ZERO), reverse=True)
    looks = [code for code in inspection.COSMETIC if code not in right]
    sentences = failures(results, right)
    defect = failed[0].kind if failed else looks[0]
    cause, stage = _OF_KIND[defect] if failed else _OF_LOOK[defect]
    values = {_name(one): [one.ordered, one.measured] for one in failed}
    values |= {str(inspection.COSMETIC[code]): [_("yes"), _("no")] for code in looks}
    kind = "coating_defect" if not failed and "coating" in looks else "qc_failed"
    return Found(failed[0].sentence if failed else sentences[0], sentences, defect, cause, stage.value, kind, values)


def of_record(record: QualityCheck) -> Found:
    """The same from a stored check."""
    return of(results_of(record), [code for code, right in record.cosmetic.items() if right])


def results_of(record: QualityCheck) -> list[Result]:
    """The stored lines of a check, as they were judged."""
    return [
        Result(
            eye=line.eye,
            kind=line.quantity,
            ordered=line.ordered,
            measured=line.measured,
            limit=line.limit,
            difference=line.difference,
            passed=line.passed,
            judged=line.judged,
            target=line.target,
            share=line.share,
            over=line.over,
        )
        for line in record.lines.all()
    ]


def _name(result: Result) -> str:
    label = str(inspection.NAMES[result.kind])
    return f"{inspection.EYE_WORDS[result.eye]} {label.lower()}" if result.eye else label
