"""The one-key steps of the board: each is one service verb, then back to where one was."""

from collections.abc import Callable, Mapping

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from branches.middleware import StaffRequest
from branches.pages import staff_page
from branches.roles import Can
from core.actor import Actor
from core.views import Done, act, next_url, page, submit
from visits import selectors
from visits.forms import CancelForm, EndForm
from visits.models import Appointment, AppointmentKind, AppointmentState, Visit
from visits.services import appointments, visits

_TESTS = {AppointmentKind.EYE_TEST, AppointmentKind.CONTACT_LENS}


def _arrive(actor: Actor, appointment: Appointment) -> str:
    visits.arrive(actor, appointment.pk)
    return _("%(name)s is here")


def _start(actor: Actor, appointment: Appointment) -> str:
    """Into the test or to the frames, by what the appointment is for."""
    if appointment.state != AppointmentState.ARRIVED:
        visits.arrive(actor, appointment.pk)
        appointment.refresh_from_db()
    if appointment.kind in _TESTS:
        visits.start_test(actor, appointment.visit.pk)
        return _("%(name)s: test started")
    visits.start_dispensing(actor, appointment.visit.pk)
    return _("%(name)s: dispensing started")


def _no_show(actor: Actor, appointment: Appointment) -> str:
    appointments.no_show(actor, appointment.pk)
    return _("%(name)s did not come")


def _undo_no_show(actor: Actor, appointment: Appointment) -> str:
    appointments.undo_no_show(actor, appointment.pk)
    return _("%(name)s is booked again")


def _undo_arrival(actor: Actor, appointment: Appointment) -> str:
    visits.undo_arrival(actor, appointment.pk)
    return _("%(name)s is not here after all")


APPOINTMENT_VERBS: Mapping[str, Callable[[Actor, Appointment], str]] = {
    "arrive": _arrive,
    "start": _start,
    "no_show": _no_show,
    "undo_no_show": _undo_no_show,
    "undo_arrival": _undo_arrival,
}


@require_POST
@staff_page(Can.MANAGE_VISITS)
def appointment_step(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """A step of an appointment."""
    if verb not in APPOINTMENT_VERBS:
        raise Http404
    appointment = selectors.appointment(request.scope, pk)

    def step() -> Done:
        words = APPOINTMENT_VERBS[verb](request.actor, appointment)
        return Done(next_url(request, f"{reverse('visits:today')}#a{pk}"), words % {"name": appointment.customer})

    return act(request, step)


_VISIT_VERBS: Mapping[str, Callable[[Actor, int], Visit]] = {
    "start_test": visits.start_test,
    "start_dispensing": visits.start_dispensing,
    "wait": visits.wait,
    "leave": visits.leave,
}


@require_POST
@staff_page(Can.MANAGE_VISITS)
def visit_step(request: StaffRequest, pk: int, verb: str) -> HttpResponse:
    """A step of a visit."""
    if verb not in _VISIT_VERBS:
        raise Http404
    visit = selectors.visit(request.scope, pk)

    def step() -> Done:
        done = _VISIT_VERBS[verb](request.actor, pk)
        words = _("%(name)s: %(state)s") % {"name": visit.customer, "state": str(done.get_state_display()).lower()}
        return Done(next_url(request, f"{reverse('visits:today')}#v{pk}"), words)

    return act(request, step)


@staff_page(Can.MANAGE_VISITS)
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """What came of the visit; then it is done."""
    visit = selectors.visit(request.scope, pk)
    form = EndForm(request.POST or None)

    def save() -> Done:
        visits.end(request.actor, pk, form.outcome)
        return Done(next_url(request, reverse("visits:today")), _("%(name)s: done") % {"name": visit.customer})

    context = {"form": form, "visit": visit, "next": next_url(request, reverse("visits:today"))}
    return submit(request, form, save) or page(request, "visits/end.html", context)


@staff_page(Can.MANAGE_VISITS)
def cancel(request: StaffRequest, pk: int) -> HttpResponse:
    """Give the time of an appointment back, with the reason."""
    appointment = selectors.appointment(request.scope, pk)
    form = CancelForm(request.POST or None)

    def save() -> Done:
        appointments.cancel(request.actor, pk, form.cleaned_data["reason"])
        return Done(reverse("visits:today"), _("Appointment of %(name)s cancelled") % {"name": appointment.customer})

    context = {"form": form, "appointment": appointment}
    return submit(request, form, save) or page(request, "visits/cancel.html", context)
