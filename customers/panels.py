"""What other apps show on the customer's page. They lie above customers, so they register here from `customer_panels.py`.

A provider gets (customer, viewer) and answers with values; it must cost a fixed number of queries.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from branches.access import allowed
from branches.scope import Scope
from core.actor import Actor
from core.states import Words
from core.ui import Badge
from customers.models import Customer

RAIL, ASIDE = "rail", "aside"
Read = TypeVar("Read")


@dataclass(frozen=True)
class Viewer:
    """Who looks: what they may do and which branches they see."""

    actor: Actor
    scope: Scope
    _read: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, read: Callable[[], Read]) -> Read:
        """What several providers of one page need is read once: `read` runs the first time `name` is asked for."""
        if name not in self._read:
            self._read[name] = read()
        found: Read = self._read[name]
        return found

    def may(self, permission: str) -> bool:
        return allowed(self.actor, permission, self.actor.branch_id)


Context = Callable[[Customer, Viewer], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """A section of the page. `context` None hides it; `can` is the permission without which it is not built.

    `place`: `rail` (left: who the person is) or `aside` (right: what is open). Lower `order` first; prescription 10,
    contact 20, consent 30, household 40; open orders 10, balance 20, next 30.
    """

    code: str
    place: str
    order: int
    template: str
    context: Context
    can: str = ""


@dataclass(frozen=True)
class Action:
    """A button at the head of the page. `primary`: at most the first one allowed is drawn as primary.

    With `post` it is a form of its own that sends these values; without it a link.
    """

    label: Words
    url: str
    key: str = ""
    primary: bool = False
    post: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Extras:
    """Small contributions to the head and the last section of the page."""

    alerts: Sequence[Badge] = ()
    summary: Sequence[Words] = ()
    actions: Sequence[Action] = ()
    next: Sequence[tuple[Words, Words]] = ()
    closes_when: Sequence[Words] = field(default_factory=tuple)


@dataclass(frozen=True)
class VisitDay:
    """A day on which the customer was here: heading of that day in the story."""

    branch: str
    how: Words


ExtrasOf = Callable[[Customer, Viewer], Extras]
DaysOf = Callable[[Sequence[int], Sequence[date]], Mapping[date, VisitDay]]

_panels: dict[str, Panel] = {}
_extras: dict[str, ExtrasOf] = {}
_days: list[DaysOf] = []


def register(panel: Panel) -> None:
    """Add a section; the same code replaces it."""
    _panels[panel.code] = panel


def register_extras(code: str, provider: ExtrasOf) -> None:
    """Add badges beside the name, words of the summary, buttons, lines of "Next" and closing conditions."""
    _extras[code] = provider


def register_visit_days(provider: DaysOf) -> None:
    """Visits tell on which of the given days the customer (with merged records) was in a branch."""
    _days[:] = [provider]


def visit_days(customer_ids: Sequence[int], days: Sequence[date]) -> Mapping[date, VisitDay]:
    return _days[0](customer_ids, days) if _days and days else {}


def extras_of(customer: Customer, viewer: Viewer) -> Extras:
    """All apps' contributions, joined in the order of their codes."""
    parts = [_extras[code](customer, viewer) for code in sorted(_extras)]
    return Extras(
        alerts=[alert for part in parts for alert in part.alerts],
        summary=[words for part in parts for words in part.summary],
        actions=[action for part in parts for action in part.actions],
        next=[line for part in parts for line in part.next],
        closes_when=[words for part in parts for words in part.closes_when],
    )


def built(place: str, customer: Customer, viewer: Viewer) -> list[tuple[str, Mapping[str, Any]]]:
    """(template, context) of the sections of one place that have something to show to this viewer."""
    wanted = sorted((panel for panel in _panels.values() if panel.place == place), key=lambda panel: panel.order)
    shown = (
        (panel.template, panel.context(customer, viewer)) for panel in wanted if not panel.can or viewer.may(panel.can)
    )
    return [(template, context) for template, context in shown if context is not None]
