"""A world that is built once for a file of tests instead of once for each.

    @pytest.fixture(scope="module")
    def sent(once: Once) -> Iterator[tuple[Bench, Shipment]]:
        with once():
            at = lab.bench()
            yield at, makers.sent(at)

    @pytest.fixture
    def parcel(sent: tuple[Bench, Shipment]) -> Shipment:
        return deepcopy(sent[1])

It lies in a transaction that is rolled back after the file; each test runs in a savepoint of it and gets copies of the
objects, so nothing that a test does reaches the next. Not for tests that commit (`django_db(transaction=True)`).
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import transaction

Once = Callable[[], AbstractContextManager[None]]


def once_with(blocker: Any) -> Once:
    """`blocker` is pytest-django's: outside of a test the database is closed to everybody."""

    @contextmanager
    def kept() -> Iterator[None]:
        with blocker.unblock(), transaction.atomic():
            yield
            transaction.set_rollback(True)

    return kept
