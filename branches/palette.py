"""What the search box (Ctrl-K) and the scanner find: each app registers who searches its things.

A searcher gets the request (its `scope` decides what is seen) and never tells of what lies outside.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from branches import access
from branches.context import visible
from branches.middleware import StaffRequest
from core.states import Words

LIMIT = 5
RECENT = "recent"


@dataclass(frozen=True)
class Hit:
    """One line of the results. `meta` tells namesakes apart; `form` makes it a POST with these fields."""

    label: Words
    url: str
    meta: Words = ""
    icon: str = "right"
    key: str = ""
    form: Sequence[tuple[str, str]] = ()


Search = Callable[[StaffRequest, str], Sequence[Hit]]


@dataclass(frozen=True)
class Searcher:
    """A group of results. `prefix` (`@`, `#`, `>`) asks for this group alone; `can`: without it the group is not asked."""

    key: str
    label: Words
    order: int
    search: Search
    can: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Group:
    key: str
    label: Words
    hits: Sequence[Hit]


_searchers: dict[str, Searcher] = {}
_offers: list[Search] = []
_scanners: list[Callable[[StaffRequest, str], str | None]] = []


def register(searcher: Searcher) -> None:
    """Add a group of results; called from `AppConfig.ready()`."""
    _searchers[searcher.key] = searcher


def register_offer(offer: Search) -> None:
    """What to offer when nothing was found, for example to add a customer of that name."""
    _offers.append(offer)


def register_scanner(scanner: Callable[[StaffRequest, str], str | None], first: bool = False) -> None:
    """Add a reader of scanned codes: it gives the address of what the code names, or None when it is not its kind.

    `first` asks it before the others: it knows better what is done next with the thing in the hand.
    """
    _scanners.insert(0 if first else len(_scanners), scanner)


def find(request: StaffRequest, query: str) -> list[Group]:
    """The groups for what was typed; without a word, what this person opened last."""
    wanted, text = _split(query)
    if not text and not wanted:
        return _recent(request)
    searchers = sorted(_searchers.values(), key=lambda searcher: searcher.order)
    asked = [one for one in searchers if (one.prefix == wanted if wanted else True) and _may(request, one)]
    groups = [Group(one.key, one.label, list(one.search(request, text))[:LIMIT]) for one in asked]
    return [group for group in groups if group.hits]


def offers(request: StaffRequest, query: str) -> list[Hit]:
    return [hit for offer in _offers for hit in offer(request, text_of(query))]


def resolve(request: StaffRequest, code: str) -> str | None:
    """Where a scanned code leads."""
    return next((url for scanner in _scanners if (url := scanner(request, code))), None)


def text_of(query: str) -> str:
    return _split(query)[1]


def visited(request: StaffRequest, label: str, url: str, icon: str) -> None:
    """A record page was opened: it heads the list of the empty search box. Kept in the session only."""
    recent: list[dict[str, str]] = [one for one in request.session.get(RECENT, []) if one["url"] != url]
    entry = {"label": label, "url": url, "icon": icon}
    if request.session.get(RECENT, [])[:1] != [entry]:
        request.session[RECENT] = [entry, *recent][:LIMIT]


def commands(request: StaffRequest, text: str) -> list[Hit]:
    """Pages of the navigation and of the settings, and the other branches."""
    words = text.lower().split()
    hits = [
        Hit(_("Go to %(page)s") % {"page": item.label}, reverse(item.url_name), icon=item.icon,
            key=f"g {item.shortcut}" if item.shortcut else "")
        for item in visible(request.actor)
    ]  # fmt: skip
    hits += [
        Hit(_("Switch to branch %(branch)s") % {"branch": branch}, reverse("branches:switch"), icon="flag",
            form=(("branch", str(branch.pk)), ("next", reverse("home"))))
        for branch in request.branches if branch.pk != request.branch.pk
    ]  # fmt: skip
    hits.append(
        Hit(_("Lock this computer"), reverse("branches:lock"), icon="lock", key="Ctrl Shift L", form=(("next", "/"),))
    )
    return [hit for hit in hits if all(word in str(hit.label).lower() for word in words)]


def _recent(request: StaffRequest) -> list[Group]:
    recent: list[dict[str, Any]] = request.session.get(RECENT, [])
    hits = [Hit(one["label"], one["url"], icon=one["icon"]) for one in recent]
    groups = [Group("recent", _("Opened last"), hits), Group("commands", _("Commands"), commands(request, "")[:LIMIT])]
    return [group for group in groups if group.hits]


def _split(query: str) -> tuple[str, str]:
    """(prefix, words): `@mok` asks for customers only."""
    text = query.strip()
    prefixes = {searcher.prefix for searcher in _searchers.values() if searcher.prefix}
    return (text[0], text[1:].strip()) if text[:1] in prefixes else ("", text)


def _may(request: StaffRequest, searcher: Searcher) -> bool:
    return not searcher.can or access.allowed(request.actor, searcher.can, request.actor.branch_id)
