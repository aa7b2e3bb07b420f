"""Everything the page of one job shows, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches import access
from branches.roles import Can
from core import formats, ui
from core.errors import Missing
from core.prepared import Slot, prepared
from core.states import Words
from customers.page import identity
from labjobs import jobvalues, states
from labjobs.models import Job, JobMove, JobState, LabKind, Stage
from labjobs.selectors import board, finding
from labjobs.selectors.cards import kind_of, promise_badge
from labjobs.services import common, fittings
from labjobs.sketch import sketch_of
from orders import basis
from orders.models import Purpose
from orders.next_actions import Button, NextAction
from orders.services import common as orders
from orders.viewer import Viewer
from records import phrases
from records.models import Event
from records.selectors import cards_of_order, together

MOST_EVENTS = 60
RX_COLUMNS = ("SPH", "CYL", "AXIS", "ADD", "PRISM")
TONES = {
    JobState.RELEASED: ("info", "lab"),
    JobState.IN_PRODUCTION: ("info", "lab"),
    JobState.QUALITY: ("info", "ruler"),
    JobState.REWORK: ("danger", "return"),
    JobState.PASSED: ("success", "pass"),
    JobState.READY: ("success", "pass"),
    JobState.COLLECTED: ("success", "pass"),
    JobState.REMADE: ("neutral", "return"),
    JobState.CANCELLED: ("neutral", "cross"),
}


def job_page(job: Job, viewer: Viewer) -> dict[str, Any]:
    """The context of `labjobs/job.html`."""
    check = finding.check_of(job)
    reviews = cards_of_order(job.order_id, viewer.actor)
    badge = promise(job)
    return {
        "job": job,
        "banner": identity(job.order.customer, [badge] if badge else []),
        "title": kind_of(job.values),
        "work": work_badge(job, bool(reviews)),
        "promise": badge,
        "steps": steps(job),
        "reviews": together(reviews),
        "rx": rx_rows(job.values),
        "rx_columns": RX_COLUMNS,
        "measures": measures(job.values),
        "frame": job.values.get("frame") or {},
        "sketch": sketch_of(job.values),
        "lenses": lens_words(job.values),
        "check": check,
        "fitting": fittings.last_of(job),
        "warranties": list(job.warranties.order_by("pk")),
        "remakes": list(job.remakes.select_related("tray")),
        "moved": basis.differences(basis.read(job.inputs), basis.live(job.order)) if job.state in states.OPEN else [],
        "history": history(job),
        "messages_of_lab": list(job.lab_messages.order_by("-pk")[:10]),
        "next": next_action(job, viewer),
        "may": rights(job, viewer),
        "is_outside": job.lab.kind == LabKind.OUTSIDE,
    }


def work_badge(job: Job, has_reviews: bool = False) -> ui.Badge:
    """The job's state in a word: what stops it first."""
    if has_reviews and job.state in states.ON_BOARD:
        return ui.Badge(_("Review needed"), "review", "review")
    if job.on_hold_since:
        return ui.Badge(_("On hold"), "neutral", "pause")
    tone, icon = TONES[JobState(job.state)]
    return ui.Badge(job.get_state_display(), tone, icon)


def promise(job: Job) -> ui.Badge | None:
    """How the promise stands, while somebody waits."""
    if job.state not in states.OPEN or job.state in (JobState.READY, JobState.PASSED):
        return None
    return promise_badge(job, orders.today(job.branch))


@prepared
def _moves() -> QuerySet[JobMove, Any]:
    return JobMove.objects.filter(job=Slot("job")).order_by("pk").values_list("to_stage", "at")


