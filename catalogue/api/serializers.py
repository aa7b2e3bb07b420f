"""The catalogue as JSON. Costs are left out unless the reader may see them."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.models import Frame
from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism


class FrameSerializer(serializers.ModelSerializer[Frame]):
    """One frame; sizes in mm by the boxing system."""

    supplier = serializers.CharField(source="supplier.code", read_only=True)
    size = serializers.CharField(source="size_mark", read_only=True)

    class Meta:
        model = Frame
        fields = (
            "id", "sku", "gtin", "brand", "model", "colour", "colour_code", "material", "mount", "size", "eye_size_mm",
            "bridge_mm", "temple_mm", "a_mm", "b_mm", "dbl_mm", "ed_mm", "circumference_mm", "price", "supplier",
            "discontinued_on", "version",
        )  # fmt: skip
        read_only_fields = fields


class FramesSerializer(serializers.Serializer[Any]):
    results = FrameSerializer(many=True)


def _dioptres(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=6, decimal_places=3, **more)


def _mm(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=5, decimal_places=2, **more)


@extend_schema_serializer(component_name="DemandEye")
class EyeSerializer(serializers.Serializer[Any]):
    """One eye to make: powers in dioptres as written, prism as base in and base up, distances in mm."""

    sphere = _dioptres()
    cylinder = _dioptres(required=False, allow_null=True)
    axis = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=180)
    add = _dioptres(required=False, allow_null=True)
    prism_in = _dioptres(required=False, default=Decimal(0))
    prism_up = _dioptres(required=False, default=Decimal(0))
    far_pd_mm = _mm(required=False, allow_null=True, min_value=Decimal(15), max_value=Decimal(50))
    height_mm = _mm(required=False, allow_null=True, min_value=Decimal(5), max_value=Decimal(45))

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            attrs["power"] = EyePower(
                attrs["sphere"],
                attrs.get("cylinder"),
                attrs.get("axis") if attrs.get("cylinder") else None,
                attrs.get("add"),
            )
        except ValueError as error:
            raise serializers.ValidationError({"axis": [str(error)]}) from error
        return attrs


class SizesSerializer(serializers.Serializer[Any]):
    """A frame by its sizes."""

    a_mm = _mm(min_value=Decimal(30), max_value=Decimal(75))
    b_mm = _mm(min_value=Decimal(15), max_value=Decimal(70))
    dbl_mm = _mm(min_value=Decimal(8), max_value=Decimal(35))
    ed_mm = _mm(min_value=Decimal(30), max_value=Decimal(95))


class DemandSerializer(serializers.Serializer[Any]):
    """What lenses must do. The frame is given by its SKU or by its sizes, or not at all."""

    right = EyeSerializer(required=False)
    left = EyeSerializer(required=False)
    frame_sku = serializers.CharField(required=False, max_length=40)
    frame = SizesSerializer(required=False)
    explain = serializers.BooleanField(default=False, help_text="Also say why other lenses cannot be ordered.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not attrs.get("right") and not attrs.get("left"):
            raise serializers.ValidationError("Give at least one eye.")
        return attrs

    def demand(self, frame: FrameSizes | None) -> Demand:
        """The validated demand."""
        sent = self.validated_data
        sizes = FrameSizes(**sent["frame"]) if sent.get("frame") else frame
        return Demand({eye: _eye(sent[eye.value]) for eye in Eye if sent.get(eye.value)}, sizes)


def _eye(sent: dict[str, Any]) -> EyeDemand:
    prism = Prism(sent["prism_in"], sent["prism_up"])
    return EyeDemand(sent["power"], prism, sent.get("far_pd_mm"), sent.get("height_mm"))


class EstimateSerializer(serializers.Serializer[Any]):
    centre_mm = serializers.DecimalField(max_digits=5, decimal_places=1)
    thinnest_edge_mm = serializers.DecimalField(max_digits=5, decimal_places=1)
    thickest_edge_mm = serializers.DecimalField(max_digits=5, decimal_places=1)
    weight_g = serializers.DecimalField(max_digits=6, decimal_places=1)


class OfferSerializer(serializers.Serializer[Any]):
    """A lens that can be ordered: price of the eyes asked for, before add-ons; thickness per eye when a frame is given."""

    code = serializers.CharField()
    name = serializers.CharField()
    family = serializers.CharField()
    design = serializers.CharField()
    index = serializers.CharField()
    price = serializers.DecimalField(max_digits=12, decimal_places=2)
    surcharge = serializers.DecimalField(max_digits=12, decimal_places=2)
    working_days = serializers.IntegerField()
    diameter_mm = serializers.IntegerField()
    right = EstimateSerializer(required=False)
    left = EstimateSerializer(required=False)


class RefusalSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


class OffersSerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    offers = OfferSerializer(many=True)
    refused = RefusalSerializer(many=True)
