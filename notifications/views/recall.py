"""Recall: the list of people due, reminding many at once, and the rules by which people come due."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from branches.access import allowed
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core import paging
from core.forms import Form
from core.views import Done, act, page, submit
from notifications import recalls
from notifications.models import RecallRule
from notifications.services import recall, recall_plan
from notifications.services.recall_plan import PlanData
from orders import workdays

_ALL_AT_ONCE = 500


@require_safe
@staff_page(Can.MANAGE_VISITS)
def index(request: StaffRequest) -> HttpResponse:
    """The longest due first, with how each would be reminded."""
    today = timezone.localdate()
    due = recalls.due(request.scope, request.branch, today)
    found = paging.by_key(due, request.GET.get("after", ""), ("recall_on", "id"))
    context = {
        "page": found,
        "rows": recalls.rows(list(found.rows)),
        "response": recalls.response(request.scope, request.branch, today),
        "plan": recall_plan.plan_of(request.branch),
        "may_send": allowed(request.actor, Can.RESEND_MESSAGES, request.actor.branch_id),
        "may_rule": allowed(request.actor, Can.EDIT_TEMPLATES, request.actor.branch_id),
    }
    return page(request, "notifications/recall.html", context)


@require_POST
@staff_page(Can.RESEND_MESSAGES)
def send(request: StaffRequest) -> HttpResponse:
    """Remind the people that were ticked, or everybody due at the branch."""
    today = timezone.localdate()
    if "everybody" in request.POST:
        picked = list(recalls.due(request.scope, request.branch, today).values_list("pk", flat=True)[:_ALL_AT_ONCE])
    else:
        picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()][:_ALL_AT_ONCE]
    return act(request, lambda: Done(reverse("messages:recall"), _words(recall.send(request.actor, picked, today))))


def _words(outcome: recall.Outcome) -> str:
    """What became of the choice, in one sentence each."""
    parts = [ngettext("%(n)s reminder on its way", "%(n)s reminders on their way", outcome.sent) % {"n": outcome.sent}]
    for count, words in (
        (outcome.to_call, _("%(n)s only by a call")),
        (outcome.come, _("%(n)s booked or came")),
        (outcome.lately, _("%(n)s reminded within two weeks or three times")),
    ):
        if count:
            parts.append(words % {"n": count})
    return ", ".join(parts)


class RulesForm(Form):
    """Months by what was tested and the age, one box each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, table in recall.USUAL.items():
            starts = sorted(table)
            for start, end in zip(starts, [*starts[1:], None], strict=True):
                ages = (
                    _("from %(from)s") % {"from": start}
                    if end is None
                    else _("%(from)s to %(to)s") % {"from": start, "to": end - 1}
                )
                label = (
                    f"{RecallRule.Kind(kind).label}, {_('age')} {ages}"
                    if len(starts) > 1
                    else str(RecallRule.Kind(kind).label)
                )
                self.fields[f"{kind}_{start}"] = forms.IntegerField(label=label, min_value=1, max_value=120)

    def rules(self) -> dict[tuple[str, int], int]:
        return {
            (name.rpartition("_")[0], int(name.rpartition("_")[2])): months
            for name, months in self.values.items()
        }  # fmt: skip


@staff_page(Can.EDIT_TEMPLATES)
def rules(request: StaffRequest) -> HttpResponse:
    """After how many months people are asked to come again; a prescription that names its own months wins."""
    stored = {f"{row.kind}_{row.from_age}": row.months for row in RecallRule.objects.all()}
    usual = {f"{kind}_{start}": months for kind, table in recall.USUAL.items() for start, months in table.items()}
    form = RulesForm(request.POST or None, initial=usual | stored)

    def save() -> Done:
        recall.set_rules(request.actor, form.rules())
        return Done(reverse("messages:recall"), _("Rules kept. They count from the next test on."))

    return submit(request, form, save) or page(request, "notifications/recall_rules.html", {"form": form})


class PlanForm(Form):
    """The switch with its two numbers."""

    is_on = forms.BooleanField(label=_lazy("Remind people by itself"), required=False)
    from_hour = forms.TypedChoiceField(
        label=_lazy("From"), coerce=int, choices=[(hour, f"{hour:02d}:00") for hour in range(7, 20)]
    )
    most_a_day = forms.IntegerField(
        label=_lazy("People a day at most"),
        min_value=1,
        max_value=500,
        help_text=_lazy("As many as the shop can see in a day and answer on the phone."),
    )


@staff_page(Can.MANAGE_VISITS)
def plan(request: StaffRequest) -> HttpResponse:
    """The switch, whom it would remind today and how, and what reminders have brought. Managers change it."""
    today, now = workdays.today(request.branch), recall_plan.plan_of(request.branch)
    may_change = allowed(request.actor, Can.EDIT_TEMPLATES, request.actor.branch_id)
    start = {"is_on": now.is_on, "from_hour": now.from_hour, "most_a_day": now.most_a_day}
    form = PlanForm(request.POST or None, initial=start, edits=now)

    def save() -> Done:
        recall_plan.set_plan(request.actor, request.branch.pk, PlanData(**form.values), version=form.version)
        words = _("Reminders go by themselves") if form.values["is_on"] else _("Reminders go by hand")
        return Done(reverse("messages:recall_plan"), words)

    answer = submit(request, form, save)
    if answer is not None:
        return answer
    everybody, by_plan, by_hand = recalls.responses(request.scope, request.branch, today)
    context = {
        "form": form,
        "plan": now,
        "may_change": may_change,
        "ran": now.last_run_on == today,
        "works": workdays.is_working_day(today, request.branch),
        "rows": recalls.rows(recall_plan.batch(request.branch, today, now.most_a_day)),
        "responses": [(_("All"), everybody), (_("By itself"), by_plan), (_("By hand"), by_hand)],
    }
    return page(request, "notifications/recall_plan.html", context)
