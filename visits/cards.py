"""How an appointment or a visit looks on the board: state, tone, shape, and the one thing to do next."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from core.states import Words
from visits.models import Appointment, AppointmentState, Visit, VisitState

A, V = AppointmentState, VisitState


@dataclass(frozen=True)
class Look:
    """A state as shown; `next_verb` is the step most often taken from here."""

    label: Words
    tone: str
    icon: str
    state: str = ""
    next_verb: str = ""
    next_label: Words = ""


_APPOINTMENT = {
    A.BOOKED: Look(A.BOOKED.label, "neutral", "clock", "", "arrive", _("Arrive")),
    A.ARRIVED: Look(A.ARRIVED.label, "neutral", "walk", "", "start", _("Start")),
    A.DONE: Look(A.DONE.label, "success", "check", "done"),
    A.NO_SHOW: Look(A.NO_SHOW.label, "danger", "cross", "", "arrive", _("Arrived late")),
    A.CANCELLED: Look(A.CANCELLED.label, "neutral", "cross", "done"),
}
_VISIT = {
    V.IN_TEST: Look(V.IN_TEST.label, "info", "eye", "now", "end", _("Done")),
    V.DISPENSING: Look(V.DISPENSING.label, "info", "ruler", "now", "end", _("Done")),
}


def look_of(appointment: Appointment, visit: Visit | None) -> Look:
    """The visit's state speaks while the customer is being served."""
    if visit is not None and appointment.state == A.ARRIVED and visit.state in _VISIT:
        return _VISIT[V(visit.state)]
    return _APPOINTMENT[A(appointment.state)]


@dataclass(frozen=True)
class Wait:
    """How long a customer has been waiting, and how bad that is: 15 and 30 minutes are the marks."""

    minutes: int

    @property
    def tone(self) -> str:
        return "danger" if self.minutes >= 30 else "warning" if self.minutes >= 15 else "neutral"

    @property
    def icon(self) -> str:
        return {"danger": "alert", "warning": "hourglass"}.get(self.tone, "clock")
