"""What came in on a day, by branch and method, and everything that does not add up: drawer, ledger and gateway side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Branch
from cases.models import Case, CaseState
from core.money import money
from orders import rules
from orders.models import (
    DrawerSession,
    EntryKind,
    GatewayNotice,
    GatewayRefund,
    LedgerEntry,
    PaymentMethod,
    PaymentRequest,
    RefundState,
    RequestState,
)
from orders.services.gateway_notices import PROBLEM

_MOVED = (EntryKind.PAYMENT, EntryKind.REFUND)
# Credit moves between two orders of one customer: no money comes in or goes out.
_WITHOUT_MONEY = (PaymentMethod.CREDIT,)


@dataclass(frozen=True)
class Line:
    """One method of one branch on one day; amounts as a person counts them: in and out are both positive."""

    method: str
    label: str
    came: Decimal
    went: Decimal
    count: int

    @property
    def net(self) -> Decimal:
        return self.came - self.went


@dataclass(frozen=True)
class Difference:
    """Something that a person has to look at, with where."""

    what: str
    amount: Decimal | None
    url: str
    tone: str = "warning"


@dataclass(frozen=True)
class Takings:
    """A branch's day."""

    branch: Branch
    lines: Sequence[Line]
    drawers: Sequence[DrawerSession]
    differences: Sequence[Difference] = field(default_factory=tuple)

    @property
    def is_told(self) -> bool:
        """Whether there is anything to say: money that moved, a drawer, something to look at."""
        return bool(self.lines or self.drawers or self.differences)

    @property
    def net(self) -> Decimal:
        return sum((line.net for line in self.lines), rules.ZERO)

    @property
    def came(self) -> Decimal:
        return sum((line.came for line in self.lines), rules.ZERO)

    @property
    def went(self) -> Decimal:
        return sum((line.went for line in self.lines), rules.ZERO)


def day_span(branch: Branch, day: date) -> tuple[datetime, datetime]:
    """The day on the branch's clock."""
    zone = ZoneInfo(branch.time_zone)
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def of_day(branches: Sequence[Branch], day: date) -> list[Takings]:
    """The day of each branch, in a fixed number of queries."""
    lines, drawers, differences = _lines(branches, day), _drawers(branches, day), differences_of(branches, day)
    return [
        Takings(one, lines.get(one.pk, []), drawers.get(one.pk, []), differences.get(one.pk, [])) for one in branches
    ]


def _within(branches: Iterable[Branch], day: date, name: str = "at") -> Q:
    found = Q(pk__in=[])
    for branch in branches:
        start, end = day_span(branch, day)
        found |= Q(**{"branch": branch, f"{name}__gte": start, f"{name}__lt": end})
    return found


def _lines(branches: Sequence[Branch], day: date) -> dict[int, list[Line]]:
    rows = (
        LedgerEntry.objects.filter(_within(branches, day), kind__in=_MOVED)
        .exclude(method__in=_WITHOUT_MONEY)
        .values("branch_id", "method")
        .annotate(
            came=Sum("amount", filter=Q(kind=EntryKind.PAYMENT)),
            went=Sum("amount", filter=Q(kind=EntryKind.REFUND)),
            n=Count("pk"),
        )
        .order_by("branch_id", "method")
    )
    found: dict[int, list[Line]] = {}
    labels = dict(PaymentMethod.choices)
    for row in rows:
        came, went = -(row["came"] or rules.ZERO), row["went"] or rules.ZERO
        line = Line(row["method"], str(labels[row["method"]]), came, went, row["n"])
        found.setdefault(row["branch_id"], []).append(line)
    return found


def _drawers(branches: Sequence[Branch], day: date) -> dict[int, list[DrawerSession]]:
    """Sessions that were open at some time of the day."""
    open_then = Q(pk__in=[])
    for branch in branches:
        start, end = day_span(branch, day)
        still = Q(closed_at=None) | Q(closed_at__gte=start)
        open_then |= Q(branch=branch, opened_at__lt=end) & still
    found: dict[int, list[DrawerSession]] = {}
    for one in DrawerSession.objects.filter(open_then).select_related("opened_by", "closed_by").order_by("opened_at"):
        found.setdefault(one.branch_id, []).append(one)
    return found


