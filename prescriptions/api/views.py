"""The API of prescriptions, version 1: the same verbs, rights and refusals as the pages."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, cast

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.roles import Can
from core.actor import Actor
from core.api import required
from prescriptions import documents, screens, selectors
from prescriptions.api import serializers
from prescriptions.data import PrescriptionData
from prescriptions.exchange import fhir
from prescriptions.models import Origin, Prescription
from prescriptions.services import prescriptions
from prescriptions.services.outside import fhir_proof

CUSTOMER = OpenApiParameter("customer", OpenApiTypes.STR, required=True, description="The customer's number.")
LIST_LIMIT = 100


def _actor(request: Request) -> Actor:
    """The person behind the session, refused where the role does not see prescriptions."""
    actor = cast(StaffRequest, request._request).actor
    access.require(actor, Can.VIEW_PRESCRIPTIONS, actor.branch_id)
    return actor


def _shown(row: Prescription, status: int = 200) -> Response:
    found = selectors.prescriptions().get(pk=row.pk)
    return Response(serializers.PrescriptionSerializer(found).data, status=status)


def _all(found: Iterable[Prescription]) -> list[Any]:
    return [serializers.PrescriptionSerializer(row).data for row in found]


class PrescriptionList(APIView):
    """A customer's prescriptions, and new drafts."""

    @extend_schema(parameters=[CUSTOMER], responses=serializers.PrescriptionSerializer(many=True))
    def get(self, request: Request) -> Response:
        _actor(request)
        customer = screens.customer_of(required(request.query_params, "customer"))
        found = selectors.of_customer(customer.pk)[:LIST_LIMIT]
        return Response({"results": _all(found)})

    @extend_schema(request=serializers.DraftSerializer, responses={201: serializers.PrescriptionSerializer})
    def post(self, request: Request) -> Response:
        actor = _actor(request)
        draft = serializers.DraftSerializer(data=request.data)
        draft.is_valid(raise_exception=True)
        customer = screens.customer_of(str(draft.validated_data.get("customer", "")))
        data = draft.data_for(customer.pk)
        return _shown(prescriptions.save_draft(actor, data, confirmed=_keys(draft)), 201)


def _keys(sent: Any) -> list[str]:
    return list(sent.validated_data.get("confirmations", []))


class PrescriptionDetail(APIView):
    """One prescription; a draft can be written again or thrown away."""

    @extend_schema(responses=serializers.PrescriptionSerializer)
    def get(self, request: Request, pk: int) -> Response:
        actor = _actor(request)
        row = selectors.visible(actor, pk)
        prescriptions.viewed(actor, row)
        return _shown(row)

    @extend_schema(request=serializers.DraftSerializer, responses=serializers.PrescriptionSerializer)
    def put(self, request: Request, pk: int) -> Response:
        actor = _actor(request)
        row = selectors.visible(actor, pk)
        draft = serializers.DraftSerializer(data=request.data)
        draft.is_valid(raise_exception=True)
        data = draft.data_for(row.customer_id, branch_id=row.branch_id)
        revision = draft.validated_data.get("revision")
        return _shown(prescriptions.save_draft(actor, data, pk, revision, _keys(draft)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        prescriptions.discard_draft(_actor(request), pk)
        return Response(status=204)


class Sign(APIView):
    """Sign a draft."""

    @extend_schema(request=serializers.SignSerializer, responses=serializers.PrescriptionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        actor = _actor(request)
        sent = serializers.SignSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        return _shown(prescriptions.sign(actor, pk, _keys(sent), sent.validated_data.get("revision")))


class Correct(APIView):
    """Write and sign the next version."""

    @extend_schema(request=serializers.CorrectionSerializer, responses={201: serializers.PrescriptionSerializer})
    def post(self, request: Request, pk: int) -> Response:
        actor = _actor(request)
        old = selectors.signed(actor, pk)
        sent = serializers.CorrectionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        kept = {
            name: getattr(old, name)
            for name in ("prescriber_name", "prescriber_registration", "origin", "visit_id", "eye_test_id")
        }
        kept |= {name: getattr(old, name) for name in ("examined_on", "issued_on") if not sent.validated_data.get(name)}
        data = sent.data_for(old.customer_id, **kept)
        reason = (sent.validated_data["reason_code"], sent.validated_data["reason"])
        return _shown(prescriptions.correct(actor, pk, data, reason, _keys(sent)), 201)


class End(APIView):
    """Withdraw, or mark as entered in error."""

    verb = "withdraw"

    @extend_schema(request=serializers.EndSerializer, responses=serializers.PrescriptionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        actor = _actor(request)
        sent = serializers.EndSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        end = prescriptions.withdraw if self.verb == "withdraw" else prescriptions.enter_in_error
        return _shown(end(actor, pk, (sent.validated_data["reason_code"], sent.validated_data["reason"])))


class FhirOut(APIView):
    """The prescription as a FHIR VisionPrescription, R4B or R5."""

    @extend_schema(
        parameters=[OpenApiParameter("release", OpenApiTypes.STR, description="R4B (as R4) or R5; R4B when left out.")],
        responses={(200, fhir.MEDIA_TYPE): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        actor = _actor(request)
        row = selectors.signed(actor, pk)
        text = documents.fhir_json(row, str(request.query_params.get("release", "R4B")))
        prescriptions.viewed(actor, row)
        return HttpResponse(text, content_type=f"{fhir.MEDIA_TYPE}; charset=utf-8")


class FhirIn(APIView):
    """Take a FHIR VisionPrescription over as an outside prescription; the body is the document."""

    parser_classes = []

    @extend_schema(
        parameters=[
            CUSTOMER,
            OpenApiParameter("kind", OpenApiTypes.STR, description="Where the document does not say it."),
            OpenApiParameter("prescriber_name", OpenApiTypes.STR),
            OpenApiParameter("prescriber_registration", OpenApiTypes.STR),
            OpenApiParameter("confirm", OpenApiTypes.STR, many=True, description="Keys of confirmed warnings."),
        ],
        request={fhir.MEDIA_TYPE: OpenApiTypes.OBJECT, "application/json": OpenApiTypes.OBJECT},
        responses={201: serializers.PrescriptionSerializer(many=True)},
    )
    def post(self, request: Request) -> Response:
        actor = _actor(request)
        customer = screens.customer_of(required(request.query_params, "customer"))
        content = request._request.body
        reading = documents.read(content)
        told = [_completed(documents.from_document(document, customer.pk), request) for document in reading.documents]
        saved = prescriptions.record_outside_together(
            actor, told, [fhir_proof(content)], request.query_params.getlist("confirm")
        )
        found = selectors.prescriptions().filter(pk__in=[row.pk for row in saved]).order_by("pk")
        answer = {
            "results": _all(found),
            "notes": [_told(finding) for finding in reading.notes],
            "not_taken_over": [_told(finding) for finding in reading.not_taken_over],
        }
        return Response(answer, status=201)


def _told(finding: fhir.Finding) -> dict[str, str]:
    return {"code": finding.code, "path": finding.path, "message": finding.message}


def _completed(data: PrescriptionData, request: Request) -> PrescriptionData:
    """What the document does not say, from the query: the kind, who prescribed, with which registration number."""
    asked = request.query_params.get
    return replace(
        data,
        kind=data.kind or str(asked("kind", "")),
        prescriber_name=data.prescriber_name or str(asked("prescriber_name", ""))[:120],
        prescriber_registration=data.prescriber_registration or str(asked("prescriber_registration", ""))[:40],
        origin=Origin.FHIR.value,
        external_document=documents.plain(request._request.body),
    )
