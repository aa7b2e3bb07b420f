"""The inbox of exceptions, the page of one case, and the verbs on it."""

from collections.abc import Callable

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from cases import forms, kinds, pages, selectors
from cases.models import Case
from cases.services import cases, touching
from core.errors import NotVisible
from core.forms import Form
from core.paging import by_key
from core.states import Words
from core.views import Done, act, next_url, page, submit
from records import registry


@staff_page(Can.VIEW_CASES)
def inbox(request: StaffRequest) -> HttpResponse:
    """Mine, unowned, waiting for approval, breaching, all open, closed."""
    view = request.GET.get("view", "open")
    view = view if view in selectors.VIEWS else "open"
    found = selectors.inbox(request.scope, view, request.actor.user_id)
    order = ("-id",) if view == "closed" else ("severity", "due_at", "id")
    rows = by_key(found, request.GET.get("after", ""), order)
    context = {
        "tabs": pages.tabs(request.scope, request.actor, view),
        "page": rows,
        "rows": [pages.row(case) for case in rows.rows],
        "view": view,
        "last_closed": selectors.last_closed_at(request.scope),
    }
    return page(request, "cases/inbox.html", context)


@staff_page(Can.VIEW_CASES)
def show(request: StaffRequest, number: str) -> HttpResponse:
    """One case: facts and evidence, the story and the decision, the closure rule."""
    return _page(request, selectors.case(request.scope, number))


@staff_page(Can.MANAGE_CASES)
def open_by_hand(request: StaffRequest, record_type: str, record_id: int) -> HttpResponse:
    """Open a case about any record that the person can see."""
    kind, record = registry.load(record_type, record_id, request.scope)
    customer_id, order_id = kind.links(record)
    branch_id = kind.branch_id(record) or request.branch.pk
    form = forms.OpenForm(request.POST or None)

    def save() -> Done:
        values = form.values
        data = cases.CaseData(
            values["kind"],
            record,
            branch_id,
            values["title"],
            values["description"],
            customer_id,
            order_id,
            links=touching.links_of(record, customer_id, order_id, request.scope),
        )
        case = cases.open_case(request.actor, data)
        return Done(reverse("cases:page", args=[case.number]), _("Case %(number)s opened") % {"number": case.number})

    back = next_url(request, kind.url(record))
    context = {"form": form, "title": kind.title(record), "url": back}
    return submit(request, form, save) or page(request, "cases/open.html", context)


Verb = Callable[[StaffRequest, Case, Form], object]


def _verb(form_of: Callable[[StaffRequest, Case], Form], action: Verb, toast: Words) -> Callable[..., HttpResponseBase]:
    """One form of the case page: on refusal the whole page again with what was typed."""

    @require_POST
    @staff_page(Can.VIEW_CASES)
    def view(request: StaffRequest, number: str) -> HttpResponse:
        case = selectors.case(request.scope, number)
        form = form_of(request, case)

        def save() -> Done:
            action(request, case, form)
            return Done(reverse("cases:page", args=[case.number]), str(toast))

        return submit(request, form, save) or _page(request, selectors.case(request.scope, number), form)

    return view


def _page(request: StaffRequest, case: Case, refused: Form | None = None) -> HttpResponse:
    context = pages.case_page(case, request.actor)
    if refused is not None:
        context["forms"][type(refused).__name__] = refused
        context["refused_form"] = refused
    return page(request, "cases/page.html", context)


assign = _verb(
    lambda request, case: forms.AssignForm(request.POST, branch_id=case.branch_id),
    lambda request, case, form: cases.assign(request.actor, case.pk, form.values["owner"].pk),
    gettext_lazy("Owner changed"),
)
note = _verb(
    lambda request, case: forms.NoteForm(request.POST),
    lambda request, case, form: cases.note(request.actor, case.pk, form.values["text"]),
    gettext_lazy("Note added"),
)
code = _verb(
    lambda request, case: pages.coding_form(case, request.POST),
    lambda request, case, form: cases.code(request.actor, case.pk, cases.Coding(**form.values)),
    gettext_lazy("Cause saved"),
)
ask = _verb(
    lambda request, case: forms.RequestForm(request.POST, options=kinds.get(case.kind).decisions, version=case.version),
    lambda request, case, form: cases.request_decision(
        request.actor, case.pk, form.values["decision"], form.values["reason"], form.version
    ),
    gettext_lazy("Decision asked for"),
)
approve = _verb(
    lambda request, case: forms.DecideForm(request.POST, version=case.version),
    lambda request, case, form: cases.decide(
        request.actor, case.pk, request.POST.get("answer") != "reject", form.values["reason"], form.version
    ),
    gettext_lazy("Decided"),
)
close = _verb(
    lambda request, case: forms.CloseForm(request.POST),
    lambda request, case, form: cases.close(request.actor, case.pk, form.values["note"]),
    gettext_lazy("Case closed"),
)


@require_POST
@staff_page(Can.MANAGE_CASES)
def take(request: StaffRequest, number: str) -> HttpResponse:
    """Take the case oneself."""
    case = selectors.case(request.scope, number)

    def save() -> Done:
        cases.assign(request.actor, case.pk, request.user.pk)
        return Done(reverse("cases:page", args=[case.number]), _("The case is yours"))

    return act(request, save)


@staff_page(Can.MANAGE_CASES)
def tick(request: StaffRequest, number: str, item: str) -> HttpResponse:
    """Tick one condition by hand, saying how one knows."""
    case = selectors.case(request.scope, number)
    line = next((line for line in cases.closure_rule(case) if line.code == item), None)
    if line is None:
        raise NotVisible(_("This kind of case has no such condition."), code="not_visible")
    form = forms.TickForm(request.POST or None)

    def save() -> Done:
        cases.tick(request.actor, case.pk, item, form.values["note"])
        return Done(reverse("cases:page", args=[case.number]), _("Condition ticked"))

    context = {"form": form, "case": case, "line": line}
    return submit(request, form, save) or page(request, "cases/tick.html", context)
