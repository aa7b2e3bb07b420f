"""A fresh test database in a fraction of a second: copied from one that was migrated once.

The migrated copy is kept in the same server under a name that holds the sum of all migrations, so with a lasting
server (`./dev servers`) even the first test of a run starts at once.
"""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    """Changes with every migration and with every locked package."""
    digest = hashlib.sha256()
    for path in [PROJECT / "requirements" / "base.txt", *sorted(PROJECT.glob("*/migrations/*.py"))]:
        digest.update(path.read_bytes())
    return f"migrated_{digest.hexdigest()[:16]}"


@contextmanager
def _server() -> Iterator[psycopg.Connection]:
    facts = env.database(os.environ["DATABASE_URL"])
    with psycopg.connect(
        dbname="postgres",
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
            line.execute(sql.SQL("ALTER DATABASE migrated_part RENAME TO {}").format(sql.Identifier(wanted)))
    finally:
        line.execute("SELECT pg_advisory_unlock(%s)", [_BUILD_LOCK])
    return wanted


def _migrate(database: str) -> None:
    settings = {"DATABASE_URL": address(database), "DJANGO_SETTINGS_MODULE": "optics.settings.test"}
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, cwd=PROJECT, env=os.environ | settings, check=True)


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
