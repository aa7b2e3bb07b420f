"""What the laboratory adds to the order's page: its section, the next action, the stages, the word in the list."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.roles import Can, Role
from core import formats, ui
from core.prepared import one_of, prepared
from labjobs import states
from labjobs.models import Job, JobState
from labjobs.selectors import board, finding, page
from labjobs.services import fittings, release
from orders.models import Order, OrderState
from orders.next_actions import Button, NextAction
from orders.selectors.list_rows import Listed
from orders.services import decisions
from orders.stages import LABELS
from orders.viewer import Viewer
from records.facts import role_word
from records.services import reviews

RANK = 40
_SHORT = {
    JobState.RELEASED: "lab", JobState.IN_PRODUCTION: "lab", JobState.QUALITY: "ruler", JobState.REWORK: "return",
    JobState.PASSED: "pass",
}  # fmt: skip


def panel(order: Order, viewer: Viewer) -> Mapping[str, Any] | None:
    """The jobs of an order, the newest open one first, with warranties and what may be asked for."""
    jobs = finding.jobs_of(order)
    if not jobs:
        return None
    current = next((job for job in jobs if job.state in states.OPEN), jobs[0])
    return {
        "job": current,
        "others": [job for job in jobs if job != current],
        "work": page.work_badge(current),
        "promise": page.promise(current),
        "steps": page.steps(current),
        "fitting": fittings.last_of(current),
        "warranties": list(order.warranties.order_by("pk")),
        "may_remake": page.rights(current, viewer)["remake"],
        "count": len(jobs),
    }


def next_action(order: Order, viewer: Viewer) -> NextAction | None:
    """From confirmed to ready the laboratory says what comes next; a deposit that is short is the till's."""
    if order.state == OrderState.CONFIRMED:
        return _release(order, viewer)
    if order.state not in (OrderState.IN_PRODUCTION, OrderState.READY):
        return None
    if reviews.open_decision(order.pk, decisions.REVIEW) is not None:
        # The customer's word comes first: without it the job cannot take the new values.
        return None
    job = finding.open_job_of(order)
    return page.next_action(job, viewer) if job else None


def _release(order: Order, viewer: Viewer) -> NextAction | None:
    missing = release.missing_for(order)
    if any(one.code in ("deposit", "review") for one in missing):
        return None
    url = reverse("labjobs:release", args=[order.number])
    buttons = [Button(_("Release to lab"), url, primary=True, key="n")] if viewer.may(Can.RELEASE_JOBS, order) else []
    owner = order.owner.full_name if order.owner else role_word(Role.DISPENSING_OPTICIAN)
    why = " ".join(one.message for one in missing)
    tone, icon = ("warning", "alert") if missing else ("", "")
    return NextAction(_("Release to the laboratory"), owner, why, tone, icon, buttons, missing)


def stages(order: Order) -> Mapping[str, ui.Stage]:
    """Laboratory and quality as they stand, fitting by its last outcome."""
    job = next(iter(finding.jobs_of(order)), None)
    if job is None or job.state in (JobState.CANCELLED, JobState.REMADE):
        return {}
    done = job.state in (JobState.PASSED, JobState.READY, JobState.COLLECTED)
    found = {
        "laboratory": ui.Stage(
            LABELS["laboratory"],
            _laboratory(job, done),
            board.STAGE_WORDS[job.stage] if not done else _day(job.passed_at),
        ),
        "quality": ui.Stage(
            LABELS["quality"], _quality(job, done), _("Rework") if job.state == JobState.REWORK else _day(job.passed_at)
        ),
    }
    last = fittings.last_of(job) if job.state in (JobState.READY, JobState.COLLECTED) else None
    if last is not None:
        failed = last.outcome == fittings.FAILED
        found["fitting"] = ui.Stage(LABELS["fitting"], "hold" if failed else "done", _day(last.fitted_at))
    return found


def _laboratory(job: Job, done: bool) -> str:
    if done or job.state == JobState.QUALITY:
        return "done"
    return "hold" if job.on_hold_since else "current"


def _quality(job: Job, done: bool) -> str:
    if done:
        return "done"
    return "current" if job.state == JobState.QUALITY else "next"


def _day(at: Any) -> str:
    return formats.day(at, today=timezone.localdate()).split(" ", 1)[-1] if at else ""


def status_words(orders: Sequence[Listed]) -> Mapping[int, ui.Badge]:
    """For a page of the order list: where the job is, for orders in production."""
    making = [order.pk for order in orders if order.state == OrderState.IN_PRODUCTION]
    if not making:
        return {}
    rows = _standing().rows(orders=making)
    return {order_id: _word(held is not None, state, stage) for order_id, held, state, stage in rows}


@prepared
def _standing() -> QuerySet[Job, Any]:
    jobs = Job.objects.filter(one_of("order_id", "orders"), state__in=[state.value for state in states.ON_BOARD])
    return jobs.values_list("order_id", "on_hold_since", "state", "stage")


def _word(held: bool, state: str, stage: str) -> ui.Badge:
    if held:
        return ui.Badge(_("On hold"), "review", "pause")
    if state == JobState.REWORK:
        return ui.Badge(_("Rework"), "danger", "return")
    words = {"stage": board.STAGE_WORDS[stage]}
    return ui.Badge(_("At lab: %(stage)s") % words, "info", _SHORT[JobState(state)])
