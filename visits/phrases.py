"""How appointments and visits read in a customer's story."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from records.models import Event
from records.phrases import CLINICAL, MESSAGES, Phrase, register
from visits.models import AppointmentKind


def _what(event: Event) -> Mapping[str, Any]:
    """What the customer came for: the kind of the appointment, or what was said at the desk."""
    kind = dict(AppointmentKind.choices).get(event.data.get("kind", ""))
    return {"what": str(kind or event.data.get("what") or gettext("walk-in"))}


register(
    {
        "appointment.booked": Phrase(_("Booked: %(what)s, %(period)s"), CLINICAL, "clock", values=_what),
        "appointment.moved": Phrase(_("Appointment moved"), CLINICAL, "return", shows_changes=True),
        "appointment.arrived": Phrase(_("Arrived for the appointment"), CLINICAL, "walk", hidden=True),
        "appointment.cancelled": Phrase(_("Appointment cancelled: %(what)s"), CLINICAL, "cross", values=_what),
        "appointment.no_show": Phrase(_("Did not come: %(what)s"), CLINICAL, "cross", "danger", values=_what),
        "appointment.rebooked": Phrase(_("Booked again: %(what)s"), CLINICAL, "clock", values=_what),
        "appointment.reminder_due": Phrase(_("Reminder of the appointment due"), MESSAGES, "clock", hidden=True),
        "visit.started": Phrase(_("Came in: %(what)s"), CLINICAL, "walk", values=_what),
        "visit.test_started": Phrase(_("Eye test started"), CLINICAL, "eye", "info"),
        "visit.dispensing_started": Phrase(_("Dispensing started"), CLINICAL, "ruler", "info"),
        "visit.waiting": Phrase(_("Back in the queue"), CLINICAL, "clock", hidden=True),
        "visit.ended": Phrase(_("Visit ended: %(outcome)s"), CLINICAL, "check", "success"),
    }
)
