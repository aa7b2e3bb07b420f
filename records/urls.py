"""Addresses shared by every record."""

from django.urls import path

from records import views

app_name = "records"
urlpatterns = [
    path("evidence/<int:evidence_id>/", views.evidence_file, name="evidence"),
    path("evidence/<int:evidence_id>/small/", views.evidence_file, {"size": "small"}, name="evidence_small"),
]
