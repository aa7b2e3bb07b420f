"""How a job looks from outside: stages, dates and promises; powers only for who may see prescriptions."""

from rest_framework import serializers

from labjobs.models import Job


class JobSerializer(serializers.ModelSerializer[Job]):
    """One laboratory job."""

    order = serializers.CharField(source="order.number")
    branch = serializers.CharField(source="branch.code")
    lab = serializers.CharField(source="lab.code")
    tray = serializers.CharField(source="tray.code", default="")
    remake_of = serializers.CharField(source="remake_of.number", default=None)
    on_hold = serializers.BooleanField(source="on_hold_since")

    class Meta:
        model = Job
        fields = (
            "number", "order", "branch", "lab", "tray", "state", "stage", "stage_since", "eyes", "first_promised_on",
            "promised_on", "released_at", "passed_at", "ready_at", "ended_at", "on_hold", "on_hold_reason",
            "lab_reference", "lab_status_raw", "remake_of", "version",
        )  # fmt: skip
        read_only_fields = fields


class MoveSerializer(serializers.Serializer[object]):
    """Where to; a move back needs its reason. Without a stage: one further."""

    stage = serializers.CharField(required=False, default="")
    reason = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)


class StatusSerializer(serializers.Serializer[object]):
    """A laboratory's own status, word for word."""

    code = serializers.CharField(max_length=60)
    text = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
