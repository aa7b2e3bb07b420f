"""The laboratory board: what is late and who has it. A fixed number of queries, however many jobs there are."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Branch
from branches.scope import Scope
from cases.models import Case, CaseState
from core import formats, ui
from core.paging import KeyPage, by_key
from core.prepared import prepared
from core.states import Words
from labjobs import states
from labjobs.models import Job, Lab, LabKind, Stage
from labjobs.selectors import finding
from labjobs.selectors.cards import DESIGN_WORDS, Card, Standing, cards_of
from records.models import Review, ReviewState

# A column shows as many cards as its limit, within these; the rest is one link away in the list.
FEWEST_CARDS, MOST_CARDS = 12, 24
ROWS_A_PAGE = 50
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


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything else falls away."""

    lab: Lab | None = None
    view: str = "all"
    branch: int | None = None
    design: str = ""
    stage: str = ""
    as_list: bool = False
    after: str = ""
    labs: Sequence[Lab] = ()

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
    keys: KeyPage[Job] | None
    chips: Sequence[ui.View]
    labs: Sequence[ui.View]
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
        after=query.get("after", ""),
        labs=labs,
    )


def _usual(labs: Sequence[Lab], scope: Scope) -> Lab | None:
    own = [lab for lab in labs if lab.kind == LabKind.OWN]
    mine = [lab for lab in own if scope.covers(lab.branch_id)]
    return next(iter([*mine, *own, *labs]), None)


def on_board(scope: Scope) -> QuerySet[Job]:
    """Everything a laboratory still has in hand."""
    return finding.jobs_for(scope).filter(state__in=[state.value for state in states.ON_BOARD])


def board(scope: Scope, filters: Filters, now: datetime) -> Board:
    """The context of `labjobs/board.html`. Every job is counted; only those shown are read whole."""
    by_lab = dict(_by_lab(scope).rows())
    labs = filters.labs
    found = _standings(scope, filters, now)
    shown = [one for one in found if _is_shown(one, filters.view) and filters.stage in ("", one.stage)]
    keys = _list_page(shown, filters.after) if filters.as_list else None
    cards = cards_of(_on_page(shown, keys) if keys else _most_urgent(filters, shown))
    return Board(
        lab=filters.lab,
        columns=_columns(filters, shown, cards),
        cards=cards,
        keys=keys,
        chips=_chips(filters, found),
        labs=[
            ui.View(lab.name, filters.url(lab=lab.code, stage=""), by_lab.get(lab.pk, 0), is_current=lab == filters.lab)
            for lab in labs
        ],
        here=sum(by_lab.get(lab.pk, 0) for lab in labs if lab.kind == LabKind.OWN),
        outside=sum(by_lab.get(lab.pk, 0) for lab in labs if lab.kind == LabKind.OUTSIDE),
        now=now,
    )


def _standings(scope: Scope, filters: Filters, now: datetime) -> list[Standing]:
    """Every job of the laboratory in a few columns, the least time left first."""
    asked = (scope, filters.lab.pk if filters.lab else 0, filters.branch, filters.design)
    reviews, cases = _stops(*asked)
    days: dict[str, date] = {}
    rows = _in_order(*asked).rows()
    made = []
    for pk, stage, promised_on, order_id, zone, held, held_reason in rows:
        today = days.get(zone) or days.setdefault(zone, timezone.localtime(now, ZoneInfo(zone)).date())
        review = reviews.get(order_id, "")
        reason = review or (held_reason if held else "") or cases.get(order_id, "")
        left = (promised_on - today).days
        state = "review" if review else "blocked" if reason else "late" if left < 0 else ""
        made.append(Standing(pk, stage, today, left, reason, state))
    return made


@prepared
def _by_lab(scope: Scope) -> QuerySet[Job, Any]:
    return on_board(scope).order_by().values_list("lab_id").annotate(n=Count("pk"))


@prepared
def _in_order(scope: Scope, lab: int, branch: int | None, design: str) -> QuerySet[Job, Any]:
    return (
        _under(scope, lab, branch, design)
        .order_by("promised_on", "pk")
        .values_list("pk", "stage", "promised_on", "order_id", "branch__time_zone", "on_hold_since", "on_hold_reason")
    )


def _under(scope: Scope, lab: int, branch: int | None, design: str) -> QuerySet[Job]:
    jobs = on_board(scope).filter(lab_id=lab)
    if branch:
        jobs = jobs.filter(branch_id=branch)
    return jobs.filter(_of_design(design)) if design else jobs


