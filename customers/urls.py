"""Customer pages."""

from django.urls import path

from customers.views import change, imports, links, page, recalls

app_name = "customers"

urlpatterns = [
    path("", page.index, name="list"),
    path("recalls/", recalls.index, name="recalls"),
    path("new/", change.new, name="new"),
    path("imports/", imports.index, name="imports"),
    path("imports/sample/", imports.sample, name="import_sample"),
    path("imports/<str:number>/", imports.show, name="import"),
    path("imports/<str:number>/decide/", imports.decide, name="import_decide"),
    path("imports/<str:number>/fields/", imports.fields, name="import_fields"),
    path("imports/<str:number>/apply/", imports.apply, name="import_apply"),
    path("imports/<str:number>/stop/", imports.stop, name="import_stop"),
    path("imports/<str:number>/take-back/", imports.take_back, name="import_take_back"),
    path("imports/<str:number>/discard/", imports.discard, name="import_discard"),
    path("imports/<str:number>/refused/", imports.refused, name="import_refused"),
    path("<str:number>/", page.show, name="page"),
    path("<str:number>/change/", change.edit, name="change"),
    path("<str:number>/consent/", change.consent, name="consent"),
    path("<str:number>/identity/", change.identity, name="identity"),
    path("<str:number>/household/", links.household, name="household"),
    path("<str:number>/household/leave/", links.leave, name="leave_household"),
    path("<str:number>/recall/", recalls.called, name="recall"),
    path("<str:number>/merge/", links.merge, name="merge"),
]
