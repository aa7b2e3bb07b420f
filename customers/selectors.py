"""What the customer pages read. Customers belong to the organisation: any branch of it may see them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from branches.models import Branch
from branches.scope import Scope
from core.errors import NotVisible
from core.prepared import Slot, prepared
from customers import consent
from customers.models import Channel, Consent, ConsentPurpose, Customer
from customers.search import CustomerRow, in_use, rows, search
from customers.story import story

__all__ = [
    "CustomerRow",
    "consents_of",
    "customer",
    "household_of",
    "latest",
    "rows",
    "search",
    "story",
]


def customer(scope: Scope, number: str) -> Customer:
    """The customer with this number, merged ones included. Raises NotVisible."""
    found = _numbered().row(number=number.upper().replace("\x00", ""))
    if found is None or not (scope.everything or scope.branch_ids):
        raise NotVisible(_("Not found."), code="not_visible")
    return found


@prepared
def _numbered() -> QuerySet[Customer]:
    found = Customer.objects.select_related("home_branch", "household", "recorded_by", "merged_into")
    merged = Exists(Customer.objects.filter(merged_into=OuterRef("pk")))
    return found.annotate(has_merged=merged).filter(number=Slot("number"))


def survivor_of(merged: Customer) -> Customer:
    """The record that is in use now, at the end of a chain of merges."""
    current = merged
    while current.merged_into is not None:
        current = current.merged_into
    return current


def latest(scope: Scope, limit: int = 20) -> list[CustomerRow]:
    """Who was entered last, for the list before anything is typed."""
    if not (scope.everything or scope.branch_ids):
        return []
    return rows(list(in_use().select_related("home_branch").order_by("-pk")[:limit]))


@dataclass(frozen=True)
class ConsentLine:
    """One purpose with the channels the customer said yes and no to."""

    purpose: str
    label: str
    channels: tuple[tuple[str, str, bool], ...]

    @property
    def agreed(self) -> list[str]:
        return [label for _code, label, granted in self.channels if granted]


def consents_of(customer: Customer) -> list[ConsentLine]:
    """Every purpose with each channel's answer. One query."""
    given = {(row.purpose, row.channel): row.granted for row in _answers().rows(customer=customer.pk)}
    return [
        ConsentLine(
            purpose,
            str(label),
            tuple((code, str(word), consent.agreed(given, purpose, code)) for code, word in Channel.choices),
        )
        for purpose, label in ConsentPurpose.choices
    ]


@prepared
def _answers() -> QuerySet[Consent]:
    return Consent.objects.filter(customer=Slot("customer")).order_by("pk")


def household_of(customer: Customer) -> list[Customer]:
    """The others of the household, oldest first."""
    if customer.household_id is None:
        return []
    return [one for one in _household().rows(household=customer.household_id) if one.pk != customer.pk]


@prepared
def _household() -> QuerySet[Customer]:
    return in_use().filter(household=Slot("household")).order_by("birth_date", "pk")


def recalls_due(scope: Scope, branch: Branch, today: date) -> QuerySet[Customer]:
    """A branch's customers whose recall is due."""
    if not scope.covers(branch.pk):
        return Customer.objects.none()
    return in_use().filter(home_branch=branch, recall_on__lte=today)
