"""Fixtures of the fault tests."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from core import jobs
from optics import env
from optics.celery import app
from tests.faults.stack import Broker, Stack

TABLE = "CREATE TABLE IF NOT EXISTS fault_note (id bigserial PRIMARY KEY, what text, key text, pid integer)"


@pytest.fixture
def broker(
    tmp_path_factory: pytest.TempPathFactory, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Broker]:
    """A broker of this test alone, which this process rings as well."""
    own = Broker.at(tmp_path_factory.mktemp("v"))
    own.begin()
    settings.REDIS_URL = own.store.url()
    monkeypatch.setattr(jobs, "ring", jobs._Bell().ring)
    before = app.conf.broker_url
    point_to(env.broker(own.store.url()))
    yield own
    point_to(before)
    own.end()


def point_to(url: str) -> None:
    """This process rings that broker from now on; connections to the one before are forgotten."""
    app.conf.broker_url = app.conf.broker_write_url = app.conf.broker_read_url = url
    app._pool = app.amqp._producer_pool = None


@pytest.fixture
def stack(database_url: str, broker: Broker, tmp_path: Path) -> Iterator[Stack]:
    """Nothing runs yet; a test starts the workers and clocks it needs. Execution notes start empty."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("TRUNCATE fault_note")
    own = Stack(database_url, broker, tmp_path)
    yield own
    own.end()