def _of_design(design: str) -> Q:
    """The right eye's lens, or the left one's where the right eye has none."""
    return Q(values__lens__right__design=design) | Q(values__lens__right=None, values__lens__left__design=design)


def _list_page(shown: Sequence[Standing], after: str) -> KeyPage[Job]:
    jobs = Job.objects.filter(pk__in=[one.pk for one in shown]).only("promised_on")
    return by_key(jobs, after, ("promised_on", "id"), ROWS_A_PAGE)


def _on_page(shown: Sequence[Standing], keys: KeyPage[Job]) -> list[Standing]:
    here = {job.pk for job in keys.rows}
    return [one for one in shown if one.pk in here]


def _most_urgent(filters: Filters, shown: Sequence[Standing]) -> list[Standing]:
    """As many of each stage as its column shows."""
    room = {stage.value: room_of(filters.lab, stage) for stage in Stage} if filters.lab else {}
    picked = []
    for one in shown:
        room[one.stage] -= 1
        if room[one.stage] >= 0:
            picked.append(one)
    return picked


def _stops(scope: Scope, lab: int, branch: int | None, design: str) -> tuple[dict[int, str], dict[int, str]]:
    """Why an order's job may not go on: an open review, a case that blocks. By order, one query each."""
    asked = (scope, lab, branch, design)
    return (
        {order: _changed(cause, at) for order, cause, at in _reviews(*asked).rows() if order},
        {order: number for order, number in _cases(*asked).rows() if order},
    )


@prepared
def _reviews(scope: Scope, lab: int, branch: int | None, design: str) -> QuerySet[Review, Any]:
    orders = _under(scope, lab, branch, design).order_by().values("order_id")
    reviews = Review.objects.filter(state=ReviewState.OPEN, blocks="production", order_id__in=orders)
    return reviews.order_by("-pk").values_list("order_id", "cause_type", "opened_at")


@prepared
def _cases(scope: Scope, lab: int, branch: int | None, design: str) -> QuerySet[Case, Any]:
    orders = _under(scope, lab, branch, design).order_by().values("order_id")
    cases = Case.objects.filter(order_id__in=orders, blocks="production").exclude(state=CaseState.CLOSED)
    return cases.values_list("order_id", "number")


def _changed(cause_type: str, opened_at: datetime) -> str:
    names = {
        "prescriptions.prescription": _("Rx"),
        "orders.measurement": _("measures"),
        "orders.framechoice": _("frame"),
        "inventory.reservation": _("frame"),
    }
    what = names.get(cause_type, _("lenses"))
    when = formats.day_time(opened_at, today=timezone.localdate())
    return _("%(what)s changed %(time)s") % {"what": what, "time": when}


def _is_shown(one: Standing, view: str) -> bool:
    if view == "late":
        return one.days_left < 0
    if view == "today":
        return one.days_left == 0
    return one.state == view if view in ("blocked", "review") else True


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


def _chips(filters: Filters, found: Sequence[Standing]) -> list[ui.View]:
    return [
        Chip(
            label,
            filters.url(show="" if view == "all" else view, stage=""),
            sum(_is_shown(one, view) for one in found),
            is_current=view == filters.view,
            icon=icon,
        )
        for view, (label, icon) in _VIEWS.items()
    ]


def _columns(filters: Filters, shown: Sequence[Standing], cards: Sequence[Card]) -> list[Column]:
    lab = filters.lab
    if lab is None or filters.as_list:
        return []
    counts = Counter(one.stage for one in shown)
    return [
        Column(
            stage=stage.value,
            label=STAGE_WORDS[stage],
            key=STAGE_KEYS[stage],
            count=counts[stage.value],
            limit=limit_of(lab, stage),
            cards=[card for card in cards if card.stage == stage.value],
            more_url=filters.url(view="list", stage=stage.value) if counts[stage.value] > room_of(lab, stage) else "",
        )
        for stage in states.WAY[lab.kind]
    ]


def room_of(lab: Lab, stage: Stage) -> int:
    """How many cards the stage's column shows."""
    return min(max(limit_of(lab, stage), FEWEST_CARDS), MOST_CARDS)


def limit_of(lab: Lab, stage: Stage) -> int:
    """How many trays the stage works on at once: the laboratory's own number, else the usual one."""
    value = (lab.stage_limits or {}).get(stage.value)
    return value if isinstance(value, int) else USUAL_LIMITS[stage]
