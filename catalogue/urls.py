"""Addresses of the catalogue."""

from django.urls import path

from catalogue.views import frames, imports, lenses, prices, suppliers

app_name = "catalogue"

urlpatterns = [
    path("", frames.index, name="frames"),
    path("frames/new/", frames.new, name="new_frame"),
    path("frames/<int:pk>/", frames.show, name="frame"),
    path("frames/<int:pk>/change/", frames.edit, name="change_frame"),
    path("frames/<int:pk>/trace/", frames.trace, name="trace_frame"),
    path("frames/<int:pk>/discontinue/", frames.discontinue, name="discontinue_frame"),
    path("frames/<int:pk>/reinstate/", frames.reinstate, name="reinstate_frame"),
    path("lenses/", lenses.index, name="lenses"),
    path("lenses/new/", lenses.new, name="new_lens"),
    path("lenses/<int:pk>/", lenses.show, name="lens"),
    path("lenses/<int:pk>/change/", lenses.edit, name="change_lens"),
    path("lenses/<int:pk>/discontinue/", lenses.discontinue, name="discontinue_lens"),
    path("lenses/<int:pk>/reinstate/", lenses.reinstate, name="reinstate_lens"),
    path("extras/", lenses.extras, name="extras"),
    path("add-ons/new/", lenses.add_on, name="new_add_on"),
    path("add-ons/<int:pk>/", lenses.add_on, name="add_on"),
    path("services/new/", lenses.service, name="new_service"),
    path("services/<int:pk>/", lenses.service, name="service"),
    path("prices/", prices.index, name="price_lists"),
    path("prices/new/", prices.new, name="new_price_list"),
    path("prices/<int:pk>/", prices.show, name="price_list"),
    path("prices/<int:pk>/change/", prices.edit, name="change_price_list"),
    path("prices/<int:pk>/publish/", prices.publish, name="publish_price_list"),
    path("prices/<int:pk>/withdraw/", prices.withdraw, name="withdraw_price_list"),
    path("suppliers/", suppliers.index, name="suppliers"),
    path("suppliers/new/", suppliers.supplier, name="new_supplier"),
    path("suppliers/<int:pk>/", suppliers.supplier, name="supplier"),
    path("imports/", imports.index, name="imports"),
    path("imports/sample/", imports.sample, name="import_sample"),
    path("imports/<str:number>/", imports.show, name="import"),
    path("imports/<str:number>/apply/", imports.apply, name="import_apply"),
    path("imports/<str:number>/take-back/", imports.take_back, name="import_take_back"),
    path("imports/<str:number>/discard/", imports.discard, name="import_discard"),
    path("imports/<str:number>/problems/", imports.problems, name="import_problems"),
]
