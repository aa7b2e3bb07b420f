"""Recall: when a person is asked to come again, whom it is time to write to, what was sent and what they answered.

The due day stands on the customer. It follows from the newest signed prescription; who has booked or been here since is not
asked; who may be reached by no channel stands on the list of calls.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from branches.scope import Scope
from cases.services import cases
from cases.services.cases import CaseData
from core.actor import Actor, system
from core.errors import DomainError
from core.formats import age
from customers.models import Channel, ConsentPurpose, Customer
from customers.services import consents
from customers.services.customers import lock
from notifications import addresses
from notifications.coming import still_due
from notifications.models import RecallRule
from notifications.services import planning
from notifications.triggers import BY_TEMPLATE
from prescriptions.models import Prescription, PrescriptionKind, PrescriptionState
from records import events, saving
from records.models import Event

# What the product starts with: children and contact lenses yearly, from sixty yearly, the others every two years.
USUAL = {
    RecallRule.Kind.SPECTACLES: {0: 12, 16: 24, 60: 12},
    RecallRule.Kind.CONTACT_LENSES: {0: 12},
}
MOST_ROUNDS, BETWEEN_ROUNDS = 3, timedelta(days=14)
LATER = timedelta(days=90)
_FOLLOWED = timedelta(days=3)
_CLOCK = system("Calendar")


# ------------------------------------------------------------------- the day


def months_after(kind: str, years: int) -> int:
    """The practice's rule for what was tested and the age, else the usual one."""
    table = dict(RecallRule.objects.filter(kind=kind).values_list("from_age", "months"))
    table = table or USUAL[RecallRule.Kind(kind)]
    fitting = [start for start in table if start <= years]
    return table[max(fitting)] if fitting else 24


@transaction.atomic
def set_rules(actor: Actor, rules: dict[tuple[str, int], int]) -> None:
    """Months by (kind, from age). People whose day is set keep it; the next test follows the new rule."""
    access.require(actor, Can.EDIT_TEMPLATES, actor.branch_id)
    wrong = {f"{kind}_{start}": _("From 1 to 120 months.") for (kind, start), n in rules.items() if not 1 <= n <= 120}
    if wrong:
        raise DomainError(_("The rules were not kept."), fields=wrong, code="months_range")
    for (kind, start), months in rules.items():
        values = {"months": months, "changed_at": timezone.now(), "changed_by_id": actor.user_id}
        row, _made = RecallRule.objects.update_or_create(kind=kind, from_age=start, defaults=values)
        events.record("recall.rule_set", actor, events.Fact(row, data={"kind": kind, "from": start, "months": months}))


def add_months(start: date, months: int) -> date:
    """The same day of a later month, or that month's last: 31 August and six months is 28 February."""
    year, month = divmod(start.month - 1 + months, 12)
    last = monthrange(start.year + year, month + 1)[1]
    return date(start.year + year, month + 1, min(start.day, last))


def follow_prescriptions(today: date) -> int:
    """Set the day of everybody whose prescription was signed in the last days; how many changed. Safe to repeat."""
    signed = (
        Prescription.objects.filter(state=PrescriptionState.CURRENT, signed_at__gt=timezone.now() - _FOLLOWED)
        .select_related("customer")
        .order_by("signed_at", "pk")
    )
    known = set(
        Event.objects.filter(kind="customer.recall_set", at__gt=timezone.now() - 2 * _FOLLOWED).values_list(
            "data__prescription", flat=True
        )
    )
    return sum(_set_day(row, today) for row in signed if row.pk not in known)


@transaction.atomic
def _set_day(row: Prescription, today: date) -> bool:
    customer = lock(row.customer_id)
    tested = row.examined_on or row.issued_on or today
    kind = RecallRule.Kind.CONTACT_LENSES if row.kind == PrescriptionKind.CONTACT_LENS else RecallRule.Kind.SPECTACLES
    years = age(customer.birth_date, today=tested) if customer.birth_date else 40
    due = add_months(tested, row.recall_months or months_after(kind, years))
    old = customer.recall_on
    if due <= today or (old is not None and old > due):
        return False
    customer.recall_on = due
    saving.save(customer, _CLOCK)
    fact = events.Fact(
        customer,
        customer.home_branch_id,
        customer.pk,
        old={"recall_on": str(old or "")},
        new={"recall_on": str(due)},
        data={"prescription": row.pk},
    )
    events.record("customer.recall_set", _CLOCK, fact)
    return True


# ------------------------------------------------------------------- sending


def channels_of(customer: Customer) -> list[str]:
    """By what this person may be reminded, the favourite first; empty: only a call."""
    return ways_of([customer])[customer.pk]


