"""Fill a database of its own: the sample practice, then customers and orders by COPY, several tables at a time."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from bench import clone, indexes, people
from bench.clone import Original
from bench.stack import LOADING, Stack, running
from orders.numbering import ALPHABET, check_sign

FIRST_CUSTOMER = 10_000_000
FIRST_NUMBER = 100_000
ORDERS_EACH, YEARS_BACK = 2, 4
OPEN_ORDERS, VISITS_TODAY = 900, 40
WORKERS = max(2, os.cpu_count() or 2)
TABLES = ["customers_customer", "visits_visit", *clone.PARTS]
LARGEST = {"records_event", "labjobs_job", "orders_quotation", "orders_quotationline"}
MOST_KEPT, AT_ONCE = 500, 200
BALANCES, LINKS = "orders_orderbalance", "orders_orderlink"
LOADED = [*TABLES, BALANCES, LINKS]
SUM_UP = f"""
INSERT INTO {BALANCES} (order_id, charged, paid)
SELECT order_id, coalesce(sum(amount) FILTER (WHERE kind NOT IN ('payment', 'refund')), 0),
       coalesce(-sum(amount) FILTER (WHERE kind IN ('payment', 'refund')), 0)
FROM orders_ledgerentry GROUP BY order_id ON CONFLICT (order_id) DO NOTHING
"""
# A message led every customer to their order; nobody knows the words behind these digests.
LINK = f"""
INSERT INTO {LINKS} (public_id, order_id, channel, nonce, token_digest, created_at, use_count)
SELECT gen_random_uuid(), o.id, 'sms', gen_random_uuid(), encode(sha256(o.number::bytea), 'hex'), o.recorded_at, 1
FROM orders_order o WHERE NOT EXISTS (SELECT FROM {LINKS} l WHERE l.order_id = o.id)
"""
_PRIME, _SPREAD = 7919, 387_420_489  # neighbours in time are not neighbours among customers, nor in public codes


@dataclass(frozen=True)
class Plan:
    """How many of what, where, and the day it is."""

    customers: int
    branches: list[tuple[int, str]]
    today: date

    @property
    def orders(self) -> int:
        return self.customers * ORDERS_EACH


@dataclass(frozen=True)
class Kind:
    """Originals by what becomes of an order."""

    ended: list[Original]
    cancelled: list[Original]
    under_way: list[Original]


def load(customers: int) -> None:
    """Make the database of this size; does nothing when it is there already."""
    with running(customers, LOADING) as stack:
        done = stack.practice.data / "loaded"
        if done.exists():
            say(f"Already loaded: {stack.practice.data}")
            return
        began = time.monotonic()
        stack.run("manage.py", "prepare", owner=True, environment={"SAMPLE": "1"})
        say(f"The sample practice is made ({time.monotonic() - began:.0f} s)")
        began = time.monotonic()
        _fill(stack, customers)
        done.write_text(f"{customers} customers, {customers * ORDERS_EACH} orders\n")
        say(f"Loaded in {time.monotonic() - began:.0f} s: {done.read_text().strip()}")


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _fill(stack: Stack, customers: int) -> None:
    url = stack.owner_url
    with _connect(url) as db:
        places = db.execute("SELECT id, code FROM branches_branch WHERE NOT is_lab ORDER BY id").fetchall()
        plan = Plan(customers, places, datetime.now(UTC).date())
        layout = clone.columns(db)
        kind = _originals(db, layout)
        dropped = indexes.drop(db, LOADED)
    _timed("rows", lambda: _copy_all(url, plan, kind, layout))
    with _connect(url) as db:
        _copy_visits(db, plan)
        # Triggers slept while the rows came: the sums that one keeps are made here.
        db.execute(SUM_UP)
        db.execute(LINK)
        _set_sequences(db, TABLES)
        checks = indexes.key_checks(db, LOADED)
    _timed("indexes", lambda: _in_threads(url, [one.definition for one in dropped]))
    _timed("constraints", lambda: _in_threads(url, [one.restore for one in dropped if one.restore], 1))
    _timed("statistics", lambda: _in_threads(url, [f"VACUUM ANALYZE {table}" for table in LOADED]))
    _timed("foreign keys", lambda: _verify(url, checks))
    _in_threads(url, ["ANALYZE"])


def _connect(url: str) -> psycopg.Connection[Any]:
    """Foreign keys are checked for all rows at the end instead of one by one."""
    db = psycopg.connect(url, autocommit=True)
    db.execute("SET session_replication_role = replica; SET statement_timeout = 0")
    return db


def _timed(what: str, work: Callable[[], object]) -> None:
    began = time.monotonic()
    work()
    say(f"  {what} ({time.monotonic() - began:.0f} s)")


def _in_threads(url: str, statements: Sequence[str], workers: int = WORKERS) -> list[tuple[Any, ...] | None]:
    """Run each statement once, several at a time: the work is the database's. The first row of each that has rows."""

    def run(statement: str) -> tuple[Any, ...] | None:
        with _connect(url) as db:
            done = db.execute(statement)
            return done.fetchone() if done.description else None

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(run, statements))


