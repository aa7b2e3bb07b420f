"""The states of an appointment and of a visit, and the steps between them."""

from django.utils.translation import gettext_lazy as _

from branches.roles import Can
from core.states import Machine, Transition
from visits.models import AppointmentState, VisitState

A, V = AppointmentState, VisitState

APPOINTMENT = Machine(
    "appointment",
    A.choices,
    [
        Transition("move", A.BOOKED, A.BOOKED, Can.MANAGE_VISITS, _("Move")),
        Transition("arrive", A.BOOKED, A.ARRIVED, Can.MANAGE_VISITS, _("Arrive")),
        Transition("arrive", A.NO_SHOW, A.ARRIVED, Can.MANAGE_VISITS, _("Arrive late")),
        Transition("undo_arrival", A.ARRIVED, A.BOOKED, Can.MANAGE_VISITS, _("Not here after all")),
        Transition("no_show", A.BOOKED, A.NO_SHOW, Can.MANAGE_VISITS, _("Did not come")),
        Transition("undo_no_show", A.NO_SHOW, A.BOOKED, Can.MANAGE_VISITS, _("Book again")),
        Transition("cancel", A.BOOKED, A.CANCELLED, Can.MANAGE_VISITS, _("Cancel"), needs_reason=True),
        Transition("finish", A.ARRIVED, A.DONE, Can.MANAGE_VISITS, _("Done")),
    ],
)

VISIT = Machine(
    "visit",
    V.choices,
    [
        Transition("start_test", V.WAITING, V.IN_TEST, Can.MANAGE_VISITS, _("Start test")),
        Transition("start_test", V.DISPENSING, V.IN_TEST, Can.MANAGE_VISITS, _("Test again")),
        Transition("start_dispensing", V.WAITING, V.DISPENSING, Can.MANAGE_VISITS, _("Start dispensing")),
        Transition("start_dispensing", V.IN_TEST, V.DISPENSING, Can.MANAGE_VISITS, _("Start dispensing")),
        Transition("wait", V.IN_TEST, V.WAITING, Can.MANAGE_VISITS, _("Back to waiting")),
        Transition("wait", V.DISPENSING, V.WAITING, Can.MANAGE_VISITS, _("Back to waiting")),
        Transition("end", V.WAITING, V.DONE, Can.MANAGE_VISITS, _("Done")),
        Transition("end", V.IN_TEST, V.DONE, Can.MANAGE_VISITS, _("Done")),
        Transition("end", V.DISPENSING, V.DONE, Can.MANAGE_VISITS, _("Done")),
        Transition("leave", V.WAITING, V.LEFT, Can.MANAGE_VISITS, _("Left without being served")),
    ],
)

OPEN_VISIT = (V.WAITING, V.IN_TEST, V.DISPENSING)
TAKES_TIME = (A.BOOKED, A.ARRIVED, A.DONE)
