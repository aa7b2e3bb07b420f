"""The API of the catalogue: frames by search or code, and the lens finder."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.roles import Can
from catalogue import finder
from catalogue.api.serializers import DemandSerializer, FrameSerializer, FramesSerializer, OffersSerializer
from catalogue.demand import Demand, FrameSizes
from catalogue.models import Frame, LensDesign, LensProduct
from catalogue.selectors import frame_by_code, search_frames
from core.api import required
from core.errors import DomainError

TEXT = OpenApiParameter(
    "q", OpenApiTypes.STR, required=True, description="Any part of brand, model, colour, size, SKU or GTIN."
)
MOST_FRAMES, MOST_OFFERS, MOST_REFUSED = 50, 50, 50


def staff(request: Request) -> StaffRequest:
    """The signed-in person's request, refused where the role does not reach."""
    found = cast(StaffRequest, request._request)
    access.require(found.actor, Can.VIEW_CATALOGUE, found.actor.branch_id)
    return found


class FrameList(APIView):
    """Find frames."""

    @extend_schema(operation_id="v1_catalogue_frames_list", parameters=[TEXT], responses=FramesSerializer)
    def get(self, request: Request) -> Response:
        staff(request)
        rows = search_frames(required(request.query_params, "q")[:80], MOST_FRAMES)
        return Response({"results": FrameSerializer(rows, many=True).data})


class FrameDetail(APIView):
    """One frame by its SKU or GTIN."""

    @extend_schema(responses=FrameSerializer)
    def get(self, request: Request, code: str) -> Response:
        staff(request)
        found = frame_by_code(code)
        frame = get_object_or_404(Frame.objects.select_related("supplier"), pk=found.pk if found else 0)
        return Response(FrameSerializer(frame).data)


class LensFinder(APIView):
    """Which lenses can be ordered for a prescription, a frame and measurements; which not, and why."""

    @extend_schema(request=DemandSerializer, responses=OffersSerializer)
    def post(self, request: Request) -> Response:
        person = staff(request)
        sent = DemandSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        demand = sent.demand(_frame(sent.validated_data.get("frame_sku", "")))
        today = timezone.localdate()
        found = finder.find(demand, today, person.actor.branch_id, most=MOST_OFFERS)
        refused = _refused(demand) if sent.validated_data["explain"] else []
        offers = [_offer(one, demand) for one in found.offers]
        return Response({"total": found.total, "offers": offers, "refused": refused})


def _frame(sku: str) -> FrameSizes | None:
    if not sku:
        return None
    frame = frame_by_code(sku)
    if frame is None:
        message = _("No frame has this code.")
        raise DomainError(message, code="invalid", fields={"frame_sku": message})
    return FrameSizes(frame.a_mm, frame.b_mm, frame.dbl_mm, frame.ed_mm, frame.trace)


def _offer(one: finder.Offer, demand: Demand) -> dict[str, Any]:
    product = one.product
    thick = {eye.value: vars(estimate) for eye, estimate in finder.thickness(product, demand).items()}
    return {
        "code": product.code,
        "name": product.name,
        "family": product.family,
        "design": product.design,
        "index": product.index_label,
        "price": f"{one.price:.2f}",
        "surcharge": f"{one.priced.of('surcharge'):.2f}",
        "working_days": one.priced.days,
        "diameter_mm": one.diameter_mm,
        **thick,
    }


def _refused(demand: Demand) -> list[dict[str, Any]]:
    today = timezone.localdate()
    makeable = finder.makeable(demand, today).values("pk")
    others = LensProduct.objects.exclude(pk__in=makeable).exclude(design=LensDesign.CONTACT).prefetch_related("ranges")
    return [
        {"code": one.product.code, "name": one.product.name, "reasons": list(one.reasons)}
        for one in finder.refusals(others.order_by("name", "pk")[:MOST_REFUSED], demand, today)
    ]
