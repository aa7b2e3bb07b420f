"""The doorbell: plan what is new, deliver what is due. What there is to do stands in the database."""

import logging
import time

from celery import shared_task

from notifications.services import delivery, planning

log = logging.getLogger(__name__)
_QUIET_SECONDS = 5.0
_QUEUE = "notify"


@shared_task(name="notifications.relay")
def relay() -> int:
    """Plan new events, then deliver due messages."""
    planning.plan_waiting()
    return delivery.deliver_due()


class _Bell:
    """Rings the worker after a commit; after a failure keeps quiet for a while. Beat rings every five seconds anyway."""

    def __init__(self) -> None:
        self._quiet_until = 0.0

    def __call__(self) -> None:
        if time.monotonic() < self._quiet_until:
            return
        try:
            relay.apply_async(queue=_QUEUE, expires=60, ignore_result=True)
        except Exception:  # whatever the broker's client raises: the next beat finds the work in the database
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            log.warning("The broker could not be told of new messages; the clock will")


ring = _Bell()
