"""The addresses that show a return; asking for one shows the order."""

from aftersales.models import Return
from orders.models import Order
from records import looks

looks.about(Return, customer="order__customer_id", order="order_id")
looks.shown(Return, "number", "returns/<str:number>/")
looks.shown(Order, "number", "returns/ask/<str:number>/")