def _verify(url: str, checks: Sequence[tuple[str, str]]) -> None:
    """Every foreign key of every loaded table."""
    answers = _in_threads(url, [query for _what, query in checks])
    lost = [f"{row[0]} of {what}" for (what, _query), row in zip(checks, answers, strict=True) if row and row[0]]
    if lost:
        raise AssertionError(f"Rows that point to nothing: {', '.join(lost)}")


def _copy_all(url: str, plan: Plan, kind: Kind, layout: dict[str, list[clone.Column]]) -> None:
    """Customers and every part of the orders, several tables at a time; the largest begin."""
    with ProcessPoolExecutor(WORKERS) as pool:
        running = [pool.submit(_copy_customers_of, url, plan)]
        running += [
            pool.submit(_copy_part, url, plan, _only(kind, table), (table, layout[table]))
            for table in sorted(clone.PARTS, key=lambda name: name not in LARGEST)
        ]
        for one in running:
            one.result()


def _only(kind: Kind, table: str) -> Kind:
    """The originals with the rows of one table, as they are sent to the process that copies it."""

    def narrow(originals: list[Original]) -> list[Original]:
        return [replace(one, rows={table: one.rows[table]}) for one in originals]

    return Kind(narrow(kind.ended), narrow(kind.cancelled), narrow(kind.under_way))


def _originals(db: psycopg.Connection[Any], layout: dict[str, list[clone.Column]]) -> Kind:
    """One ended order to copy, cancelled ones, and up to three of each open state and stage."""
    rows = db.execute(
        "SELECT o.id, o.state, row_number() OVER (PARTITION BY o.state, j.stage ORDER BY o.id)"
        " FROM orders_order o LEFT JOIN labjobs_job j ON j.order_id = o.id"
        " WHERE o.prescription_id IS NOT NULL AND NOT EXISTS"
        " (SELECT FROM orders_order p WHERE p.second_pair_of_id = o.id OR o.second_pair_of_id = p.id)"
    ).fetchall()

    def read(*states: str, without: tuple[str, ...] = ()) -> list[Original]:
        wanted = [pk for pk, state, nth in rows if nth <= 3 and (state in states if states else state not in without)]
        return [clone.read(db, pk, layout) for pk in wanted]

    ended = read("collected")
    for original in ended:
        original.changes = {
            "orders_order": {"state": "closed", "closed_at": _order_row(layout, original)["collected_at"]},
            # The drawn shapes and values of a job are of use while it is made; here they would only be gigabytes.
            "orders_framechoice": {"trace": r"\N"},
            "labjobs_job": {"values": "{}"},
        }
    return Kind(ended, read("cancelled"), read(without=("collected", "closed", "cancelled")))


def _order_row(layout: dict[str, list[clone.Column]], original: Original) -> dict[str, str]:
    """The order's own row by column name."""
    names = [column.name for column in layout["orders_order"]]
    return dict(zip(names, original.rows["orders_order"][0], strict=True))


def _copy_customers_of(url: str, plan: Plan) -> None:
    with _connect(url) as db:
        _copy_customers(db, plan)


