"""Counting a branch blind: people scan what they see; only posting compares it with what should be there."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches import access, numbers
from branches.roles import Can
from cases.services import cases
from cases.services.cases import CaseData
from catalogue.models import Frame
from core.actor import Actor
from core.errors import DomainError, NotVisible
from inventory import states
from inventory.case_kinds import COUNT_VARIANCE
from inventory.models import CountState, Movement, StockCount, StockCountLine, StockItem
from inventory.services import ledger
from inventory.services.ledger import Posting
from records import events


@transaction.atomic
def start(actor: Actor, branch_id: int, whole_branch: bool = True) -> StockCount:
    """Begin a count; while one is open in the branch, that one goes on."""
    access.require(actor, Can.MANAGE_STOCK, branch_id)
    running = StockCount.objects.select_for_update().filter(branch_id=branch_id, state=CountState.OPEN).first()
    if running is not None:
        return running
    return StockCount.objects.create(
        number=f"SC-{numbers.draw('stock_count'):05d}",
        branch_id=branch_id,
        whole_branch=whole_branch,
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )


@transaction.atomic
def scan(actor: Actor, count_id: int, frame_id: int, pieces: int = 1) -> StockCountLine:
    """One more piece was seen; a negative number takes a wrong scan back. Several people may scan at once."""
    count = _open(actor, count_id)
    if not Frame.objects.filter(pk=frame_id).exists():
        raise NotVisible(_("Not found."), code="not_visible")
    line, _made = StockCountLine.objects.get_or_create(count=count, frame_id=frame_id)
    moved = StockCountLine.objects.filter(pk=line.pk, counted__gte=-pieces).update(counted=F("counted") + pieces)
    if not moved:
        message = _("Fewer were scanned than you take back.")
        raise DomainError(message, code="too_few", fields={"frame": message})
    line.refresh_from_db()
    return line


@transaction.atomic
def post(actor: Actor, count_id: int) -> StockCount:
    """Compare with the stock, book the differences with the count as their reason, and open one case when there are any.

    A frame that is held for an order is part of the stock: fewer counted than held is refused, naming the frame.
    """
    count = _open(actor, count_id)
    states.COUNT.step("post", count.state)
    lines = _complete(count)
    if not lines:
        raise DomainError(_("Nothing was scanned yet."), code="empty", fields={"frame": _("Scan the first frame.")})
    for line in lines:
        _book(actor, count, line)
    count.state, count.closed_at = CountState.CLOSED, timezone.now()
    _save(count)
    differing = [line for line in lines if line.difference]
    if differing:
        _open_case(actor, count, differing)
    data = {"count": count.pk, "lines": len(lines), "lines_that_differ": len(differing)}
    events.record("stock.counted", actor, events.Fact(count, count.branch_id, data=data))
    return count


def _complete(count: StockCount) -> list[StockCountLine]:
    """Every line to compare; in a count of the whole branch also the frames that nobody saw."""
    if count.whole_branch and count.lines.exists():
        unseen = StockItem.objects.filter(branch_id=count.branch_id, on_hand__gt=0).exclude(
            frame_id__in=count.lines.values("frame_id")
        )
        StockCountLine.objects.bulk_create(
            StockCountLine(count=count, frame_id=frame_id) for frame_id in unseen.values_list("frame_id", flat=True)
        )
    return list(count.lines.select_related("frame").order_by("frame_id"))


def _book(actor: Actor, count: StockCount, line: StockCountLine) -> None:
    ledger.item_of(count.branch_id, line.frame_id)
    item = StockItem.objects.select_for_update().get(branch_id=count.branch_id, frame_id=line.frame_id)
    line.expected = item.on_hand
    line.save(update_fields=["expected"])
    StockItem.objects.filter(pk=item.pk).update(last_counted_at=timezone.now())
    difference = line.counted - item.on_hand
    if line.counted < item.reserved:
        message = _(
            "%(frame)s: %(held)d are held for orders but %(counted)d were counted. Find them or free the orders."
        )
        values = {"frame": line.frame, "held": item.reserved, "counted": line.counted}
        raise DomainError(message % values, code="held_missing")
    if difference:
        ledger.post(item, Posting(Movement.COUNTED, difference, count.number, _("Stock count")), actor)


def _open_case(actor: Actor, count: StockCount, differing: list[StockCountLine]) -> None:
    words = "; ".join(
        _("%(frame)s: expected %(expected)d, counted %(counted)d")
        % {"frame": line.frame, "expected": line.expected or 0, "counted": line.counted}
        for line in differing[:50]
    )
    title = ngettext(
        "Count %(number)s: %(count)d frame differs", "Count %(number)s: %(count)d frames differ", len(differing)
    ) % {"number": count.number, "count": len(differing)}
    cases.open_case(actor, CaseData(COUNT_VARIANCE, count, count.branch_id, title, words))


@transaction.atomic
def cancel(actor: Actor, count_id: int) -> StockCount:
    """Give a count up; the stock stays as it is."""
    count = _open(actor, count_id)
    states.COUNT.step("cancel", count.state)
    count.state, count.closed_at = CountState.CANCELLED, timezone.now()
    _save(count)
    events.record("stock.count_cancelled", actor, events.Fact(count, count.branch_id))
    return count


def _open(actor: Actor, count_id: int) -> StockCount:
    count = StockCount.objects.select_for_update().filter(pk=count_id).first()
    if count is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(actor, Can.MANAGE_STOCK, count.branch_id)
    if count.state != CountState.OPEN:
        states.COUNT.step("post", count.state)
    return count


def _save(count: StockCount) -> None:
    count.version += 1
    count.save()
