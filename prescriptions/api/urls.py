"""Addresses below /api/v1/prescriptions/."""

from django.urls import path

from prescriptions.api import views

app_name = "prescriptions_api"
urlpatterns = [
    path("", views.PrescriptionList.as_view(), name="list"),
    path("fhir/", views.FhirIn.as_view(), name="fhir_in"),
    path("<int:pk>/", views.PrescriptionDetail.as_view(), name="detail"),
    path("<int:pk>/sign/", views.Sign.as_view(), name="sign"),
    path("<int:pk>/correct/", views.Correct.as_view(), name="correct"),
    path("<int:pk>/withdraw/", views.End.as_view(), name="withdraw"),
    path("<int:pk>/enter-in-error/", views.End.as_view(verb="enter_in_error"), name="enter_in_error"),
    path("<int:pk>/fhir/", views.FhirOut.as_view(), name="fhir_out"),
]
