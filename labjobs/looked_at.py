"""The addresses that show a job of the laboratory or what came of it; release and collection show the order."""

from labjobs.models import Fitting, Job, QualityCheck, Remake, Warranty
from orders.models import Order
from records import looks

looks.about(Job, customer="order__customer_id", order="order_id")
looks.about(QualityCheck, customer="job__order__customer_id", order="job__order_id", branch="job__branch_id")
looks.about(Remake, customer="order__customer_id", order="order_id", branch="order__branch_id")
looks.about(Fitting, customer="order__customer_id", order="order_id", branch="order__branch_id")
looks.about(Warranty, customer="order__customer_id", order="order_id", branch="order__branch_id")
looks.shown(Job, "number", "lab/jobs/<str:number>/", "api/v1/jobs/<str:number>/")
looks.shown(Remake, "number", "lab/remakes/<str:number>/")
looks.shown(Order, "number", "lab/release/<str:number>/", "lab/collect/<str:number>/")
