"""What a job on the board says in a few words: lens, powers, how its promise stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import addresses, formats, ui
from core.prepared import one_of, prepared
from labjobs.models import Job, JobState, Stage

DESIGN_WORDS = {
    "single_vision": "SV", "bifocal": "BF", "trifocal": "TF", "progressive": "PAL", "occupational": "OCC",
}  # fmt: skip
AMBER_FROM_SHARE_LEFT = 0.4
# The columns that a card is made of. The two parts of `values` are picked out in the database: the whole is large.
_READ = (
    "pk", "number", "state", "stage", "stage_since", "promised_on", "released_at", "lab_branch_id", "tray__code",
    "branch__name", "order__collect_branch_id", "order__collect_branch__name", "values__lens", "values__eyes",
)  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How a job stands, of all jobs of a board: what stops it, and the days left of its promise."""

    pk: int
    stage: str
    today: date
    days_left: int
    reason: str = ""
    state: str = ""


@dataclass(frozen=True)
class Card:
    """One job on the board. `since`: when it came to its stage; `state`: `late`, `blocked`, `review` or empty."""

    pk: int
    number: str
    title: str
    kind: str
    rx: str
    branch: str
    meta: str
    badge: ui.Badge
    stage: str
    stage_word: str
    since: datetime
    state: str = ""
    reason: str = ""

    @property
    def url(self) -> str:
        return addresses.to("labjobs:job", self.number)

    @property
    def pick_label(self) -> str:
        return _("Select %(tray)s") % {"tray": self.title}

    @property
    def move_label(self) -> str:
        return _("Move %(tray)s") % {"tray": self.title}


def cards_of(standings: Sequence[Standing]) -> list[Card]:
    """Their cards in the same order, in one query."""
    rows = _shown().rows(keys=[one.pk for one in standings])
    by_pk = {row[0]: dict(zip(_READ, row, strict=True)) for row in rows}
    return [_card(one, by_pk[one.pk]) for one in standings if one.pk in by_pk]


@prepared
def _shown() -> QuerySet[Job, Any]:
    return Job.objects.filter(one_of("pk", "keys")).values_list(*_READ)


def _card(standing: Standing, row: Mapping[str, Any]) -> Card:
    """A card in words. What stops a job is said before how late it is."""
    failed = _("failed the check") if row["state"] == JobState.REWORK and not standing.reason else ""
    return Card(
        pk=row["pk"],
        number=row["number"],
        title=row["tray__code"] or row["number"],
        kind=kind_of({"lens": row["values__lens"]}),
        rx=rx_of({"eyes": row["values__eyes"]}),
        branch=row["branch__name"],
        meta=" · ".join(part for part in (row["branch__name"], standing.reason[:60] or failed) if part),
        badge=_badge(standing, row),
        stage=row["stage"],
        stage_word=str(Stage(row["stage"]).label),
        since=row["stage_since"],
        state=standing.state,
        reason=standing.reason,
    )


def _badge(standing: Standing, row: Mapping[str, Any]) -> ui.Badge:
    if standing.state == "review":
        return ui.Badge(_("Review needed"), "review", "review")
    if standing.state == "blocked":
        return ui.Badge(_("Blocked"), "neutral", "pause")
    far = row["lab_branch_id"] not in (None, row["order__collect_branch_id"])
    to_shop = row["order__collect_branch__name"] if far else ""
    return _promise(row["promised_on"], row["released_at"], row["state"], to_shop, standing.today)


def promise_badge(job: Job, today: date) -> ui.Badge:
    """How the promise stands, in words with a shape: green above 40 % of the time left, amber below, red past."""
    far = job.lab_branch_id not in (None, job.order.collect_branch_id)
    to_shop = job.order.collect_branch.name if far else ""
    return _promise(job.promised_on, job.released_at, job.state, to_shop, today)


def _promise(promised_on: date, released_at: datetime, state: str, to_shop: str, today: date) -> ui.Badge:
    """`to_shop`: the branch that finished glasses travel to, empty when they were made where they are collected."""
    left = (promised_on - today).days
    if left < 0:
        return ui.Badge(_("Late %(n)d d") % {"n": -left}, "danger", "alert")
    if state == JobState.PASSED:
        word = _("To %(branch)s") % {"branch": to_shop} if to_shop else _("Here")
        return ui.Badge(word, "success", "truck" if to_shop else "pass")
    total = max((promised_on - timezone.localtime(released_at).date()).days, 1)
    tone, icon = (
        ("warning", "hourglass") if left / total <= AMBER_FROM_SHARE_LEFT or left == 0 else ("success", "clock")
    )
    if left == 0:
        return ui.Badge(_("Due today"), tone, icon)
    if left == 1:
        return ui.Badge(_("Due tomorrow"), tone, icon)
    day = formats.dated(promised_on, "D" if left < 7 else "j M")
    return ui.Badge(_("%(day)s, %(n)d d left") % {"day": day, "n": left}, tone, icon)


def kind_of(values: Mapping[str, Any]) -> str:
    """`PAL 1.60`, from the values that a job froze at its release; the lenses of either eye."""
    lenses = values.get("lens") or {}
    lens = lenses.get("right") or lenses.get("left") or {}
    index = f"{Decimal(lens['index']):.2f}" if lens.get("index") else ""
    return " ".join(part for part in (DESIGN_WORDS.get(str(lens.get("design", "")), ""), index) if part)


def rx_of(values: Mapping[str, Any]) -> str:
    """`−2.25 / −2.00`: the spheres, right and left."""
    eyes = values.get("eyes") or {}
    return " / ".join(_sphere(eyes.get(side)) for side in ("right", "left"))


def _sphere(eye: Mapping[str, object] | None) -> str:
    if not eye:
        return formats.DASH
    if eye.get("balance"):
        return _("bal")
    return formats.power(Decimal(str(eye["sphere"]))) if eye.get("sphere") is not None else formats.DASH
