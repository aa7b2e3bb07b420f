"""The case as a record: its facts, its page, who may see it."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from branches.roles import Can
from branches.scope import Scope
from cases.models import Case, CaseState
from cases.services import cases
from records.facts import role_word
from records.registry import RecordKind, register


def _approval(case: Case) -> tuple[str, str]:
    if case.state == CaseState.WAITING_APPROVAL:
        return _("waiting for a decision"), "warning"
    if case.decided_at and case.decided_by:
        return _("decided by %(who)s") % {"who": case.decided_by.short_name}, "success"
    return _("nothing to approve yet"), ""


def _closes_when(case: Case) -> str:
    lines = cases.closure_rule(case)
    met = sum(line.done for line in lines)
    words = ngettext("%(n)d condition, %(met)d met", "%(n)d conditions, %(met)d met", len(lines))
    return words % {"n": len(lines), "met": met}


def _responsible(case: Case) -> str:
    """Who owns the response, with the role in which they do; while nobody does, the role that must."""
    if case.owner is None:
        return role_word(case.owner_role)
    held = list(case.owner.memberships.order_by("pk").values_list("role", flat=True))
    role = role_word(case.owner_role if case.owner_role in held else next(iter(held), ""))
    return ", ".join(part for part in (case.owner.full_name, role[:1].lower() + role[1:]) if part)


def _visible(case: Case, scope: Scope) -> bool:
    return scope.covers(case.branch_id)


register(
    RecordKind(
        model=Case,
        label=gettext_lazy("Case"),
        can_view=Can.VIEW_CASES,
        url=lambda case: reverse("cases:page", args=[case.number]),
        title=str,
        visible=_visible,
        links=lambda case: (case.customer_id, case.order_id),
        approval=_approval,
        closes_when=_closes_when,
        responsible=_responsible,
        branch_id=lambda case: case.branch_id,
    )
)
