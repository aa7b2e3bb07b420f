"""The API of customers: the same search, verbs, rights and refusals as the pages."""

from typing import Any, cast

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.models import Branch
from branches.roles import Can
from core.api import required
from core.errors import DomainError
from customers import selectors, services
from customers.api import serializers
from customers.data import FIELDS, CustomerData, data_of
from customers.duplicates import likely_duplicates
from customers.models import ConsentPurpose
from customers.services.counter import NewCustomer, receive

TEXT = OpenApiParameter(
    "q", OpenApiTypes.STR, required=True, description="Name parts, phone end, birth date or number."
)
LIMIT = 50


def staff(request: Request, permission: str) -> StaffRequest:
    """The signed-in person's request, refused where the role does not reach."""
    found = cast(StaffRequest, request._request)
    access.require(found.actor, permission, found.actor.branch_id)
    return found


def _branch_id(code: str | None) -> int | None:
    if code is None:
        return None
    found = Branch.objects.filter(code=code.upper(), is_active=True).values_list("pk", flat=True).first()
    if found is None:
        raise DomainError(_("Not found."), code="invalid", fields={"home_branch": _("No branch has this code.")})
    return found


def _values(validated: dict[str, Any]) -> dict[str, Any]:
    values = {name: value for name, value in validated.items() if name in FIELDS}
    branch = _branch_id(validated.get("home_branch"))
    return values | ({"home_branch_id": branch} if branch else {})


class CustomerList(APIView):
    """Find customers, and make new ones."""

    @extend_schema(operation_id="v1_customers_search", parameters=[TEXT], responses=serializers.ResultsSerializer)
    def get(self, request: Request) -> Response:
        who = staff(request, Can.VIEW_CUSTOMERS)
        rows = selectors.search(who.scope, required(request.query_params, "q"), LIMIT)
        return Response({"results": [serializers.RowSerializer(row).data for row in rows]})

    @extend_schema(
        request=serializers.NewCustomerSerializer,
        responses={201: serializers.CustomerSerializer, 409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        """409 with `duplicates` when people like this are known already; send `another: true` to go on."""
        who = staff(request, Can.EDIT_CUSTOMERS)
        sent = serializers.NewCustomerSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = CustomerData(**({"home_branch_id": who.actor.branch_id} | _values(sent.validated_data)))
        purposes = sent.validated_data.get("consents", [])
        if unknown := set(purposes) - set(ConsentPurpose.values):
            words = _("Unknown: %(names)s.") % {"names": ", ".join(sorted(unknown))}
            raise DomainError(words, code="invalid", fields={"consents": words})
        alike = [] if sent.validated_data.get("another") else likely_duplicates(data)
        if alike:
            words = _("People like this are known already. Send “another” when this is somebody else.")
            found = [serializers.told(one) for one in alike]
            return Response({"detail": words, "code": "duplicates", "duplicates": found}, status=409)
        made = receive(who.actor, NewCustomer(data, tuple(purposes)))
        return Response(serializers.CustomerSerializer(made).data, status=201)


class CustomerDetail(APIView):
    """One customer."""

    @extend_schema(responses=serializers.CustomerSerializer)
    def get(self, request: Request, number: str) -> Response:
        who = staff(request, Can.VIEW_CUSTOMERS)
        return Response(serializers.CustomerSerializer(selectors.customer(who.scope, number)).data)

    @extend_schema(request=serializers.ChangeSerializer, responses=serializers.CustomerSerializer)
    def patch(self, request: Request, number: str) -> Response:
        """Change what is sent; 409 with `current_version` when somebody saved in between."""
        who = staff(request, Can.EDIT_CUSTOMERS)
        customer = selectors.customer(who.scope, number)
        sent = serializers.ChangeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        data = CustomerData(**(vars(data_of(customer)) | _values(sent.validated_data)))
        version, reason = sent.validated_data["version"], sent.validated_data.get("reason", "")
        services.change(who.actor, customer.pk, version, data, reason)
        return Response(serializers.CustomerSerializer(selectors.customer(who.scope, number)).data)
