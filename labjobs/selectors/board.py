"""The laboratory board: what is late and who has it. A fixed number of queries, however many jobs there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Branch
from branches.scope import Scope
from cases.models import Case, CaseState
from core import formats, ui
from core.states import Words
from labjobs import states
from labjobs.models import Job, JobState, Lab, LabKind, Stage
from labjobs.selectors import finding
from orders.services import common as orders
from records.models import Review, ReviewState

# A column shows so many cards; the rest is one link away in the list. Keeps 300 jobs under 3,000 elements.
CARDS_A_COLUMN = 24
DESIGN_WORDS = {
    "single_vision": "SV", "bifocal": "BF", "trifocal": "TF", "progressive": "PAL", "occupational": "OCC",
}  # fmt: skip
DESIGN_CHOICES: list[tuple[str, Words]] = [
    ("single_vision", gettext_lazy("Single vision")),
    ("bifocal", gettext_lazy("Bifocal")),
    ("trifocal", gettext_lazy("Trifocal")),
    ("progressive", gettext_lazy("Progressive")),
    ("occupational", gettext_lazy("Occupational")),
]
STAGE_WORDS: dict[str, Words] = {
    Stage.RECEIVED: gettext_lazy("Received"),
    Stage.AT_LAB: gettext_lazy("At the lab"),
    Stage.SURFACING: gettext_lazy("Surfacing"),
    Stage.COATING: gettext_lazy("Coating"),
    Stage.EDGING: gettext_lazy("Edging"),
    Stage.ASSEMBLY: gettext_lazy("Assembly"),
    Stage.QUALITY: gettext_lazy("Quality"),
    Stage.DISPATCH: gettext_lazy("Dispatch"),
}
# The key that moves a card to a stage, after `m`.
STAGE_KEYS = {
    Stage.RECEIVED: "r", Stage.AT_LAB: "l", Stage.SURFACING: "s", Stage.COATING: "c", Stage.EDGING: "e",
    Stage.ASSEMBLY: "a", Stage.QUALITY: "q", Stage.DISPATCH: "d",
}  # fmt: skip
USUAL_LIMITS = {
    Stage.RECEIVED: 8, Stage.AT_LAB: 20, Stage.SURFACING: 6, Stage.COATING: 6, Stage.EDGING: 6, Stage.ASSEMBLY: 6,
    Stage.QUALITY: 4, Stage.DISPATCH: 12,
}  # fmt: skip
AMBER_FROM_SHARE_LEFT = 0.4


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything else falls away."""

    lab: Lab | None = None
    view: str = "all"
    branch: int | None = None
    design: str = ""
    stage: str = ""
    as_list: bool = False

    @property
    def all_url(self) -> str:
        """Every job of the laboratory."""
        return self.url(show="", branch="", lens="", stage="")

    def url(self, **changes: str) -> str:
        """The board under these filters with some of them changed; an empty value leaves one out."""
        given = {
            "lab": self.lab.code if self.lab else "",
            "show": "" if self.view == "all" else self.view,
            "branch": str(self.branch or ""),
            "lens": self.design,
            "stage": self.stage,
            "view": "list" if self.as_list else "",
        }
        kept = {name: value for name, value in (given | changes).items() if value}
        return f"{reverse('labjobs:board')}?{urlencode(kept)}" if kept else reverse("labjobs:board")


@dataclass(frozen=True)
class Card:
    """One job on the board."""

    job: Job
    title: str
    kind: str
    rx: str
    meta: str
    badge: ui.Badge
    state: str = ""
    reason: str = ""
    days_left: int = 0

    @property
    def url(self) -> str:
        return reverse("labjobs:job", args=[self.job.number])


@dataclass(frozen=True)
class Column:
    """One stage with its cards, most urgent first."""

    stage: str
    label: Words
    key: str
    count: int
    limit: int
    cards: Sequence[Card]
    more_url: str = ""

    @property
    def more(self) -> int:
        return self.count - len(self.cards)

    @property
    def is_over(self) -> bool:
        return bool(self.limit) and self.count > self.limit


@dataclass(frozen=True)
class Board:
    """The whole page."""

    lab: Lab | None
    columns: Sequence[Column]
    cards: Sequence[Card]
    chips: Sequence[ui.View]
    labs: Sequence[ui.View]
    branches: Sequence[Branch]
    filters: Filters
    here: int
    outside: int
    now: datetime


