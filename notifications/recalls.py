"""The list of people whose next visit is due, with what was sent, what will be used, and what came of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.scope import Scope
from customers import consent
from customers import selectors as customers
from customers.models import Channel, ConsentPurpose, Customer
from notifications.coming import TESTS, has_come
from notifications.models import Message, MessageState
from notifications.selectors import TONE
from notifications.services import recall
from records.models import Event
from visits.models import Appointment, AppointmentState

_MEASURED = timedelta(days=90)


@dataclass(frozen=True)
class Row:
    """One person of the list. `way` is how they would be reminded now; empty: by a call, `why` says why."""

    customer: Customer
    way: str
    why: str
    rounds: int
    last: datetime | None
    state: str = ""
    tone: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Response:
    """Of the people reminded in the last ninety days: how many answered, booked or came."""

    reminded: int
    answered: int
    came: int


def due(scope: Scope, branch: Branch, today: date) -> QuerySet[Customer]:
    """Whose day has come at the branch and who has booked no test."""
    booked = Appointment.objects.filter(
        customer=OuterRef("pk"), kind__in=TESTS, state=AppointmentState.BOOKED, period__endswith__gt=timezone.now()
    )
    return customers.recalls_due(scope, branch, today).filter(~Exists(booked))


def rows(found: list[Customer]) -> list[Row]:
    """What the list shows of these people, in a fixed number of queries."""
    ids = [one.pk for one in found]
    rounds, ways = recall.rounds_of(ids), recall.ways_of(found)
    newest: dict[int, Message] = {}
    for message in (
        Message.objects.filter(customer_id__in=ids, template_key="recall").defer("html", "body").order_by("pk")
    ):
        newest[message.customer_id or 0] = message
    return [_row(one, ways[one.pk], rounds.get(one.pk, []), newest.get(one.pk)) for one in found]


def _row(one: Customer, ways: list[str], rounds: list[tuple[str, datetime]], message: Message | None) -> Row:
    now = [at for day_of, at in rounds if day_of == str(one.recall_on)]
    state, tone, icon = "", "", ""
    if message is not None and now and message.created_at >= now[-1] - timedelta(minutes=1):
        state, (tone, icon) = message.get_state_display(), TONE[MessageState(message.state)]
    way = str(Channel(ways[0]).label) if ways else ""
    return Row(one, way, "" if ways else _why(one), len(now), now[-1] if now else None, state, tone, icon)


def _why(one: Customer) -> str:
    """Why only a call is left."""
    given = consent.answers(one)
    reachable = [channel for channel in (Channel.EMAIL, Channel.SMS) if consent.reachable(one, channel)]
    if not reachable:
        return _("no e-mail, no mobile")
    asked = any(consent.agreed(given, ConsentPurpose.RECALL, channel) for channel in reachable)
    return _("address blocked") if asked else _("no consent to reminders")


def response(scope: Scope, branch: Branch, today: date) -> Response:
    """What the reminders of the last ninety days brought."""
    return responses(scope, branch, today)[0]


def responses(scope: Scope, branch: Branch, today: date) -> tuple[Response, Response, Response]:
    """All of them, those that the plan sent, and those that people sent. Who got both kinds is counted in both."""
    if not scope.covers(branch.pk):
        nothing = Response(0, 0, 0)
        return nothing, nothing, nothing
    since = timezone.now() - _MEASURED
    told = Event.objects.filter(branch_id=branch.pk, at__gt=since)
    sent = told.filter(kind="customer.recall_sent").values_list("customer_id", "data__auto")
    by_plan = {pk for pk, auto in sent if pk and auto}
    by_hand = {pk for pk, auto in sent if pk and not auto}
    answered = set(told.filter(kind="customer.recall_answered").values_list("customer_id", flat=True))
    came = has_come(by_plan | by_hand, today - _MEASURED)
    kinds = (by_plan | by_hand, by_plan, by_hand)
    everybody, plan, hand = (Response(len(of), len(answered & of), len(came & of)) for of in kinds)
    return everybody, plan, hand
