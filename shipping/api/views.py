"""The API of shipping, version 1: reading, with the same rights as the pages."""

from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.roles import Can
from branches.scope import Scope
from core.paging import by_key
from shipping import states
from shipping.api import serializers
from shipping.selectors.finding import shipment_of, shipments_for

STATE = OpenApiParameter("state", OpenApiTypes.STR, description="One state, or `open` (the default) or `all`.")
ORDER = OpenApiParameter("order", OpenApiTypes.STR, description="The order's number.")
AFTER = OpenApiParameter("after", OpenApiTypes.STR, description="`next` of the page before.")


def _scope(request: Request) -> Scope:
    actor = cast(StaffRequest, request._request).actor
    access.require(actor, Can.VIEW_ORDERS, actor.branch_id)
    return Scope.of(actor)


class ShipmentList(APIView):
    """Shipments of the person's branches, the newest first, by pages of a key."""

    @extend_schema(parameters=[STATE, ORDER, AFTER], responses=serializers.ShipmentSerializer(many=True))
    def get(self, request: Request) -> Response:
        found = shipments_for(_scope(request)).select_related("order", "branch", "to_branch", "carrier")
        wanted = request.query_params.get("state", "open")
        if wanted == "open":
            found = found.filter(state__in=[state.value for state in states.OPEN], ended_reason="")
        elif wanted != "all":
            found = found.filter(state=wanted)
        if order := request.query_params.get("order"):
            found = found.filter(order__number=order)
        page = by_key(found, request.query_params.get("after", ""), ("-id",))
        rows: list[Any] = [serializers.ShipmentSerializer(row).data for row in page.rows]
        return Response({"results": rows, "next": page.next_key})


class ShipmentDetail(APIView):
    """One shipment by its number, with its checkpoints."""

    @extend_schema(responses=serializers.ShipmentDetailSerializer)
    def get(self, request: Request, number: str) -> Response:
        return Response(serializers.ShipmentDetailSerializer(shipment_of(_scope(request), number)).data)
