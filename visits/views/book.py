"""Book a time or move one: the free times are shown while choosing, the taken ones too."""

import zoneinfo
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from branches.middleware import StaffRequest
from branches.models import Branch
from branches.pages import staff_page
from branches.roles import Can
from core.errors import DomainError, NotVisible
from core.views import Done, page, submit
from customers import selectors as customers
from customers.page import identity as banner_of
from visits import hours, selectors
from visits.forms import USUAL_MINUTES, BookForm, SlotForm
from visits.models import Appointment, AppointmentKind
from visits.services import appointments
from visits.services.slots import Slot


def _times(branch: Branch, wanted: dict[str, Any]) -> dict[str, Any]:
    """Free and taken times of the person and day in the form, for the panel beside it."""
    now = timezone.now()
    zone = zoneinfo.ZoneInfo(branch.time_zone)
    people = selectors.people_to_book(branch)
    known = {str(user.pk): user for user in people}
    clinician = known.get(str(wanted.get("clinician") or "")) or (people[0] if people else None)
    today = timezone.localtime(now, zone).date()
    minutes = _minutes(wanted)
    asked = _date(wanted.get("day"))
    if clinician is None:
        return {"clinician": None, "times_day": asked or today, "free": [], "taken": [], "minutes": minutes}
    length = timedelta(minutes=minutes)
    day = asked or selectors.next_free_day(branch, clinician.pk, today, length, now) or today
    free = selectors.free_slots(branch, clinician.pk, day, length, now)
    return {
        "clinician": clinician,
        "customer_number": wanted.get("customer", ""),
        "kind": wanted.get("kind") or AppointmentKind.EYE_TEST,
        "times_day": day,
        "free": free,
        "next_day": None if free else selectors.next_free_day(branch, clinician.pk, day, length, now),
        "taken": list(selectors.taken_by(clinician.pk, day, zone).order_by("period")),
        "minutes": minutes,
    }


def _typed(request: StaffRequest) -> Any:
    """What was sent to be saved; nothing when only the free times of another day were asked for, without script."""
    return None if request.method != "POST" or "show" in request.POST else request.POST


def _date(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def _minutes(wanted: dict[str, Any]) -> int:
    typed = str(wanted.get("minutes") or "")
    usual = USUAL_MINUTES.get(wanted.get("kind") or AppointmentKind.EYE_TEST, 30)
    return min(max(int(typed), 5), 240) if typed.isdecimal() else usual


def _slot(form: SlotForm, branch: Branch) -> Slot:
    values = form.cleaned_data
    return Slot(
        starts_at=hours.at(values["day"], values["starts_at"], zoneinfo.ZoneInfo(branch.time_zone)),
        minutes=values["minutes"],
        clinician_id=values["clinician"],
        room_id=values["room"],
        outside_hours=values["outside_hours"],
    )


@staff_page(Can.MANAGE_VISITS)
def book(request: StaffRequest) -> HttpResponse:
    """A new appointment. A GET with `customer`, `clinician`, `day`, `at` fills the form and shows the free times."""
    wanted = request.POST.dict() if request.method == "POST" else request.GET.dict()
    times = _times(request.branch, wanted)
    form = BookForm(
        _typed(request),
        initial=_initial(wanted, times),
        people=selectors.people_to_book(request.branch),
        rooms=selectors.rooms_of(request.branch),
    )

    def save() -> Done:
        customer = _customer(request, form.cleaned_data["customer"])
        booking = appointments.Booking(
            request.branch.pk,
            customer.pk,
            form.cleaned_data["kind"],
            _slot(form, request.branch),
            form.cleaned_data["note"],
        )
        made = appointments.book(request.actor, booking)
        words = _("%(name)s is booked, %(when)s") % {"name": customer, "when": appointments.when(made)}
        return Done(f"{reverse('visits:today')}?day={form.cleaned_data['day']}#a{made.pk}", words)

    if form.is_bound and (answer := submit(request, form, save)):
        return answer
    context = {"form": form, "chosen": _chosen(request, wanted), "lookup": request.GET.get("q", ""), **times}
    if context["lookup"]:
        context["rows"] = customers.search(request.scope, context["lookup"], 8)
    return page(request, "visits/book.html", context, partial="times")


def _initial(wanted: dict[str, Any], times: dict[str, Any]) -> dict[str, Any]:
    clinician = times["clinician"]
    return {
        "customer": wanted.get("customer", ""),
        "kind": wanted.get("kind") or AppointmentKind.EYE_TEST,
        "clinician": clinician.pk if clinician else None,
        "day": times["times_day"],
        "minutes": times["minutes"],
        "starts_at": wanted.get("at", ""),
        "room": wanted.get("room", ""),
        "note": wanted.get("note", ""),
    }


def _customer(request: StaffRequest, number: str) -> Any:
    try:
        return customers.customer(request.scope, number.strip())
    except NotVisible as error:
        raise DomainError(_("Not found."), fields={"customer": _("No customer has this number.")}) from error


def _chosen(request: StaffRequest, wanted: dict[str, Any]) -> Any:
    """The banner of the customer in the form, so that nobody books for the wrong person."""
    try:
        return banner_of(customers.customer(request.scope, wanted.get("customer", "").strip()))
    except NotVisible:
        return None


@staff_page(Can.MANAGE_VISITS)
def show(request: StaffRequest, pk: int) -> HttpResponse:
    """One appointment: what it is, what can be done with it, and another time for it."""
    appointment = selectors.appointment(request.scope, pk)
    start = _start_of(appointment)
    wanted = request.POST.dict() if request.method == "POST" else {**start, **request.GET.dict()}
    times = _times(appointment.branch, wanted)
    shown = {} if _typed(request) else wanted
    form = SlotForm(
        _typed(request),
        initial={**start, **{name: value for name, value in shown.items() if value and name in start}},
        edits=appointment,
        stored=start,
        people=selectors.people_to_book(appointment.branch),
        rooms=selectors.rooms_of(appointment.branch),
    )

    def save() -> Done:
        moved = appointments.move(request.actor, pk, form.version or 0, _slot(form, appointment.branch))
        words = _("%(name)s is moved to %(when)s") % {"name": appointment.customer, "when": appointments.when(moved)}
        return Done(f"{reverse('visits:today')}?day={form.cleaned_data['day']}#a{pk}", words)

    if form.is_bound and (answer := submit(request, form, save)):
        return answer
    context = {"form": form, "appointment": appointment, "banner": banner_of(appointment.customer), **times}
    return page(request, "visits/appointment.html", context, partial="times")


def _start_of(appointment: Appointment) -> dict[str, Any]:
    local = appointment.period.lower.astimezone(zoneinfo.ZoneInfo(appointment.branch.time_zone))
    length = appointment.period.upper - appointment.period.lower
    return {
        "kind": appointment.kind,
        "clinician": appointment.clinician_id,
        "room": appointment.room_id or "",
        "day": local.date(),
        "starts_at": f"{local:%H:%M}",
        "minutes": int(length.total_seconds() // 60),
        "note": appointment.note,
    }
