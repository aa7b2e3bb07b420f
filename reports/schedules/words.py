"""A schedule in words: its rhythm, and what became of a delivery."""

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from reports.models import Delivery, Every, Schedule


def rhythm(schedule: Schedule) -> str:
    """`Every Monday at 07:00`."""
    clock = f"{schedule.hour:02d}:00"
    if schedule.every == Every.WEEK:
        return _("Every %(weekday)s at %(clock)s") % {"weekday": WEEKDAYS[schedule.weekday], "clock": clock}
    if schedule.every == Every.DAY:
        return _("Every day at %(clock)s") % {"clock": clock}
    if schedule.day > 28:
        return _("On day %(day)d of each month, or its last, at %(clock)s") % {"day": schedule.day, "clock": clock}
    return _("On day %(day)d of each month at %(clock)s") % {"day": schedule.day, "clock": clock}


def outcome(delivery: Delivery) -> str:
    """The outcome with its reason."""
    said = str(delivery.get_outcome_display())
    return f"{said}: {delivery.why}" if delivery.why else said
