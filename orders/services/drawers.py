"""The cash drawer: opened with a float, closed with a count; a difference needs its reason."""

from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.models import Branch
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible, Problems
from orders import rules
from orders.models import DrawerSession
from records import events


def open_drawer(branch_id: int) -> DrawerSession | None:
    return DrawerSession.objects.filter(branch_id=branch_id, closed_at=None).select_related("opened_by").first()


@transaction.atomic
def start(actor: Actor, branch_id: int, opening_float: Decimal) -> DrawerSession:
    """Open the branch's drawer. Raises DomainError when it is open already or the float is negative."""
    access.require(actor, Can.CLOSE_DRAWER, branch_id)
    if actor.user_id is None:
        raise NotAllowed(_("A drawer is opened by a person."), code="not_allowed")
    if opening_float < 0:
        message = _("Enter the float as counted, zero or more.")
        raise DomainError(message, fields={"opening_float": message}, code="negative")
    lock_drawers(branch_id)
    if open_drawer(branch_id) is not None:
        raise DomainError(_("The drawer of this branch is open already."), code="already_open")
    drawer = DrawerSession.objects.create(
        branch_id=branch_id, opened_by_id=actor.user_id, opening_float=rules.to_cents(opening_float)
    )
    data = {"float": f"{drawer.opening_float:.2f}"}
    events.record("drawer.opened", actor, events.Fact(drawer, branch_id, data=data))
    return drawer


def lock_drawers(branch_id: int) -> None:
    """Two people opening at once: the second waits and is told. The branch row is the lock."""
    Branch.objects.select_for_update(no_key=True).get(pk=branch_id)


def expected(drawer: DrawerSession) -> Decimal:
    """Float plus cash taken less cash given back. Payments are negative in the ledger."""
    moved = drawer.entries.aggregate(sum=Sum("amount"))["sum"] or rules.ZERO
    return drawer.opening_float - moved


@transaction.atomic
def close(actor: Actor, drawer_id: int, counted: Decimal, variance_reason: str = "") -> DrawerSession:
    """Count and close. Raises DomainError when the count differs from what is expected and nobody says why."""
    drawer = DrawerSession.objects.select_for_update().filter(pk=drawer_id).first()
    if drawer is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(actor, Can.CLOSE_DRAWER, drawer.branch_id)
    if drawer.closed_at is not None:
        raise DomainError(_("This drawer has been closed already."), code="already_closed")
    should_be, was_counted = expected(drawer), rules.to_cents(counted)
    _check_count(was_counted, should_be, variance_reason)
    drawer.closed_at, drawer.closed_by_id = timezone.now(), actor.user_id
    drawer.counted, drawer.expected = was_counted, should_be
    drawer.variance_reason = variance_reason.strip()[:200] if was_counted != should_be else ""
    drawer.save()
    data = {"expected": f"{should_be:.2f}", "counted": f"{was_counted:.2f}"}
    fact = events.Fact(drawer, drawer.branch_id, reason=drawer.variance_reason, data=data)
    events.record("drawer.closed", actor, fact)
    return drawer


def _check_count(counted: Decimal, should_be: Decimal, reason: str) -> None:
    problems = Problems()
    if counted < 0:
        problems.add("counted", _("Enter what was counted, zero or more."))
    elif counted != should_be and not reason.strip():
        words = {"difference": f"{counted - should_be:+.2f}".replace("-", "−")}
        problems.add("variance_reason", _("The count differs by %(difference)s. Say why.") % words)
    problems.raise_if_any(_("The drawer is still open."))
