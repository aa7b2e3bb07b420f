"""How the cost of measures grows with the orders: facts of five years in three shops, pages and a rebuild at each size.

One shop's twelve months are loaded as whole orders by COPY and counted by the product itself (that is the rebuild which is
timed); their facts are then copied, day for day, to five years and three shops, and summed by the product's own statement.
"""

import itertools
import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg

from bench import clone, growth_drawing, load
from bench.load import Plan, say
from bench.measure import RESULTS
from bench.plan import FLOOR, Facts, Work, clients
from bench.stack import LOADING, Stack, commit, running
from reports.services.sums import IN_HOURS, statements_for_all

SIZES = (10_000, 100_000)
YEARS, SHOPS, BRANCH, QUIET = 5, 3, "RSB", "MID"
REQUESTS, WARM, ROUNDS = 60, 3, 12
_ENVIRONMENT = {"DJANGO_SETTINGS_MODULE": "bench.settings"}
_YEARS_BACK = f"period=own&from={datetime.now(UTC).year - YEARS}-01-01&to={datetime.now(UTC):%Y-%m-%d}"
PAGES = (
    Work("dashboard, 30 days", lambda facts: "/measures/?branch=all", 15),
    Work("dashboard, 12 months", lambda facts: "/measures/?branch=all&period=year", 15),
    Work("rework by laboratory, 12 months", lambda facts: "/measures/rework/?branch=all&period=year&by=lab", 15),
    Work("turnaround by stage, 12 months", lambda facts: "/measures/lab_turnaround/?branch=all&period=year&by=stage", 15),
    Work("rework by laboratory, five years", lambda facts: f"/measures/rework/?branch=all&{_YEARS_BACK}&by=lab", 15),
    Work("orders behind rework, 12 months", lambda facts: "/measures/rework/rows/?branch=all&period=year", 15),
    Work("dashboard of a span nobody asked for yet", lambda facts: f"/measures/?branch=all&{_new_span()}", 15),
)  # fmt: skip
_days = itertools.count()
# A fact of the year in one shop, once more in every other year and shop. Its order gets a number that no order has, and its
# hours another value of four days: the orders of the year are copies of a few, real ones take as long as they take.
_COPY_FACTS = """
INSERT INTO reports_fact (measure, branch_id, day, unit, unit_id, part, order_id, counted, hit, amount, causes)
SELECT f.measure, b.id, f.day - 365 * y, f.unit, f.unit_id + 1000000000000 * (y * 10 + b.place), f.part,
       f.order_id + 1000000000000 * (y * 10 + b.place), f.counted, f.hit,
       CASE WHEN f.measure = ANY(%(hours)s) THEN f.amount + abs(hashint8(f.unit_id + y)) %% 96 ELSE f.amount END, f.causes
FROM reports_fact f
CROSS JOIN generate_series(0, %(years)s - 1) y
JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM branches_branch WHERE NOT is_lab) b ON NOT (b.id = f.branch_id AND y = 0)
WHERE f.branch_id = %(branch)s AND f.unit = 'order' AND f.day > current_date - 365 AND f.order_id >= 100000
"""


@dataclass(frozen=True)
class Grown:
    """One size: milliseconds of the floor and of each page as p50 and p95, p95 over the floor's, seconds of the rebuild."""

    orders: int
    at: str
    commit: str
    facts: int
    sums: int
    rebuilt_orders: int
    rebuild_seconds: float
    floor: tuple[float, float]
    pages: dict[str, tuple[float, float, float]]


def growth(*sizes: int) -> None:
    """Load and measure each size, smallest first; results and drawing are written after each."""
    for orders in sorted(sizes or SIZES):
        with running(f"growth-{orders}", LOADING) as stack:
            grown = _at(stack, orders)
        _keep(grown)
        say(f"{orders:,} orders: {json.dumps(asdict(grown))}")