def steps(job: Job) -> list[ui.Stage]:
    """The way of the job with the moment it reached each stage."""
    reached: dict[str, Any] = dict(_moves().rows(job=job.pk))
    way = states.WAY[job.lab.kind]
    place = way.index(Stage(job.stage)) if job.stage in way else 0
    ended = job.state not in states.ON_BOARD
    found = []
    for n, stage in enumerate(way):
        note = (
            formats.day(reached[stage.value], today=timezone.localdate()).split(" ", 1)[-1] if stage in reached else ""
        )
        if n < place or (n == place and ended):
            found.append(ui.Stage(board.STAGE_WORDS[stage], "done", note))
        elif n == place:
            state = "hold" if job.on_hold_since else "current"
            found.append(ui.Stage(board.STAGE_WORDS[stage], state, note, is_current=True))
        else:
            found.append(ui.Stage(board.STAGE_WORDS[stage]))
    return found


def rx_rows(values: Mapping[str, Any]) -> list[ui.RxRow]:
    """Sphere, cylinder, axis, add, prism: as released."""
    words = {"right": (_("R"), _("Right")), "left": (_("L"), _("Left"))}
    rows = []
    for side, (letter, label) in words.items():
        eye = (values.get("eyes") or {}).get(side)
        if eye:
            rows.append(ui.RxRow(letter, label, [ui.RxCell(text) for text in eye_words(eye)]))
    return rows


def eye_words(eye: Mapping[str, Any]) -> list[str]:
    """`−2.25`, `−0.75`, `065°`, `+2.00`, `–`."""
    if eye.get("balance"):
        return [pgettext("lens", "Balance"), formats.DASH, formats.DASH, formats.DASH, formats.DASH]
    return [
        formats.power(number(eye.get("sphere"))),
        formats.power(number(eye.get("cylinder"))),
        formats.axis(eye.get("axis")) if eye.get("axis") is not None else formats.DASH,
        formats.power(number(eye.get("add"))),
        prism_words(eye),
    ]


def prism_words(eye: Mapping[str, Any]) -> str:
    """`2.00 in, 1.00 up` or a dash."""
    names = {"in": _("in"), "out": _("out"), "up": _("up"), "down": _("down")}
    parts = [
        f"{formats.number(number(eye.get(f'prism_{way}')), 2)} {names.get(eye.get(f'base_{way}', ''), '')}".strip()
        for way in ("horizontal", "vertical")
        if number(eye.get(f"prism_{way}"))
    ]
    return ", ".join(parts) or formats.DASH


def number(text: Any) -> Decimal | None:
    """A frozen value as a number; nothing stays nothing."""
    return None if text in (None, "") else Decimal(str(text))


@dataclass(frozen=True)
class Measured:
    """One eye's measures, as printed on the ticket. `decentration` in mm: in is positive."""

    letter: str
    label: str
    far: str
    near: str
    height: str
    decentration: str
    prism: str


def measures(values: Mapping[str, Any]) -> list[Measured]:
    """Monocular PDs, height, decentration (box centre distance less twice the PD, per eye) and prism."""
    taken, frame = values.get("measurement") or {}, values.get("frame") or {}
    rows = []
    for side, letter, label in (("right", _("R"), _("Right")), ("left", _("L"), _("Left"))):
        eye = (values.get("eyes") or {}).get(side)
        far = number(taken.get(f"{side}_far_pd_mm"))
        if eye is None:
            continue
        rows.append(
            Measured(
                letter,
                label,
                formats.number(far),
                formats.number(number(taken.get(f"{side}_near_pd_mm"))),
                formats.number(number(taken.get(f"{side}_height_mm"))),
                _decentration(frame, number(jobvalues.centration_pd(values, side))),
                prism_words(eye) if prism_words(eye) != formats.DASH else _("none"),
            )
        )
    return rows


def _decentration(frame: Mapping[str, Any], far: Decimal | None) -> str:
    a, dbl = number(frame.get("a_mm")), number(frame.get("dbl_mm"))
    if a is None or dbl is None or far is None:
        return formats.DASH
    inward = (a + dbl) / 2 - far
    if inward == 0:
        return "0.0"
    return f"{formats.number(abs(inward))} {_('in') if inward > 0 else _('out')}"


