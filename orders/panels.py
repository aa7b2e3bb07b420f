"""Sections of the order page from apps that lie above orders: laboratory, messages, cases.

A provider gets (order, viewer) and answers with values for its template, or None to stay away; a key `count` is shown
beside its anchor. It must cost a fixed number of queries.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.states import Words
from orders.models import Order
from orders.viewer import Viewer

MAIN, ASIDE = "main", "aside"
Context = Callable[[Order, Viewer], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Panel:
    """Lower `order` first. Main: items 10, prescription 20, lab 30, payments 40. Aside: history 10, messages 20, cases 30."""

    code: str
    title: Words
    place: str
    order: int
    template: str
    context: Context


@dataclass(frozen=True)
class Built:
    """A panel with its values, ready to be included."""

    panel: Panel
    values: Mapping[str, Any]

    @property
    def count(self) -> int | None:
        count: int | None = self.values.get("count")
        return count


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Add a section; the same code replaces it."""
    _panels[panel.code] = panel


def build(order: Order, viewer: Viewer) -> list[Built]:
    """Every section that has something to show, in order."""
    wanted = sorted(_panels.values(), key=lambda panel: panel.order)
    built = [(panel, panel.context(order, viewer)) for panel in wanted]
    return [Built(panel, values) for panel, values in built if values is not None]
