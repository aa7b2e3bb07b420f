"""A year behind the sample practice, so that its measures have something to say: orders, missed appointments, stock, targets.

Every figure is drawn by chance from one seed, with a story in it: Umhlanga waits for coating since last month, Rosebank
measures worse since a new person began, Durban discounts more than it should.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from branches.models import Branch, User
from core.actor import Source
from customers.models import Customer
from demo import recalls
from demo.acting import acting
from demo.copies import Copier, count_up, signed
from demo.customers import person
from demo.past import Past, Template, again, store
from inventory.models import Movement, StockEntry, StockItem
from labjobs.models import Job, Lab
from records.models import Event
from reports.builder import ready_made, saving
from reports.builder.saving import ReportData
from reports.datasets.base import Definition
from reports.exports import asking, making
from reports.exports.asking import Request
from reports.models import Sharing, Target
from reports.schedules import keeping
from reports.schedules.keeping import ScheduleData
from visits.models import Appointment, AppointmentKind, AppointmentState

# Orders a month by shop; the last week is told by the services.
_SHOPS = recalls.SHARE
_SELLERS = {"RSB": ("pieter", "nomvula"), "DUR": ("pieter", "themba"), "UMH": ("themba",)}
_TESTERS = {"RSB": "naledi", "DUR": "lerato", "UMH": "lerato"}
_DAYS, _QUIET_DAYS = 365, 10
_TARGETS = {
    "lab_turnaround": "72", "rework": "5", "frame_margin": "55", "lens_margin": "60", "repeat": "40", "on_time": "90",
    "satisfaction": "4.3", "no_show": "8", "conversion": "80", "capture": "70", "uncollected": "6",
}  # fmt: skip


def build(now: datetime) -> None:
    """A year of orders of the people of `recalls.py`, what happened around them, and what a manager keeps of it."""
    chance = Random(20261125)
    people = recalls.by_shop()
    templates = [Template.of(job) for job in _models()]
    pasts = sorted(_orders(now, chance, templates, people), key=lambda past: past.confirmed_at)
    Copier(templates, pasts, count_up(past.branch.code for past in pasts)).save()
    _tests_without_order(now, chance, templates[0], people)
    _appointments(now, chance, people)
    _sales(now, chance)
    _targets(now)
    _kept()


def _models() -> list[Job]:
    """Orders that the services brought to a passed check, some of each lens."""
    found = Job.objects.filter(checks__passed=True, remake_of=None, eyes="both", order__quotations__state="approved")
    return list(found.select_related("order__prescription", "order__branch").distinct().order_by("pk")[:8])


def _orders(
    now: datetime, chance: Random, templates: Sequence[Template], people: dict[str, list[Customer]]
) -> Iterator[Past]:
    outside = Lab.objects.filter(kind="outside").first()
    for code, monthly in _SHOPS.items():
        branch = Branch.objects.get(code=code)
        sellers = [person(name).pk for name in _SELLERS[code]]
        for n in range(monthly * 12):
            day = _QUIET_DAYS + n * (_DAYS - _QUIET_DAYS) / (monthly * 12)
            at = _hour(now - timedelta(days=day), chance)
            lab = outside.pk if outside and n % 6 == 0 else 0
            past = _past(
                code, branch, chance, at, day, _buyer(chance, people[code], n), chance.choice(sellers), templates, lab
            )
            yield _until(now, past)


def _until(now: datetime, past: Past) -> Past:
    """Without what would lie ahead of now: a second making, a long wait on the shelf, an answer."""
    if past.ready_at > now:
        past = replace(past, remakes=())
    if past.collected_at and past.collected_at > now:
        past = replace(past, wait_hours=4)
    if past.collected_at and past.collected_at + timedelta(days=8) > now:
        past = replace(past, ratings=None)
    return past


def _buyer(chance: Random, people: Sequence[Customer], n: int) -> Customer:
    """The newest order first: four in ten come back, the others are new."""
    last = len(people) - 1
    newest = max(last - n * 6 // 10, 0)
    return people[newest] if chance.random() > 0.4 else people[chance.randint(0, newest)]


def _past(
    code: str,
    branch: Branch,
    chance: Random,
    at: datetime,
    day: float,
    customer: Customer,
    seller_id: int,
    templates: Sequence[Template],
    lab_id: int,
) -> Past:
    """One order of the story, `day` days ago."""
    is_late_story = code == "UMH" and day < 40
    is_measuring_story = code == "RSB" and day < 40
    hours = chance.randint(40, 90) + (30 if lab_id else 0) + (chance.randint(20, 60) if is_late_story else 0)
    remade = chance.random() < (0.11 if is_measuring_story else 0.035)
    causes = ("S02", "S02", "L02") if is_measuring_story else ("L02", "L07", "S02", "P02", "C01")
    discounted = chance.random() < (0.3 if code == "DUR" else 0.15)
    fate = chance.random()
    sold = fate > 0.16
    return Past(
        chance.randrange(len(templates)), branch, customer, seller_id, at, lab_id, hours,
        wait_hours=None if sold and chance.random() < 0.05 and day < 60 else chance.randint(4, 400 if chance.random() < 0.2 else 90),
        promised_days=5 + 2 * bool(lab_id), slow="coating" if is_late_story or chance.random() < 0.4 else "edging",
        discount=Decimal(chance.choice((10, 15, 20))) if discounted else Decimal(0),
        reason=chance.choice(("loyalty", "promotion", "second pair", "medical aid")) if discounted else "",
        dearer=Decimal(1) + Decimal(chance.randint(-12, 12)) / 100, remakes=(chance.choice(causes),) if remade else (),
        failed_check=chance.choice(("L02", "L01", "L07")) if chance.random() < 0.03 else "",
        credit=Decimal("250.00") if remade and chance.random() < 0.5 else Decimal(0),
        declined="" if fate > 0.13 else chance.choice(("Too expensive", "Thinks about it", "Buys elsewhere")),
        cancelled=0.13 < fate <= 0.16, looks=chance.randint(0, 6),
        ratings=_ratings(chance, remade or hours > 110) if chance.random() < 0.4 else None,
    )  # fmt: skip


def _ratings(chance: Random, was_bad: bool) -> tuple[int, int, int]:
    best = (2, 3, 4) if was_bad else (4, 5, 5)
    return chance.choice(best), chance.choice(best), chance.choice((4, 5, 5))


def _hour(at: datetime, chance: Random) -> datetime:
    """Some time in the shop's day, never on a Sunday."""
    day = at.astimezone(UTC).date()
    day -= timedelta(days=1) if day.weekday() == 6 else timedelta()
    return datetime.combine(day, time(7 + chance.randrange(8), chance.randrange(60)), UTC)


