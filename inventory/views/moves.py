"""Transfers between branches and blind counts."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from catalogue.selectors import one_frame
from core import ui
from core.paging import by_key
from core.views import Done, act, page, submit
from inventory import selectors, states
from inventory.forms import ArrivalForm, CountForm, ScanForm, TransferForm
from inventory.models import StockCount, Transfer, TransferState
from inventory.services import counts, transfers
from inventory.views.items import may_manage


def _badge(record: Transfer | StockCount, tones: dict[Any, tuple[str, str]]) -> ui.Badge:
    tone, icon = tones[record.state]
    return ui.Badge(record.get_state_display(), tone, icon)


@staff_page(Can.VIEW_STOCK)
def transfer_list(request: StaffRequest) -> HttpResponse:
    """Transfers from and to the person's branches, newest first, with what is on its way here on top."""
    keys = by_key(selectors.transfers(request.scope), request.GET.get("after", ""), ("-pk",))
    rows = [(one, _badge(one, states.TRANSFER_TONE)) for one in keys.rows]
    coming = selectors.transfers(request.scope).filter(state=TransferState.SENT, to_branch=request.branch)
    form = TransferForm(request.POST or None, from_branch_id=request.branch.pk)

    def save() -> Done:
        made = transfers.start(request.actor, request.branch.pk, form.values["to_branch"], form.values["note"])
        return Done(_transfer_url(made))

    context = {"rows": rows, "keys": keys, "coming": coming, "form": form, "may_manage": may_manage(request)}
    answer = submit(request, form, save) if request.method == "POST" else None
    return answer or page(request, "inventory/transfers.html", context)


def _transfer_url(transfer: Transfer) -> str:
    return reverse("inventory:transfer", args=[transfer.number])


def _transfer_context(request: StaffRequest, transfer: Transfer) -> dict[str, Any]:
    return {
        "transfer": transfer,
        "badge": _badge(transfer, states.TRANSFER_TONE),
        "lines": transfer.lines.select_related("frame").order_by("frame__brand", "frame__model", "pk"),
        "may_send": transfer.state == TransferState.DRAFT and may_manage(request, transfer.from_branch_id),
        "may_receive": transfer.state == TransferState.SENT and may_manage(request, transfer.to_branch_id),
        "scan_form": ScanForm(),
        "arrival_form": ArrivalForm(transfer=transfer, version=transfer.version),
    }


@staff_page(Can.VIEW_STOCK)
def transfer(request: StaffRequest, number: str) -> HttpResponse:
    """One transfer: its frames, and the step that is next for this branch. A POST is a scan onto the list."""
    found = selectors.transfer(request.scope, number)
    context = _transfer_context(request, found)
    if request.method != "POST":
        return page(request, "inventory/transfer.html", context)
    form = ScanForm(request.POST)

    def save() -> Done:
        frame = one_frame(form.values["frame"])
        transfers.put(request.actor, found.pk, frame.pk, form.values["pieces"] or 1)
        return Done(_transfer_url(found), _("%(frame)s added") % {"frame": frame})

    return submit(request, form, save) or page(request, "inventory/transfer.html", context | {"scan_form": form})


@require_POST
@staff_page(Can.VIEW_STOCK)
def transfer_line(request: StaffRequest, number: str, pk: int) -> HttpResponse:
    found = selectors.transfer(request.scope, number)

    def remove() -> Done:
        transfers.take_off(request.actor, found.pk, pk)
        return Done(_transfer_url(found))

    return act(request, remove)


@require_POST
@staff_page(Can.VIEW_STOCK)
def transfer_send(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.transfer(request.scope, number)

    def send() -> Done:
        transfers.send(request.actor, found.pk)
        return Done(_transfer_url(found), _("On its way to %(branch)s") % {"branch": found.to_branch})

    return act(request, send)


@require_POST
@staff_page(Can.VIEW_STOCK)
def transfer_cancel(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.transfer(request.scope, number)

    def cancel() -> Done:
        transfers.cancel(request.actor, found.pk)
        return Done(reverse("inventory:transfers"), _("Transfer cancelled"))

    return act(request, cancel)


@require_POST
@staff_page(Can.VIEW_STOCK)
def transfer_receive(request: StaffRequest, number: str) -> HttpResponse:
    """The receiver's count; a difference opens a case and is said at once."""
    found = selectors.transfer(request.scope, number)
    form = ArrivalForm(request.POST, transfer=found)

    def receive() -> Done:
        received = transfers.receive(request.actor, found.pk, form.counted(), version=form.version)
        differs = any(line.difference for line in received.lines.all())
        words = _("Received. The difference is a case now.") if differs else _("Received, all there")
        return Done(_transfer_url(found), words)

    context = _transfer_context(request, found) | {"arrival_form": form}
    return submit(request, form, receive) or page(request, "inventory/transfer.html", context)


@staff_page(Can.VIEW_STOCK)
def count_list(request: StaffRequest) -> HttpResponse:
    """Counts of the person's branches, and the start of a new one here."""
    keys = by_key(selectors.counts(request.scope), request.GET.get("after", ""), ("-pk",))
    rows = [(one, _badge(one, states.COUNT_TONE)) for one in keys.rows]
    form = CountForm(request.POST or None)

    def save() -> Done:
        made = counts.start(request.actor, request.branch.pk, form.values["whole_branch"])
        return Done(reverse("inventory:count", args=[made.number]))

    context = {"rows": rows, "keys": keys, "form": form, "may_manage": may_manage(request)}
    answer = submit(request, form, save) if request.method == "POST" else None
    return answer or page(request, "inventory/counts.html", context)


@staff_page(Can.VIEW_STOCK)
def count(request: StaffRequest, number: str) -> HttpResponse:
    """A running count shows only what was scanned; a posted one shows the differences. A POST is a scan."""
    found = selectors.count(request.scope, number)
    form = ScanForm(request.POST or None)
    url = reverse("inventory:count", args=[found.number])

    def save() -> Done:
        frame = one_frame(form.values["frame"])
        line = counts.scan(request.actor, found.pk, frame.pk, form.values["pieces"] or 1)
        return Done(url, _("%(frame)s: %(counted)d") % {"frame": frame, "counted": line.counted})

    lines = found.lines.select_related("frame").order_by("-pk")
    context = {
        "count": found,
        "badge": _badge(found, states.COUNT_TONE),
        "lines": lines,
        "pieces": sum(line.counted for line in lines),
        "form": form,
        "is_open": found.state == "open" and may_manage(request, found.branch_id),
    }
    answer = submit(request, form, save) if request.method == "POST" else None
    return answer or page(request, "inventory/count.html", context)


@require_POST
@staff_page(Can.VIEW_STOCK)
def count_post(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.count(request.scope, number)

    def post() -> Done:
        counts.post(request.actor, found.pk)
        return Done(reverse("inventory:count", args=[found.number]), _("Count posted"))

    return act(request, post)


@require_POST
@staff_page(Can.VIEW_STOCK)
def count_cancel(request: StaffRequest, number: str) -> HttpResponse:
    found = selectors.count(request.scope, number)

    def cancel() -> Done:
        counts.cancel(request.actor, found.pk)
        return Done(reverse("inventory:counts"), _("Count cancelled"))

    return act(request, cancel)
