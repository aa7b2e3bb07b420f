"""Lists that can be taken home: a list page offers the export, an app far above it makes the file.

The list page writes `{% export_list "orders" %}`; the app that exports registers the address that takes the list's filters.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from core.actor import Actor


@dataclass(frozen=True)
class Export:
    """`url_name` takes the list's key and, by POST, `listed` (the filters of its address) and `format`."""

    url_name: str
    may: Callable[[Actor], bool]


_exports: dict[str, Export] = {}


def register(key: str, export: Export) -> None:
    """Say who makes the file of this list, and who may ask for it."""
    _exports[key] = export


def address(key: str, actor: Actor | None) -> str:
    """Where this person asks for the export of this list; empty when nobody makes it or the role does not reach."""
    found = _exports.get(key)
    if found is None or actor is None or not found.may(actor):
        return ""
    return reverse(found.url_name, args=[key])
