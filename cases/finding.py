"""Cases in the search box and under the scanner."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from branches import palette
from branches.middleware import StaffRequest
from branches.palette import Hit, Searcher
from branches.roles import Can
from cases import selectors


def connect() -> None:
    """At start-up."""
    palette.register(Searcher("cases", _("Cases"), 35, _search, can=Can.VIEW_CASES))
    palette.register_scanner(_scanned)


def _search(request: StaffRequest, text: str) -> Sequence[Hit]:
    """By number: `K-00012`, or its beginning."""
    wanted = text.strip().upper()
    if not wanted.startswith("K-"):
        return []
    found = selectors.visible(request.scope).filter(number__startswith=wanted).order_by("-pk")[: palette.LIMIT]
    return [
        Hit(
            f"{case.number}, {case.title}",
            reverse("cases:page", args=[case.number]),
            f"{case.get_state_display()} · {case.branch.code}",
            "flag",
        )
        for case in found
    ]


def _scanned(request: StaffRequest, code: str) -> str | None:
    found = selectors.visible(request.scope).filter(number=code.strip().lstrip("~").upper()).first()
    return reverse("cases:page", args=[found.number]) if found else None