def _copy_customers(db: psycopg.Connection[Any], plan: Plan) -> None:
    names = ", ".join(people.COLUMNS)
    branches = [pk for pk, _code in plan.branches]
    with db.cursor().copy(f"COPY customers_customer ({names}) FROM STDIN") as copy:
        for row in people.rows(FIRST_CUSTOMER, plan.customers, branches, plan.today):
            copy.write_row(row)


def places(plan: Plan) -> Iterator[dict[str, Any]]:
    """What differs from copy to copy, oldest first. Every customer gets the same number of orders."""
    step = _PRIME if plan.customers % _PRIME else 1
    for k in range(1, plan.orders + 1):
        branch, code = plan.branches[k % len(plan.branches)]
        yield {
            "k": k,
            "number": FIRST_NUMBER + k,
            "customer": FIRST_CUSTOMER + k * step % plan.customers,
            "branch": branch,
            "code": code,
            "public": _public_code(k),
        }


def _public_code(k: int) -> str:
    """A valid code for each k: the order's place scattered over all codes."""
    number = k * _SPREAD % 32**6
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(25, -1, -5))
    return f"{body[:2]}-{body[2:]}-{check_sign(body)}"


def _copy_part(url: str, plan: Plan, kind: Kind, part: tuple[str, list[clone.Column]]) -> None:
    table, layout = part
    names = ", ".join(f'"{column.name}"' for column in layout)
    began = time.monotonic()
    with _connect(url) as db, db.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for text in _texts(plan, kind, table, layout):
            copy.write(text)
    say(f"    {table} ({time.monotonic() - began:.0f} s)")


def _texts(plan: Plan, kind: Kind, table: str, layout: list[clone.Column]) -> Iterator[str]:
    """The rows of many copies at once, in COPY's text form."""
    made: dict[tuple[int, int], str] = {}
    waiting: list[str] = []
    for place in places(plan):
        original, days = _which(plan, kind, place["k"])
        key = (original.pk, days)
        if key not in made:
            if len(made) > MOST_KEPT:
                made.clear()
            made[key] = clone.block(original, table, layout, days)
        if made[key]:
            waiting.append(made[key] % place)
        if len(waiting) >= AT_ONCE:
            yield "".join(waiting)
            waiting.clear()
    yield "".join(waiting)


def _which(plan: Plan, kind: Kind, k: int) -> tuple[Original, int]:
    """The last ones are under way, as today's sample orders are; all before ended, spread over the years."""
    left = plan.orders - k
    if left < OPEN_ORDERS:
        return kind.under_way[k % len(kind.under_way)], 0
    days = 10 + left * 365 * YEARS_BACK // plan.orders
    ended = kind.cancelled if kind.cancelled and k % 33 == 0 else kind.ended
    return ended[k % len(ended)], days


def _copy_visits(db: psycopg.Connection[Any], plan: Plan) -> None:
    """People of today in every shop: some wait, most are done."""
    db.execute(
        "INSERT INTO visits_visit (id, source, recorded_at, responsible_role, version, walk_in, reason, state, arrived_at,"
        " ended_at, outcome, branch_id, customer_id)"
        " SELECT 1000000 + b.id * 1000 + n, 'counter', now(), 'receptionist', 1, true, 'Adjustment',"
        " CASE WHEN n <= 10 THEN 'waiting' ELSE 'done' END, now() - n * interval '3 minutes',"
        " CASE WHEN n <= 10 THEN NULL ELSE now() - n * interval '1 minute' END,"
        " CASE WHEN n <= 10 THEN '' ELSE 'Adjusted' END, b.id, %s + b.id * 100 + n"
        " FROM branches_branch b, generate_series(1, %s) n WHERE NOT b.is_lab",
        [FIRST_CUSTOMER, VISITS_TODAY],
    )


def _set_sequences(db: psycopg.Connection[Any], tables: list[str]) -> None:
    for table in tables:
        db.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
    db.execute("UPDATE branches_numberseries SET last = 9000000 WHERE kind = 'order'")
