"""What a dashboard is asked for: whose branches, which span. Read from the address, never beyond what the person may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.roles import Can
from core import addresses
from core.actor import Actor
from core.errors import NotVisible
from reports import periods, selectors
from reports.periods import Period

ALL = "all"


@dataclass(frozen=True)
class Asked:
    """`branches` are shown, `reach` is all whose measures the person may see; both by name, closed branches last."""

    branches: tuple[Branch, ...]
    reach: tuple[Branch, ...]
    period: Period

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: everything that is kept for a dashboard is looked up by it."""
        return hash((self.branches, self.reach, self.period))

    @property
    def branch(self) -> Branch | None:
        """The one branch that is shown, or None for several."""
        return self.branches[0] if len(self.branches) == 1 else None

    @cached_property
    def ids(self) -> list[int]:
        return [branch.pk for branch in self.branches]

    @property
    def reach_ids(self) -> list[int]:
        return [branch.pk for branch in self.reach]

    @property
    def has_others(self) -> bool:
        """Whether there are branches to compare with."""
        return len(self.reach) > len(self.branches)

    @property
    def title(self) -> str:
        return self.branch.label if self.branch else _("all branches")

    @cached_property
    def query(self) -> dict[str, str]:
        """What an address must carry to ask the same again."""
        code = self.branch.code if self.branch and len(self.reach) > 1 else (ALL if len(self.reach) > 1 else "")
        found = {"branch": code} if code else {}
        if self.period.kind == periods.OWN:
            first, last = self.period.first.isoformat(), self.period.last.isoformat()
            return found | {"period": periods.OWN, "from": first, "to": last}
        return found | ({"period": self.period.kind} if self.period.kind != periods.DEFAULT else {})

    def url(self, name: str, *args: object, **more: str) -> str:
        """An address of the measures that keeps branch and span. `more` adds or replaces; empty values are left out."""
        return address(name, {**self.query, **more}, *args) if more else address(name, {}, *args) + self.tail

    @cached_property
    def tail(self) -> str:
        """The end of such an address, `?branch=all&period=year`, or nothing."""
        return address("", self.query)


def address(name: str, query: Mapping[str, str], *args: object) -> str:
    """An address of the measures with what is not empty of a query; without a name only the query."""
    kept = urlencode({key: value for key, value in query.items() if value})
    path = addresses.to(f"measures:{name}", *args) if name else ""
    return f"{path}?{kept}" if kept else path


def reach(actor: Actor, branches: Iterable[Branch], period: Period, code: str = "") -> tuple[Branch, ...]:
    """Of these branches those whose measures the person may see: where their role carries the right, not merely where they work.

    After the open ones the closed ones that counted something in the span or the equal one before, so that the past keeps
    its total, and the one that is asked for by its code.
    """
    held = access.branches_with(actor, Can.VIEW_MEASURES)
    everywhere = actor.is_system or None in held
    mine = [branch for branch in branches if everywhere or branch.pk in held]
    closed = [branch for branch in mine if not branch.is_active]
    counted = selectors.counted_in([branch.pk for branch in closed], period)
    shown = [branch for branch in closed if branch.pk in counted or branch.code.lower() == code.lower()]
    return (*(branch for branch in mine if branch.is_active), *shown)


def of(request: StaffRequest) -> Asked:
    """What the address asks for. Raises NotVisible beyond the person's reach.

    Without a choice: the branch of the day, or all for head office.
    """
    query, actor = request.GET, request.actor
    period = periods.chosen(query.get("period", ""), query.get("from", ""), query.get("to", ""), timezone.localdate())
    reachable = reach(actor, [*request.branches, *request.closed_branches], period, query.get("branch", ""))
    if not reachable:
        raise NotVisible(_("Not found."))
    return Asked(_chosen(actor, reachable, query.get("branch", "")), reachable, period)


def _chosen(actor: Actor, reachable: tuple[Branch, ...], code: str) -> tuple[Branch, ...]:
    everywhere = None in access.branches_with(actor, Can.VIEW_MEASURES)
    if code == ALL or (not code and everywhere):
        return reachable
    if not code:
        here = tuple(branch for branch in reachable if branch.pk == actor.branch_id)
        return here or reachable
    found = tuple(branch for branch in reachable if branch.code.lower() == code.lower())
    if not found:
        raise NotVisible(_("Not found."))
    return found
