"""Frames in the search box and under the scanner, anywhere in the product."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches import palette
from branches.middleware import StaffRequest
from branches.palette import Hit, Searcher
from branches.roles import Can
from catalogue.selectors import frame_by_code, search_frames
from core import money


def connect() -> None:
    """At start-up."""
    palette.register(Searcher("frames", _("Frames"), 40, _search, can=Can.VIEW_CATALOGUE))
    palette.register_scanner(_scanned)


def _search(request: StaffRequest, text: str) -> Sequence[Hit]:
    return [
        Hit(
            f"{frame}, {frame.size_mark}",
            reverse("catalogue:frame", args=[frame.pk]),
            meta=f"{frame.sku} · {money.money(frame.price)}",
            icon="glasses",
        )
        for frame in search_frames(text, palette.LIMIT)
    ]


def _scanned(request: StaffRequest, code: str) -> str | None:
    """A scanned frame opens its page."""
    frame = frame_by_code(code)
    return reverse("catalogue:frame", args=[frame.pk]) if frame else None
