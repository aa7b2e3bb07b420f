"""What the stock pages and the API read. The scope comes first: stock belongs to a branch."""

from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from branches.scope import Scope
from core.errors import NotVisible
from core.importing.plain import plain
from core.paging import KeyPage, by_key
from inventory.models import StockCount, StockEntry, StockItem, Transfer, TransferLine, TransferState

ORDER = ("frame__brand", "frame__model", "frame__colour", "pk")


@dataclass(frozen=True)
class Filters:
    """How a stock list was asked for."""

    branch_id: int | None = None
    text: str = ""
    view: str = "all"


def visible(scope: Scope) -> QuerySet[StockItem]:
    """Stock of the branches in the scope."""
    items = StockItem.objects.select_related("frame", "branch")
    return items if scope.everything else items.filter(branch_id__in=scope.branch_ids)


def _arriving() -> Coalesce:
    """Pieces that another branch has sent here and that are not received yet."""
    lines = TransferLine.objects.filter(
        transfer__state=TransferState.SENT, transfer__to_branch=OuterRef("branch"), frame=OuterRef("frame")
    )
    total = lines.order_by().values("frame").annotate(total=Sum("sent")).values("total")
    return Coalesce(Subquery(total), 0)


def found(scope: Scope, filters: Filters) -> QuerySet[StockItem]:
    """The items of one list: by branch, words, and view `all`, `low`, `out`, `reserved`, `discontinued`."""
    items = visible(scope)
    if filters.branch_id is not None:
        items = items.filter(branch_id=filters.branch_id)
    for word in plain(filters.text.replace("□", "-")).split():
        items = items.filter(frame__search_text__contains=word)
    return items.filter(VIEWS.get(filters.view, Q()))


VIEWS: dict[str, Q] = {
    "all": Q(),
    "low": Q(on_hand__lt=F("minimum") + F("reserved")),
    "out": Q(on_hand=F("reserved")),
    "reserved": Q(reserved__gt=0),
    "discontinued": Q(frame__discontinued_on__isnull=False, on_hand__gt=0),
}


def page_of(scope: Scope, filters: Filters, after: str) -> KeyPage[StockItem]:
    return by_key(found(scope, filters).annotate(arriving=_arriving()), after, ORDER)


def item(scope: Scope, item_id: int) -> StockItem:
    """One item. Raises NotVisible outside the scope."""
    one = visible(scope).filter(pk=item_id).first()
    if one is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return one


def entries_of(one: StockItem, after: str) -> KeyPage[StockEntry]:
    """The ledger of one item, newest first."""
    return by_key(one.entries.select_related("by"), after, ("-pk",))


def transfers(scope: Scope) -> QuerySet[Transfer]:
    """Transfers from or to the branches of the scope."""
    rows = Transfer.objects.select_related("from_branch", "to_branch", "recorded_by")
    if scope.everything:
        return rows
    return rows.filter(Q(from_branch_id__in=scope.branch_ids) | Q(to_branch_id__in=scope.branch_ids))


def transfer(scope: Scope, number: str) -> Transfer:
    one = transfers(scope).filter(number=number).first()
    if one is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return one


def counts(scope: Scope) -> QuerySet[StockCount]:
    rows = StockCount.objects.select_related("branch", "recorded_by")
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)


def count(scope: Scope, number: str) -> StockCount:
    one = counts(scope).filter(number=number).first()
    if one is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return one
