"""Customer pages."""

from django.urls import path

from customers.views import change, links, page, recalls

app_name = "customers"

urlpatterns = [
    path("", page.index, name="list"),
    path("recalls/", recalls.index, name="recalls"),
    path("new/", change.new, name="new"),
    path("<str:number>/", page.show, name="page"),
    path("<str:number>/change/", change.edit, name="change"),
    path("<str:number>/consent/", change.consent, name="consent"),
    path("<str:number>/identity/", change.identity, name="identity"),
    path("<str:number>/household/", links.household, name="household"),
    path("<str:number>/household/leave/", links.leave, name="leave_household"),
    path("<str:number>/recall/", recalls.called, name="recall"),
    path("<str:number>/merge/", links.merge, name="merge"),
]
