"""How a shipment looks from outside: state, days, number; no address."""

from rest_framework import serializers

from shipping import links
from shipping.models import Shipment, TrackingCheckpoint


class CheckpointSerializer(serializers.ModelSerializer[TrackingCheckpoint]):
    """One thing the carrier said."""

    class Meta:
        model = TrackingCheckpoint
        fields = (
            "occurred_at",
            "received_at",
            "state",
            "reason",
            "place",
            "message",
            "source",
            "status_raw",
            "detail_raw",
        )
        read_only_fields = fields


class ShipmentSerializer(serializers.ModelSerializer[Shipment]):
    """One shipment."""

    order = serializers.CharField(source="order.number")
    branch = serializers.CharField(source="branch.code")
    to_branch = serializers.CharField(source="to_branch.code", default=None)
    carrier = serializers.CharField(source="carrier.code")
    tracking_link = serializers.SerializerMethodField()

    class Meta:
        model = Shipment
        fields: tuple[str, ...] = (
            "number", "order", "branch", "to_branch", "carrier", "service", "method_note", "tracking_number", "tracking_link",
            "number_warning", "state", "reason", "state_at", "place", "first_expected_on", "expected_on", "packed_at",
            "handed_over_at", "delivered_at", "signed_by", "contradiction", "ended_reason", "version",
        )  # fmt: skip
        read_only_fields = fields

    def get_tracking_link(self, shipment: Shipment) -> str:
        return links.of(shipment)


class ShipmentDetailSerializer(ShipmentSerializer):
    """With everything its carrier said."""

    checkpoints = CheckpointSerializer(many=True)

    class Meta(ShipmentSerializer.Meta):
        fields: tuple[str, ...] = (*ShipmentSerializer.Meta.fields, "checkpoints")
        read_only_fields = fields
