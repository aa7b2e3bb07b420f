"""The addresses that show a customer."""

from customers.models import Customer
from records import looks

looks.about(Customer, customer="pk", branch="home_branch_id")
looks.shown(Customer, "number", "customers/<str:number>/", "api/v1/customers/<str:number>/")
