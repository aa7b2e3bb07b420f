"""Reports that come with the product: for the daily work, and for audits."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches import access
from core.actor import Actor
from core.errors import NotVisible
from core.states import Words
from reports.datasets import base
from reports.datasets.base import Definition, Filter


@dataclass(frozen=True)
class Report:
    """A question with a name."""

    code: str
    label: Words
    hint: Words
    definition: Definition


def asked(dataset: str, columns: str, *filters: tuple[str, str, str], groups: str = "", sort: str = "") -> Definition:
    """A definition in one line: columns and groups as words, filters as column, operator, value."""
    return Definition(
        dataset,
        tuple(columns.split()),
        tuple(Filter(*one) for one in filters),
        tuple(groups.split()),
        sort,
    )


LAST_MONTH, THIS_MONTH, THIS_YEAR = "last_month", "this_month", "this_year"

REPORTS = (
    Report(
        "takings",
        gettext_lazy("Takings by day and method"),
        gettext_lazy("What came into the till, refunds taken off"),
        asked(
            "ledger", "taken", ("at", "in", THIS_MONTH), ("kind", "is", "payment,refund"),
            groups="at:day branch method",
        ),
    ),
    Report(
        "sales",
        gettext_lazy("Sales by seller"),
        gettext_lazy("Items of confirmed orders, with discount and tax"),
        asked("lines", "quantity discount net tax before_tax", ("confirmed", "in", THIS_MONTH), groups="branch seller kind"),
    ),
    Report(
        "outstanding",
        gettext_lazy("Outstanding balances"),
        gettext_lazy("Placed orders on which something is owed"),
        asked(
            "orders", "number branch state confirmed payment_due total paid balance",
            ("balance", "at_least", "0.01"), ("state", "is_not", "draft,quoted,approved,cancelled"), sort="-balance",
        ),
    ),
    Report(
        "remake_causes",
        gettext_lazy("Remakes by cause"),
        gettext_lazy("Requests by laboratory, cause and party at fault"),
        asked("remakes", "number", ("requested", "in", THIS_YEAR), groups="lab cause party", sort="-rows"),
    ),
    Report(
        "stock_value",
        gettext_lazy("Stock by brand"),
        gettext_lazy("Pieces and value at cost"),
        asked("stock", "on_hand reserved value", ("on_hand", "at_least", "1"), groups="branch brand"),
    ),
    Report(
        "no_shows",
        gettext_lazy("Missed appointments"),
        gettext_lazy("Booked, not kept"),
        asked("appointments", "begins branch kind clinician customer", ("begins", "in", THIS_MONTH), ("state", "is", "no_show")),
    ),
)  # fmt: skip


def for_actor(actor: Actor, reports: Sequence[Report]) -> list[Report]:
    """Those whose dataset and columns the actor may see."""
    return [report for report in reports if _may(actor, report)]


def _may(actor: Actor, report: Report) -> bool:
    dataset = base.find(report.definition.dataset)
    if dataset is None or not access.allowed(actor, dataset.can, None):
        return False
    columns = [dataset.column(key) for key in report.definition.columns]
    return all(column is None or not column.can or access.allowed(actor, column.can, None) for column in columns)


def find(actor: Actor, code: str, reports: Sequence[Report] = REPORTS) -> Report:
    """One of them. Raises NotVisible."""
    found = next((report for report in for_actor(actor, reports) if report.code == code), None)
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found
