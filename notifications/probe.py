"""Health of the outbox: the age of the oldest message that should have left, and of the oldest event without a plan."""

from django.db import connection

from core.health import Finding, probe

# A message waits for its tries at most an hour between two; a day without success is ill.
_LATE_SECONDS = 24 * 3600.0
_OLDEST = """
SELECT EXTRACT(EPOCH FROM clock_timestamp() - min(created_at))::float, count(*)
  FROM notifications_message
 WHERE state IN ('queued', 'retry', 'sending') AND not_before <= clock_timestamp()
"""


def connect() -> None:
    probe("outbox")(_outbox)


def _outbox() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(_OLDEST)
        age, waiting = cursor.fetchone()
    oldest = round(age or 0.0, 1)
    return Finding(oldest < _LATE_SECONDS, {"waiting": waiting, "oldest_seconds": oldest})
