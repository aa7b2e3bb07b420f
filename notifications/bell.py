"""Rings the worker after a commit. Redis is only the bell: what there is to do stands in the database."""

import logging
import time

from celery import current_app

log = logging.getLogger(__name__)
_QUIET_SECONDS = 5.0


class _Bell:
    """After a failure keeps quiet for a while, so that a lost Redis costs a page only once; beat rings anyway."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            current_app.send_task("notifications.relay", queue="notify", expires=60, ignore_result=True)
        except Exception as error:  # whatever the broker's client raises: the next beat finds the work in the database
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            log.warning("The broker could not be told of new messages (%s); the clock will", type(error).__name__)


ring = _Bell()
