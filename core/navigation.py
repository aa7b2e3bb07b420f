"""The side navigation, filled by each app from its `AppConfig.ready()`; the shell asks it once a page."""

from collections.abc import Callable
from dataclasses import dataclass

from core.actor import Actor
from core.states import Words


@dataclass(frozen=True)
class Count:
    """A number beside an item: `label` says in words what is counted, `tone` colours it."""

    number: int
    label: Words = ""
    tone: str = ""


# `g` and then ...; the same letters on every page and in every language.
SHORTCUTS = {
    "today": "t",
    "customers": "u",
    "orders": "o",
    "laboratory": "l",
    "cases": "c",
    "stock": "s",
    "messages": "m",
    "shipping": "p",
    "measures": "k",
    "settings": "e",
}


@dataclass(frozen=True)
class Item:
    """`group`: `main` (also in the phone's foot), `desk`, `last`, or `settings` (listed there with `hint`). `can`: the permission without which it is not shown.

    `count` is asked with the actor on every full page; make it one cheap query or leave it out.
    `home_for`: who has this permission and does not receive customers begins the day here.
    """

    key: str
    label: Words
    icon: str
    url_name: str
    order: int
    group: str = "main"
    can: str = ""
    count: Callable[[Actor], Count | None] | None = None
    hint: Words = ""
    home_for: str = ""

    @property
    def shortcut(self) -> str:
        """The letter after `g` that goes there."""
        return SHORTCUTS.get(self.key, "")


_items: dict[str, Item] = {}


def register(item: Item) -> None:
    """Add an item; the same key replaces it."""
    _items[item.key] = item


def items(group: str = "") -> list[Item]:
    """All items, or one group's, in their order."""
    return sorted((item for item in _items.values() if group in {"", item.group}), key=lambda item: item.order)
