"""Addresses below /api/v1/orders/."""

from django.urls import path

from orders.api import views

app_name = "orders_api"

urlpatterns = [
    path("", views.OrderList.as_view(), name="list"),
    path("<str:number>/", views.OrderDetail.as_view(), name="detail"),
    path("<str:number>/quotations/", views.Quotations.as_view(), name="quotations"),
    path("<str:number>/quotations/<int:version>/approve/", views.Approve.as_view(), name="approve"),
    path("<str:number>/payments/", views.Payments.as_view(), name="payments"),
    path("<str:number>/refunds/", views.Refunds.as_view(), name="refunds"),
    path("<str:number>/claims/", views.Claims.as_view(), name="claims"),
    path("<str:number>/claims/<int:pk>/answer/", views.ClaimAnswer.as_view(), name="claim_answer"),
    path("<str:number>/date/", views.Repromise.as_view(), name="repromise"),
    path("<str:number>/cancel/", views.Cancel.as_view(), name="cancel"),
]
