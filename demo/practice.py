"""The sample practice, built once through the services, app by app in the order of their imports."""

from datetime import datetime
from importlib import import_module
from importlib.util import find_spec

from django.db import transaction

from branches.services.organisation import needs_setup
from core.models import Job, JobState

# Each `demo/<part>.py` has `build(now)`. A part reads what the parts before it have made.
PARTS = (
    "staff", "customers", "catalogue", "inventory", "visits", "recalls", "prescriptions", "orders", "labjobs", "aftersales", "shipping",
    "cases", "corrections", "imports", "notifications", "portal", "reports", "looks",
)  # fmt: skip


@transaction.atomic
def build(now: datetime) -> bool:
    """All of it or nothing; False when somebody works here already."""
    if not needs_setup():
        return False
    for part in PARTS:
        if find_spec(f"demo.{part}"):
            import_module(f"demo.{part}").build(now)
    # Background work that the story left is due from now on, and not late.
    Job.objects.filter(state=JobState.WAITING, not_before__lt=now).update(not_before=now)
    return True
