"""The addresses that show an appointment or a visit."""

from records import looks
from visits.models import Appointment, Visit

looks.about(Appointment, customer="customer_id")
looks.about(Visit, customer="customer_id")
looks.shown(Appointment, "pk", "visits/appointments/<int:pk>/", "api/v1/visits/appointments/<int:pk>/")
looks.shown(Visit, "pk", "visits/<int:pk>/", "api/v1/visits/<int:pk>/")
