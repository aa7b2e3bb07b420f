"""The page of a customer's rights shows the customer."""

from customers.models import Customer
from records import looks

looks.shown(Customer, "number", "reports/privacy/<str:number>/")
