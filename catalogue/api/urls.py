"""Addresses below /api/v1/catalogue/."""

from django.urls import path

from catalogue.api import views

app_name = "catalogue_api"
urlpatterns = [
    path("frames/", views.FrameList.as_view(), name="frames"),
    path("frames/<str:code>/", views.FrameDetail.as_view(), name="frame"),
    path("lenses/find/", views.LensFinder.as_view(), name="find_lenses"),
]
