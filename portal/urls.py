"""Addresses of the customer's pages. A token is read once and never stays in an address."""

from django.urls import path, re_path

from portal import approving, views

app_name = "portal"

urlpatterns = [
    path("", views.find, name="find"),
    path("order/<str:code>/", views.order, name="order"),
    path("order/<str:code>/approve/", approving.approve, name="approve"),
    path("order/<str:code>/approve/no/", approving.decline, name="decline"),
    re_path(r"^(?P<token>[\w-]{1,64})/?$", views.enter, name="enter"),
]
