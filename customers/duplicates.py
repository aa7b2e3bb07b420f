"""Who this person may be already: offered when a customer is made, never forced."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from branches.models import Branch
from customers import names
from customers.contact import clean_email, parse_phone
from customers.data import CustomerData
from customers.models import Customer
from customers.querying import Query
from customers.search import CustomerRow, found, in_use, rows

_MOST = 5


@dataclass(frozen=True)
class Duplicate:
    """A customer who may be the same person, and why we think so."""

    row: CustomerRow
    why: str


def likely_duplicates(data: CustomerData, exclude_id: int | None = None) -> list[Duplicate]:
    """The same phone, e-mail or birth date with a like name, or the same name; the strongest reason first."""
    reasons: dict[int, list[str]] = {}
    customers: dict[int, Customer] = {}
    for matches, why in _candidates(data):
        for customer in matches:
            if customer.pk != exclude_id and why not in reasons.setdefault(customer.pk, []):
                customers[customer.pk] = customer
                reasons[customer.pk].append(why)
    ordered = sorted((pk for pk in reasons if pk in customers), key=lambda pk: -len(reasons[pk]))[:_MOST]
    shown = rows([customers[pk] for pk in ordered])
    return [Duplicate(row, ", ".join(reasons[row.id])) for row in shown]


def _candidates(data: CustomerData) -> Iterable[tuple[Iterable[Customer], str]]:
    people = in_use().select_related("home_branch")
    phone, email = _reachable(data)
    if phone:
        yield people.filter(Q(phone=phone))[:_MOST], _("same phone")
    if email:
        yield people.filter(email=email)[:_MOST], _("same e-mail")
    words = searched_words(data)
    if not words:
        return
    alike = found(Query(words=words), 20)
    if data.birth_date:
        yield [one for one in alike if one.birth_date == data.birth_date], _("same date of birth and a like name")
    key = names.sort_key(data.given_names, data.family_name)
    same = [one for one in alike if one.sort_key == key and data.birth_date in (None, one.birth_date)]
    yield same[:_MOST], _("same name")
    if phone:
        return
    yield [one for one in alike[:3] if one.sort_key != key and len(words) > 1], _("a like name")


def searched_words(data: CustomerData) -> tuple[str, ...]:
    """The words of a name by which people with a like one are looked for."""
    return tuple(names.fold(f"{data.given_names} {data.family_name}").split()[:4])


def _reachable(data: CustomerData) -> tuple[str, str]:
    """Phone and e-mail in the stored form; what cannot be read finds nobody."""
    country = data.country or _country(data.home_branch_id)
    try:
        phone = parse_phone(data.phone, country).e164
    except ValueError:
        phone = ""
    try:
        email = clean_email(data.email)
    except ValueError:
        email = ""
    return phone, email


def _country(branch_id: int | None) -> str:
    country = Branch.objects.filter(pk=branch_id).values_list("country", flat=True).first() if branch_id else None
    return country or settings.DEFAULT_COUNTRY
