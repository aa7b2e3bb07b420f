"""Indexes and foreign keys of the loaded tables: taken away before, made and checked once at the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
# Every index but those of primary keys, of exclusion constraints and of what a foreign key points to.
_INDEXES = """
SELECT i.indexrelid::regclass::text, i.indrelid::regclass::text, pg_get_indexdef(i.indexrelid), coalesce(c.conname, '')
FROM pg_index i LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('u', 'x')
WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
  AND (c.conname IS NULL OR (c.contype = 'u' AND NOT c.condeferrable))
  AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = i.indexrelid)
"""
_KEYS = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, x.attname FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute x ON x.attrelid = c.confrelid AND x.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.conrelid::regclass::text = ANY(%s)
"""


@dataclass(frozen=True)
class Dropped:
    """How to make an index again, and the unique constraint that stood on it."""

    name: str
    table: str
    definition: str
    constraint: str

    @property
    def restore(self) -> str:
        """The statement that gives the constraint its index back; empty for a bare index."""
        if not self.constraint:
            return ""
        return f'ALTER TABLE {self.table} ADD CONSTRAINT "{self.constraint}" UNIQUE USING INDEX {self.name}'


def drop(db: Connection, tables: Sequence[str]) -> list[Dropped]:
    """Take the indexes of these tables away; those that take longest to make come first."""
    found = [Dropped(*row) for row in db.execute(_INDEXES, [list(tables)]).fetchall()]
    for one in found:
        by_constraint = f'ALTER TABLE {one.table} DROP CONSTRAINT "{one.constraint}"'
        db.execute(by_constraint if one.constraint else f"DROP INDEX {one.name}")
    return sorted(found, key=lambda one: " USING gin " not in one.definition)


def key_checks(db: Connection, tables: Sequence[str]) -> list[tuple[str, str]]:
    """(what, query that counts rows pointing to nothing) for every foreign key, as its trigger would have asked."""
    return [
        (
            f"{table}.{name}",
            f'SELECT count(*) FROM {table} t WHERE t."{name}" IS NOT NULL'
            f' AND NOT EXISTS (SELECT FROM {target} x WHERE x."{column}" = t."{name}")',
        )
        for table, name, target, column in db.execute(_KEYS, [list(tables)]).fetchall()
    ]
