"""Find returns within a scope, and what the list says of each, in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales import states
from aftersales.models import Return, ReturnState
from branches.scope import Scope
from core import ui
from core.errors import NotVisible
from core.paging import KeyPage, by_key
from core.states import Words
from customers.names import holding

_WITH = (
    "order__customer", "order__branch", "order__collect_branch", "order__prescription", "branch", "replacement",
    "requested_by", "decided_by", "received_by", "inspected_by", "settled_by", "credit", "refund", "recorded_by",
)  # fmt: skip
MOST_COUNTED = 1000
# code: (label, states, tone of its count)
VIEWS: dict[str, tuple[Words, tuple[str, ...], str]] = {
    "decide": (gettext_lazy("To decide"), (ReturnState.REQUESTED,), "warning"),
    "expected": (gettext_lazy("Expected"), (ReturnState.APPROVED,), ""),
    "received": (gettext_lazy("To inspect"), (ReturnState.RECEIVED,), "warning"),
    "settle": (gettext_lazy("To settle"), (ReturnState.INSPECTED,), "warning"),
    "settled": (gettext_lazy("Settled"), (ReturnState.REFUNDED, ReturnState.REPLACED), ""),
    "open": (gettext_lazy("All open"), tuple(states.OPEN), ""),
    "over": (gettext_lazy("Closed and declined"), ("declined", "withdrawn", "closed"), ""),
}


@dataclass(frozen=True)
class ReturnFilters:
    """What the address asks for."""

    view: str = "open"
    q: str = ""


def read(query: Mapping[str, str]) -> ReturnFilters:
    view = query.get("view", "open")
    return ReturnFilters(view if view in VIEWS else "open", query.get("q", "").strip()[:80])


def returns_for(scope: Scope) -> QuerySet[Return]:
    """Returns of orders sold or handed over in the scope's branches, with what every page reads."""
    found = Return.objects.select_related(*_WITH)
    if scope.everything:
        return found
    here = scope.branch_ids
    return found.filter(Q(branch_id__in=here) | Q(order__branch_id__in=here))


def return_of(scope: Scope, number: str) -> Return:
    """One return by its number. Raises NotVisible."""
    found = returns_for(scope).filter(number=number.upper()).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def _found(scope: Scope, filters: ReturnFilters) -> QuerySet[Return]:
    rows = returns_for(scope)
    if not filters.q:
        return rows
    code = filters.q.upper()
    numbered = Q(number__startswith=code) | Q(order__number__startswith=code)
    return rows.filter(numbered | holding(filters.q, "order__customer__"))


def page_of(scope: Scope, filters: ReturnFilters, after: str) -> KeyPage[Return]:
    """One page, the longest waiting first; what is over, the newest first."""
    rows = _found(scope, filters).filter(state__in=VIEWS[filters.view][1]).prefetch_related("items")
    return by_key(rows, after, ("-id",) if filters.view == "over" else ("id",))


def rows_of(found: Sequence[Return]) -> list[tuple[Return, ui.Badge, str]]:
    """Each with its badge and its things in words."""
    return [(one, badge(one), ", ".join(item.description for item in one.items.all())) for one in found]


def badge(found: Return) -> ui.Badge:
    tone, icon = states.TONE[found.state]
    return ui.Badge(found.get_state_display(), tone, icon)


def tabs(scope: Scope, filters: ReturnFilters) -> list[ui.View]:
    base, made = reverse("aftersales:list"), []
    for code, (label, wanted, tone) in VIEWS.items():
        count = None
        if code != "over":
            count = _found(scope, filters).filter(state__in=wanted).order_by()[:MOST_COUNTED].count()
        params = {"view": code, **({"q": filters.q} if filters.q else {})}
        made.append(ui.View(label, f"{base}?{urlencode(params)}", count, tone, code == filters.view))
    return made


def undecided(scope: Scope) -> int:
    """How many wait for a yes or a no."""
    return returns_for(scope).filter(state=ReturnState.REQUESTED).order_by()[:MOST_COUNTED].count()
