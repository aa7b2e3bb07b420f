"""The list of orders: saved views with counts, filters, search, and what each row says, in a fixed number of queries."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db.models import DecimalField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Branch, User
from branches.scope import Scope
from core import ui
from core.counting import Counts, count_each
from core.paging import SIZE, Keyed, KeyPage, cut, in_order, key_of, keys_after
from core.prepared import KEPT, one_of, prepared
from core.states import Words
from orders import states
from orders.models import Delivery, Order, OrderState, Quotation
from orders.querysets import OrderQuerySet
from orders.selectors.list_rows import Listed
from orders.selectors.matching import Meant, kept_condition, meant
from records.models import Review, ReviewState

MOST_COUNTED = 1000
DONE = ["collected", "closed", "cancelled"]
NEVER = date(9999, 12, 31)
SORTS = {
    "promised": ("promised_sort", "id"),
    "-promised": ("-promised_sort", "-id"),
    "newest": ("-id",),
    "order": ("number",),
    "-order": ("-number",),
}
PAYMENTS: dict[str, Words] = {
    "paid": gettext_lazy("Paid"),
    "pending": gettext_lazy("Pending"),
    "overdue": gettext_lazy("Overdue"),
}
Narrow = Callable[[OrderQuerySet, date], QuerySet[Any]]


@dataclass(frozen=True)
class ListView:
    """A saved view: a question somebody asks every day."""

    code: str
    label: Words
    narrow: Narrow
    order: int
    tone: str = ""
    sort: str = "promised"


_views: dict[str, ListView] = {}


def register_view(view: ListView) -> None:
    """Apps above add theirs (stalled shipments, returns)."""
    _views[view.code] = view


def list_views() -> list[ListView]:
    return sorted(_views.values(), key=lambda view: view.order)


def _awaiting_payment(found: OrderQuerySet, today: date) -> QuerySet[Any]:
    """Confirmed and the deposit not there yet; or made, and not paid in full."""
    wants_deposit = Q(state=OrderState.CONFIRMED, balance__paid__lt=F("deposit"))
    wants_balance = Q(state__in=[OrderState.READY, OrderState.SHIPPED, OrderState.COLLECTED])
    # Few orders owe anything, of however many there are: they are found first, by an index of their own.
    owing: QuerySet[Any] = found.filter(balance__owed__gt=0).annotate(deposit=_deposit())
    return owing.filter(wants_deposit | wants_balance)


@cache
def _deposit() -> Coalesce:
    """Put together once: expressions are never changed by a query that uses them."""
    agreed = Quotation.objects.filter(order=OuterRef("pk"), state="approved").values("deposit_required")[:1]
    return Coalesce(Subquery(agreed), Value(0), output_field=DecimalField())


for _view in (
    ListView("open", gettext_lazy("All open"), lambda found, today: found.open(), 10),
    ListView("today", gettext_lazy("Due today"), lambda found, today: found.due(today), 20, "warning"),
    ListView("late", gettext_lazy("Late"), lambda found, today: found.late(today), 30, "danger"),
    ListView("approval", gettext_lazy("Awaiting approval"), lambda found, today: found.filter(state="quoted"), 40),
    ListView("payment", gettext_lazy("Awaiting payment"), _awaiting_payment, 50),
    ListView(
        "review", gettext_lazy("Review needed"), lambda found, today: found.filter(pk__in=_in_review()), 55, "review"
    ),
    ListView("ready", gettext_lazy("Ready"), lambda found, today: found.filter(state="ready"), 70),
    ListView("done", gettext_lazy("Done"), lambda found, today: found.filter(state__in=DONE), 90, sort="newest"),
):
    register_view(_view)


def _in_review() -> Any:
    return Review.objects.filter(state=ReviewState.OPEN, order_id__isnull=False).values("order_id")


@dataclass(frozen=True)
class Filters:
    """What the address asks for; anything that is not ours falls away and is told."""

    view: str = "open"
    q: str = ""
    branch: int | None = None
    owner: int | None = None
    delivery: str = ""
    payment: str = ""
    sort: str = "promised"

    @cached_property
    def meant(self) -> Meant:
        """What `q` means, looked up once for the rows and for the counts of all views."""
        return meant(self.q)

    @property
    def default_sort(self) -> str:
        return _views[self.view].sort

    @property
    def params(self) -> dict[str, str]:
        given = {
            "q": self.q,
            "branch": self.branch or "",
            "owner": self.owner or "",
            "delivery": self.delivery,
            "payment": self.payment,
            "sort": "" if self.sort == self.default_sort else self.sort,
        }
        return {name: str(value) for name, value in given.items() if value}

    @property
    def query(self) -> str:
        """The whole question as an address, for export, own views and the way back."""
        return urlencode({"view": self.view, **self.params})


def read(query: Mapping[str, str], branches: Sequence[Branch]) -> tuple[Filters, list[str]]:
    """The filters of an address, and what was cleared because it is not possible."""
    cleared: list[str] = []
    view = _one_of(query.get("view", ""), _views, "open", cleared, _("view"))
    sort = _one_of(query.get("sort", ""), SORTS, _views[view].sort, cleared, _("order of rows"))
    branch = _number(query.get("branch", ""), cleared, _("branch"))
    if branch is not None and branch not in {one.pk for one in branches}:
        cleared.append(_("branch"))
        branch = None
    delivery = _one_of(query.get("delivery", ""), Delivery.values, "", cleared, _("delivery"))
    payment = _one_of(query.get("payment", ""), PAYMENTS, "", cleared, _("payment"))
    owner = _number(query.get("owner", ""), cleared, _("owner"))
    return Filters(view, query.get("q", "").strip()[:80], branch, owner, delivery, payment, sort), cleared


def _one_of(text: str, known: Container[str], default: str, cleared: list[str], word: str) -> str:
    if not text or text in known:
        return text or default
    cleared.append(word)
    return default


def _number(text: str, cleared: list[str], word: str) -> int | None:
    if not text:
        return None
    if text.isdecimal() and len(text) < 12:
        return int(text)
    cleared.append(word)
    return None


def found(scope: Scope, filters: Filters) -> OrderQuerySet:
    """Orders of the scope under the filters, without the view's question."""
    rows = Order.objects.visible_to(scope)
    if filters.branch:
        at = filters.branch
        rows = rows.filter(Q(branch_id=at) | Q(collect_branch_id=at) | Q(made_branch_id=at))
    if filters.owner:
        rows = rows.filter(owner_id=filters.owner)
    if filters.delivery:
        rows = rows.filter(delivery=filters.delivery)
    if filters.payment:
        rows = _paid_as(rows, filters.payment)
    return rows.filter(filters.meant.condition()) if filters.q else rows


