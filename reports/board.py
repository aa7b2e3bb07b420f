"""The body of a dashboard, drawn once for the same figures: tiles, the table of all measures, branches side by side."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from reports import pages, selectors
from reports.asking import Asked
from reports.measures import MEASURES
from reports.selectors import TrendRow

TILES = 5
# Everything the words depend on beside the figures: language, day, and what the branches are called now.
Reader = tuple[str | None, date, tuple[tuple[int, str, str], ...]]
Targets = tuple[tuple[tuple[str, int | None], Decimal], ...]


def drawn(asked: Asked, rows: tuple[TrendRow, ...], targets: Mapping[tuple[str, int | None], Decimal]) -> SafeString:
    """The figures themselves are the key, so that a changed one is drawn anew and there is nothing to invalidate."""
    names = tuple((branch.pk, branch.code, branch.label) for branch in asked.reach)
    return _drawn(asked, rows, tuple(targets.items()), (get_language(), timezone.localdate(), names))


@lru_cache(maxsize=32)
def _drawn(asked: Asked, rows: tuple[TrendRow, ...], targets: Targets, reader: Reader) -> SafeString:
    found = selectors.trends_of(rows, MEASURES, asked.ids, asked.period)
    cards = pages.cards(asked, MEASURES, found, dict(targets))
    context = {
        "tiles": [card.tile for card in cards if card.measure.headline][:TILES],
        "cards": cards,
        "branch_rows": pages.side_by_side(asked, MEASURES, found),
    }
    return render_to_string("reports/_board.html", context)
