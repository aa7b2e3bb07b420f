"""The API of orders, version 1: the same verbs, rights and refusals as the pages."""

from typing import Any, cast
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from branches import access
from branches.middleware import StaffRequest
from branches.roles import Can
from core.errors import NotVisible
from core.idempotency_header import HEADER
from orders.api import serializers
from orders.models import LedgerEntry, Order, PaymentMethod, Quotation
from orders.selectors import listing
from orders.selectors.finding import order_of, orders_for, quotation_of
from orders.services import claims, decisions, ledger, orders, paying_back, payments, quotations
from orders.services.claims import Answer, ClaimData
from orders.services.decisions import ApprovalAnswer
from orders.services.payments import PaymentData, RefundData
from records.models import ApprovalMethod


def _staff(request: Request) -> StaffRequest:
    """The person behind the session, refused where the role does not see orders."""
    staff = cast(StaffRequest, request._request)
    access.require(staff.actor, Can.VIEW_ORDERS, staff.actor.branch_id)
    return staff


def _sent(kind: type[Any], request: Request) -> Any:
    given = kind(data=request.data)
    given.is_valid(raise_exception=True)
    return given


def _shown(staff: StaffRequest, number: str, status: int = 200) -> Response:
    return Response(serializers.OrderSerializer(order_of(staff.scope, number)).data, status=status)


class OrderList(APIView):
    """Orders of the caller's branches, by the list's saved views, filters and search; paged by key."""

    @extend_schema(responses=serializers.OrderSerializer(many=True))
    def get(self, request: Request) -> Response:
        staff = _staff(request)
        filters, cleared = listing.read(request.query_params.dict(), staff.branches)
        found = listing.page_of(staff.scope, filters, str(request.query_params.get("after", "")))
        rows = orders_for(staff.scope).in_bulk([order.pk for order in found.rows])
        listed = [rows[order.pk] for order in found.rows]
        context = {"money": ledger.money_by_order(listed)}
        told = [serializers.OrderSerializer(order, context=context).data for order in listed]
        return Response({"results": told, "next": found.next_key or None, "cleared": cleared})


class OrderDetail(APIView):
    """One order by its number."""

    @extend_schema(responses=serializers.OrderSerializer)
    def get(self, request: Request, number: str) -> Response:
        return _shown(_staff(request), number)