def _at(stack: Stack, orders: int) -> Grown:
    stack.run("manage.py", "prepare", owner=True, environment={"SAMPLE": "1"})
    with psycopg.connect(stack.owner_url, autocommit=True) as db:
        db.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        branch = _one(db, "SELECT id FROM branches_branch WHERE code = %s", BRANCH)
        year = orders // (YEARS * SHOPS)
        if not _one(db, "SELECT count(*) FROM customers_customer WHERE id >= %s", load.FIRST_CUSTOMER):
            _load_year(db, year, branch)
        say(f"  {year:,} orders of one shop's year are there")
        # The events, which nobody has read yet, are read beforehand; then nothing stands, and the branch is counted from nothing.
        stack.run("manage.py", "rebuild_measures", "--branch", QUIET)
        db.execute("TRUNCATE reports_fact, reports_summary, reports_monthsummary")
        began = time.monotonic()
        stack.run("manage.py", "rebuild_measures", "--branch", BRANCH)
        took = time.monotonic() - began
        db.execute(_COPY_FACTS, {"years": YEARS, "branch": branch, "hours": IN_HOURS})
        db.execute("TRUNCATE reports_summary, reports_monthsummary")
        for statement, values in statements_for_all():
            db.execute(statement.encode(), values)
        db.execute("VACUUM ANALYZE reports_fact, reports_summary, reports_monthsummary")
        facts, summaries = (_one(db, f"SELECT count(*) FROM reports_{table}") for table in ("fact", "summary"))
    floor, pages = _timed_pages(stack)
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
    return Grown(orders, now, commit(), facts, summaries, year, round(took, 1), floor, pages)


def _one(db: psycopg.Connection[Any], query: str, *values: object) -> int:
    row = db.execute(query.encode(), values).fetchone()
    return int(row[0]) if row else 0


def _load_year(db: psycopg.Connection[Any], orders: int, branch: int) -> None:
    """Whole orders of one shop, spread over twelve months, with all that hangs on them."""
    layout = clone.columns(db)
    originals = load._originals(db, layout).ended
    plan = Plan(max(1, orders // load.ORDERS_EACH), [(branch, BRANCH)], datetime.now(UTC).date())
    load._copy_customers(db, plan)
    for table in clone.PARTS:
        names = ", ".join(f'"{column.name}"' for column in layout[table])
        with db.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for place in load.places(plan):
                original = originals[place["k"] % len(originals)]
                days = 5 + place["k"] * 355 // plan.orders
                copy.write(clone.block(original, table, layout[table], days) % place)
    load._set_sequences(db, ["customers_customer", *clone.PARTS])
    db.execute(load.SUM_UP)
    db.execute("VACUUM ANALYZE")


def _new_span() -> str:
    """About a year, another one with every call: nothing of it was read or drawn before."""
    last = date(datetime.now(UTC).year, 1, 1) - timedelta(days=next(_days))
    return f"period=own&from={last - timedelta(days=365)}&to={last}"


def _timed_pages(stack: Stack) -> tuple[tuple[float, float], dict[str, tuple[float, float, float]]]:
    printed = stack.run("-m", "bench.arrange", "0", environment=_ENVIRONMENT | {"BENCH_PERSON": "grace"})
    line = next(line for line in printed.splitlines() if line.startswith("FACTS "))
    facts: Facts = json.loads(line.removeprefix("FACTS "))
    stack.serve("optics.wsgi:application", _ENVIRONMENT)
    floor = _timed(facts, stack.practice.port, FLOOR)
    found = {}
    for work in PAGES:
        middle, high = _timed(facts, stack.practice.port, work)
        found[work.name] = (middle, high, round(high / floor[1], 1))
        say(f"  {work.name}: p95 {high:.0f} ms, {high / floor[1]:.0f} x the floor of {floor[1]:.1f} ms")
    return floor, found


def _timed(facts: Facts, port: int, work: Work) -> tuple[float, float]:
    """p50 and p95 of the calmest of twelve rounds, floor and pages alike: other programs run on the same machine."""
    rounds = [_times(facts, port, work) for _round in range(ROUNDS)]
    calm = min(rounds, key=_p95)
    return round(statistics.median(calm), 2), round(_p95(calm), 2)


def _times(facts: Facts, port: int, work: Work) -> list[float]:
    """Milliseconds of each request of one client, after a few that only warm up."""
    client, times = clients(facts, port, work.who), list[float]()
    for nth in range(WARM + REQUESTS):
        path = work.path(facts)
        answer = client.get(path)
        if answer.status != 200:
            raise AssertionError(f"{work.name}: {path} answered {answer.status}")
        if nth >= WARM:
            times.append(answer.seconds * 1000)
    return times


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95) - 1]


def _keep(grown: Grown) -> None:
    """Each size once, the newest; the drawing shows them all."""
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / "growth.jsonl"
    rows = [json.loads(line) for line in place.read_text().splitlines()] if place.exists() else []
    kept = sorted(
        [*(row for row in rows if row["orders"] != grown.orders), asdict(grown)], key=lambda row: row["orders"]
    )
    place.write_text("".join(json.dumps(row) + os.linesep for row in kept))
    (RESULTS / "growth.svg").write_text(growth_drawing.draw(kept))
