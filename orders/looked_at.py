"""The addresses that show an order, a receipt or a customer's account."""

from django.db.models import BigIntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cases.models import Case
from customers.models import Customer
from orders.models import Claim, FrameChoice, LedgerEntry, LensSpecification, Measurement, Order, Quotation
from records import looks

_of_order = Subquery(Order.objects.filter(pk=OuterRef("order_id")).values("customer_id")[:1])
looks.about(Order, customer="customer_id", order="pk")
looks.about(Case, customer=Coalesce("customer_id", _of_order, output_field=BigIntegerField()), order="order_id")
for part in (Claim, FrameChoice, LedgerEntry, LensSpecification, Measurement, Quotation):
    looks.about(part, customer="order__customer_id", order="order_id", branch="order__branch_id")
looks.shown(Order, "number", "orders/<str:number>/", "api/v1/orders/<str:number>/")
looks.shown(LedgerEntry, "number", "orders/receipts/<str:number>/", "orders/credit-notes/<str:number>/")
looks.shown(Customer, "number", "orders/statements/<str:number>/")
