"""The addresses that show a message; telling of a delay shows the order."""

from django.db.models.functions import Coalesce

from notifications.models import Message
from orders.models import Order
from records import looks

looks.about(Message, customer=Coalesce("customer_id", "order__customer_id"), order="order_id")
looks.shown(Message, "pk", "messages/<int:pk>/")
looks.shown(Order, "number", "messages/order/<str:number>/problem/")
