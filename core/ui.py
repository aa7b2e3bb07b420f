"""What the components of the design system take: small values that a selector or view fills and a template prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.safestring import SafeString

from core.states import Words

TONES = frozenset({"info", "success", "warning", "danger", "review", "neutral"})

# A tone always comes with a shape, so that colour never speaks alone.
ICON_OF_TONE = {
    "info": "info",
    "success": "pass",
    "warning": "alert",
    "danger": "fail",
    "review": "review",
    "neutral": "todo",
}


@dataclass(frozen=True)
class Badge:
    """A state in a word. At most two a row: one for the work, one for the money."""

    word: Words
    tone: str = "neutral"
    icon: str = ""


@dataclass(frozen=True)
class Identity:
    """Who a page is about, from the record on the page. `phone` is masked by the component."""

    surname: str
    given: str
    url: str
    born: date | None
    number: str
    phone: str = ""
    alerts: Sequence[Badge] = ()


@dataclass(frozen=True)
class SixFacts:
    """The strip under every record heading. An empty value reads "not recorded"."""

    source: Words = ""
    recorded: datetime | None = None
    responsible: Words = ""
    evidence: Words = ""
    approval: Words = ""
    closes_when: Words = ""
    approval_tone: str = ""
    branch: str = ""


@dataclass(frozen=True)
class Stage:
    """One step of the stage bar. `state` is done, current, review, hold or next; `note` a date or word under it."""

    label: Words
    state: str = "next"
    note: Words = ""
    is_current: bool = False


@dataclass(frozen=True)
class Step:
    """One line of a checklist that the system ticks."""

    text: Words
    done: bool = False
    meta: Words = ""
    url: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Review:
    """The four answers when a decision rests on something that changed."""

    title: Words
    changed: Words
    why: Words
    owner: Words
    before: Sequence[Step] = ()
    when: datetime | None = None
    url: str = ""


@dataclass(frozen=True)
class Affected:
    """One line of "This affects": a record, its owner and the decision it needs."""

    title: Words
    decision: Words
    owner: Words = ""
    needs_review: bool = True
    url: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    text: Words
    at: datetime
    meta: Words = ""
    icon: str = "info"
    tone: str = "neutral"
    detail: Words = ""
    detail_title: Words = ""
    url: str = ""


@dataclass(frozen=True)
class Group:
    """Entries under one heading: a visit, a day. With a title they are of the day that it names, and show the hour alone."""

    title: Words
    entries: Sequence[Entry]
    aside: Words = ""


@dataclass(frozen=True)
class View:
    """A saved view of a list: a link with its count. `tone` colours the count."""

    label: Words
    url: str
    count: int | str | None = None
    tone: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class RxCell:
    """One shown value of a prescription; a tone marks what differs or needs care."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class RxRow:
    """One eye. `letter` R or L, `label` the full word."""

    letter: Words
    label: Words
    cells: Sequence[RxCell]


@dataclass(frozen=True)
class Stat:
    """One measure: value, what it is compared with, and where its rows are. `spark` is a drawing as small as a word."""

    label: Words
    value: str
    url: str
    unit: Words = ""
    change: Words = ""
    change_tone: str = ""
    change_icon: str = ""
    meta: Words = ""
    is_current: bool = False
    spark: SafeString | None = None


@dataclass(frozen=True)
class Anchor:
    """A section of one long page."""

    id: str
    label: Words
    count: int | str | None = None
