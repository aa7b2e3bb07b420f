"""Prescriptions as JSON: decimals as strings, prisms as entries, what is judged beside what is written."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from prescriptions import judging, rows
from prescriptions.data import EyeData, PrescriptionData
from prescriptions.models import Origin, Prescription, PrescriptionKind
from prescriptions.services import common
from prescriptions.values import PrismEntry

WRITABLE_ORIGINS = [Origin.OWN_TEST.value, Origin.SPECTACLES.value]
_NUMBERS = ("sphere", "cylinder", "add", "intermediate_add", "power")
_LENGTHS = {"far_pd_mm": 1, "near_pd_mm": 1, "base_curve_mm": 2, "diameter_mm": 2}
_TEXTS = {"va": 12, "near_va": 12, "product": 120, "add_word": 8, "colour": 40, "replacement": 20, "wearing_mode": 20}


def _dioptres() -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=6, decimal_places=3, required=False, allow_null=True)


def _millimetres(places: int = 1) -> serializers.DecimalField:
    return serializers.DecimalField(
        max_digits=4, decimal_places=places, required=False, allow_null=True, min_value=Decimal(0)
    )


class PrismSerializer(serializers.Serializer[PrismEntry]):
    """An amount with a base word, or with degrees 0 to 360 as seen facing the wearer."""

    amount = serializers.DecimalField(max_digits=5, decimal_places=2)
    base = serializers.ChoiceField(choices=["in", "out", "up", "down"], required=False)
    base_deg = serializers.IntegerField(min_value=0, max_value=360, required=False)


class EyeSerializer(serializers.Serializer[EyeData]):
    """One eye. A blank is not zero: leave out what is not prescribed."""

    balance = serializers.BooleanField(required=False)
    axis = serializers.IntegerField(required=False, allow_null=True, min_value=-32768, max_value=32767)
    prisms = PrismSerializer(many=True, required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        fields |= {name: _dioptres() for name in _NUMBERS} | {
            name: _millimetres(places) for name, places in _LENGTHS.items()
        }
        texts = {
            n: serializers.CharField(max_length=size, required=False, allow_blank=True) for n, size in _TEXTS.items()
        }
        return fields | texts


class ValuesSerializer(serializers.Serializer[PrescriptionData]):
    """What is written: both eyes and what stands around them."""

    kind = serializers.ChoiceField(choices=PrescriptionKind.choices)
    origin = serializers.ChoiceField(choices=WRITABLE_ORIGINS, required=False)
    right = EyeSerializer(required=False, allow_null=True)
    left = EyeSerializer(required=False, allow_null=True)
    examined_on = serializers.DateField(required=False, allow_null=True)
    issued_on = serializers.DateField(required=False, allow_null=True)
    expires_on = serializers.DateField(required=False, allow_null=True)
    expiry_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)
    far_pd_mm = _millimetres()
    near_pd_mm = _millimetres()
    vertex_mm = _millimetres()
    binocular_va = serializers.CharField(max_length=12, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    recall_months = serializers.IntegerField(min_value=0, max_value=120, required=False, allow_null=True)

    def data_for(self, customer_id: int, **fixed: Any) -> PrescriptionData:
        """The validated values as the services take them."""
        told = {
            name: value for name, value in self.validated_data.items() if name in PrescriptionData.__dataclass_fields__
        }
        for eye in ("right", "left"):
            told[eye] = _eye_data(told.get(eye))
        return PrescriptionData(customer_id=customer_id, **(told | fixed))


def _eye_data(values: dict[str, Any] | None) -> EyeData | None:
    if values is None:
        return None
    prisms = tuple(PrismEntry(**prism) for prism in values.get("prisms", ()))
    written = EyeData(**{name: value for name, value in values.items() if name != "prisms"}, prisms=prisms)
    return None if written.is_blank else written


class DraftSerializer(ValuesSerializer):
    """A new draft, or a draft again: `revision` is the one it was read with."""

    customer = serializers.CharField(max_length=12, required=False)
    revision = serializers.IntegerField(required=False)
    confirmations = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=40)


class SignSerializer(serializers.Serializer[Any]):
    """The keys of the warnings that the signer confirms."""

    revision = serializers.IntegerField(required=False)
    confirmations = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=40)


class CorrectionSerializer(ValuesSerializer):
    """The whole next version with its reason."""

    reason_code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=2000)
    confirmations = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=40)


class EndSerializer(serializers.Serializer[Any]):
    """Why it ends."""

    reason_code = serializers.CharField(max_length=40)
    reason = serializers.CharField(max_length=2000)


class PrescriptionSerializer(serializers.Serializer[Prescription]):
    """A prescription as it is read. `warnings` stand with the key to confirm each."""

    def to_representation(self, row: Prescription) -> dict[str, Any]:
        data = rows.data_of(row)
        return {
            "id": row.pk,
            "number": row.number,
            "version": row.version,
            "revision": row.revision,
            "state": row.state,
            "customer": row.customer.number,
            "branch": row.branch.code,
            "origin": row.origin,
            "corrects": row.corrects_id,
            "values": _values(data),
            "prescriber": {"name": row.prescriber_name, "registration": row.prescriber_registration},
            "signed_at": row.signed_at.isoformat() if row.signed_at else None,
            "confirmations": row.confirmations,
            "warnings": _warnings(row, data) if row.is_draft else [],
        }


def _values(data: PrescriptionData) -> dict[str, Any]:
    told = {name: _plain(getattr(data, name)) for name in ("kind", *rows.DOCUMENT_FIELDS) if name not in _HIDDEN}
    for eye in ("right", "left"):
        written = getattr(data, eye)
        told[eye] = _eye(written) if written else None
    return told


_HIDDEN = {"origin", "external_document", "prescriber_name", "prescriber_registration"}


def _eye(written: EyeData) -> dict[str, Any]:
    told = {name: _plain(getattr(written, name)) for name in ("balance", "axis", *_NUMBERS, *_LENGTHS, *_TEXTS)}
    told["prisms"] = [{"amount": str(prism.amount), "base": prism.base} for prism in written.prisms]
    return {name: value for name, value in told.items() if value not in (None, "", [], False)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _warnings(row: Prescription, data: PrescriptionData) -> list[dict[str, Any]]:
    found = common.verdicts(data, row)
    known = {confirmation["key"] for confirmation in row.confirmations}
    return [
        {
            "key": (key := judging.key_of(verdict, data.values)),
            "code": verdict.code,
            "field": judging.field_of(verdict),
            "message": verdict.message,
            "confirmed": key in known,
        }
        for verdict in judging.warnings(found)
    ]
