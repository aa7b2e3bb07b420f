"""A fresh test database in a fraction of a second: copied from one that was migrated once.

The migrated copy is kept in the same server under a name that holds the sum of all migrations, so with a lasting
server (`./dev servers`) even the first test of a run starts at once. `python -m tests.database` makes it ahead of time.
What the migrations and the product itself put in lies a second time in the schema `as_migrated`: a test that commits
leaves rows behind, and `as_migrated` brings back exactly what was there before it.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from optics import env

PROJECT = Path(__file__).resolve().parent.parent
_BUILD_LOCK = 5_120_377


def address(database: str) -> str:
    """The test server's DATABASE_URL with another database name."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return f"{parts.scheme}://{parts.netloc}/{database}?{parts.query}"


def template_name() -> str:
    """Changes with every migration, every locked package and with what is put into a new practice."""
    digest = hashlib.sha256()
    for path in [PROJECT / "requirements" / "base.txt", Path(__file__), *sorted(PROJECT.glob("*/migrations/*.py"))]:
        digest.update(path.read_bytes())
    for path in sorted(PROJECT.glob("*/services/*.py")):
        text = path.read_bytes()
        if b"\ndef ship(" in text:
            digest.update(text)
    return f"migrated_{digest.hexdigest()[:16]}"


@contextmanager
def _server(database: str = "postgres") -> Iterator[psycopg.Connection]:
    facts = env.database(os.environ["DATABASE_URL"])
    with psycopg.connect(
        dbname=database,
        user=facts["USER"],
        password=facts["PASSWORD"],
        host=facts["HOST"],
        port=facts["PORT"],
        autocommit=True,
    ) as line:
        yield line


def _names(line: psycopg.Connection, pattern: str) -> list[str]:
    return [name for (name,) in line.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])]


def _create(line: psycopg.Connection, name: str, template: str = "template0") -> None:
    line.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def drop(line: psycopg.Connection, name: str) -> None:
    line.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _migrated(line: psycopg.Connection) -> str:
    """The name of the migrated copy, made now if there is none. One process builds, others wait."""
    wanted = template_name()
    line.execute("SELECT pg_advisory_lock(%s)", [_BUILD_LOCK])
    try:
        if not _names(line, wanted):
            for old in _names(line, "migrated_%"):
                drop(line, old)
            _create(line, "migrated_part")
            _migrate("migrated_part")
            with _server("migrated_part") as inside:
                _keep_copy(inside)
            line.execute(sql.SQL("ALTER DATABASE migrated_part RENAME TO {}").format(sql.Identifier(wanted)))
    finally:
        line.execute("SELECT pg_advisory_unlock(%s)", [_BUILD_LOCK])
    return wanted


def _migrate(database: str) -> None:
    settings = {"DATABASE_URL": address(database), "DJANGO_SETTINGS_MODULE": "optics.settings.test"}
    command = [sys.executable, "-c", _MIGRATE]
    subprocess.run(command, cwd=PROJECT, env=os.environ | settings, check=True)


# Migrating draws thousands of model classes that refer to each other: collecting them is a quarter of the work.
_MIGRATE = """
import gc; gc.set_threshold(100_000, 50, 100)
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, skip_checks=True)
"""


def _tables(line: psycopg.Connection) -> list[str]:
    found = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return [name for (name,) in found if name != "django_migrations"]


def _with_rows(line: Any, tables: list[str]) -> list[str]:
    """Those of the tables that have rows. `line` is a connection or a cursor."""
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT 1 FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in tables
    ]
    return [name for (name,) in line.execute(sql.SQL(" UNION ALL ").join(asked)).fetchall()]


def _keep_copy(line: psycopg.Connection) -> None:
    line.execute("CREATE SCHEMA as_migrated")
    for name in _with_rows(line, [table for table in _tables(line) if table not in _NEVER_CHANGED]):
        table = sql.Identifier(name)
        line.execute(sql.SQL("CREATE TABLE as_migrated.{} AS TABLE public.{}").format(table, table))


# A thousand rows that describe the models; no test writes them.
_NEVER_CHANGED = {"django_content_type", "auth_permission"}


def restore_as_migrated(line: Any, tables: list[str]) -> None:
    """Empty `tables` and put back what the migrations put in. Deletes where something is; append-only or not.

    A tenth of the work of TRUNCATE, which makes new files for every table and every index. `line` is a superuser's
    cursor inside a transaction.
    """
    changing = [name for name in tables if name not in _NEVER_CHANGED]
    names = sql.SQL(", ").join(map(sql.Identifier, changing))
    # As TRUNCATE would: wait for whoever is still writing.
    line.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(names))
    kept = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'as_migrated' ORDER BY 1").fetchall()
    # As a replica neither foreign keys nor the triggers that guard append-only tables are asked.
    steps = [sql.SQL("SET LOCAL session_replication_role = replica")]
    steps += [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in _with_rows(line, changing)]
    for (name,) in kept:
        table = sql.Identifier(name)
        steps.append(sql.SQL("INSERT INTO {} SELECT * FROM as_migrated.{}").format(table, table))
    line.execute(sql.SQL("; ").join(steps))


def _forget_the_dead(line: psycopg.Connection) -> None:
    """Databases of test processes that ended without a word."""
    for name in _names(line, "test_%"):
        owner = name.rsplit("_", 1)[-1]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            drop(line, name)


@contextmanager
def fresh_database() -> Iterator[str]:
    """A migrated, empty database of this process alone; dropped at the end."""
    name = f"test_{os.getpid()}"
    with _server() as line:
        _forget_the_dead(line)
        template = _migrated(line)
        drop(line, name)
        _create(line, name, template)
    yield name
    with _server() as line:
        drop(line, name)


if __name__ == "__main__":
    with _server() as server:
        _migrated(server)
