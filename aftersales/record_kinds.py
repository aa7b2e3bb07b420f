"""The protected records of what comes after the sale: what each tells about itself on the shared pages."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aftersales.models import Return, ReturnState
from branches.roles import Can
from branches.scope import Scope
from records.registry import RecordKind, register


def return_url(found: Return) -> str:
    return reverse("aftersales:page", args=[found.number])


def return_visible(found: Return, scope: Scope) -> bool:
    return scope.covers(found.branch_id, found.order.branch_id, found.order.collect_branch_id)


def approval_words(found: Return) -> tuple[str, str]:
    """Who said yes or no, and whether it was within the policy."""
    if found.decided_at is None:
        return _("not decided yet"), "warning"
    who = found.decided_by.full_name if found.decided_by else ""
    if found.state == ReturnState.DECLINED:
        return _("declined by %(who)s") % {"who": who}, "danger"
    words = _("approved by %(who)s, outside the policy") if found.outside_policy else _("approved by %(who)s")
    return words % {"who": who}, "warning" if found.outside_policy else "success"


register(
    RecordKind(
        model=Return,
        label=gettext_lazy("Return"),
        can_view=Can.VIEW_ORDERS,
        url=return_url,
        title=lambda found: _("Return %(number)s") % {"number": found.number},
        visible=return_visible,
        links=lambda found: (found.order.customer_id, found.order_id),
        approval=approval_words,
        closes_when=lambda found: _("refunded, or the replacement is handed over"),
        branch_id=lambda found: found.branch_id,
        hidden_fields=("explained",),
    )
)
