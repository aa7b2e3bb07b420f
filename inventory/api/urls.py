"""Addresses below /api/v1/stock/."""

from django.urls import path

from inventory.api import views

app_name = "inventory_api"
urlpatterns = [path("", views.StockList.as_view(), name="list")]