def _tests_without_order(now: datetime, chance: Random, of: Template, people: dict[str, list[Customer]]) -> None:
    """Eye tests whose customers left with the paper alone."""
    rows = []
    for n in range(150):
        code = chance.choice(list(people))
        tester = person(_TESTERS[code])
        at = _hour(now - timedelta(days=9 + n * 350 / 150), chance)
        customer = chance.choice(people[code])
        rows.append(
            again(
                of.prescription, customer_id=customer.pk, branch_id=customer.home_branch_id, number=f"RX-{code}-T{n:04d}",
                series=UUID(int=chance.getrandbits(128)), visit_id=None, eye_test_id=None, corrects_id=None, version=1, signed_at=at,
                recorded_at=at, examined_on=at.date(), issued_on=at.date(), expires_on=(at + timedelta(days=730)).date(),
                signed_by_id=tester.pk, prescriber_name=tester.full_name, state="current", origin="own_test",
            )
        )  # fmt: skip
    made = signed(rows, [of.eyes] * len(rows))
    _tell(
        "prescription.signed", "prescriptions.prescription", [(row.pk, row.branch_id, row.recorded_at) for row in made]
    )


def _appointments(now: datetime, chance: Random, people: dict[str, list[Customer]]) -> None:
    """Three eye tests a day each; Saturdays are missed more often."""
    rows = []
    testers: dict[str, User] = {code: person(name) for code, name in _TESTERS.items() if code != "UMH"}
    for day in range(_QUIET_DAYS, 180):
        date = (now - timedelta(days=day)).astimezone(UTC).date()
        if date.weekday() == 6:
            continue
        for code, tester in testers.items():
            for hour in (8, 11):
                begins = datetime.combine(date, time(hour), UTC)
                missed = chance.random() < (0.2 if date.weekday() == 5 else 0.07)
                customer = chance.choice(people[code])
                rows.append(
                    Appointment(
                        branch_id=customer.home_branch_id, customer=customer, clinician=tester, kind=AppointmentKind.EYE_TEST,
                        period=DateTimeTZRange(begins, begins + timedelta(minutes=30)), recorded_at=begins - timedelta(days=9),
                        state=AppointmentState.NO_SHOW if missed else AppointmentState.DONE, reminder_sent_at=begins,
                    )
                )  # fmt: skip
    made = store(Appointment)(rows)
    _tell("appointment.arrived", "visits.appointment", [(row.pk, row.branch_id, row.period.lower) for row in made])


