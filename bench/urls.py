"""The product's addresses and the floor: one row by an indexed column, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from bench import lenses
from customers.models import Customer


def floor(request: HttpRequest, number: str) -> HttpResponse:
    """What every ratio is measured against."""
    row = Customer.objects.filter(number=number).values_list("given_names", "family_name").get()
    return HttpResponse(" ".join(row))


handler400 = "core.error_pages.bad_request"
handler403 = "core.error_pages.forbidden"
handler404 = "core.error_pages.not_found"
handler500 = "core.error_pages.server_error"

urlpatterns = [
    path("bench/floor/<str:number>/", floor),
    path("bench/finder/<int:sphere>/", lenses.find),
    path("", include("optics.urls")),
]
