"""The API of the counter: the branch is the one the session works in, as on the pages."""

import zoneinfo
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches.models import Branch, Room, User
from branches.roles import Can
from core.api import required
from core.errors import DomainError, NotVisible
from customers import selectors as customers
from customers.api.views import staff
from visits import selectors
from visits.api import serializers
from visits.models import Appointment, Visit
from visits.services import appointments, visits
from visits.services.slots import Slot

DAY = OpenApiParameter("day", OpenApiTypes.DATE, description="A local day of the branch; today when left out.")
CLINICIAN = OpenApiParameter("clinician", OpenApiTypes.EMAIL, required=True)
MINUTES = OpenApiParameter("minutes", OpenApiTypes.INT, description="Length, 30 when left out.")


def _refused(field: str, words: str) -> DomainError:
    return DomainError(words, code="invalid", fields={field: words})


def _day(request: Request, branch: Branch) -> date:
    text = request.query_params.get("day", "")
    try:
        return (
            date.fromisoformat(text) if text else timezone.localtime(None, zoneinfo.ZoneInfo(branch.time_zone)).date()
        )
    except ValueError as error:
        raise _refused("day", _("Enter a date such as 2026-11-26.")) from error


def _clinician(email: str) -> User:
    found = User.objects.filter(email=email.lower().replace("\x00", ""), is_active=True).first()
    if found is None:
        raise _refused("clinician", _("Nobody here has this e-mail address."))
    return found


def _slot(sent: Mapping[str, Any], branch: Branch) -> Slot:
    room = None
    if sent.get("room"):
        room = Room.objects.filter(branch=branch, name__iexact=sent["room"]).first()
        if room is None:
            raise _refused("room", _("Choose a room of %(branch)s.") % {"branch": branch})
    return Slot(
        starts_at=sent["starts_at"],
        minutes=sent["minutes"],
        clinician_id=_clinician(sent["clinician"]).pk,
        room_id=room.pk if room else None,
        outside_hours=sent.get("outside_hours", False),
    )


def _customer_id(request: Any, number: str) -> int:
    try:
        return customers.customer(request.scope, number).pk
    except NotVisible as error:
        raise _refused("customer", _("No customer has this number.")) from error


def _read(kind: type[Any], request: Request) -> dict[str, Any]:
    sent = kind(data=request.data)
    sent.is_valid(raise_exception=True)
    values: dict[str, Any] = sent.validated_data
    return values


class AppointmentList(APIView):
    """A day's appointments, and new ones."""

    @extend_schema(
        operation_id="v1_appointments_of_day", parameters=[DAY], responses=serializers.AppointmentSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        found = selectors.day_of(who.branch, _day(request, who.branch)).select_related("branch")
        return Response({"results": [serializers.AppointmentSerializer(one).data for one in found]})

    @extend_schema(request=serializers.BookingSerializer, responses={201: serializers.AppointmentSerializer})
    def post(self, request: Request) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        sent = _read(serializers.BookingSerializer, request)
        booking = appointments.Booking(
            who.branch.pk,
            _customer_id(who, sent["customer"]),
            sent["kind"],
            _slot(sent, who.branch),
            sent.get("note", ""),
        )
        made = appointments.book(who.actor, booking)
        return Response(serializers.AppointmentSerializer(selectors.appointment(who.scope, made.pk)).data, status=201)


class FreeTimes(APIView):
    """The starts at which a person is free."""

    @extend_schema(parameters=[CLINICIAN, DAY, MINUTES], responses=serializers.FreeSerializer)
    def get(self, request: Request) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        clinician = _clinician(required(request.query_params, "clinician"))
        minutes = request.query_params.get("minutes", "30")
        if not minutes.isdecimal() or not 5 <= int(minutes) <= 240:
            raise _refused("minutes", _("Between %(a)d and %(b)d minutes.") % {"a": 5, "b": 240})
        length = timedelta(minutes=int(minutes))
        found = selectors.free_slots(who.branch, clinician.pk, _day(request, who.branch), length, timezone.now())
        return Response({"results": [slot.start.isoformat() for slot in found]})


class AppointmentDetail(APIView):
    """One appointment."""

    @extend_schema(responses=serializers.AppointmentSerializer)
    def get(self, request: Request, pk: int) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        return Response(serializers.AppointmentSerializer(selectors.appointment(who.scope, pk)).data)

    @extend_schema(request=serializers.MoveSerializer, responses=serializers.AppointmentSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Move it."""
        who = staff(request, Can.MANAGE_VISITS)
        branch = selectors.appointment(who.scope, pk).branch
        sent = _read(serializers.MoveSerializer, request)
        appointments.move(who.actor, pk, sent["version"], _slot(sent, branch))
        return Response(serializers.AppointmentSerializer(selectors.appointment(who.scope, pk)).data)


class AppointmentStep(APIView):
    """Arrive, no-show, cancel."""

    verb = "arrive"

    @extend_schema(request=serializers.ReasonSerializer, responses=serializers.AppointmentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        selectors.appointment(who.scope, pk)
        sent = _read(serializers.ReasonSerializer, request)
        if self.verb == "arrive":
            visits.arrive(who.actor, pk)
        elif self.verb == "no_show":
            appointments.no_show(who.actor, pk)
        else:
            appointments.cancel(who.actor, pk, sent.get("reason", ""))
        found: Appointment = selectors.appointment(who.scope, pk)
        return Response(serializers.AppointmentSerializer(found).data)


class VisitList(APIView):
    """Who is in the branch now, and walk-ins."""

    @extend_schema(operation_id="v1_visits_open", responses=serializers.VisitSerializer(many=True))
    def get(self, request: Request) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        found = selectors.open_visits(who.branch).select_related("branch")
        return Response({"results": [serializers.VisitSerializer(one).data for one in found]})

    @extend_schema(request=serializers.WalkInSerializer, responses={201: serializers.VisitSerializer})
    def post(self, request: Request) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        sent = _read(serializers.WalkInSerializer, request)
        customer_id = _customer_id(who, sent["customer"])
        made = visits.walk_in(who.actor, who.branch.pk, customer_id, sent.get("reason", ""))
        return Response(serializers.VisitSerializer(selectors.visit(who.scope, made.pk)).data, status=201)


class VisitStep(APIView):
    """The steps of a visit; `end` keeps the reason as the outcome."""

    verb = "end"

    @extend_schema(request=serializers.ReasonSerializer, responses=serializers.VisitSerializer)
    def post(self, request: Request, pk: int) -> Response:
        who = staff(request, Can.MANAGE_VISITS)
        selectors.visit(who.scope, pk)
        reason = _read(serializers.ReasonSerializer, request).get("reason", "")
        if self.verb in {"end", "leave"}:
            (visits.end if self.verb == "end" else visits.leave)(who.actor, pk, reason)
        else:
            {"start_test": visits.start_test, "start_dispensing": visits.start_dispensing, "wait": visits.wait}[
                self.verb
            ](who.actor, pk)
        found: Visit = selectors.visit(who.scope, pk)
        return Response(serializers.VisitSerializer(found).data)
