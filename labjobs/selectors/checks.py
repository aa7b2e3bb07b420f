"""The grid of a quality check: to be filled in, or with its verdict; what comes next on the bench."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.forms import BoundField
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches.roles import Can
from branches.scope import Scope
from cases.models import Case
from core.states import Words
from labjobs import defects, inspection
from labjobs.forms.quality import QualityForm
from labjobs.inspection import EYE_WORDS, NAMES
from labjobs.models import Job, JobState, QualityCheck, Stage
from labjobs.selectors import finding, page
from orders.next_actions import Button, NextAction
from orders.viewer import Viewer

# The drawing: 116 wide, the limits at 29 and 87; an error three times the limit is at the edge.
_MIDDLE, _HALF, _EDGE = Decimal(58), Decimal(29), Decimal(52)


@dataclass(frozen=True)
class Gauge:
    """Where the dot lies on the drawing; outside the limits it is a diamond."""

    x: str
    left: str
    right: str
    failed: bool


@dataclass(frozen=True)
class Line:
    """One row of the grid."""

    label: Words
    ordered: str
    target: str
    measured: str = ""
    box: BoundField | None = None
    limit: str = ""
    difference: str = ""
    over: str = ""
    passed: bool | None = None
    judged: bool = True
    gauge: Gauge | None = None


@dataclass(frozen=True)
class Group:
    """Right, left or the pair."""

    label: Words
    rows: Sequence[Line]


@dataclass(frozen=True)
class Verdict:
    """The check in a sentence, for the callout and the badge."""

    title: str
    text: str
    word: str
    tone: str


def for_entry(form: QualityForm, rows: Sequence[inspection.Row]) -> list[Group]:
    """The boxes beside what was ordered."""
    lines = [
        (
            row.eye,
            Line(
                row.label,
                row.ordered,
                row.target,
                box=form[row.name] if row.judged else None,
                limit="" if row.judged else _("not judged"),
                judged=row.judged,
            ),
        )
        for row in rows
    ]
    return _grouped(lines)


def for_verdict(check: QualityCheck | None) -> list[Group]:
    """The stored lines with limit, difference and verdict."""
    if check is None:
        return []
    lines = [
        (
            one.eye,
            Line(
                NAMES[one.kind],
                one.ordered,
                one.target,
                one.measured,
                None,
                one.limit,
                one.difference,
                one.over,
                one.passed,
                one.judged,
                gauge(one.share, one.passed),
            ),
        )
        for one in defects.results_of(check)
    ]
    return _grouped(lines)


def _grouped(lines: Sequence[tuple[str, Line]]) -> list[Group]:
    found = [
        Group(EYE_WORDS[eye], [line for its_eye, line in lines if its_eye == eye]) for eye in ("right", "left", "")
    ]
    return [group for group in found if group.rows]


def gauge(share: Decimal | None, passed: bool) -> Gauge | None:
    """The dot of a share of the limit: −1 and +1 are the limits."""
    if share is None:
        return None
    away = max(min(share * _HALF, _EDGE), -_EDGE)
    x = (_MIDDLE + away).quantize(Decimal("0.1"))
    return Gauge(str(x), str(x - 6), str(x + 6), not passed)


def verdict_of(check: QualityCheck) -> Verdict:
    """`Right axis is 5° off; the limit is 3°` and how many of how many are out."""
    lines = [line for line in check.lines.all() if line.judged]
    if check.passed:
        text = ngettext("The one value is inside its limit.", "All %(n)d values are inside their limits.", len(lines))
        return Verdict(_("Passed"), text % {"n": len(lines)}, _("Passed"), "success")
    found = defects.of_record(check)
    out = len(found.sentences)
    words = {"out": out, "n": len(lines)}
    text = ngettext("%(out)d of %(n)d values is out.", "%(out)d of %(n)d values are out.", out) % words
    looks = any(not right for right in check.cosmetic.values())
    if looks and out == sum(not right for right in check.cosmetic.values()):
        text = _("The measured values are inside their limits.")
    if check.overridden_at:
        return Verdict(found.title, text, _("Failed, accepted"), "warning")
    return Verdict(found.title, text, _("Failed: %(what)s") % {"what": _short(found)}, "danger")


def _short(found: defects.Found) -> str:
    return next(iter(found.values), found.title).lower()


def case_of(job: Job) -> Case | None:
    """The case that the failure opened."""
    found = Case.objects.filter(subject_type="labjobs.job", subject_id=job.pk, kind__in=["qc_failed", "coating_defect"])
    return found.select_related("owner").order_by("-pk").first()


def next_tray(scope: Scope, job: Job) -> Job | None:
    """The next job waiting at the same bench, the most urgent first."""
    waiting = finding.jobs_for(scope).filter(lab=job.lab, state=JobState.QUALITY).exclude(pk=job.pk)
    return waiting.select_related("tray").order_by("promised_on", "pk").first()


def action(job: Job, last: QualityCheck | None, viewer: Viewer, measuring: bool) -> NextAction | None:
    """What comes after the verdict; while measuring the form's own button is the next action."""
    if measuring:
        return None
    if job.state == JobState.REWORK and job.stage == Stage.QUALITY and last is not None:
        return _after_failure(job, last, viewer)
    upcoming = next_tray(viewer.scope, job)
    if upcoming is None:
        return page.next_action(job, viewer)
    label = _("Next tray, %(tray)s") % {"tray": upcoming.tray.code if upcoming.tray else upcoming.number}
    buttons = [Button(label, reverse("labjobs:quality", args=[upcoming.number]), primary=True, key="n")]
    own = page.next_action(job, viewer)
    for button in own.buttons if own else ():
        buttons.insert(0, Button(button.label, button.url, button.post, key="s"))
    return NextAction(_("Check the next tray"), page.owner_word(upcoming), buttons=buttons)


def _after_failure(job: Job, last: QualityCheck, viewer: Viewer) -> NextAction:
    found = defects.of_record(last)
    way_back = {"stage": dict(Stage.choices).get(found.stage, found.stage)}
    verb = _("Send to rework: %(stage)s") % way_back
    why = _("To accept it as it is, a second person must give a reason.")
    buttons = []
    if page.may(viewer, job, Can.OVERRIDE_QUALITY) and last.checked_by_id != viewer.actor.user_id:
        buttons.append(Button(_("Accept with a reason"), reverse("labjobs:override", args=[job.number])))
    if page.may(viewer, job, Can.CHECK_QUALITY):
        again = reverse("labjobs:quality", args=[job.number]) + "?again=1"
        buttons.append(Button(_("Measure again"), again, key="r"))
        rework = reverse("labjobs:rework", args=[job.number])
        buttons.append(Button(_("Send to rework"), rework, post=True, primary=True, key="n"))
    return NextAction(verb, page.owner_word(job), why, "danger", "fail", buttons)
