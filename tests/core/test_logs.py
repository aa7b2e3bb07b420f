"""The log of a program tells what failed, and of nobody."""

import logging

import pytest

from core.logs import Careful


def line(message: str) -> str:
    return Careful("%(name)s: %(message)s").format(logging.makeLogRecord({"name": "x", "msg": message}))


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("Internal Server Error: /t/8Jx-2kq_9/order/", "x: Internal Server Error: /t/…/order/"),
        ("to thandi.m@post.example refused", "x: to …@… refused"),
        ("sms to +27825554417", "x: sms to +…"),
        ("Internal Server Error: /orders/RSB-10482/", "x: Internal Server Error: /orders/RSB-10482/"),
    ],
)
def test_links_addresses_and_phones_are_left_out(message: str, written: str) -> None:
    assert line(message) == written


def test_a_traceback_is_written_without_the_row_that_the_database_quotes() -> None:
    told = "refused\nDETAIL:  Key (phone)=(0825554417) already exists."
    try:
        raise ValueError(told)
    except ValueError as error:
        record = logging.makeLogRecord(
            {"name": "x", "msg": "failed", "exc_info": (type(error), error, error.__traceback__)}
        )
    written = Careful("%(message)s").format(record)
    assert "Traceback" in written and "ValueError: refused\nDETAIL: …" in written and "0825554417" not in written


def test_errors_of_pages_reach_the_output() -> None:
    handlers = logging.getLogger("django").handlers
    assert any(isinstance(handler.formatter, Careful) for handler in handlers)
    assert not logging.getLogger("django.request").isEnabledFor(logging.WARNING)
