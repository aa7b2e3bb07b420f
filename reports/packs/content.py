"""A pack as its readers see it: the month's sums with words, the measures with their causes, the same in PDF and workbook."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from branches.models import Branch, Organisation
from core import formats, money, pdf
from core.formats import dated
from orders.models import LineKind, PaymentMethod
from reports import cause_page, pages, selectors
from reports.asking import Asked
from reports.cause_page import Breakdown, Story
from reports.datasets.base import Column, Kind
from reports.datasets.holding import case_kinds
from reports.exports.files import Content
from reports.measures import MEASURES
from reports.packs import figures, paper
from reports.packs.figures import Month
from reports.pages import Card
from reports.periods import Period
from reports.selectors import TrendsOf

MOST_CAUSES = 5
MONTHS_DRAWN = 12
DRAWN_MM = 82  # two beside each other on A4


@dataclass(frozen=True)
class Told:
    """One measure; those of the head of the dashboard with the breakdown by their first cause and the trend of a year."""

    card: Card
    breakdown: Breakdown | None = None
    story: Story | None = None

    @property
    def bars(self) -> SafeString:
        return paper.drawn(self.breakdown.narrow, DRAWN_MM) if self.breakdown else SafeString("")

    @property
    def line(self) -> SafeString:
        return paper.drawn(self.story.narrow, DRAWN_MM) if self.story else SafeString("")


@dataclass(frozen=True)
class PackContent:
    """Everything on the paper. `before` is the month before, or as many days of it, for comparison."""

    title: str
    place: str
    branches: Sequence[Branch]
    month: Month
    before: Month
    measures: Sequence[Told]
    made: Any
    is_partial: bool


def period_of(first: date, today: date) -> Period:
    """A month from its first day to its last, or to today while it runs."""
    end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Period(first, min(end, today))


def collect(branches: Sequence[Branch], place: str, first: date, today: date) -> PackContent:
    """Read everything for one pack."""
    period = period_of(first, today)
    is_partial = period.last != period_of(first, date.max).last
    before = period_of((first - timedelta(days=1)).replace(day=1), today)
    if is_partial:  # as many days of the month before: equal spans are compared
        before = Period(before.first, min(before.last, before.first + timedelta(days=period.days - 1)))
    ids = [branch.pk for branch in branches]
    return PackContent(
        title=dated(first, "F Y"),
        place=place,
        branches=branches,
        month=figures.month(ids, period),
        before=figures.month(ids, before),
        measures=_measures(branches, period),
        made=timezone.now(),
        is_partial=is_partial,
    )


def _measures(branches: Sequence[Branch], period: Period) -> list[Told]:
    """The measures of the dashboards for these branches alone, headlines first; each with what moved it, and with its year."""
    asked = Asked(tuple(branches), tuple(branches), period)
    year = replace(asked, period=Period(_months_before(period.first, MONTHS_DRAWN - 1), period.last))
    found = selectors.trends(MEASURES, asked.ids, asked.period)
    telling = [one for one in MEASURES if one.headline]
    longer = selectors.trends(telling, asked.ids, year.period)
    targets = selectors.targets(asked.ids, asked.period.last)
    cards = pages.cards(asked, MEASURES, found, targets)
    ordered = sorted(cards, key=lambda card: not card.measure.headline)
    return [
        _told(asked, card, found, year, longer, selectors.target_of(targets, card.measure, asked.ids))
        for card in ordered
        if card.sums.facts or card.measure.headline
    ]


def _told(asked: Asked, card: Card, found: TrendsOf, year: Asked, longer: TrendsOf, target: Decimal | None) -> Told:
    of = card.measure
    if not of.headline:
        return Told(card)
    story = cause_page.story(year, of, pages.trend_of(longer, of, year.ids), target)
    return Told(card, cause_page.breakdown(asked, of, of.causes[0].key, found), story)


def _months_before(first: date, months: int) -> date:
    years, month = divmod(first.month - 1 - months, 12)
    return date(first.year + years, month + 1, 1)


def context(content: PackContent) -> dict[str, Any]:
    """What the paper prints, money as amounts under a heading that names the currency."""
    methods, kinds, lines = dict(PaymentMethod.choices), case_kinds(), dict(LineKind.choices)
    month = content.month
    return {
        "pack": content,
        "month": month,
        "before": content.before,
        "organisation": Organisation.objects.first(),
        "for_pdf": True,
        "changes": {
            name: change(getattr(month, name), getattr(content.before, name), _than(name, content.is_partial))
            for name in _COMPARED
        },
        "takings": [(one, methods.get(one.method, one.method)) for one in month.takings],
        "margins": [(one, lines.get(one.kind, one.kind)) for one in month.margins],
        "cases": [(one, kinds.get(one.kind, one.kind)) for one in month.cases],
        "balances": [one for one in month.balances if one.amount > 0][: figures.MOST_BALANCES],
        "more_balances": max(0, sum(one.amount > 0 for one in month.balances) - figures.MOST_BALANCES),
        "stock": month.stock[:12],
        "more_stock": max(0, len(month.stock) - 12),
        "is_group": len(content.branches) > 1,
        "most_causes": MOST_CAUSES,
    }


_COMPARED = ("gross", "taken", "margin", "owed", "orders", "stock_value")
_LEVELS = ("owed", "stock_value")


def _than(name: str, is_partial: bool) -> str:
    if not is_partial:
        return _("on the month before")
    return _("on the same day a month before") if name in _LEVELS else _("on as many days of the month before")


def change(now: Decimal | int, before: Decimal | int, than: str) -> str:
    """`+12 % on the month before`; nothing where there was nothing."""
    if not before:
        return ""
    percent = round((Decimal(now) - Decimal(before)) / abs(Decimal(before)) * 100)
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return _("%(change)s %(than)s") % {"change": f"{sign}{abs(percent)} %", "than": than}


def as_pdf(content: PackContent) -> bytes:
    return pdf.render(render_to_string("reporting/pack_paper.html", context(content)))


def as_workbook(content: PackContent) -> bytes:
    """One sheet a section; amounts are numbers."""
    from reports.exports import workbooks  # openpyxl is loaded when the first one is written

    return workbooks.of_sheets(_sheets(content))


def _columns(*names: tuple[str, Kind]) -> list[Column]:
    return [Column(f"c{place}", name, kind) for place, (name, kind) in enumerate(names)]


def _sheets(content: PackContent) -> list[Content]:
    month, text, amount, number = content.month, Kind.TEXT, Kind.MONEY, Kind.NUMBER
    methods, lines, kinds = dict(PaymentMethod.choices), dict(LineKind.choices), case_kinds()
    summary = [
        (_("Sales with tax"), month.gross, content.before.gross),
        (_("Tax in it"), month.tax, content.before.tax),
        (_("Takings"), month.taken, content.before.taken),
        (_("Margin before tax"), month.margin, content.before.margin),
        (_("Owed by customers"), month.owed, content.before.owed),
        (_("Owed to customers"), month.credit, content.before.credit),
        (_("Stock at cost"), month.stock_value, content.before.stock_value),
    ]
    return [
        Content(_("Summary"), _columns((f"{content.place}, {content.title}", text), (_("Month"), amount), (_("Before"), amount)), summary),
        Content(_("Sales and tax"), _columns((_("Branch"), text), (_("Tax, per cent"), number), (_("Orders"), number), (_("Charged"), amount), (_("Corrected"), amount), (_("With tax"), amount), (_("Tax"), amount), (_("Before tax"), amount)),
                [(one.branch, one.rate, one.orders, one.charged, one.corrected, one.gross, one.tax, one.net) for one in month.sales]),
        Content(_("Takings"), _columns((_("Branch"), text), (_("Method"), text), (_("Paid"), amount), (_("Refunded"), amount), (_("Takings"), amount), (_("Entries"), number)),
                [(one.branch, methods.get(one.method, one.method), one.paid, one.refunded, one.net, one.entries) for one in month.takings]),
        Content(_("Margin"), _columns((_("Kind"), text), (_("Pieces"), number), (_("Discount"), amount), (_("Before tax"), amount), (_("Cost"), amount), (_("Margin"), amount)),
                [(lines.get(one.kind, one.kind), one.pieces, one.discount, one.sales, one.cost, one.margin) for one in month.margins]),
        Content(_("Measures"), _columns((_("Measure"), text), (_("Value"), number), (_("Unit"), text), (_("Change"), text), (_("Counted"), text), (_("What moved it"), text)),
                [_measure_row(told) for told in content.measures]),
        Content(_("Balances"), _columns((_("Order"), text), (_("Branch"), text), (_("Confirmed"), Kind.DAY), (pgettext("day", "Due"), Kind.DAY), (_("Owed"), amount), (_("Days"), number)),
                [(one.order, one.branch, one.confirmed, one.due, one.amount, one.days) for one in month.balances]),
        Content(_("Cases"), _columns((_("Kind"), text), (_("Opened"), number), (_("Closed"), number), (_("Open at the end"), number), (_("Median hours to close"), number)),
                [(kinds.get(one.kind, one.kind), one.opened, one.closed, one.open, None if one.median_hours is None else round(one.median_hours, 1)) for one in month.cases]),
        Content(_("Stock"), _columns((_("Branch"), text), (_("Brand"), text), (_("Pieces"), number), (_("At cost"), amount)),
                [(one.branch, one.brand, one.pieces, one.value) for one in month.stock]),
    ]  # fmt: skip


def _measure_row(told: Told) -> tuple[str, Decimal | None, str, str, str, str]:
    """A figure as a number with its unit beside it; none where there are too few."""
    card = told.card
    plain = card.value.replace(money.NBSP, "").replace(formats.MINUS, "-")
    value = None if card.value == formats.DASH else Decimal(plain)
    moved = card.change.words if card.change else ""
    sentence = told.breakdown.sentence if told.breakdown else ""
    return str(card.measure.label), value, card.unit, str(moved), card.counted, sentence


def summary_of(content: PackContent) -> dict[str, str]:
    """The head figures, kept with the pack for its list and its mail."""
    month = content.month
    return {
        "sales": money.money(month.gross),
        "takings": money.money(month.taken),
        "margin": money.money(month.margin),
        "owed": money.money(month.owed),
    }


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
