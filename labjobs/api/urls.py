"""Addresses below /api/v1/jobs/."""

from django.urls import path

from labjobs.api import views

app_name = "labjobs_api"
urlpatterns = [
    path("", views.JobList.as_view(), name="list"),
    path("<str:number>/", views.JobDetail.as_view(), name="detail"),
    path("<str:number>/advance/", views.Advance.as_view(), name="advance"),
    path("<str:number>/status/", views.Status.as_view(), name="status"),
    path("<str:number>/ticket/", views.Ticket.as_view(), name="ticket"),
    path("<str:number>/order-file/", views.OrderFile.as_view(), name="order_file"),
]
