"""Attacks on history, run inside a practice by the role that its programs use: prints what was let through.

`./dev manage shell < tests/platform/attack.py`. Each attack is undone, whether it was refused or not.
"""

import sys

from django.db import DatabaseError, connection, transaction

from records import append_only

ON_EACH = (
    "UPDATE {table} SET {key} = {key}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "DROP TRIGGER append_only_rows ON {table}",
    "DROP TABLE {table} CASCADE",
    "GRANT ALL ON {table} TO CURRENT_USER",
)
ON_ALL = (
    "SET session_replication_role = replica",
    "SET ROLE practice_owner",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "CREATE OR REPLACE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "CREATE TABLE beside (a int)",
)


def let_through(statement: str) -> bool:
    """Whether the database did it; anything but a refusal for want of a privilege counts as let through."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", "") != "42501"
    # A grant by somebody without the right to give is a warning that changes nothing.
    return not statement.startswith("GRANT")


def attack() -> tuple[int, list[str]]:
    """How many attacks were made, and those that were let through."""
    with connection.cursor() as cursor:
        keys = {table: connection.introspection.get_primary_key_column(cursor, table) for table in append_only.tables()}
    statements = [one.format(table=table, key=key) for table, key in keys.items() for one in ON_EACH]
    made = [*statements, *ON_ALL]
    return len(made), [one for one in made if let_through(one)]


sys.stdout.write(f"{attack()}\n")
