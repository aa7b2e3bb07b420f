"""The Celery application: every app's `tasks.py`, and what beat rings by the clock (`optics/beat.py`)."""

import gc
import os

from celery import Celery
from celery.signals import worker_before_create_process, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optics.settings.local")
app = Celery("optics")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def _catch_up(**_details: object) -> None:
    """A worker that starts looks for work at once, without waiting for the clock."""
    app.send_task("core.sweep_jobs", queue="default", expires=15)


@worker_before_create_process.connect
def _share_memory(**_details: object) -> None:
    """What is loaded now stays shared with the child processes: the collector no longer touches it."""
    gc.collect()
    gc.freeze()