class Quotations(APIView):
    """The versions of an order's quotation; a post makes the next one."""

    @extend_schema(responses=serializers.QuotationSerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        order = order_of(_staff(request).scope, number)
        found = list(order.quotations.order_by("version").select_related("order").prefetch_related("lines"))
        return Response({"results": [serializers.QuotationSerializer(one).data for one in found]})

    @extend_schema(request=serializers.QuoteIn, responses={201: serializers.QuotationSerializer})
    def post(self, request: Request, number: str) -> Response:
        staff = _staff(request)
        order = order_of(staff.scope, number)
        asked = _sent(serializers.QuoteIn, request)
        made = quotations.make(staff.actor, order.pk, asked.request())
        return Response(serializers.QuotationSerializer(made).data, status=201)


class Approve(APIView):
    """Record the customer's approval given in the shop."""

    @extend_schema(request=serializers.ApprovalIn, responses=serializers.QuotationSerializer)
    def post(self, request: Request, number: str, version: int) -> Response:
        staff = _staff(request)
        quotation = quotation_of(order_of(staff.scope, number), version)
        sent = _sent(serializers.ApprovalIn, request).validated_data
        answer = ApprovalAnswer(
            ApprovalMethod.TYPED_IN_SHOP,
            sent["name"],
            sent["seen_hash"],
            device=request.headers.get("User-Agent", ""),
            ip=request.META.get("REMOTE_ADDR"),
        )
        decisions.approve(staff.actor, quotation.pk, answer)
        found = Quotation.objects.select_related("order").prefetch_related("lines").get(pk=quotation.pk)
        return Response(serializers.QuotationSerializer(found).data)


class Payments(APIView):
    """The ledger of an order; a post takes a payment, once per `Idempotency-Key`."""

    @extend_schema(responses=serializers.EntrySerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        order = order_of(_staff(request).scope, number)
        found = LedgerEntry.objects.filter(order=order).select_related("order").order_by("pk")
        return Response({"results": [serializers.EntrySerializer(entry).data for entry in found]})

    @extend_schema(request=serializers.PaymentIn, responses={201: serializers.EntrySerializer})
    def post(self, request: Request, number: str) -> Response:
        staff = _staff(request)
        order = order_of(staff.scope, number)
        sent = _sent(serializers.PaymentIn, request).validated_data
        entry = payments.take(staff.actor, PaymentData(order_id=order.pk, key=_key(request), **sent))
        return Response(serializers.EntrySerializer(entry).data, status=201)


class Refunds(APIView):
    """Give money back, once per `Idempotency-Key`. Above the limit the counter's form is needed: two people agree there."""

    @extend_schema(request=serializers.RefundIn, responses={201: serializers.EntrySerializer, 202: None})
    def post(self, request: Request, number: str) -> Response:
        staff = _staff(request)
        order = order_of(staff.scope, number)
        sent = _sent(serializers.RefundIn, request).validated_data
        data = RefundData(order_id=order.pk, key=_key(request), **sent)
        if data.method == PaymentMethod.ONLINE:
            asked = paying_back.ask(staff.actor, data)
            return Response({"state": asked.state, "amount": f"{asked.amount:.2f}"}, status=202)
        return Response(serializers.EntrySerializer(payments.refund(staff.actor, data)).data, status=201)


class Claims(APIView):
    """Claims on insurers; a post submits one, once per `Idempotency-Key`."""

    @extend_schema(responses=serializers.ClaimSerializer(many=True))
    def get(self, request: Request, number: str) -> Response:
        found = order_of(_staff(request).scope, number).claims.order_by("pk")
        return Response({"results": [serializers.ClaimSerializer(claim).data for claim in found]})

    @extend_schema(request=serializers.ClaimIn, responses={201: serializers.ClaimSerializer})
    def post(self, request: Request, number: str) -> Response:
        staff = _staff(request)
        order = order_of(staff.scope, number)
        sent = _sent(serializers.ClaimIn, request).validated_data
        claim = claims.submit(staff.actor, ClaimData(order_id=order.pk, key=_key(request), **sent))
        return Response(serializers.ClaimSerializer(claim).data, status=201)


class ClaimAnswer(APIView):
    """What the insurer said."""

    @extend_schema(request=serializers.ClaimAnswerIn, responses=serializers.ClaimSerializer)
    def post(self, request: Request, number: str, pk: int) -> Response:
        staff = _staff(request)
        order = order_of(staff.scope, number)
        sent = _sent(serializers.ClaimAnswerIn, request).validated_data
        if not order.claims.filter(pk=pk).exists():
            raise NotVisible(_("Not found."), code="not_visible")
        return Response(serializers.ClaimSerializer(claims.answer(staff.actor, Answer(claim_id=pk, **sent))).data)


def _key(request: Request) -> UUID | None:
    """The middleware has refused a key that is none."""
    given = request.headers.get(HEADER)
    return UUID(given) if given else None


class Repromise(APIView):
    """A new date with its cause and reason."""

    @extend_schema(request=serializers.RepromiseIn, responses=serializers.OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        staff = _staff(request)
        order = order_of(staff.scope, number)
        sent = _sent(serializers.RepromiseIn, request).validated_data
        orders.repromise(staff.actor, order.pk, sent["new_date"], sent["cause"], sent["reason"])
        return _shown(staff, number)


class Cancel(APIView):
    """End an order with a reason."""

    @extend_schema(request=serializers.CancelIn, responses=serializers.OrderSerializer)
    def post(self, request: Request, number: str) -> Response:
        staff = _staff(request)
        order: Order = order_of(staff.scope, number)
        orders.cancel(staff.actor, order.pk, _sent(serializers.CancelIn, request).validated_data["reason"])
        return _shown(staff, number)
