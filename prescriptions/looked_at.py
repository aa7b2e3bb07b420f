"""The addresses that show a prescription or an eye test; what begins a new one shows the customer."""

from customers.models import Customer
from prescriptions.models import EyeTest, Prescription
from records import looks

looks.about(Prescription, customer="customer_id")
looks.about(EyeTest, customer="customer_id")
looks.shown(Prescription, "pk", "prescriptions/<int:pk>/", "api/v1/prescriptions/<int:pk>/")
looks.shown(EyeTest, "pk", "prescriptions/tests/<int:pk>/")
looks.shown(
    Customer,
    "number",
    "prescriptions/new/<str:number>/",
    "prescriptions/outside/<str:number>/",
    "prescriptions/import/<str:number>/",
    "prescriptions/tests/start/<str:number>/",
)