def ways_of(people: Sequence[Customer]) -> dict[int, list[str]]:
    """The same for many, in a fixed number of queries."""
    line = BY_TEMPLATE["recall"]
    prefetch_related_objects(people, "consents")
    off = planning.switched_off(line)
    blocked = planning.blocked_among(
        (channel, addresses.address_of(one, channel)) for one in people for channel in line.channels
    )
    return {
        one.pk: [
            channel
            for channel in planning.channels_for(line, one, off)
            if not planning.why_not(line, one, channel, blocked=blocked)
        ]
        for one in people
    }


@dataclass(frozen=True)
class Outcome:
    """What became of a choice of people: written to, left to a call, come already, or written to lately."""

    sent: int = 0
    to_call: int = 0
    come: int = 0
    lately: int = 0


def send(actor: Actor, customer_ids: Iterable[int], now_day: date) -> Outcome:
    """Remind these people. Each is a transaction of its own; asked twice, nobody gets two."""
    access.require(actor, Can.RESEND_MESSAGES, actor.branch_id)
    answers = [_send_one(actor, pk, now_day) for pk in sorted(set(customer_ids))]
    return Outcome(*(answers.count(word) for word in ("sent", "to_call", "come", "lately")))


@transaction.atomic
def _send_one(actor: Actor, customer_id: int, now_day: date) -> str:
    found = Customer.objects.select_for_update(of=("self",)).filter(pk=customer_id, erased_at=None).first()
    if found is None or not Scope.of(actor).covers(found.home_branch_id):
        return "unknown"
    if found.recall_on is None or found.recall_on > now_day or not still_due(found):
        return "come"
    rounds = [at for day_of, at in rounds_of([found.pk]).get(found.pk, []) if day_of == str(found.recall_on)]
    if len(rounds) >= MOST_ROUNDS or (rounds and max(rounds) > timezone.now() - BETWEEN_ROUNDS):
        return "lately"
    if not channels_of(found):
        return "to_call"
    data = {"recall_on": str(found.recall_on), "round": len(rounds) + 1, "auto": actor.is_system}
    fact = events.Fact(found, found.home_branch_id, found.pk, data=data)
    events.record("customer.recall_sent", actor, fact)
    return "sent"


def rounds_of(customer_ids: Iterable[int]) -> dict[int, list[tuple[str, datetime]]]:
    """When each was reminded: (due day, moment), in one query."""
    found: dict[int, list[tuple[str, datetime]]] = {}
    rows = Event.objects.filter(kind="customer.recall_sent", customer_id__in=list(customer_ids)).order_by("pk")
    for pk, day_of, at in rows.values_list("customer_id", "data__recall_on", "at"):
        found.setdefault(pk or 0, []).append((str(day_of), at))
    return found


# ------------------------------------------------------------------- answers


@transaction.atomic
def answer(actor: Actor, customer_id: int, choice: str, wish: str = "") -> None:
    """By the link of a reminder: `ask` for an appointment, `later`, `elsewhere`, or `stop`. Each is an event."""
    customer = lock(customer_id)
    old = customer.recall_on
    if choice not in ANSWERS:
        raise DomainError(_("Choose one."), fields={"choice": _("Choose one.")}, code="choose")
    if choice == "later":
        customer.recall_on = timezone.localdate() + LATER
    elif choice in ("elsewhere", "stop"):
        customer.recall_on = None
    if customer.recall_on != old:
        saving.save(customer, actor)
    if choice == "stop":
        for channel in (Channel.EMAIL, Channel.SMS):
            consents.withdraw_consent(actor, customer.pk, ConsentPurpose.RECALL, channel, _("By the reminder's link"))
    fact = events.Fact(
        customer,
        customer.home_branch_id,
        customer.pk,
        reason=wish[:200],
        old={"recall_on": str(old or "")},
        new={"recall_on": str(customer.recall_on or "")},
        data={"choice": choice},
    )
    events.record("customer.recall_answered", actor, fact)
    if choice == "ask":
        _open_wish(customer, wish)


def _open_wish(customer: Customer, wish: str) -> None:
    """Somebody calls and books; while one wish is open, another adds its words to it."""
    cases.open_case(
        _CLOCK,
        CaseData(
            kind="visit_wish",
            subject=customer,
            branch_id=customer.home_branch_id,
            title=_("%(name)s would like an appointment") % {"name": customer.full_name},
            description=wish.strip()[:500] or _("Any time suits."),
            customer_id=customer.pk,
        ),
    )


ANSWERS = ("ask", "later", "elsewhere", "stop")