def read(query: Mapping[str, str], scope: Scope, branches: Sequence[Branch]) -> Filters:
    """The filters of an address. Without a laboratory: our own, else the first that makes for these branches."""
    labs = finding.labs_for(scope)
    lab = next((one for one in labs if one.code == query.get("lab")), None) or _usual(labs, scope)
    branch = query.get("branch", "")
    known = {one.pk for one in branches}
    return Filters(
        lab=lab,
        view=query.get("show", "") if query.get("show") in ("late", "today", "blocked", "review") else "all",
        branch=int(branch) if branch.isdecimal() and int(branch) in known else None,
        design=query.get("lens", "") if query.get("lens") in DESIGN_WORDS else "",
        stage=query.get("stage", "") if query.get("stage") in Stage.values else "",
        as_list=query.get("view") == "list",
    )


def _usual(labs: Sequence[Lab], scope: Scope) -> Lab | None:
    own = [lab for lab in labs if lab.kind == LabKind.OWN]
    mine = [lab for lab in own if scope.covers(lab.branch_id)]
    return next(iter([*mine, *own, *labs]), None)


def on_board(scope: Scope) -> QuerySet[Job]:
    """Everything a laboratory still has in hand."""
    return finding.jobs_for(scope).filter(state__in=[state.value for state in states.ON_BOARD])


def board(scope: Scope, filters: Filters, now: datetime) -> Board:
    """The context of `labjobs/board.html`."""
    by_lab = dict(on_board(scope).order_by().values_list("lab_id").annotate(n=Count("pk")))
    labs = finding.labs_for(scope)
    found = _cards(scope, filters, now)
    shown = [card for card in found if _is_shown(card, filters.view) and filters.stage in ("", card.job.stage)]
    return Board(
        lab=filters.lab,
        columns=_columns(filters, shown),
        cards=shown,
        chips=_chips(filters, found),
        labs=[
            ui.View(lab.name, filters.url(lab=lab.code, stage=""), by_lab.get(lab.pk, 0), is_current=lab == filters.lab)
            for lab in labs
        ],
        branches=sorted({card.job.branch for card in found}, key=lambda branch: branch.name),
        filters=filters,
        here=sum(by_lab.get(lab.pk, 0) for lab in labs if lab.kind == LabKind.OWN),
        outside=sum(by_lab.get(lab.pk, 0) for lab in labs if lab.kind == LabKind.OUTSIDE),
        now=now,
    )


def _cards(scope: Scope, filters: Filters, now: datetime) -> list[Card]:
    """Cards of the laboratory, the least time left first."""
    jobs = (
        on_board(scope).filter(lab=filters.lab).select_related("tray", "branch", "order__collect_branch", "lab_branch")
    )
    jobs = jobs.defer("inputs")
    if filters.branch:
        jobs = jobs.filter(branch_id=filters.branch)
    listed = list(jobs.order_by("promised_on", "pk"))
    if filters.design:
        listed = [job for job in listed if design_of(job) == filters.design]
    reviews, blocked = _stops([job.order_id for job in listed])
    return [card_of(job, reviews.get(job.order_id, ""), blocked.get(job.order_id, ""), now) for job in listed]


def _stops(order_ids: Sequence[int]) -> tuple[dict[int, str], dict[int, str]]:
    """Why an order's job may not go on: an open review, a case that blocks. By order, one query each."""
    open_reviews = Review.objects.filter(state=ReviewState.OPEN, blocks="production", order_id__in=order_ids)
    reviews = {row.order_id: row for row in open_reviews.order_by("-pk") if row.order_id}
    cases = Case.objects.filter(order_id__in=order_ids, blocks="production").exclude(state=CaseState.CLOSED)
    return (
        {order_id: _changed(row) for order_id, row in reviews.items()},
        {case.order_id: case.number for case in cases if case.order_id},
    )


def _changed(review: Review) -> str:
    at = timezone.localtime(review.opened_at)
    names = {
        "prescriptions.prescription": _("Rx"),
        "orders.measurement": _("measures"),
        "orders.framechoice": _("frame"),
    }
    what = names.get(review.cause_type, _("lenses"))
    return _("%(what)s changed %(time)s") % {"what": what, "time": f"{at:%H:%M}"}


def design_of(job: Job) -> str:
    """The design of the lenses, of either eye."""
    lenses = job.values.get("lens") or {}
    lens = lenses.get("right") or lenses.get("left") or {}
    return str(lens.get("design", ""))


def kind_of(job: Job) -> str:
    """`PAL 1.60`."""
    lenses = job.values.get("lens") or {}
    lens = lenses.get("right") or lenses.get("left") or {}
    index = str(lens.get("index") or "")[:4]
    return " ".join(part for part in (DESIGN_WORDS.get(str(lens.get("design", "")), ""), index) if part)


