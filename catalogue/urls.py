"""Addresses of the catalogue."""

from django.urls import path

from catalogue.views import frames, lenses

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
]
