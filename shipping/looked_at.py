"""The addresses that show a parcel; packing shows the order."""

from orders.models import Order
from records import looks
from shipping.models import Shipment

looks.about(Shipment, customer="order__customer_id", order="order_id")
looks.shown(Shipment, "number", "shipping/parcels/<str:number>/", "api/v1/shipments/<str:number>/")
looks.shown(Order, "number", "shipping/pack/<str:number>/")
