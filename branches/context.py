"""What every staff page's shell shows: organisation, branch, navigation, who is signed in."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from branches import access, notices
from branches.desk import at_this_desk
from branches.middleware import StaffRequest
from branches.models import Organisation
from branches.roles import Role
from core import addresses, navigation
from core.actor import Actor
from core.shortlived import remembered
from core.states import Words

THEME_COOKIE = "theme"
THEMES = frozenset({"light", "dark"})


@dataclass(frozen=True)
class Link:
    """A navigation item as the page prints it."""

    label: Words
    icon: str
    url: str
    is_current: bool
    count: navigation.Count | None
    shortcut: str = ""


@dataclass(frozen=True)
class LinkGroup:
    name: str
    items: tuple[Link, ...]


def shell(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "branch": getattr(request, "branch", None),
        "branches": getattr(request, "branches", []),
        "actor": actor,
        "actor_role": Role(actor.role).label if actor and actor.role in Role.values else "",
        "organisation": SimpleLazyObject(lambda: remembered("organisation", Organisation.objects.first)),
        "navigation": lambda: links(actor, request.path) if actor else (),
        "notice_count": SimpleLazyObject(lambda: _notices(request, actor)),
        "desk_today": SimpleLazyObject(lambda: at_this_desk(request)),
        "theme": theme if theme in THEMES else "",
    }


def _notices(request: HttpRequest, actor: Actor | None) -> int:
    if actor is None or actor.user_id is None:
        return 0
    return remembered(("notices", actor.user_id), lambda: notices.count(cast(StaffRequest, request)))


def links(actor: Actor, path: str) -> tuple[LinkGroup, ...]:
    """The navigation of this person: only what the role reaches, with counts of the branch."""
    groups = [LinkGroup(name, _group(name, actor, path)) for name in ("main", "desk", "last")]
    return tuple(group for group in groups if group.items)


def visible(actor: Actor, group: str = "") -> list[navigation.Item]:
    return [
        item for item in navigation.items(group) if not item.can or access.allowed(actor, item.can, actor.branch_id)
    ]


def _group(name: str, actor: Actor, path: str) -> tuple[Link, ...]:
    return tuple(_link(item, actor, path) for item in visible(actor, name))


def _link(item: navigation.Item, actor: Actor, path: str) -> Link:
    url = addresses.to(item.url_name)
    ask = item.count
    count = remembered(("count", item.key, actor.user_id, actor.branch_id), lambda: ask(actor)) if ask else None
    is_current = path == url or (url != "/" and path.startswith(url))
    shown = count if count and count.number else None
    return Link(item.label, item.icon, url, is_current, shown, item.shortcut)
