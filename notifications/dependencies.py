"""What was written to a customer and has not left yet, told in the change panel. It is made anew or left out by itself."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.roles import Role
from notifications.models import Message, MessageState
from notifications.triggers import BY_TEMPLATE
from records.services.changes import Affected, Dependency, declare

_NOT_GONE = (MessageState.QUEUED, MessageState.RETRY)


def _find(by: Callable[[Any], Q]) -> Callable[[Any], Iterable[Affected]]:
    def find(record: Any) -> Iterable[Affected]:
        waiting = Message.objects.filter(by(record), state__in=_NOT_GONE).select_related("order")
        for message in waiting.order_by("pk")[:20]:
            told = BY_TEMPLATE.get(message.template_key)
            subject = told.label if told else message.subject or message.template_key
            words = {"subject": subject, "channel": message.get_channel_display()}
            yield Affected(
                subject=message,
                title=_("“%(subject)s” waits to leave by %(channel)s") % words,
                branch_id=message.branch_id,
                customer_id=message.customer_id,
                order_id=message.order_id,
            )

    return find


def _row(on: str, by: Callable[[Any], Q], fields: frozenset[str] = frozenset()) -> Dependency:
    return Dependency(
        on=on,
        decision="message",
        label=gettext_lazy("Messages that have not left"),
        why=gettext_lazy("The customer would read what no longer holds."),
        before_next_stage=gettext_lazy("Look at it in the order's messages; hold it back where it no longer holds"),
        owner_role=Role.RECEPTIONIST,
        find=_find(by),
        fields=fields,
        reopens=False,
    )


declare(
    [
        _row("prescriptions.prescription", lambda record: Q(order__prescription=record)),
        _row("orders.framechoice", lambda record: Q(order=record.order_id)),
        _row("orders.lensspecification", lambda record: Q(order=record.order_id)),
        _row("orders.measurement", lambda record: Q(order=record.order_id)),
        _row("orders.order", lambda record: Q(order=record.pk), frozenset({"promised_on"})),
    ]
)
