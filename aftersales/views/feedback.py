"""What customers think: trends and answers, and when a branch asks."""

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import FeedbackPlan
from aftersales.selectors import answers
from aftersales.services import feedback
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import ui
from core.forms import Form
from core.views import Done, page, submit

_DAYS = {"30": gettext_lazy("30 days"), "90": gettext_lazy("90 days"), "365": gettext_lazy("1 year")}


class PlanForm(Form):
    is_on = forms.BooleanField(label=gettext_lazy("Ask customers how it was"), required=False)
    days = forms.IntegerField(label=gettext_lazy("Days after the hand-over"), min_value=1, max_value=60)


@staff_page(Can.VIEW_ORDERS)
def index(request: StaffRequest) -> HttpResponse:
    """Averages by branch, carrier, frame or lens; below them the answers, the low ones alone when wanted."""
    question = answers.read(request.GET.dict())
    keys = answers.page_of(request.scope, question, request.GET.get("after", ""))
    rows = [(row, [feedback.WENT_WRONG.get(code, code) for code in row.went_wrong]) for row in keys.rows]
    context = {
        "question": question,
        "groups": _tabs(question),
        "periods": _DAYS.items(),
        "label": answers.GROUPS[question.by][0],
        "trends": answers.trends(request.scope, question),
        "keys": keys,
        "rows": rows,
    }
    return page(request, "aftersales/feedback.html", context)


def _tabs(question: answers.Question) -> list[ui.View]:
    return [
        ui.View(label, f"?by={code}&days={question.days}", is_current=code == question.by)
        for code, (label, _column) in answers.GROUPS.items()
    ]


@staff_page(Can.MANAGE_SETTINGS)
def plan(request: StaffRequest) -> HttpResponse:
    """For the branch one works in."""
    found = FeedbackPlan.objects.filter(branch=request.branch).first()
    days = found.days if found else settings.FEEDBACK_AFTER_DAYS
    form = PlanForm(request.POST or None, initial={"days": days, "is_on": found.is_on if found else True})

    def save() -> Done:
        feedback.plan(request.actor, request.branch.pk, form.values["days"], is_on=form.values["is_on"])
        return Done(reverse("aftersales:feedback"), _("Saved for %(branch)s") % {"branch": request.branch.name})

    return submit(request, form, save) or page(request, "aftersales/feedback_plan.html", {"form": form})
