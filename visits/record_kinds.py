"""How the shared pages reach an appointment and a visit. Both belong to their branch."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Can
from branches.scope import Scope
from records.registry import RecordKind, register
from visits.models import Appointment, Visit


def _visible(record: Any, scope: Scope) -> bool:
    return scope.covers(record.branch_id)


register(
    RecordKind(
        model=Appointment,
        label=gettext_lazy("Appointment"),
        can_view=Can.MANAGE_VISITS,
        url=lambda one: reverse("visits:appointment", args=[one.pk]),
        title=lambda one: f"{one.get_kind_display()}, {one.customer}",
        visible=_visible,
        links=lambda one: (one.customer_id, None),
        approval=lambda one: (one.get_state_display(), ""),
        closes_when=lambda _one: _("done, cancelled or no-show"),
        branch_id=lambda one: one.branch_id,
    )
)
register(
    RecordKind(
        model=Visit,
        label=gettext_lazy("Visit"),
        can_view=Can.MANAGE_VISITS,
        url=lambda one: reverse("customers:page", args=[one.customer.number]),
        title=lambda one: _("Visit of %(name)s") % {"name": one.customer},
        visible=_visible,
        links=lambda one: (one.customer_id, None),
        approval=lambda one: (one.get_state_display(), ""),
        closes_when=lambda _one: _("an outcome is noted"),
        branch_id=lambda one: one.branch_id,
    )
)
