"""How an event reads in a story: one row for each kind. Apps add rows in their own
`phrases.py`; the kinds that every practice meets are in `records/event_words.py`.

`words` may use the event's data, its new values and `old_...` for the old ones: `Order %(number)s confirmed`.
What an event does not carry is left out, so that an older event never breaks a page.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from branches.roles import Role
from core.formats import short_name
from core.states import Words
from records.models import Event

CLINICAL, ORDERS, MONEY, MESSAGES, CHANGES = "clinical", "orders", "money", "messages", "changes"
GROUPS: dict[str, Words] = {
    CLINICAL: _("Clinical"),
    ORDERS: _("Orders"),
    MONEY: _("Money"),
    MESSAGES: _("Messages"),
    CHANGES: _("Changes"),
}


@dataclass(frozen=True)
class Phrase:
    """One kind of event. `shows_changes`: append old → new of each field.

    `detail` makes the folded part; `values` adds to what the words may use, such as the label of a code.
    `hidden` kinds are shown only when their own group is asked for.
    """

    words: Words
    group: str
    icon: str = "info"
    tone: str = "neutral"
    shows_changes: bool = False
    hidden: bool = False
    detail: Callable[[Event], str] | None = None
    values: Callable[[Event], Mapping[str, Any]] | None = None


@dataclass(frozen=True)
class Sentence:
    """An event in words: what happened, and below it who, role and reason."""

    text: str
    meta: str
    icon: str
    tone: str
    detail: str = ""
    detail_title: str = ""


_phrases: dict[str, Phrase] = {}
_labels: dict[str, Words] = {}
_ROLES: dict[str, Words] = {role.value: role.label for role in Role}


def register(rows: Mapping[str, Phrase]) -> None:
    """Add or replace phrases by event kind."""
    _phrases.update(rows)


def register_labels(labels: Mapping[str, Words]) -> None:
    """How field names in `old` and `new` read: {"right_axis": _("right axis")}."""
    _labels.update(labels)


def kinds_of(group: str) -> list[str]:
    """The event kinds behind one filter chip."""
    return sorted(kind for kind, phrase in _phrases.items() if phrase.group == group)


def hidden_kinds() -> list[str]:
    """Kinds that a story shows only when their group is asked for: looking is not doing."""
    return sorted(kind for kind, phrase in _phrases.items() if phrase.hidden)


def every() -> dict[str, Phrase]:
    """All phrases by event kind."""
    return dict(_phrases)


def say(event: Event) -> Sentence:
    """The event as a person reads it. A kind without a phrase still says what it is."""
    phrase = _phrase(event)
    return Sentence(
        text=text_of(event),
        meta=_meta(event),
        icon=phrase.icon,
        tone=phrase.tone,
        detail=phrase.detail(event) if phrase.detail else "",
    )


def _phrase(event: Event) -> Phrase:
    known = _phrases.get(event.kind)
    return known or Phrase(event.kind.replace(".", ": ").replace("_", " ").capitalize(), CHANGES)


def text_of(event: Event) -> str:
    """What happened, alone; for lists that show no more of an event."""
    phrase = _phrase(event)
    text: str = fill(str(phrase.words), _values(event, phrase))
    if phrase.shows_changes and (event.old or event.new):
        return format_html("{}: {}", text, changes(event.old, event.new))
    return text


_EMPTY_BRACKETS = re.compile(r"\(\s*\)|«\s*»|“\s*”")


def fill(words: str, values: Mapping[str, Any]) -> str:
    """`words` with its %(names)s filled; unknown ones vanish, and with all of them unknown all after the colon."""
    names = re.findall(r"%\(([^)]+)\)s", words)
    if names and not any(values.get(name) for name in names):
        words = words.partition(":")[0]
    filled = re.sub(r"%\(([^)]+)\)s", lambda match: str(values.get(match[1], "")), words)
    tidy = " ".join(_EMPTY_BRACKETS.sub("", filled).split())
    return re.sub(r"(\s*[,:·]\s*)+$", "", tidy.replace(" ,", ","))


def _values(event: Event, phrase: Phrase) -> dict[str, Any]:
    old = {f"old_{name}": value for name, value in event.old.items()}
    more = phrase.values(event) if phrase.values else {}
    return {**old, **event.data, **event.new, "reason": event.reason, "actor": event.actor_name, **more}


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> SafeString:
    """`right axis <del>065°</del> → <ins>090°</ins>`, field by field."""
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name) != new.get(name)]
    rows: Iterable[tuple[SafeString]] = ((_change(label(name), old.get(name), new.get(name)),) for name in names)
    return format_html_join(mark_safe(", "), "{}", rows)


def _change(name: str, old: Any, new: Any) -> SafeString:
    if old in (None, ""):
        return format_html("{} <ins>{}</ins>", name, new)
    if new in (None, ""):
        return format_html("{} <del>{}</del>", name, old)
    return format_html("{} <del>{}</del> → <ins>{}</ins>", name, old, new)


def label(name: str) -> str:
    """A field's name in words."""
    return str(_labels[name]) if name in _labels else name.replace("_", " ")


def _meta(event: Event) -> str:
    who = _person(event)
    parts = [who, event.reason if event.reason else ""]
    return " · ".join(part for part in parts if part)


def _person(event: Event) -> str:
    """`N. Khumalo, optometrist`; a customer by link and the system by their own words."""
    if event.role == "customer":
        return gettext("%(name)s, by link") % {"name": event.actor_name}
    short = short_name(event.actor_name) if event.actor_id else event.actor_name
    role = _ROLES.get(event.role, "")
    return f"{short}, {str(role).lower()}" if role else short
