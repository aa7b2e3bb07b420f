"""Customers as JSON. What is typed is judged by the service; here only its shape is read."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from customers.data import FIELDS, CustomerData, data_of
from customers.duplicates import Duplicate
from customers.models import Channel, Customer
from customers.search import CustomerRow
from customers.selectors import consents_of

_TEXTS = (
    "title", "called", "family_name", "email", "time_zone", "line1", "line2", "city", "region", "postal_code", "insurer",
    "insurer_number", "notes",
)  # fmt: skip


class CustomerDataSerializer(serializers.Serializer[CustomerData]):
    """What can be written. In a change, what is left out stays as it is."""

    given_names = serializers.CharField(max_length=100, trim_whitespace=True)
    birth_date = serializers.DateField(required=False, allow_null=True)
    phone = serializers.CharField(required=False, allow_blank=True, max_length=40, help_text="National or with +code.")
    other_phone = serializers.CharField(required=False, allow_blank=True, max_length=40)
    language = serializers.ChoiceField(choices=settings.LANGUAGES, required=False)
    preferred_channel = serializers.ChoiceField(choices=Channel.choices, required=False)
    country = serializers.CharField(required=False, allow_blank=True, max_length=2, help_text="ISO 3166, two letters.")
    address_unverified = serializers.BooleanField(required=False, help_text="Keep an address that breaks the rules.")
    recall_on = serializers.DateField(required=False, allow_null=True)
    home_branch = serializers.CharField(required=False, max_length=6, help_text="The branch's code.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        texts = {
            name: serializers.CharField(required=False, allow_blank=True, max_length=2000 if name == "notes" else 254)
            for name in _TEXTS
        }
        return super().get_fields() | texts


class NewCustomerSerializer(CustomerDataSerializer):
    """A new customer. `another` says that likely duplicates were looked at."""

    consents = serializers.ListField(child=serializers.CharField(max_length=20), required=False, max_length=4)
    another = serializers.BooleanField(required=False)


class ChangeSerializer(CustomerDataSerializer):
    """A change over the version that was read."""

    given_names = serializers.CharField(max_length=100, required=False)
    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=500)


class RowSerializer(serializers.Serializer[CustomerRow]):
    """One search result."""

    number = serializers.CharField()
    given_names = serializers.CharField()
    family_name = serializers.CharField()
    birth_date = serializers.DateField(allow_null=True)
    phone = serializers.CharField()
    branch = serializers.CharField(source="branch_code")
    last_visit = serializers.DateField(allow_null=True)


class ResultsSerializer(serializers.Serializer[Any]):
    """Search results, best first."""

    results = RowSerializer(many=True)


class CustomerSerializer(serializers.Serializer[Customer]):
    """A customer as it is read."""

    def to_representation(self, customer: Customer) -> dict[str, Any]:
        typed = vars(data_of(customer))
        told = {name: _plain(typed[name]) for name in FIELDS if name != "home_branch_id"}
        return told | {
            "number": customer.number,
            "version": customer.version,
            "phone": customer.phone,
            "other_phone": customer.other_phone,
            "home_branch": customer.home_branch.code,
            "merged_into": customer.merged_into.number if customer.merged_into else None,
            "identity_checked_at": _plain(customer.identity_checked_at),
            "recorded_at": _plain(customer.recorded_at),
            "consents": {
                line.purpose: [code for code, _label, yes in line.channels if yes] for line in consents_of(customer)
            },
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def told(one: Duplicate) -> dict[str, Any]:
    """A likely duplicate with the reason."""
    return {**RowSerializer(one.row).data, "why": one.why}
