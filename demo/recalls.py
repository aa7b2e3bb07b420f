"""Four hundred people who have been customers for years, spread over the shops, and how they answered their recalls.

Before the day's story, so that what is told later stands above in every list. Their orders come at the end (`reports.py`).
"""

from datetime import UTC, datetime, time, timedelta
from random import Random

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from branches.models import Branch
from core.actor import Source
from customers import names
from customers.models import Customer
from demo.customers import person
from demo.past import store
from notifications.models import Message
from records.models import Event
from visits.models import Appointment, AppointmentKind, AppointmentState

# How many of ten people belong to which shop, as its share of the orders.
SHARE = {"RSB": 24, "DUR": 14, "UMH": 14}
_FIRST, _MANY = 100_001, 400
_GIVEN = [
    "Anele",
    "Bongani",
    "Carla",
    "Deon",
    "Esther",
    "Fikile",
    "Grant",
    "Hanlie",
    "Isaac",
    "Jabu",
    "Kagiso",
    "Lindiwe",
    "Mpho",
    "Nomsa",
    "Oscar",
    "Palesa",
    "Quinton",
    "Rina",
    "Sizwe",
    "Tumi",
]
_FAMILY = [
    "Adams",
    "Bester",
    "Cele",
    "Dlamini",
    "Els",
    "Fortuin",
    "Govender",
    "Hadebe",
    "Isaacs",
    "Jacobs",
    "Khan",
    "Louw",
    "Mabaso",
    "Naude",
    "Oosthuizen",
    "Pather",
    "Radebe",
    "Smit",
    "Tshabalala",
    "Zulu",
]
# Who is reached by what answers this often; a call brings some of the others in.
_ANSWERS = {"email": 0.45, "sms": 0.6, "": 0.1}
_CALLED = 0.3
_LONG = timedelta(minutes=20)


def build(now: datetime) -> None:
    """The people, then a recall of each within the year."""
    chance = Random(20260411)
    people = _people(now)
    asked = {one.pk: _due(now, n) for n, one in enumerate(people)}
    told = _events("customer.recall_due", people, asked)
    _write_to(chance, people, told)
    called = [one for one in people if chance.random() < (0.35 if not one.email and not one.phone else 0.1)]
    _events("customer.called", called, {one.pk: asked[one.pk] + timedelta(days=9) for one in called})
    _come(now, chance, people, asked, {one.pk for one in called})


def by_shop() -> dict[str, list[Customer]]:
    """Those people by the code of their shop, in the order of their numbers."""
    numbers = [f"C-{_FIRST + n}" for n in range(_MANY)]
    found = list(Customer.objects.filter(number__in=numbers).select_related("home_branch").order_by("number"))
    return {code: [one for one in found if one.home_branch.code == code] for code in SHARE}