def _paid_as(rows: OrderQuerySet, payment: str) -> OrderQuerySet:
    """The customer's three words: paid, pending, overdue. Nothing is owed before an order is confirmed."""
    placed = rows.filter(state__in=states.PLACED)
    if payment == "paid":
        return placed.filter(Q(balance__isnull=True) | Q(balance__owed__lte=0))
    over = Q(payment_due_on__lt=timezone.localdate())
    owing = placed.filter(balance__owed__gt=0)
    return owing.filter(over) if payment == "overdue" else owing.exclude(over)


Shown = TypeVar("Shown", bound=Keyed)


def listed(scope: Scope, filters: Filters, after: str) -> KeyPage[Listed]:
    """One page of the list, by key: what its rows say of each order."""
    return _page(scope, filters, after, lambda keys: [Listed(*row) for row in _listed().rows(keys=keys)])


def page_of(scope: Scope, filters: Filters, after: str) -> KeyPage[Order]:
    """The same as whole orders."""
    return _page(scope, filters, after, lambda keys: _whole().rows(keys=keys))


def _page(
    scope: Scope, filters: Filters, after: str, read: Callable[[Sequence[int]], Iterable[Shown]]
) -> KeyPage[Shown]:
    """Keys are found and sorted first; the question for the first page of a view is kept."""
    today, order = timezone.localdate(), SORTS[filters.sort]
    if after or filters.q:
        keys = keys_after(_shown(scope, filters, today), after, order)
    else:
        keys = _first(scope, filters, today).rows()
    return cut(in_order(keys, read(keys)), order, is_later=key_of(after, len(order)) is not None)


