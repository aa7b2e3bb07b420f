"""What every test shares. Objects are made by the plain functions of `tests/factories.py`."""

import os
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        raise pytest.UsageError('No servers: run ./dev test, or eval "$(./dev servers)" before pytest.')


@pytest.fixture(autouse=True, scope="session")
def _emptying_tables_between_tests_is_not_tampering() -> Any:
    """Append-only tables refuse TRUNCATE; only the flush between transactional tests may pass, as superuser."""
    original = DatabaseOperations.execute_sql_flush

    def flush(self: Any, sql_list: list[str]) -> None:
        original(self, ["SET session_replication_role = replica", *sql_list, "SET session_replication_role = DEFAULT"])

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = original