def lens_words(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is made and how it is finished, in pairs of word and value."""
    lens = values.get("lens") or {}
    right, left = (lens.get("right") or {}).get("name", ""), (lens.get("left") or {}).get("name", "")
    same = right == left or not left or not right
    made = [(_("Lens"), right or left)] if same else [(_("Right lens"), right), (_("Left lens"), left)]
    extras = ", ".join(extra["name"] for extra in values.get("add_ons") or [])
    made += [(_("Coating and add-ons"), extras)] if extras else []
    made += [(_("Tint"), values["tint"])] if values.get("tint") else []
    purpose = values.get("purpose") or Purpose.AS_PRESCRIBED
    made += [(_("For"), str(Purpose(purpose).label))] if purpose != Purpose.AS_PRESCRIBED else []
    return made + ([(_("Remark"), values["remark"])] if values.get("remark") else [])


def history(job: Job) -> list[ui.Group]:
    """The job's own story, newest first."""
    found = Event.objects.filter(
        order_id=job.order_id, kind__regex=r"^(labjob|fitting|warranty|order\.(ready|repromised|collected))"
    )
    entries = []
    for event in found.order_by("-pk")[:MOST_EVENTS]:
        said = phrases.say(event)
        entries.append(ui.Entry(said.text, event.at, said.meta, said.icon, said.tone))
    return [ui.Group("", entries)] if entries else []


def rights(job: Job, viewer: Viewer) -> dict[str, bool]:
    """What this person may do with the job now."""
    on_board = job.state in states.ON_BOARD
    return {
        "move": on_board and may(viewer, job, Can.ADVANCE_JOBS),
        "hold": on_board and not job.on_hold_since and may(viewer, job, Can.ADVANCE_JOBS),
        "resume": on_board and bool(job.on_hold_since) and may(viewer, job, Can.ADVANCE_JOBS),
        "cancel": on_board and may(viewer, job, Can.RELEASE_JOBS),
        "file": may(viewer, job, Can.VIEW_PRESCRIPTIONS),
        "check": on_board and may(viewer, job, Can.CHECK_QUALITY),
        "tell_lab": on_board and (may(viewer, job, Can.RELEASE_JOBS) or may(viewer, job, Can.ADVANCE_JOBS)),
        "remake": job.state in (JobState.READY, JobState.COLLECTED, JobState.REWORK)
        and (may(viewer, job, Can.RECORD_FITTINGS) or may(viewer, job, Can.CHECK_QUALITY)),
        "send_back": job.state == JobState.READY and may(viewer, job, Can.RECORD_FITTINGS),
        "repromise": on_board and may(viewer, job, Can.REPROMISE_JOBS),
    }


def may(viewer: Viewer, job: Job, permission: str) -> bool:
    """The right counts where the job is made, sold or collected, as in the verbs."""
    return any(access.allowed(viewer.actor, permission, place) for place in common.places(job, job.order))


def owner_word(job: Job) -> Words:
    """Who has the job in hand: the laboratory's lead while it is made, the order's owner afterwards."""
    if job.state in states.ON_BOARD:
        return job.lab.lead.full_name if job.lab.lead else job.lab.name
    return job.order.owner.full_name if job.order.owner else _("the shop")


def next_action(job: Job, viewer: Viewer) -> NextAction | None:
    """One verb for where the job stands; what is in the way comes first."""
    if job.state not in states.OPEN:
        return None
    stopped = common.in_the_way(job) if job.state in states.ON_BOARD else []
    if stopped:
        return _stopped(job, viewer, stopped)
    if job.state == JobState.READY:
        return ready_action(job, viewer)
    if job.stage == Stage.QUALITY:
        return _to_check(job, viewer)
    label, verb = _step_words(job)
    url = reverse("labjobs:advance", args=[job.number])
    needed = (Can.ADVANCE_JOBS,) if job.state != JobState.PASSED else (Can.ADVANCE_JOBS, Can.COLLECT_ORDERS)
    allowed = any(may(viewer, job, one) for one in needed)
    buttons = [Button(label, url, post=True, primary=True, key="n")] if allowed else []
    why = _since(job)
    return NextAction(verb, owner_word(job), why, buttons=buttons)


def _since(job: Job) -> str:
    words = {"stage": board.STAGE_WORDS[job.stage], "span": formats.span(timezone.now() - job.stage_since)}
    return _("At %(stage)s for %(span)s.") % words


def _step_words(job: Job) -> tuple[str, str]:
    if job.state == JobState.PASSED:
        far = job.lab_branch_id not in (None, job.order.collect_branch_id) and job.dispatched_at is None
        words = {"branch": job.order.collect_branch.name}
        if far:
            return _("Send to %(branch)s") % words, _("Send it to %(branch)s") % words
        return _("Ready in the shop"), _("Mark as ready in %(branch)s; the customer is told") % words
    target = states.next_stage(job.lab.kind, job.stage)
    stage = board.STAGE_WORDS[target] if target else ""
    return _("On to %(stage)s") % {"stage": stage}, _("Bring it on to %(stage)s") % {"stage": stage}


def _to_check(job: Job, viewer: Viewer) -> NextAction:
    failed = job.state == JobState.REWORK
    url = reverse("labjobs:quality", args=[job.number])
    buttons = [Button(_("Open the check"), url, primary=True, key="n")]
    if not may(viewer, job, Can.CHECK_QUALITY):
        buttons = []
    if failed:
        why = _("The last check failed.")
        return NextAction(_("Send to rework, or accept with a reason"), owner_word(job), why, "danger", "fail", buttons)
    return NextAction(_("Check against what was ordered"), owner_word(job), _since(job), buttons=buttons)


def ready_action(job: Job, viewer: Viewer) -> NextAction:
    """Fit and hand over, on one page."""
    last = fittings.last_of(job)
    collect = Button(_("Fit and hand over"), reverse("labjobs:collect", args=[job.order.number]), primary=True, key="n")
    buttons = [Button(_("Fitting only"), reverse("labjobs:fitting", args=[job.number])), collect]
    if not may(viewer, job, Can.COLLECT_ORDERS):
        buttons = buttons[:1]
    waited = formats.span(timezone.now() - (job.ready_at or timezone.now()))
    if last is not None and last.outcome == fittings.FAILED:
        verb = _("Fit again, send back or remake")
        return NextAction(verb, owner_word(job), _("The last fitting failed."), "danger", "fail", buttons)
    why = _("Ready for %(span)s.") % {"span": waited} if job.ready_at else ""
    return NextAction(_("Fit and hand over"), owner_word(job), why, buttons=buttons)


def _stopped(job: Job, viewer: Viewer, stopped: Sequence[Missing]) -> NextAction:
    is_review = any(one.code == "review" for one in stopped)
    buttons = []
    if is_review and may(viewer, job, Can.RELEASE_JOBS):
        buttons.append(Button(_("Make with the new values"), reverse("labjobs:renew", args=[job.number]), primary=True))
    elif job.on_hold_since and may(viewer, job, Can.ADVANCE_JOBS):
        buttons.append(Button(_("Let it go on"), reverse("labjobs:resume", args=[job.number]), primary=True))
    if stopped[0].code == "handover":
        return NextAction(_("Read what changed, then go on"), stopped[0].owner, stopped[0].message, "review", "review")
    why = " ".join(one.message for one in stopped)
    owner = next((one.owner for one in stopped if one.owner), str(owner_word(job)))
    verb = _("Decide again: the values changed") if is_review else _("Clear what stops the job")
    tone, icon = ("review", "review") if is_review else ("warning", "pause")
    return NextAction(verb, owner, why, tone, icon, buttons, stopped)
