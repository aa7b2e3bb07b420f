"""Addresses below /api/v1/visits/."""

from django.urls import path

from visits.api import views

app_name = "visits_api"
urlpatterns = [
    path("", views.VisitList.as_view(), name="list"),
    path("appointments/", views.AppointmentList.as_view(), name="appointments"),
    path("appointments/free/", views.FreeTimes.as_view(), name="free"),
    path("appointments/<int:pk>/", views.AppointmentDetail.as_view(), name="appointment"),
    *(
        path(f"appointments/<int:pk>/{verb.replace('_', '-')}/", views.AppointmentStep.as_view(verb=verb), name=verb)
        for verb in ("arrive", "no_show", "cancel")
    ),
    *(
        path(f"<int:pk>/{verb.replace('_', '-')}/", views.VisitStep.as_view(verb=verb), name=verb)
        for verb in ("start_test", "start_dispensing", "wait", "end", "leave")
    ),
]
