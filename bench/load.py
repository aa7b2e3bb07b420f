"""Fill a database of its own: the sample practice, then customers and orders by COPY, in a minute or two."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from bench import clone, people
from bench.clone import Original
from bench.stack import LOADING, Stack, running
from orders.numbering import ALPHABET, check_sign

FIRST_CUSTOMER = 10_000_000
FIRST_NUMBER = 100_000
ORDERS_EACH, YEARS_BACK = 2, 4
OPEN_ORDERS, VISITS_TODAY = 900, 40
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
    with psycopg.connect(stack.owner_url, autocommit=True) as db:
        # Foreign keys are checked for all rows at the end instead of one by one.
        db.execute("SET session_replication_role = replica; SET statement_timeout = 0")
        places = db.execute("SELECT id, code FROM branches_branch WHERE NOT is_lab ORDER BY id").fetchall()
        plan = Plan(customers, places, datetime.now(UTC).date())
        layout = clone.columns(db)
        kind = _originals(db, layout)
        tables = ["customers_customer", "visits_visit", *clone.PARTS]
        indexes = _drop_indexes(db, tables)
        _copy_customers(db, plan)
        for table in clone.PARTS:
            began = time.monotonic()
            _copy_part(db, plan, kind, (table, layout[table]))
            say(f"  {table} ({time.monotonic() - began:.0f} s)")
        _copy_visits(db, plan)
        began = time.monotonic()
        for statement in indexes:
            db.execute(statement)
        say(f"  indexes ({time.monotonic() - began:.0f} s)")
        _set_sequences(db, tables)
        _verify(db, tables)
        db.execute("VACUUM ANALYZE")


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


def _drop_indexes(db: psycopg.Connection[Any], tables: list[str]) -> list[str]:
    """Take away what is not a constraint's own, and return how to make it again."""
    rows = db.execute(
        "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.tablename = ANY(%s) AND i.schemaname = 'public'"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname)"
        " AND i.indexdef NOT LIKE 'CREATE UNIQUE%%'",
        [tables],
    ).fetchall()
    for name, _definition in rows:
        db.execute(f'DROP INDEX "{name}"')
    return [definition for _name, definition in rows]


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


def _copy_part(db: psycopg.Connection[Any], plan: Plan, kind: Kind, part: tuple[str, list[clone.Column]]) -> None:
    table, layout = part
    names = ", ".join(f'"{column.name}"' for column in layout)
    made: dict[tuple[int, int], str] = {}
    with db.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copy:
        for place in places(plan):
            original, days = _which(plan, kind, place["k"])
            key = (original.pk, days)
            if key not in made:
                if len(made) > 500:
                    made.clear()
                made[key] = clone.block(original, table, layout, days)
            if made[key]:
                copy.write(made[key] % place)


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


def _verify(db: psycopg.Connection[Any], tables: list[str]) -> None:
    """Every foreign key of every loaded table, as the trigger would have asked."""
    keys = db.execute(
        "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text FROM pg_constraint c"
        " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]"
        " WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)",
        [tables],
    ).fetchall()
    for table, name, target in keys:
        lost = db.execute(
            f'SELECT count(*) FROM {table} t WHERE t."{name}" IS NOT NULL'
            f' AND NOT EXISTS (SELECT FROM {target} x WHERE x.id = t."{name}")'
        ).fetchone()
        if lost and lost[0]:
            raise AssertionError(f"{lost[0]} rows of {table} point by {name} to nothing in {target}")
