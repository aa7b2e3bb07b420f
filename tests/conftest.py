"""What every test shares. Objects are made by the plain functions of `tests/factories.py`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connections, transaction
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

from runner.libraries import find_chromium
from tests.database import address, fresh_database, restore_as_migrated
from tests.distribution import WholeFiles
from tests.order import long_first
from tests.reference import summary as worked_cases
from tests.worlds import Once, once_with

# A busy machine is no failure: no example has a time limit.
hypothesis_settings.register_profile("practice", deadline=None)
hypothesis_settings.load_profile("practice")


def pytest_configure(config: pytest.Config) -> None:
    if not os.environ.get("DATABASE_URL") or not os.environ.get("REDIS_URL"):
        raise pytest.UsageError('No servers: run ./dev test, or eval "$(./dev servers)" before pytest.')


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> WholeFiles | None:
    return WholeFiles(config, log) if config.getvalue("dist") == "loadfile" else None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    yield
    items[:] = long_first(items)
    if find_chromium() is None:
        for item in items:
            if "e2e" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    worked_cases.pytest_terminal_summary(terminalreporter)
    if find_chromium() is None:
        terminalreporter.write_line(
            "Browser tests were left out: Chromium is not installed (apt-get install chromium)."
        )


def _restore(_test: TransactionTestCase) -> None:
    """After a test that commits: the database as the migrations left it."""
    connection = connections["default"]
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with transaction.atomic(), connection.cursor() as cursor:
        restore_as_migrated(cursor, tables)


@pytest.fixture(autouse=True, scope="session")
def _quick_return_to_the_migrated_database() -> Iterator[None]:
    original = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = _restore
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """The database of this run: a copy of the migrated one (see `tests/database.py`)."""
    with django_db_blocker.unblock(), fresh_database() as name:
        settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
        yield
        connections.close_all()


@pytest.fixture(scope="session")
def once(django_db_setup: None, django_db_blocker: Any) -> Once:
    """Builds the world of a file of tests (see `tests/worlds.py`)."""
    return once_with(django_db_blocker)


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of the test database, for programs that a test starts."""
    return address(settings.DATABASES["default"]["NAME"])


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    """Uploads of a test go to a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"
