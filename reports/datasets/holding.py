"""Stock and its movements; cases."""

from collections.abc import Mapping
from typing import Any

from django.db.models import ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from branches.roles import Can, Role
from branches.scope import Scope
from cases import kinds
from cases import selectors as cases
from cases.models import CaseState
from core.states import Words
from inventory import selectors as stock
from inventory.models import Movement, StockEntry
from reports import words
from reports.datasets.base import Column, Dataset, Kind, declare
from reports.datasets.beside import evidence_of, record_columns
from reports.datasets.expressions import AMOUNT
from reports.datasets.selling import words_of


def _available() -> Any:
    return ExpressionWrapper(F("on_hand") - F("reserved"), output_field=IntegerField())


def _value() -> Any:
    return ExpressionWrapper(F("on_hand") * F("frame__cost"), output_field=AMOUNT)


declare(
    Dataset(
        "stock",
        _("Stock"),
        _("One row a frame in a branch: on hand, reserved, value"),
        Can.VIEW_STOCK,
        stock.visible,
        (
            Column("sku", _("SKU"), source="frame__sku"),
            Column("branch", _("Branch"), source="branch__name"),
            Column("brand", _("Brand"), source="frame__brand"),
            Column("model", _("Model"), source="frame__model"),
            Column("colour", _("Colour"), source="frame__colour"),
            Column("supplier", _("Supplier"), source="frame__supplier__name"),
            Column("on_hand", _("On hand"), Kind.NUMBER),
            Column("reserved", _("Reserved"), Kind.NUMBER),
            Column("available", _("Available"), Kind.NUMBER, source=_available),
            Column("minimum", _("Minimum"), Kind.NUMBER),
            Column("price", _("Price"), Kind.MONEY, source="frame__price", adds=False),
            Column("cost", _("Cost of one"), Kind.MONEY, source="frame__cost", can=Can.VIEW_COST, adds=False),
            Column("value", _("Value at cost"), Kind.MONEY, source=_value, can=Can.VIEW_COST),
            Column("discontinued", _("Discontinued"), Kind.DAY, source="frame__discontinued_on"),
            Column("counted", _("Last counted"), Kind.MOMENT, source="last_counted_at"),
        ),
        ("sku", "branch", "brand", "model", "colour", "on_hand", "reserved", "available", "minimum", "price"),
        "counted",
    )
)


def _entries(scope: Scope) -> QuerySet[Any]:
    found = StockEntry.objects.all()
    return found if scope.everything else found.filter(item__branch_id__in=scope.branch_ids)


def _moved_value() -> Any:
    return ExpressionWrapper(F("quantity") * F("unit_cost"), output_field=AMOUNT)


declare(
    Dataset(
        "stock_moves",
        _("Stock movements"),
        _("One row an entry of the stock ledger"),
        Can.VIEW_STOCK,
        _entries,
        (
            Column("at", _("When"), Kind.MOMENT, zone="item__branch__time_zone"),
            Column("branch", _("Branch"), source="item__branch__name"),
            Column("sku", _("SKU"), source="item__frame__sku"),
            Column("brand", _("Brand"), source="item__frame__brand"),
            Column("model", _("Model"), source="item__frame__model"),
            Column("movement", _("Movement"), Kind.CHOICE, choices=words_of(Movement)),
            Column("quantity", _("Pieces"), Kind.NUMBER),
            Column("unit_cost", _("Cost of one"), Kind.MONEY, can=Can.VIEW_COST, adds=False),
            Column("value", _("Value at cost"), Kind.MONEY, source=_moved_value, can=Can.VIEW_COST),
            Column("reason", _("Reason")),
            Column("by", _("By"), source="by__full_name"),
        ),
        ("at", "branch", "sku", "brand", "model", "movement", "quantity", "reason", "by"),
        "at",
    )
)


def case_kinds() -> Mapping[str, Words]:
    """The kinds of cases in words."""
    return {kind.code: kind.label for kind in kinds.all_kinds()}


def case_decisions() -> Mapping[str, Words]:
    """The ways out of a case in words."""
    return {option.code: option.label for kind in kinds.all_kinds() for option in kind.decisions}


def roles() -> Mapping[str, Words]:
    return {**dict(Role.choices), "customer": _("Customer"), "system": _("System")}


declare(
    Dataset(
        "cases",
        _("Cases"),
        _("One row an exception: kind, owner, cause, cost, time to close"),
        Can.VIEW_CASES,
        cases.visible,
        (
            Column("number", _("Case"), page="cases:page"),
            Column("title", pgettext_lazy("case", "Title"), is_personal=True),
            Column("branch", _("Branch"), source="branch__name"),
            Column("kind", _("Kind"), Kind.CHOICE, choices=case_kinds),
            Column("state", _("State"), Kind.CHOICE, choices=words_of(CaseState)),
            Column("owner", _("Owner"), source="owner__full_name"),
            Column("owner_role", _("Answered by"), Kind.CHOICE, choices=roles),
            Column("severity", _("Severity"), Kind.NUMBER, adds=False),
            Column("cause", _("Cause"), Kind.CHOICE, source="cause_code", choices=words.causes),
            Column("party", _("At fault"), Kind.CHOICE, source="party_at_fault", choices=words.parties),
            Column("cost", _("Cost"), Kind.MONEY, can=Can.VIEW_COST),
            Column("decision", _("Decision"), Kind.CHOICE, choices=case_decisions),
            Column("decided_by", _("Decided by"), source="decided_by__full_name"),
            Column("opened", _("Opened"), Kind.MOMENT, source="recorded_at"),
            Column("due", pgettext_lazy("day", "Due"), Kind.MOMENT, source="due_at"),
            Column("closed", _("Closed"), Kind.MOMENT, source="closed_at"),
            *(column for column in record_columns() if column.key != "evidence"),
            Column(
                "evidence",
                _("Evidence"),
                Kind.NUMBER,
                source=lambda: evidence_of(Value("cases.case"), "pk"),
                adds=False,
            ),
        ),
        ("number", "branch", "kind", "state", "owner", "cause", "opened", "due", "closed"),
        "opened",
    )
)
