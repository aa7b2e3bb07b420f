"""What could not be sent comes to a person: a case with an owner, closed when somebody dealt with it."""

from django.db import transaction
from django.utils.translation import gettext as _

from branches.models import Branch
from cases.services.cases import CaseData, open_case
from core.actor import Actor, system
from notifications.models import Message
from notifications.triggers import BY_TEMPLATE
from records import events
from records.models import Event

KIND = "dead_message"
_ACTOR = system("Messages")


@transaction.atomic
def given_up(message: Message) -> None:
    """After the last try: the event for the story, and the case for the owner."""
    record(message, "message.failed")
    branch_id = message.branch_id or _any_branch()
    if branch_id is None:
        return
    label = BY_TEMPLATE[message.template_key].label if message.template_key in BY_TEMPLATE else message.template_key
    title = _("Message not delivered: %(what)s") % {"what": label}
    open_case(
        _ACTOR,
        CaseData(
            kind=KIND,
            subject=message,
            branch_id=branch_id,
            title=title,
            description=message.why,
            customer_id=message.customer_id,
            order_id=message.order_id,
        ),
    )


@transaction.atomic
def open_unplanned(event: Event, why: str) -> None:
    """An event for which no message could be made."""
    branch_id = event.branch_id or _any_branch()
    if branch_id is None:
        return
    data = CaseData(
        kind=KIND,
        subject=event,
        branch_id=branch_id,
        title=_("Message could not be written: %(event)s") % {"event": event.kind},
        description=why[:500],
        customer_id=event.customer_id,
        order_id=event.order_id,
    )
    open_case(_ACTOR, data)


def record(message: Message, kind: str) -> None:
    """The message's part in the story of customer and order. No address, no text."""
    fact = events.Fact(
        message,
        message.branch_id,
        message.customer_id,
        message.order_id,
        reason=message.why if kind == "message.failed" else "",
        data={"template": message.template_key, "channel": message.channel, "message": message.pk},
    )
    events.record(kind, _ACTOR, fact)


def _any_branch() -> int | None:
    return Branch.objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True).first()


def handled(actor: Actor, message: Message) -> None:
    """A person closed it: the story says so; the case closes by its own rule."""
    fact = events.Fact(
        message,
        message.branch_id,
        message.customer_id,
        message.order_id,
        reason=message.handled_reason,
        data={"template": message.template_key, "channel": message.channel, "message": message.pk},
    )
    events.record("message.handled", actor, fact)
