"""The counter: Today board, booking, walk-ins, the steps of a visit."""

from django.urls import path

from visits.views import book, today, verbs, walk_in

app_name = "visits"

urlpatterns = [
    path("", today.today, name="today"),
    path("visits/book/", book.book, name="book"),
    path("visits/walk-in/", walk_in.walk_in, name="walk_in"),
    path("visits/walk-in/known/", walk_in.known, name="known"),
    path("visits/appointments/<int:pk>/", book.show, name="appointment"),
    path("visits/appointments/<int:pk>/cancel/", verbs.cancel, name="cancel"),
    path("visits/appointments/<int:pk>/<str:verb>/", verbs.appointment_step, name="appointment_step"),
    path("visits/<int:pk>/end/", verbs.end, name="end"),
    path("visits/<int:pk>/<str:verb>/", verbs.visit_step, name="visit_step"),
]
