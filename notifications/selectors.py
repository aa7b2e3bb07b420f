"""What the log, its filters and the panels of order and customer read."""

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.scope import Scope
from core.errors import NotVisible
from core.prepared import Slot, prepared
from core.states import Words
from customers.models import Channel
from customers.names import holding
from notifications import addresses, reasons
from notifications.channels.base import Misconfigured
from notifications.models import ChannelPause, Message, MessageState
from notifications.services.delivery import adapter_of
from notifications.triggers import BY_TEMPLATE

TONE = {
    MessageState.QUEUED: ("neutral", "clock"),
    MessageState.RETRY: ("warning", "hourglass"),
    MessageState.SENDING: ("info", "mail"),
    MessageState.SENT: ("success", "check"),
    MessageState.DELIVERED: ("success", "pass"),
    MessageState.FAILED: ("danger", "fail"),
    MessageState.DEAD: ("danger", "alert"),
    MessageState.SUPERSEDED: ("neutral", "return"),
    MessageState.SUPPRESSED: ("neutral", "pause"),
    MessageState.WITHHELD: ("neutral", "pause"),
}
TROUBLE = (MessageState.FAILED, MessageState.DEAD)
WAITING = (MessageState.QUEUED, MessageState.RETRY, MessageState.SENDING)
NOT_SENT = (MessageState.SUPPRESSED, MessageState.WITHHELD, MessageState.SUPERSEDED)


@dataclass(frozen=True)
class Line:
    """One row of the log. The recipient is masked; the text is on its own page."""

    message: Message
    label: Words
    to: str
    tone: str
    icon: str

    @property
    def why(self) -> str:
        return reasons.in_words(self.message.why)


@dataclass(frozen=True)
class Filters:
    """What the address of the log asks for; anything it does not know is no filter."""

    text: str = ""
    channel: str = ""
    view: str = ""
    template: str = ""
    since: date | None = None


def visible(scope: Scope) -> QuerySet[Message]:
    """Messages of the reader's branches: sent from there, or about an order sold there."""
    found = Message.objects.select_related("order", "customer", "branch", "requested_by")
    if scope.everything:
        return found
    return found.filter(Q(branch_id__in=scope.branch_ids) | Q(order__branch_id__in=scope.branch_ids))


def log(scope: Scope, filters: Filters) -> QuerySet[Message]:
    found = visible(scope).defer("html", "body")
    if filters.channel in Channel.values:
        found = found.filter(channel=filters.channel)
    if filters.template in BY_TEMPLATE:
        found = found.filter(template_key=filters.template)
    if filters.since:
        found = found.filter(created_at__gte=timezone.make_aware(datetime.combine(filters.since, time())))
    if filters.text:
        found = found.filter(_matching(filters.text))
    return _of_view(found, filters.view)


def _matching(text: str) -> Q:
    """An order or customer number, a part of a name, or a whole address."""
    wanted = text.strip()
    numbered = Q(order__number=wanted.upper()) | Q(customer__number=wanted.upper())
    return numbered | holding(wanted, "customer__") | Q(recipient__iexact=wanted)


def _of_view(found: QuerySet[Message], view: str) -> QuerySet[Message]:
    chosen = {"trouble": TROUBLE, "waiting": WAITING, "not_sent": NOT_SENT}.get(view)
    if chosen is None:
        return found
    found = found.filter(state__in=chosen)
    return found.filter(handled_at__isnull=True) if view == "trouble" else found


def message(scope: Scope, message_id: int) -> Message:
    """One message with its tries. Raises NotVisible."""
    found = visible(scope).prefetch_related("attempts").filter(pk=message_id).first()
    if found is None:
        raise NotVisible(_("Not found."), code="not_visible")
    return found


def line(message: Message) -> Line:
    trigger = BY_TEMPLATE.get(message.template_key)
    tone, icon = TONE[MessageState(message.state)]
    to = addresses.masked(message.channel, message.recipient)
    return Line(message, trigger.label if trigger else message.template_key, to, tone, icon)


def of_order(scope: Scope, order_id: int) -> list[Line]:
    """The newest eight messages about one order, for its page."""
    return [line(row) for row in _of_order(scope).rows(order=order_id)]


@prepared
def _of_order(scope: Scope) -> QuerySet[Message]:
    return visible(scope).defer("html", "body").filter(order=Slot("order")).order_by("-pk")[:8]


def of_customer(scope: Scope, customer_id: int) -> list[Line]:
    """The newest five to a customer, for their page."""
    return [line(row) for row in _of_customer(scope).rows(customer=customer_id)]


@prepared
def _of_customer(scope: Scope) -> QuerySet[Message]:
    return visible(scope).defer("html", "body").filter(customer=Slot("customer")).order_by("-pk")[:5]


def trouble(scope: Scope) -> int:
    """How many messages wait for a person."""
    return visible(scope).filter(state__in=TROUBLE, handled_at__isnull=True).count()


def pauses() -> list[ChannelPause]:
    return list(ChannelPause.objects.filter(until__gt=timezone.now()).order_by("channel"))


def local_channels() -> list[str]:
    """Channels whose messages stay on this machine, in words; empty when a provider is set up for each."""
    found = []
    for channel in (Channel.EMAIL, Channel.SMS):
        try:
            local = adapter_of(channel).local
        except Misconfigured:
            local = False
        if local:
            found.append(str(channel.label))
    return found
