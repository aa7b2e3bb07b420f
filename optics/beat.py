"""What happens by the clock. The clock only rings; what is due, and whether it was done, stands in the database.

Work of a certain day belongs in a job whose key holds the date, rung for often: a computer that slept catches up.
The clock knows tasks by name alone and loads no app of the product: it needs a third of a worker's memory.
"""

import time
from typing import Any

from celery import Celery
from celery.beat import Scheduler
from celery.schedules import crontab
from django.conf import settings
from django.db import DatabaseError, connection

from core.heart import beat_heart

_PULSE_SECONDS = 5.0
SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep jobs": {"task": "core.sweep_jobs", "schedule": settings.JOB_SWEEP_SECONDS, "options": {"expires": 15}},
    "seal history": {"task": "records.seal", "schedule": 60.0, "options": {"expires": 60}},
    "returns that wait": {"task": "aftersales.look_after", "schedule": 1800.0, "options": {"expires": 1800}},
    "late jobs": {"task": "labjobs.open_delays", "schedule": 900.0, "options": {"expires": 900}},
    "parcels that stand still": {"task": "shipping.look", "schedule": 1800.0, "options": {"expires": 1800}},
    "escalate cases": {"task": "cases.escalate", "schedule": 300.0, "options": {"expires": 300}},
    "check the data": {
        "task": "cases.check_invariants",
        "schedule": crontab(minute=15, hour=1),
        "options": {"expires": 3600},
    },
    "check the files": {
        "task": "cases.check_files",
        "schedule": crontab(minute=45, hour=2, day_of_week="sunday"),
        "options": {"expires": 3600},
    },
    "read events into measures": {"task": "reports.follow", "schedule": 15.0, "options": {"expires": 15}},
    "orders that became late": {"task": "reports.pass_of_time", "schedule": 3600.0, "options": {"expires": 3600}},
    "reconcile": {"task": "reports.reconcile_nightly", "schedule": crontab(minute=40), "options": {"expires": 3600}},
    "retention": {"task": "reports.retain", "schedule": crontab(minute=50, hour=1), "options": {"expires": 3600}},
    "month-end packs": {"task": "reports.send_packs", "schedule": 900.0, "options": {"expires": 900}},
    "scheduled reports": {"task": "reports.start_scheduled", "schedule": 60.0, "options": {"expires": 60}},
    "remove exports": {"task": "reports.remove_expired", "schedule": 3600.0, "options": {"expires": 3600}},
    "remind of appointments": {"task": "visits.remind", "schedule": 900.0, "options": {"expires": 900}},
    "reminders and questions due": {"task": "notifications.fall_due", "schedule": 600.0, "options": {"expires": 600}},
    "relay messages": {"task": "notifications.relay", "schedule": 5.0, "options": {"queue": "notify", "expires": 5}},
    "declined payments": {"task": "orders.chase_declined", "schedule": 1800.0, "options": {"expires": 1800}},
    "lapse quotations": {"task": "orders.lapse_quotations", "schedule": 3600.0, "options": {"expires": 3600}},
    "forget tries at the portal": {"task": "portal.forget_knocks", "schedule": 3600.0, "options": {"expires": 3600}},
    "tidy up": {"task": "core.tidy_up", "schedule": 3600.0, "options": {"expires": 3600}},
}


app = Celery("clock", fixups=[])
app.config_from_object("django.conf:settings", namespace="CELERY")


class Clock(Scheduler):
    """Celery's scheduler, giving a sign of life between rings."""

    _beaten = float("-inf")

    def setup_schedule(self) -> None:
        self.app.conf.beat_schedule = SCHEDULE
        super().setup_schedule()
        self.max_interval = 10

    def tick(self, *arguments: Any, **options: Any) -> Any:
        wait = super().tick(*arguments, **options)
        if time.monotonic() - self._beaten > _PULSE_SECONDS:
            self._beat()
        return wait

    def _beat(self) -> None:
        try:
            beat_heart("beat")
            self._beaten = time.monotonic()
        except DatabaseError:
            connection.close()
