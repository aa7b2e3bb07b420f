"""Addresses below /api/v1/shipments/."""

from django.urls import path

from shipping.api import views

app_name = "shipping_api"
urlpatterns = [
    path("", views.ShipmentList.as_view(), name="list"),
    path("<str:number>/", views.ShipmentDetail.as_view(), name="detail"),
]
