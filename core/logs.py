"""What programs write about errors: enough to mend them, nothing of a person and no key to an order."""

import logging
import re

# Links of customers and of colleagues, addresses, phone numbers, and the row that PostgreSQL quotes with a refused value.
_SECRETS = (
    (re.compile(r"/(t|reset|key)/[^/\s'\"]+"), r"/\1/…"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+"), "…@…"),
    (re.compile(r"\+\d{6,}"), "+…"),
    (re.compile(r"^DETAIL:.*$", re.MULTILINE), "DETAIL: …"),
)


class Careful(logging.Formatter):
    """A line, or a line with its traceback, without what is secret or somebody's."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for pattern, instead in _SECRETS:
            text = pattern.sub(instead, text)
        return text
