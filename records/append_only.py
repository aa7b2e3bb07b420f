"""History and event tables refuse UPDATE, DELETE and TRUNCATE in the database itself, bulk writes included.

A model opts in with `append_only = True`; every history table of a tracked model belongs by itself. The triggers
are laid after each `migrate`, so a new model cannot be forgotten. Where the web role is separate from the owner
(`DATABASE_WEB_ROLE`), it loses those privileges as well.
"""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections

_FUNCTION = """
CREATE OR REPLACE FUNCTION records_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
"""
_TRIGGERS = """
CREATE OR REPLACE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION records_append_only();
CREATE OR REPLACE TRIGGER append_only_table BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION records_append_only();
"""
# Looks are counted up and run out; their own trigger (migration 0003) refuses the rest.
LOOKS = "records_look"
_LOOKS_OF_WEB = """
REVOKE UPDATE, TRUNCATE ON {table} FROM {role};
GRANT UPDATE (last_at, times) ON {table} TO {role};
"""
_LAID = "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'append_only_table'"


def tables() -> list[str]:
    """Every append-only table, by the models."""
    return sorted(
        model._meta.db_table
        for model in apps.get_models()
        if getattr(model, "append_only", False) or (hasattr(model, "history_type") and hasattr(model, "history_date"))
    )


def lay_triggers(using: str, **_signal: Any) -> None:
    """Lay missing triggers. Does nothing for a table that is not there yet (a partial migration)."""
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        cursor.execute(_LAID)
        laid = {name.strip('"') for (name,) in cursor.fetchall()}
        missing = [table for table in tables() if table in present and table not in laid]
        if missing:
            cursor.execute(_FUNCTION)
        for table in missing:
            cursor.execute(_TRIGGERS.format(table=connection.ops.quote_name(table)))
    restrict_web_role(using)


def restrict_web_role(using: str) -> None:
    """The role of web and workers may add to history and read it, nothing else; said again after every migrate."""
    role = settings.DATABASE_WEB_ROLE
    if not role:
        return
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in tables():
            if table in present:
                name = connection.ops.quote_name(table)
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {connection.ops.quote_name(role)}")
        if LOOKS in present:
            cursor.execute(_LOOKS_OF_WEB.format(table=LOOKS, role=connection.ops.quote_name(role)))