def _people(now: datetime) -> list[Customer]:
    """Twenty by twenty names; numbers below those of the story. Two of five gave an e-mail address, two a telephone."""
    rows = []
    codes = [code for code, share in SHARE.items() for _n in range(share)]
    branches = {branch.code: branch for branch in Branch.objects.filter(code__in=SHARE)}
    for n in range(_MANY):
        given, family, number = _GIVEN[n % 20], _FAMILY[(n + n // 20) % 20], f"C-{_FIRST + n}"
        email = f"{given}.{family}{n}@post.example".lower() if n % 5 in (0, 3) else ""
        phone = f"+2764555{n:04d}" if n % 5 in (1, 4) else ""
        rows.append(
            Customer(
                number=number, given_names=given, family_name=family, home_branch=branches[codes[n % len(codes)]],
                email=email, phone=phone, phone_as_typed=phone, phone_reversed=phone[::-1],
                birth_date=(now - timedelta(days=365 * (18 + n * 7 % 60) + n)).date(), recorded_at=now - timedelta(days=800),
                sort_key=names.sort_key(given, family), search_text=names.search_text(given, family, "", number),
            )
        )  # fmt: skip
    return store(Customer)(rows)


def _due(now: datetime, n: int) -> datetime:
    """Spread over a year without order, at eight in the morning."""
    day = (now - timedelta(days=9 + n * 157 % 355)).astimezone(UTC).date()
    return datetime.combine(day, time(6), UTC)


def _events(kind: str, people: list[Customer], at: dict[int, datetime]) -> list[Event]:
    return Event.objects.bulk_create(
        Event(
            kind=kind, at=at[one.pk], actor_name="", source=Source.SYSTEM.value, branch_id=one.home_branch_id, customer_id=one.pk,
            subject_type="customers.customer", subject_id=one.pk, data={"recall_on": f"{at[one.pk]:%Y-%m-%d}"},
        )
        for one in people
    )  # fmt: skip


def _write_to(chance: Random, people: list[Customer], told: list[Event]) -> None:
    """One reminder each, by the way they gave; a few did not arrive, and the desk called."""
    desk, rows = person("zanele"), []
    for one, event in zip(people, told, strict=True):
        channel = "email" if one.email else "sms" if one.phone else ""
        if channel:
            lost = chance.random() < 0.04
            rows.append(
                Message(
                    dedupe_key=f"sample:{event.pk}:recall", event=event, template_key="recall", channel=channel, customer=one,
                    branch_id=one.home_branch_id, recipient=one.email or one.phone, subject="Time for your next eye test",
                    body=f"{one.given_names}, two years have passed since your eyes were tested.", created_at=event.at,
                    sent_at=None if lost else event.at, state="failed" if lost else "delivered", not_before=event.at,
                    why="no such address" if lost else "", handled_at=event.at + timedelta(days=1) if lost else None,
                    handled_by=desk if lost else None, handled_reason="Called instead" if lost else "",
                )
            )  # fmt: skip
    made = Message.objects.bulk_create(rows)
    Event.objects.bulk_create(
        Event(
            kind="message.failed" if row.state == "failed" else "message.sent", at=row.created_at, actor_name="Messages", source=Source.SYSTEM.value,
            branch_id=row.branch_id, customer_id=row.customer_id, subject_type="notifications.message", subject_id=row.pk,
            reason=row.why, data={"template": row.template_key, "channel": row.channel, "message": row.pk},
        )
        for row in made
    )  # fmt: skip


def _come(now: datetime, chance: Random, people: list[Customer], asked: dict[int, datetime], called: set[int]) -> None:
    """Appointments of those who answered and have been here, each at a time that nobody else has."""
    tester, taken, rows = person("naledi"), set[datetime](), []
    for one in people:
        reached = "email" if one.email else "sms" if one.phone else ""
        begins = _free(asked[one.pk] + timedelta(days=chance.randint(3, 20)), taken)
        answers = chance.random() < _ANSWERS[reached] + (_CALLED if one.pk in called else 0)
        if answers and begins < now - timedelta(days=1):
            rows.append(
                Appointment(
                    branch_id=one.home_branch_id, customer=one, clinician=tester, kind=AppointmentKind.EYE_TEST,
                    period=DateTimeTZRange(begins, begins + _LONG), recorded_at=asked[one.pk] + timedelta(days=2),
                    state=AppointmentState.DONE, reminder_sent_at=begins,
                )
            )  # fmt: skip
    made = store(Appointment)(rows)
    Event.objects.bulk_create(
        Event(
            kind="appointment.arrived", at=row.period.lower, actor_name="", branch_id=row.branch_id, source=Source.SYSTEM.value,
            subject_type="visits.appointment", subject_id=row.pk,
        )
        for row in made
    )  # fmt: skip


def _free(at: datetime, taken: set[datetime]) -> datetime:
    """The first free time in the afternoon of that day."""
    begins = datetime.combine(at.date(), time(12), UTC)
    while begins in taken:
        begins += _LONG
    taken.add(begins)
    return begins
