"""The examination: start it, note what was found, finish it, go on to the prescription."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches import access
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import ui
from core.formats import dated
from core.views import Done, act, page, submit
from prescriptions import screens, selectors
from prescriptions.forms import FINDINGS, FindingsForm
from prescriptions.models import EyeTest
from prescriptions.services import eye_tests
from records.services import evidence


@staff_page(Can.RUN_EYE_TESTS)
def start(request: StaffRequest, number: str) -> HttpResponse:
    """Begin with this customer; `visit` names the visit when it starts from the queue. First what was found before."""
    customer = screens.customer_of(number)
    visit = request.POST.get("visit", "") or request.GET.get("visit", "")
    if request.method != "POST":
        under_way = selectors.open_test(customer.pk, request.actor.user_id)
        if under_way:
            return redirect("prescriptions:test", under_way.pk)
        context = {
            "banner": screens.identity(customer),
            "customer": customer,
            "customer_url": screens.customer_url(customer),
        }
        context |= {"tests": selectors.eye_tests_of(customer.pk), "visit": visit}
        return page(request, "prescriptions/start_test.html", context)

    def begin() -> Done:
        test = eye_tests.start(request.actor, customer.pk, int(visit) if visit.isdigit() else None)
        return Done(reverse("prescriptions:test", args=[test.pk]))

    return act(request, begin)


@staff_page(Can.VIEW_PRESCRIPTIONS)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """Findings, open to note for the optometrists of the branch, to read for the others."""
    test = selectors.eye_test(request.actor, pk)
    may_note = access.allowed(request.actor, Can.RUN_EYE_TESTS, test.branch_id)
    if request.method == "POST":
        access.require(request.actor, Can.RUN_EYE_TESTS, test.branch_id)
    form = FindingsForm(request.POST or None, initial={**test.findings, "advice": test.advice}, edits=test)

    def save() -> Done:
        eye_tests.note(request.actor, pk, form.findings, form.values["advice"], form.version)
        if request.POST.get("do") != "prescribe":
            return Done(reverse("prescriptions:test", args=[pk]), _("Findings saved"))
        return Done(reverse("prescriptions:new", args=[test.customer.number]))

    return submit(request, form, save) or page(request, "prescriptions/test.html", _context(test, form, may_note))


def _context(test: EyeTest, form: FindingsForm, may_note: bool) -> dict[str, Any]:
    return {
        "test": test,
        "form": form,
        "may_note": may_note,
        "banner": screens.identity(test.customer),
        "customer_url": screens.customer_url(test.customer),
        "facts": _facts(test),
        "findings": [(label, test.findings[name]) for name, label in FINDINGS if test.findings.get(name)],
        "prescriptions": selectors.of_customer(test.customer_id).filter(eye_test=test),
    }


def _facts(test: EyeTest) -> ui.SixFacts:
    count = evidence.of(test).count()
    ended = timezone.localtime(test.finished_at) if test.finished_at else None
    return ui.SixFacts(
        source=_("Own eye test"),
        recorded=test.started_at,
        responsible=_("%(name)s, optometrist") % {"name": test.optometrist.full_name},
        evidence=str(count) if count else "",
        approval=_("finished %(at)s") % {"at": dated(ended, "D j M Y, H:i")} if ended else _("under way"),
        closes_when=_("closed") if ended else _("finished by the optometrist"),
    )


@require_POST
@staff_page(Can.RUN_EYE_TESTS)
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """The examination is over."""

    def end() -> Done:
        eye_tests.finish(request.actor, pk)
        return Done(reverse("prescriptions:test", args=[pk]), _("Eye test finished"))

    return act(request, end)
