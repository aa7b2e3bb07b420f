"""Addresses shared by every record."""

from django.urls import path

from records import views

app_name = "records"
urlpatterns = [
    path("reviews/", views.review_list, name="reviews"),
    path("reviews/<int:review_id>/override/", views.override_review, name="override"),
    path("reviews/<int:review_id>/decide/", views.decide_review, name="decide"),
    path("handovers/", views.handover_list, name="handovers"),
    path("handovers/<int:handover_id>/read/", views.acknowledge, name="acknowledge"),
    path("evidence/<int:evidence_id>/", views.evidence_file, name="evidence"),
    path("evidence/<int:evidence_id>/small/", views.evidence_file, {"size": "small"}, name="evidence_small"),
    path("<str:record_type>/<int:record_id>/", views.show, name="record"),
    path("<str:record_type>/<int:record_id>/history/", views.show_history, name="history"),
    path("<str:record_type>/<int:record_id>/evidence/", views.add_evidence, name="add_evidence"),
]
