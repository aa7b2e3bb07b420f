"""Every write to customers, a module for each noun; the common verbs by their plain names."""

from customers.services.consents import give_consent, withdraw_consent
from customers.services.customers import change, check_identity, create
from customers.services.merge import merge

__all__ = ["change", "check_identity", "create", "give_consent", "merge", "withdraw_consent"]
