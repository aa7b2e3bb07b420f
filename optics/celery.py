"""The Celery application: every app's `tasks.py`, and what beat rings by the clock (`optics/beat.py`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "optics.settings.local")
app = Celery("optics")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
