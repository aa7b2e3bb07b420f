"""The return policy under Settings."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from aftersales import rules
from aftersales.forms.policy import NewPolicyForm, PolicyForm
from aftersales.models import ReturnPolicy
from aftersales.services import policies
from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.errors import NotVisible
from core.views import Done, page, submit


@staff_page(Can.MANAGE_SETTINGS)
def index(request: StaffRequest) -> HttpResponse:
    """Every rule with the sentence that customers read."""
    rows = [(one, rules.sentence(one)) for one in ReturnPolicy.objects.all()]
    return page(request, "aftersales/policies.html", {"rows": rows})


@staff_page(Can.MANAGE_SETTINGS)
def new(request: StaffRequest) -> HttpResponse:
    form = NewPolicyForm(request.POST or None)

    def save() -> Done:
        values = form.values
        policies.add(request.actor, values.pop("code"), values)
        return Done(reverse("aftersales:policies"), _("Rule added"))

    return submit(request, form, save) or page(request, "aftersales/policy.html", {"form": form, "policy": None})


@staff_page(Can.MANAGE_SETTINGS)
def change(request: StaffRequest, code: str) -> HttpResponse:
    policy = ReturnPolicy.objects.filter(code=code).first()
    if policy is None:
        raise NotVisible(_("Not found."), code="not_visible")
    initial = {name: getattr(policy, name) for name in policies.FIELDS}
    form = PolicyForm(request.POST or None, initial=initial, edits=policy)

    def save() -> Done:
        policies.save(request.actor, code, form.values, form.version)
        return Done(reverse("aftersales:policies"), _("Rule saved; requests under way keep what they were told"))

    context = {"form": form, "policy": policy, "sentence": rules.sentence(policy)}
    return submit(request, form, save) or page(request, "aftersales/policy.html", context)
