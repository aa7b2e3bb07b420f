"""Every address of the product, app by app."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("records/", include("records.urls")),
]
