"""What the edges hand to the services: a customer's own data, as typed."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import models

from customers.models import Channel, Customer


@dataclass(frozen=True)
class CustomerData:
    """A customer as a person or program typed it; phones and address are checked by the service."""

    given_names: str
    family_name: str = ""
    title: str = ""
    called: str = ""
    birth_date: date | None = None
    phone: str = ""
    other_phone: str = ""
    email: str = ""
    language: str = "en"
    time_zone: str = ""
    preferred_channel: str = Channel.EMAIL.value
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""
    address_unverified: bool = False
    insurer: str = ""
    insurer_number: str = ""
    notes: str = ""
    home_branch_id: int | None = None
    recall_on: date | None = None


FIELDS = tuple(field.name for field in fields(CustomerData))

# Names and birth date say who a clinical record is about: changing them needs a reason.
IDENTITY_FIELDS = frozenset({"given_names", "family_name", "birth_date"})


def data_of(customer: Customer) -> CustomerData:
    """The stored values in the form in which they are typed."""
    values = {name: getattr(customer, name) for name in FIELDS}
    values["phone"] = customer.phone_as_typed or customer.phone
    values["other_phone"] = customer.other_phone_as_typed or customer.other_phone
    return CustomerData(**values)


def label_of(name: str) -> str:
    """A field's name as a person reads it."""
    if name == "home_branch_id":
        name = "home_branch"
    field = Customer._meta.get_field(name)
    return str(field.verbose_name) if isinstance(field, models.Field) else name


def readable(customer: Any, name: str) -> str:
    """A stored value for timelines and clash tables; works on a customer and on its history rows."""
    value = getattr(customer, name)
    if value in (None, ""):
        return ""
    if name == "home_branch_id":
        return str(customer.home_branch)
    if name == "address_unverified":
        return "✓" if value else ""
    display = getattr(customer, f"get_{name}_display", None)
    return str(display() if display else value)
