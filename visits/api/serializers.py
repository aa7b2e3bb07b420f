"""Appointments and visits as JSON. Times carry their offset; clinicians are named by e-mail, branches by code."""

from typing import Any

from rest_framework import serializers

from visits.models import Appointment, AppointmentKind, Visit


class SlotSerializer(serializers.Serializer[Any]):
    """When, with whom, where."""

    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(min_value=1, max_value=1440)
    clinician = serializers.EmailField()
    room = serializers.CharField(required=False, allow_blank=True, max_length=40)
    outside_hours = serializers.BooleanField(required=False)


class BookingSerializer(SlotSerializer):
    """A new appointment."""

    customer = serializers.CharField(max_length=12, help_text="The customer's number.")
    kind = serializers.ChoiceField(choices=AppointmentKind.choices)
    note = serializers.CharField(required=False, allow_blank=True, max_length=200)


class MoveSerializer(SlotSerializer):
    """Another time, over the version that was read."""

    version = serializers.IntegerField(min_value=1)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class WalkInSerializer(serializers.Serializer[Any]):
    """A known customer comes in without an appointment."""

    customer = serializers.CharField(max_length=12)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=200)


class AppointmentSerializer(serializers.Serializer[Appointment]):
    """An appointment as it is read."""

    def to_representation(self, one: Appointment) -> dict[str, Any]:
        return {
            "id": one.pk,
            "version": one.version,
            "branch": one.branch.code,
            "customer": one.customer.number,
            "clinician": one.clinician.email,
            "room": one.room.name if one.room else "",
            "kind": one.kind,
            "starts_at": one.period.lower.isoformat(),
            "ends_at": one.period.upper.isoformat(),
            "state": one.state,
            "note": one.note,
        }


class VisitSerializer(serializers.Serializer[Visit]):
    """A visit as it is read."""

    def to_representation(self, one: Visit) -> dict[str, Any]:
        return {
            "id": one.pk,
            "branch": one.branch.code,
            "customer": one.customer.number,
            "appointment": one.appointment_id,
            "walk_in": one.walk_in,
            "reason": one.reason,
            "state": one.state,
            "attended_by": one.attended_by.email if one.attended_by else None,
            "arrived_at": one.arrived_at.isoformat(),
            "ended_at": one.ended_at.isoformat() if one.ended_at else None,
            "outcome": one.outcome,
        }


class FreeSerializer(serializers.Serializer[Any]):
    """Free times of one person on one day."""

    results = serializers.ListField(child=serializers.DateTimeField())
