"""The API of stock: what is free in the branches the person sees."""

from typing import Any, cast

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.roles import Can
from inventory import selectors
from inventory.selectors import Filters

PARAMETERS = [
    OpenApiParameter("branch", OpenApiTypes.STR, description="A branch's code; empty: all you see."),
    OpenApiParameter("q", OpenApiTypes.STR, description="Any part of brand, model, colour, size, SKU or GTIN."),
    OpenApiParameter("view", OpenApiTypes.STR, enum=sorted(selectors.VIEWS)),
    OpenApiParameter("after", OpenApiTypes.STR, description="`next` of the page before."),
]


class StockSerializer(serializers.Serializer[Any]):
    """One frame in one branch."""

    branch = serializers.CharField(source="branch.code")
    sku = serializers.CharField(source="frame.sku")
    gtin = serializers.CharField(source="frame.gtin")
    frame = serializers.CharField(source="frame.__str__")
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField()
    arriving = serializers.IntegerField()
    minimum = serializers.IntegerField()


class StockPageSerializer(serializers.Serializer[Any]):
    results = StockSerializer(many=True)
    next = serializers.CharField(allow_blank=True)


class StockList(APIView):
    """Stock by branch, page by page."""

    @extend_schema(parameters=PARAMETERS, responses=StockPageSerializer)
    def get(self, request: Request) -> Response:
        who = cast(StaffRequest, request._request)
        access.require(who.actor, Can.VIEW_STOCK, who.actor.branch_id)
        asked = request.query_params
        codes = {branch.code: branch.pk for branch in who.branches}
        code = asked.get("branch", "")
        filters = Filters(
            codes.get(code.upper(), 0) if code else None, asked.get("q", "")[:80], asked.get("view", "all")
        )
        page = selectors.page_of(who.scope, filters, asked.get("after", ""))
        return Response({"results": StockSerializer(page.rows, many=True).data, "next": page.next_key})
