"""Reports and audits in the search box: by a part of their name."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import palette
from branches.middleware import StaffRequest
from branches.palette import Hit
from branches.roles import Can
from reports.audit.reports import AUDITS
from reports.builder import ready_made
from reports.datasets import querying

# Shorter beginnings are of names of people.
FROM_LETTERS = 3


def connect() -> None:
    palette.register(
        palette.Searcher("reports", gettext_lazy("Reports"), 60, _search, can=Can.VIEW_MEASURES),
    )


def _search(request: StaffRequest, query: str) -> list[Hit]:
    """Ready-made reports, audits and what new ones can be made of: each word that was typed begins one of the name."""
    words = query.casefold().split()
    if not words or min(map(len, words)) < FROM_LETTERS:
        return []
    return [hit for hit in _known(request) if _holds(str(hit.label).casefold().split(), words)][: palette.LIMIT]


def _holds(label: list[str], words: list[str]) -> bool:
    return all(any(part.startswith(word) for part in label) for word in words)


def _known(request: StaffRequest) -> Iterator[Hit]:
    for report in ready_made.for_actor(request.actor, ready_made.REPORTS):
        yield Hit(report.label, reverse("reporting:ready", args=[report.code]), _("Report"), "doc")
    for report in ready_made.for_actor(request.actor, AUDITS):
        yield Hit(report.label, reverse("reporting:audit", args=[report.code]), _("Audit"), "eye")
    for dataset in querying.datasets_for(request.actor):
        yield Hit(dataset.label, reverse("reporting:build", args=[dataset.key]), _("New report"), "plus")