def _shown(scope: Scope, filters: Filters, today: date) -> QuerySet[Any]:
    rows = _views[filters.view].narrow(found(scope, filters), today)
    shown: QuerySet[Any] = rows.annotate(promised_sort=_sort())
    return shown


@prepared
def _first(scope: Scope, filters: Filters, today: date) -> QuerySet[Any, int]:
    """Keys of the first page, and of one row more."""
    keys: QuerySet[Any, int] = _shown(scope, filters, today).values_list("pk", flat=True)
    return keys.order_by(*SORTS[filters.sort])[: SIZE + 1]


def _sort() -> Coalesce:
    return Coalesce(F("promised_on"), Value(NEVER))


@prepared
def _whole() -> QuerySet[Order]:
    rows: QuerySet[Order] = Order.objects.filter(one_of("pk", "keys")).annotate(promised_sort=_sort())
    return rows.select_related("customer", "branch", "owner")


@prepared
def _listed() -> QuerySet[Order, Any]:
    rows: QuerySet[Any] = Order.objects.filter(one_of("pk", "keys")).annotate(promised_sort=_sort())
    return rows.values_list(
        "pk", "number", "note", "state", "delivery", "promised_on", "promised_sort",
        "customer__family_name", "customer__given_names", "branch__code", "owner__full_name",
    )  # fmt: skip


def rows_under(scope: Scope, query: Mapping[str, str]) -> QuerySet[Any]:
    """Every order that the list shows under the filters of its address; for the export of the same list."""
    filters, _cleared = read(query, list(Branch.objects.all()))
    return _views[filters.view].narrow(found(scope, filters), timezone.localdate())


def tabs(scope: Scope, filters: Filters) -> list[ui.View]:
    """The saved views under the same filters; counts above 999 are not counted out."""
    base, views, made = reverse("orders:list"), list_views(), []
    count_of = dict(zip((view.code for view in _counted()), _numbers(scope, filters), strict=True))
    for view in views:
        count = count_of.get(view.code)
        shown = "999+" if count is not None and count >= MOST_COUNTED else count
        url = f"{base}?{urlencode({'view': view.code, **filters.params})}"
        made.append(ui.View(view.label, url, shown, view.tone, view.code == filters.view))
    return made


def _counted() -> list[ListView]:
    return [view for view in list_views() if view.code != "done"]


def _numbers(scope: Scope, filters: Filters) -> Sequence[int]:
    """How many orders each view has. The question is put together anew only where too many numbers are meant."""
    today, plain = timezone.localdate(), replace(filters, view="open", sort="", q="")
    if not filters.q:
        return _kept_counts(scope, plain, today).ask()
    values = filters.meant.values()
    if values is None:
        return _counts(found(scope, filters), today).ask()
    return _kept_counts(scope, plain, today, len(filters.meant.words)).ask(**values)


@lru_cache(maxsize=KEPT)
def _kept_counts(scope: Scope, filters: Filters, today: date, words: int | None = None) -> Counts:
    """Of everything, or of what a number or so many words mean."""
    rows = found(scope, filters)
    return _counts(rows if words is None else rows.filter(kept_condition(words)), today).kept()


def _counts(rows: OrderQuerySet, today: date) -> Counts:
    return count_each([view.narrow(rows, today) for view in _counted()], MOST_COUNTED)


def choices(scope: Scope, branches: Sequence[Branch]) -> dict[str, Any]:
    """What the filter boxes offer."""
    return {
        "branches": branches,
        "people": _people().rows(branches=[branch.pk for branch in branches]),
        "deliveries": Delivery.choices,
        "payments": PAYMENTS.items(),
    }


@prepared
def _people() -> QuerySet[User]:
    people = User.objects.filter(one_of("memberships__branch_id", "branches"), is_active=True)
    return people.distinct().order_by("full_name").only("pk", "full_name")
