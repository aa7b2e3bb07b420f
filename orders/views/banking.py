"""Bank statements: upload, matching, settling line by line or all exact ones, and the list of what still waits."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from branches.scope import Scope
from core import ui
from core.errors import NotVisible
from core.importing.downloads import sample_file
from core.paging import by_key
from core.views import Done, act, page, submit
from orders.banking.columns import SAMPLES
from orders.forms.banking import AssignForm, ColumnsForm, ReasonForm, UploadForm
from orders.models import BankLine, BankStatement, LineMatch, LineState
from orders.selectors.finding import order_of
from orders.services import banking
from records.facts import six_facts

SIZE = 50


def _statements(scope: Scope) -> QuerySet[BankStatement]:
    rows = BankStatement.objects.select_related("branch", "recorded_by")
    return rows if scope.everything else rows.filter(branch_id__in=scope.branch_ids)


def _lines(scope: Scope) -> QuerySet[BankLine]:
    rows = BankLine.objects.select_related("batch__branch", "order__customer", "entry", "recorded")
    return rows if scope.everything else rows.filter(batch__branch_id__in=scope.branch_ids)


def _batch(request: StaffRequest, number: str) -> BankStatement:
    """The statement, in a branch where this person reconciles. Raises NotVisible outside the scope."""
    found = _statements(request.scope).filter(number=number.replace("\x00", "")).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(request.actor, Can.RECONCILE_PAYMENTS, found.branch_id)
    return found


def _line(request: StaffRequest, pk: int) -> BankLine:
    found = _lines(request.scope).filter(pk=pk).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(request.actor, Can.RECONCILE_PAYMENTS, found.batch.branch_id)
    return found


def _exact(batch: BankStatement) -> QuerySet[BankLine]:
    return BankLine.objects.filter(batch=batch, verdict=LineMatch.EXACT, state=LineState.OPEN)


def _url(batch: BankStatement, view: str = "") -> str:
    base = reverse("orders:bank_statement", args=[batch.number])
    return f"{base}?show={view}#lines" if view else base


@staff_page(Can.RECONCILE_PAYMENTS)
def index(request: StaffRequest) -> HttpResponse:
    """What waits over all statements, the statements, and the upload of the next."""
    ids = access.branches_with(request.actor, Can.RECONCILE_PAYMENTS)
    mine = [one for one in request.branches if None in ids or one.pk in ids]
    mine.sort(key=lambda one: one.pk != request.branch.pk)
    form = UploadForm(request.POST or None, request.FILES or None, branches=mine)

    def save() -> Done:
        values, file = form.values, form.values["file"]
        return Done(_url(banking.upload(request.actor, values["branch"], values["account"], file.name, file.read())))

    answer = submit(request, form, save) if request.method == "POST" else None
    waiting = _lines(request.scope).filter(state=LineState.OPEN)
    context = {
        "form": form,
        "waiting": by_key(waiting, request.GET.get("after", ""), ("-pk",), SIZE),
        "statements": _statements(request.scope).order_by("-pk")[:20],
    }
    return answer or page(request, "orders/bank.html", context)


@staff_page(Can.RECONCILE_PAYMENTS)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One statement. A POST is the dry run with these columns."""
    batch = _batch(request, number)
    form = ColumnsForm(request.POST or None, batch=batch, version=batch.version)

    def check() -> Done:
        banking.dry_run(request.actor, batch.pk, form.columns, form.values["day_order"])
        return Done(f"{_url(batch)}#lines")

    answer = submit(request, form, check) if request.method == "POST" else None
    return answer or page(request, "orders/bank_statement.html", _context(request, batch, form))


def _context(request: StaffRequest, batch: BankStatement, form: ColumnsForm) -> dict[str, Any]:
    view = request.GET.get("show", "")
    if view not in LineMatch.values:
        view = next((one for one in ("exact", "likely", "none") if batch.counts.get(one)), "exact")
    keys = by_key(
        _lines(request.scope).filter(batch=batch, verdict=view), request.GET.get("after", ""), ("row_number",), SIZE
    )
    return {
        "batch": batch,
        "facts": six_facts(batch),
        "form": form,
        "view": view,
        "tabs": [
            ui.View(label, f"?show={code}#lines", batch.counts.get(code, 0), is_current=code == view)
            for code, label in LineMatch.choices
            if batch.counts.get(code) or code == view
        ],
        "keys": keys,
        "sample": list(batch.rows.order_by("row_number").values_list("cells", flat=True)[:3]),
        "exact": _exact(batch).count(),
        "at_once": banking.EXACT_AT_ONCE,
        "waiting": batch.rows.filter(state=LineState.OPEN).count(),
        "settled": batch.rows.filter(state__in=[LineState.POSTED, LineState.CONFIRMED, LineState.NOT_OURS]).exists(),
    }


@require_POST
@staff_page(Can.RECONCILE_PAYMENTS)
def settle_exact(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)

    def save() -> Done:
        settled, left = banking.settle_exact(request.actor, batch.pk), _exact(batch).count()
        words = ngettext("%(n)d line settled", "%(n)d lines settled", settled) % {"n": settled}
        rest = ngettext("%(n)d exact line is left", "%(n)d exact lines are left", left) % {"n": left}
        return Done(_url(batch), f"{words}. {rest}." if left else words)

    return act(request, save)


@require_POST
@staff_page(Can.RECONCILE_PAYMENTS)
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """The line goes where it was matched to on the page that was looked at (`version`)."""
    line = _line(request, pk)
    seen = request.GET.get("version", "")

    def save() -> Done:
        banking.settle(request.actor, line.pk, version=int(seen) if seen.isdecimal() else None)
        return Done(_url(line.batch, line.verdict), _("Line settled"))

    return act(request, save)


@staff_page(Can.RECONCILE_PAYMENTS)
def line(request: StaffRequest, pk: int) -> HttpResponse:
    """One line by hand: to an order, or not ours with a reason; settled, it can be taken back with a reason."""
    found = _line(request, pk)
    verb = request.POST.get("verb", "")
    assign = AssignForm(
        request.POST if verb == "assign" else None, initial={"order": found.order.number if found.order else ""}
    )
    other = ReasonForm(request.POST if verb in ("not_ours", "take_back") else None, prefix="why")

    def put() -> Done:
        order = order_of(request.scope, assign.values["order"].strip().upper())
        banking.settle(request.actor, found.pk, order.pk)
        return Done(_url(found.batch, found.verdict), _("Payment posted to %(number)s") % {"number": order.number})

    def say() -> Done:
        act_on = banking.not_ours if verb == "not_ours" else banking.take_back
        act_on(request.actor, found.pk, other.values["reason"])
        return Done(reverse("orders:bank_line", args=[found.pk]), _("Saved"))

    answer = submit(request, assign, put) if verb == "assign" else submit(request, other, say) if verb else None
    return answer or page(request, "orders/bank_line.html", {"line": found, "assign": assign, "other": other})


@require_POST
@staff_page(Can.RECONCILE_PAYMENTS)
def discard(request: StaffRequest, number: str) -> HttpResponse:
    batch = _batch(request, number)

    def give_up() -> Done:
        banking.discard(request.actor, batch.pk)
        return Done(reverse("orders:bank"), _("Statement discarded"))

    return act(request, give_up)


@require_GET
@staff_page(Can.RECONCILE_PAYMENTS)
def sample(request: StaffRequest) -> HttpResponse:
    """A short statement in one of the two layouts."""
    layout = request.GET.get("layout", "signed")
    if layout not in SAMPLES:
        raise Http404
    return sample_file(f"statement-{layout}.csv", SAMPLES[layout])
