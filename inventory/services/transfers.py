"""Frames between branches: listed, sent, received with a count. What does not arrive is a case, never a guess."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from branches import access, numbers
from branches.models import Branch
from branches.roles import Can
from branches.scope import Scope
from cases.services import cases
from cases.services.cases import CaseData
from catalogue.models import Frame
from core.actor import Actor
from core.errors import DomainError, NotVisible, StaleRecord
from inventory import states
from inventory.case_kinds import TRANSFER_VARIANCE
from inventory.models import Movement, StockItem, Transfer, TransferLine, TransferState
from inventory.services import ledger
from inventory.services.ledger import Posting
from records import events

MOST_LINES = 200


@transaction.atomic
def start(actor: Actor, from_branch_id: int, to_branch_id: int, note: str = "") -> Transfer:
    """A new list of frames to send. Raises DomainError when both branches are the same."""
    access.require(actor, Can.MANAGE_STOCK, from_branch_id)
    destination = Branch.objects.filter(pk=to_branch_id, is_active=True).first()
    if destination is None or to_branch_id == from_branch_id:
        message = _("Choose another branch.")
        raise DomainError(message, code="invalid", fields={"to_branch": message})
    return Transfer.objects.create(
        number=f"T-{numbers.draw('transfer'):05d}",
        from_branch_id=from_branch_id,
        to_branch=destination,
        note=note.strip()[:200],
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )


@transaction.atomic
def put(actor: Actor, transfer_id: int, frame_id: int, pieces: int = 1) -> TransferLine:
    """Add pieces of a frame to the list; a scan adds one. Raises DomainError when fewer are free."""
    transfer = _locked(actor, transfer_id, "send", sending=True)
    frame = Frame.objects.filter(pk=frame_id).first()
    if frame is None:
        raise NotVisible(_("Not found."), code="not_visible")
    line = TransferLine.objects.filter(transfer=transfer, frame=frame).first()
    wanted = pieces + (line.sent if line else 0)
    if line is None and transfer.lines.count() >= MOST_LINES:
        raise DomainError(_("A transfer holds at most %(most)d frames.") % {"most": MOST_LINES}, code="too_many")
    _require_free(transfer, frame, wanted)
    line, _made = TransferLine.objects.update_or_create(transfer=transfer, frame=frame, defaults={"sent": wanted})
    return line


def _require_free(transfer: Transfer, frame: Frame, wanted: int) -> None:
    item = StockItem.objects.filter(branch=transfer.from_branch_id, frame=frame).first()
    free = item.available if item else 0
    if wanted > free:
        message = _("Only %(free)d of %(frame)s free here.") % {"free": free, "frame": frame}
        raise DomainError(message, code="too_few", fields={"frame": message})


@transaction.atomic
def take_off(actor: Actor, transfer_id: int, line_id: int) -> None:
    """Take a frame off the list before it is sent."""
    transfer = _locked(actor, transfer_id, "send", sending=True)
    transfer.lines.filter(pk=line_id).delete()


@transaction.atomic
def send(actor: Actor, transfer_id: int, version: int | None = None) -> Transfer:
    """The frames leave: out of this branch's stock, in nobody's until they are received. All of them or none."""
    transfer = _locked(actor, transfer_id, "send", sending=True, version=version)
    lines = list(transfer.lines.select_related("frame").order_by("frame_id"))
    if not lines:
        raise DomainError(_("Scan the frames first."), code="empty", fields={"frame": _("Scan the frames first.")})
    for line in lines:
        item = ledger.item_of(transfer.from_branch_id, line.frame_id)
        ledger.post(item, Posting(Movement.TRANSFER_OUT, -line.sent, transfer.number), actor)
    transfer.state, transfer.sent_at = TransferState.SENT, timezone.now()
    _save(transfer)
    _tell("stock.transfer_sent", actor, transfer, {"pieces": sum(line.sent for line in lines)})
    return transfer


@transaction.atomic
def receive(actor: Actor, transfer_id: int, counted: Mapping[int, int], version: int | None = None) -> Transfer:
    """Take in what was counted (frame id -> pieces; a frame not named did not come). A difference opens a case.

    Raises DomainError for a frame that is not on the list or a negative count.
    """
    transfer = _locked(actor, transfer_id, "receive", sending=False, version=version)
    lines = list(transfer.lines.select_for_update().select_related("frame").order_by("frame_id"))
    _check_counts(lines, counted)
    for line in lines:
        line.received = counted.get(line.frame_id, 0)
        line.save(update_fields=["received"])
        if line.received:
            item = ledger.item_of(transfer.to_branch_id, line.frame_id)
            ledger.post(item, Posting(Movement.TRANSFER_IN, line.received, transfer.number), actor)
    transfer.state, transfer.received_at = TransferState.RECEIVED, timezone.now()
    _save(transfer)
    differing = [line for line in lines if line.difference]
    if differing:
        _open_case(actor, transfer, differing)
    facts = {"pieces": sum(line.received or 0 for line in lines), "lines_that_differ": len(differing)}
    _tell("stock.transferred", actor, transfer, facts)
    return transfer


def _check_counts(lines: list[TransferLine], counted: Mapping[int, int]) -> None:
    unknown = set(counted) - {line.frame_id for line in lines}
    if unknown:
        raise DomainError(
            _("A frame is not on this transfer. Receive it as a delivery of its own, and tell the sender."),
            code="not_on_transfer",
            fields={"frame": _("This frame is not on the list.")},
        )
    if any(pieces < 0 or pieces > 1000 for pieces in counted.values()):
        raise DomainError(_("A count is 0 or more."), code="invalid", fields={"counted": _("Enter 0 or more.")})


def _open_case(actor: Actor, transfer: Transfer, differing: list[TransferLine]) -> None:
    """The receiving branch owns the question; the lines hold how many are missing or too many."""
    words = "; ".join(
        _("%(frame)s: sent %(sent)d, received %(received)d")
        % {"frame": line.frame, "sent": line.sent, "received": line.received or 0}
        for line in differing
    )
    title = ngettext(
        "Transfer %(number)s: %(count)d frame differs", "Transfer %(number)s: %(count)d frames differ", len(differing)
    ) % {"number": transfer.number, "count": len(differing)}
    earlier = {str(line.frame): f"{line.sent}" for line in differing}
    data = CaseData(TRANSFER_VARIANCE, transfer, transfer.to_branch_id, title, words, earlier_value=earlier)
    cases.open_case(actor, data)


@transaction.atomic
def cancel(actor: Actor, transfer_id: int) -> Transfer:
    """Give up a list that was not sent."""
    transfer = _locked(actor, transfer_id, "cancel", sending=True)
    transfer.state = TransferState.CANCELLED
    _save(transfer)
    _tell("stock.transfer_cancelled", actor, transfer, {})
    return transfer


def _locked(actor: Actor, transfer_id: int, verb: str, *, sending: bool, version: int | None = None) -> Transfer:
    """The transfer, locked, in the branch whose turn it is. Raises NotVisible, NotAllowed, IllegalTransition, StaleRecord."""
    transfer = Transfer.objects.select_for_update().filter(pk=transfer_id).first()
    if transfer is None or not Scope.of(actor).covers(transfer.from_branch_id, transfer.to_branch_id):
        raise NotVisible(_("Not found."), code="not_visible")
    here = transfer.from_branch_id if sending else transfer.to_branch_id
    if not actor.is_system and not access.allowed(actor, Can.MANAGE_STOCK, here):
        access.require(actor, Can.MANAGE_STOCK, here if actor.roles_in(here) else actor.branch_id)
        raise DomainError(
            _("The other branch does this step: the sender sends, the receiver counts."), code="other_branch"
        )
    states.TRANSFER.step(verb, transfer.state)
    if version is not None and version != transfer.version:
        message = _("Somebody else changed this transfer since you opened it. Look at it again.")
        raise StaleRecord(message, current_version=transfer.version)
    return transfer


def _save(transfer: Transfer) -> None:
    transfer.version += 1
    transfer.save()


def _tell(kind: str, actor: Actor, transfer: Transfer, data: Mapping[str, int]) -> None:
    facts = {"from": transfer.from_branch_id, "to": transfer.to_branch_id, **data}
    branch_id = transfer.to_branch_id if kind == "stock.transferred" else transfer.from_branch_id
    events.record(kind, actor, events.Fact(transfer, branch_id, data=facts))
