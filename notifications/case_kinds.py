"""A message that nobody could deliver needs a person."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Role
from cases.kinds import CaseKind, ClosureItem, register
from cases.models import Case
from notifications.models import Message, MessageState

_DELIVERED = (MessageState.SENT, MessageState.DELIVERED)


def _told(case: Case) -> bool:
    """Sent again with success, told by another channel, or closed with a reason in the log.

    Where no message could be written the case is about the event that was to be told.
    """
    if case.subject_type != "notifications.message":
        written = Message.objects.filter(event_id=case.subject_id, created_at__gt=case.recorded_at)
        return written.filter(state__in=_DELIVERED).exists()
    message = Message.objects.filter(pk=case.subject_id).first()
    if message is None:
        return False
    others = Message.objects.filter(fallback_of=message, state__in=_DELIVERED).exists()
    return others or message.state in _DELIVERED or message.handled_at is not None


register(
    CaseKind(
        code="dead_message",
        label=_("Message not delivered"),
        owner_role=Role.RECEPTIONIST,
        due_hours=4,
        closure=(
            ClosureItem(
                "customer_told", _("The customer was told in another way or needs no message"), _told, or_by_hand=True
            ),
        ),
        severity=2,
        by_hand=False,
    )
)


register(
    CaseKind(
        code="visit_wish",
        label=_("Wish for an appointment"),
        owner_role=Role.RECEPTIONIST,
        due_hours=8,
        closure=(ClosureItem("booked_or_answered", _("An appointment is booked, or the customer has another answer")),),
        severity=1,
        by_hand=False,
    )
)
