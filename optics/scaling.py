"""When the worker takes a second process: not for the clock's rings, which are done in milliseconds, but for work that waits."""

from time import monotonic
from typing import Any

from celery.worker.autoscale import Autoscaler

PATIENCE_SECONDS = 2.0


class Patient(Autoscaler):
    """Celery's own would start the second process whenever two rings come at once, every minute, and hold its memory for good.

    It is asked whenever a message comes (every five seconds at the least) and every half minute; only then it goes back.
    """

    _crowded_since: float | None = None

    def maybe_scale(self, req: Any = None) -> None:
        if self.qty <= self.processes:
            self._crowded_since = None
        elif self._crowded_since is None:
            self._crowded_since = monotonic()
        waited = self._crowded_since is not None and monotonic() - self._crowded_since >= PATIENCE_SECONDS
        if req is None or waited:
            super().maybe_scale(req)
