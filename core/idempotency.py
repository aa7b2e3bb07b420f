"""One form, one effect: a double click, a retry or a lost answer leads to the same page and changes nothing twice."""

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from core.errors import Busy, DomainError
from core.models import IdempotencyKey

Outcome = dict[str, Any]
KEPT = timedelta(days=7)
# The limit of waiting holds for this row alone: it is set before the row is written and taken back when it is.
_RESERVE = """
WITH wait AS MATERIALIZED (
    SELECT current_setting('lock_timeout') AS before, set_config('lock_timeout', '8s', true) AS now
)
INSERT INTO core_idempotencykey (actor_key, key, request_hash, created_at)
SELECT %s, %s, %s, statement_timestamp() FROM wait WHERE now IS NOT NULL
RETURNING id, set_config('lock_timeout', (SELECT before FROM wait), true)
"""


def fingerprint(values: Mapping[str, Any]) -> str:
    """The same values give the same 64 characters, whatever their order."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()


def once(actor_key: str, key: uuid.UUID | None, request_hash: str, action: Callable[[], Outcome]) -> Outcome:
    """Run the action once per key and remember its outcome in the same transaction.

    A second caller waits for the first and gets its outcome. Raises DomainError when the key comes back with other
    values: that is another form, not a retry. Raises Busy when the first takes longer than a person would wait.
    Without a key the action simply runs.
    """
    if key is None:
        with transaction.atomic():
            return action()
    try:
        with transaction.atomic():
            record = _reserve(actor_key, key, request_hash)
            record.outcome = action()
            record.save(update_fields=["outcome"])
            return record.outcome
    except IntegrityError as error:
        if "idempotency_once" not in str(error):
            raise
        return _earlier(actor_key, key, request_hash)


def _reserve(actor_key: str, key: uuid.UUID, request_hash: str) -> IdempotencyKey:
    """Insert the key's row; the database lets the second of two wait here, some seconds, until the first has ended."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(_RESERVE, [actor_key, key, request_hash])
        except OperationalError as error:
            raise Busy(
                _("The first click is still being saved. Wait a moment, then look again."), code="busy"
            ) from error
        return IdempotencyKey(cursor.fetchone()[0], actor_key, key, request_hash)


def _earlier(actor_key: str, key: uuid.UUID, request_hash: str) -> Outcome:
    record = IdempotencyKey.objects.get(actor_key=actor_key, key=key)
    if record.request_hash != request_hash or record.outcome is None:
        raise DomainError(
            _("This page was already sent with other values. Open it again to make another change."), code="key_reused"
        )
    outcome: Outcome = record.outcome
    return outcome


def forget_old() -> int:
    """Delete the keys that no browser or program will send again; how many."""
    deleted, _by_model = IdempotencyKey.objects.filter(created_at__lt=Now() - KEPT).delete()
    return deleted