def rx_of(job: Job) -> str:
    """`−2.25 / −2.00`: the spheres, right and left."""
    eyes = job.values.get("eyes") or {}
    return " / ".join(_sphere(eyes.get(side)) for side in ("right", "left"))


def _sphere(eye: Mapping[str, object] | None) -> str:
    if not eye:
        return formats.DASH
    if eye.get("balance"):
        return _("bal")
    return formats.power(Decimal(str(eye["sphere"]))) if eye.get("sphere") is not None else formats.DASH


def card_of(job: Job, review: str, case: str, now: datetime) -> Card:
    """A card in words. What stops a job is said before how late it is."""
    today = orders.today(job.branch, now)
    days_left = (job.promised_on - today).days
    reason = review or (job.on_hold_reason if job.on_hold_since else "") or case
    if review:
        badge, state = ui.Badge(_("Review needed"), "review", "review"), "review"
    elif reason:
        badge, state = ui.Badge(_("Blocked"), "neutral", "pause"), "blocked"
    else:
        badge, state = promise_badge(job, today), "late" if days_left < 0 else ""
    failed = _("failed the check") if job.state == JobState.REWORK and not reason else ""
    return Card(
        job=job,
        title=job.tray.code if job.tray else job.number,
        kind=kind_of(job),
        rx=rx_of(job),
        meta=" · ".join(part for part in (job.branch.name, reason[:60] or failed) if part),
        badge=badge,
        state=state,
        reason=reason,
        days_left=days_left,
    )


def promise_badge(job: Job, today: date) -> ui.Badge:
    """How the promise stands, in words with a shape: green above 40 % of the time left, amber below, red past."""
    left = (job.promised_on - today).days
    if left < 0:
        return ui.Badge(_("Late %(n)d d") % {"n": -left}, "danger", "alert")
    if job.state == JobState.PASSED:
        far = job.lab_branch_id not in (None, job.order.collect_branch_id)
        word = _("To %(branch)s") % {"branch": job.order.collect_branch.name} if far else _("Here")
        return ui.Badge(word, "success", "truck" if far else "pass")
    total = max((job.promised_on - timezone.localtime(job.released_at).date()).days, 1)
    tone, icon = (
        ("warning", "hourglass") if left / total <= AMBER_FROM_SHARE_LEFT or left == 0 else ("success", "clock")
    )
    if left == 0:
        return ui.Badge(_("Due today"), tone, icon)
    if left == 1:
        return ui.Badge(_("Due tomorrow"), tone, icon)
    day = format_date(job.promised_on, "D" if left < 7 else "j M")
    return ui.Badge(_("%(day)s, %(n)d d left") % {"day": day, "n": left}, tone, icon)


def _is_shown(card: Card, view: str) -> bool:
    if view == "late":
        return card.days_left < 0
    if view == "today":
        return card.days_left == 0
    if view == "blocked":
        return card.state == "blocked"
    return card.state == "review" if view == "review" else True


_VIEWS: dict[str, tuple[Words, str]] = {
    "all": (gettext_lazy("All"), ""),
    "late": (gettext_lazy("Late"), "alert"),
    "today": (gettext_lazy("Due today"), "hourglass"),
    "blocked": (gettext_lazy("Blocked"), "pause"),
    "review": (gettext_lazy("Review needed"), "review"),
}


@dataclass(frozen=True)
class Chip(ui.View):
    """A filter with its shape."""

    icon: str = ""


def _chips(filters: Filters, cards: Sequence[Card]) -> list[ui.View]:
    return [
        Chip(
            label,
            filters.url(show="" if view == "all" else view, stage=""),
            sum(_is_shown(card, view) for card in cards),
            is_current=view == filters.view,
            icon=icon,
        )
        for view, (label, icon) in _VIEWS.items()
    ]


def _columns(filters: Filters, cards: Sequence[Card]) -> list[Column]:
    lab = filters.lab
    if lab is None:
        return []
    made = []
    for stage in states.WAY[lab.kind]:
        here = [card for card in cards if card.job.stage == stage]
        made.append(
            Column(
                stage=stage.value,
                label=STAGE_WORDS[stage],
                key=STAGE_KEYS[stage],
                count=len(here),
                limit=limit_of(lab, stage),
                cards=here[:CARDS_A_COLUMN],
                more_url=filters.url(view="list", stage=stage.value) if len(here) > CARDS_A_COLUMN else "",
            )
        )
    return made


def limit_of(lab: Lab, stage: Stage) -> int:
    """How many trays the stage works on at once: the laboratory's own number, else the usual one."""
    value = (lab.stage_limits or {}).get(stage.value)
    return value if isinstance(value, int) else USUAL_LIMITS[stage]