def _sales(now: datetime, chance: Random) -> None:
    """Frames that came and went within the year: what is on the shelf today stays as it is."""
    items = list(StockItem.objects.filter(branch__code__in=_SHOPS).select_related("frame").order_by("pk"))
    rows, told = [], []
    for item in chance.sample(items, min(90, len(items))):
        pieces = chance.randint(1, 6)
        came = now - timedelta(days=chance.randint(20, 400))
        rows.append(_entry(item, Movement.RECEIVED, pieces, came))
        span = now - timedelta(days=_QUIET_DAYS) - came
        rows += [_entry(item, Movement.SOLD, -1, came + span * chance.random()) for _n in range(pieces)]
        told.append((item.pk, item.branch_id, came))
    StockEntry.objects.bulk_create(sorted(rows, key=lambda row: row.at))
    _tell("stock.received", "inventory.stockitem", told)


def _entry(item: StockItem, movement: Movement, quantity: int, at: datetime) -> StockEntry:
    return StockEntry(
        item=item, movement=movement, quantity=quantity, unit_cost=item.frame.cost, at=at, reference="earlier"
    )


def _tell(kind: str, subject: str, rows: Sequence[tuple[int, int, datetime]]) -> None:
    """One event each, so that the measures read them as they read everything."""
    Event.objects.bulk_create(
        Event(
            kind=kind,
            at=at,
            actor_name="",
            branch_id=branch_id,
            source=Source.SYSTEM.value,
            subject_type=subject,
            subject_id=pk,
        )
        for pk, branch_id, at in rows
    )


def _targets(now: datetime) -> None:
    grace = person("grace")
    begins = (now - timedelta(days=400)).date()
    Target.objects.bulk_create(
        Target(measure=code, value=Decimal(value), begins_on=begins, set_by=grace) for code, value in _TARGETS.items()
    )
    rosebank = Branch.objects.get(code="RSB")
    Target.objects.create(measure="rework", branch=rosebank, value=Decimal(4), begins_on=begins, set_by=grace)


def _kept() -> None:
    """Rosebank's manager saved the sales by seller, took them home once, and gets them every Monday with the accountant."""
    manager = acting("nomvula", "RSB")
    sales = next(one for one in ready_made.REPORTS if one.code == "sales")
    data = ReportData("Sales by seller, this month", sales.definition.as_json(), Sharing.BRANCH)
    report = saving.keep(manager, data)
    export = asking.prepare(manager, Request(Definition.of_json(report.definition), "xlsx", report.name), manager)
    making.make(export.pk, lambda done, total: None)
    readers = (person("nomvula").pk, person("farah").pk)
    keeping.keep(manager, report, ScheduleData("week", 7, readers, weekday=0))
