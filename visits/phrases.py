"""How appointments and visits read in a customer's story."""

from django.utils.translation import gettext_lazy as _

from records.phrases import CLINICAL, Phrase, register

register(
    {
        "appointment.booked": Phrase(_("Booked: %(what)s, %(period)s"), CLINICAL, "clock"),
        "appointment.moved": Phrase(_("Appointment moved"), CLINICAL, "return", shows_changes=True),
        "appointment.arrived": Phrase(_("Arrived for the appointment"), CLINICAL, "walk"),
        "appointment.cancelled": Phrase(_("Appointment cancelled: %(what)s"), CLINICAL, "cross"),
        "appointment.no_show": Phrase(_("Did not come: %(what)s"), CLINICAL, "cross", "danger"),
        "visit.started": Phrase(_("Came in: %(what)s"), CLINICAL, "walk"),
        "visit.test_started": Phrase(_("Eye test started"), CLINICAL, "eye", "info"),
        "visit.dispensing_started": Phrase(_("Dispensing started"), CLINICAL, "ruler", "info"),
        "visit.ended": Phrase(_("Visit ended: %(outcome)s"), CLINICAL, "check", "success"),
    }
)