def differences_of(branches: Sequence[Branch], day: date) -> dict[int, list[Difference]]:
    """Drawer against count, ledger against gateway, and what waits for a person; for one day, by branch id."""
    found: dict[int, list[Difference]] = {}
    for branch_id, difference in (
        *_counted_wrong(branches, day),
        *_left_open(branches, day),
        *_gateway_says_more(branches, day),
        *_ledger_says_more(branches, day),
        *_refunds_under_way(branches),
        *_cases(branches),
    ):
        found.setdefault(branch_id, []).append(difference)
    return found


Found = Iterable[tuple[int, Difference]]


def _counted_wrong(branches: Sequence[Branch], day: date) -> Found:
    for one in DrawerSession.objects.filter(_within(branches, day, "closed_at")):
        if one.counted is not None and one.expected is not None and one.counted != one.expected:
            words = _("Drawer counted %(counted)s, expected %(expected)s: %(reason)s") % {
                "counted": money(one.counted), "expected": money(one.expected), "reason": one.variance_reason,
            }  # fmt: skip
            yield (
                one.branch_id,
                Difference(words, one.counted - one.expected, reverse("orders:drawer_report", args=[one.pk])),
            )


def _left_open(branches: Sequence[Branch], day: date) -> Found:
    for branch in branches:
        start, _end = day_span(branch, day)
        for one in DrawerSession.objects.filter(branch=branch, opened_at__lt=start, closed_at=None):
            url = reverse("orders:drawer_report", args=[one.pk])
            yield branch.pk, Difference(_("A drawer of an earlier day is still open."), None, url)


def _gateway_says_more(branches: Sequence[Branch], day: date) -> Found:
    """The gateway took another amount than was asked, or told something that nobody has read yet."""
    wrong = PaymentRequest.objects.filter(_within(branches, day, "created_at"), state=RequestState.MISMATCH)
    for one in wrong.select_related("order"):
        words = _("The gateway took another amount than was asked for order %(number)s.") % {"number": one.order.number}
        yield one.branch_id, Difference(words, one.amount, _order(one.order.number), "danger")
    unread = GatewayNotice.objects.filter(applied_at=None, received_at__lt=_an_hour_ago())
    if branches and unread.exists():
        words = _("The gateway has told something that is not applied yet.")
        yield branches[0].pk, Difference(words, None, reverse("health"), "danger")


def _ledger_says_more(branches: Sequence[Branch], day: date) -> Found:
    """Posted as paid online without a request behind it. The database makes it unlikely; a reconciliation looks anyway."""
    bare = LedgerEntry.objects.filter(
        _within(branches, day), kind=EntryKind.PAYMENT, method=PaymentMethod.ONLINE, payment_request=None
    )
    for one in bare.select_related("order"):
        words = _("%(number)s was posted as paid online without a payment behind it.") % {"number": one.number}
        yield one.branch_id, Difference(words, -one.amount, _order(one.order.number), "danger")


def _refunds_under_way(branches: Sequence[Branch]) -> Found:
    """Refunds over the gateway that have not arrived, or were refused and not asked for again."""
    waiting = GatewayRefund.objects.filter(request__branch__in=branches).exclude(state=RefundState.DONE)
    late = waiting.filter(Q(state=RefundState.FAILED) | Q(asked_at__lt=_an_hour_ago()))
    for one in late.select_related("request__order").order_by("-pk")[:50]:
        failed = one.state == RefundState.FAILED
        text = (
            _("Refund to the card refused for %(number)s: %(why)s") if failed else _("Refund under way for %(number)s")
        )
        words = text % {"number": one.request.order.number, "why": one.why}
        yield one.request.branch_id, Difference(words, one.amount, _order(one.request.order.number))


def _cases(branches: Sequence[Branch]) -> Found:
    for one in (
        Case.objects.filter(kind=PROBLEM, branch__in=branches).exclude(state=CaseState.CLOSED).order_by("pk")[:50]
    ):
        yield one.branch_id, Difference(f"{one.number} {one.title}", None, reverse("cases:page", args=[one.number]))


def _order(number: str) -> str:
    return f"{reverse('orders:page', args=[number])}#pay"


def _an_hour_ago() -> datetime:
    return timezone.now() - timedelta(hours=1)
