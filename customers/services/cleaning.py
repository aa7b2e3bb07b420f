"""From what was typed to what is stored: every problem of a form at once, each at its field."""

import zoneinfo
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from branches.models import Branch
from core.errors import Problems
from customers import addresses, names
from customers.contact import clean_email, parse_phone
from customers.data import FIELDS, CustomerData
from customers.models import Channel, Customer

_LONGEST: dict[str, int] = {
    name: longest
    for name in FIELDS
    if name not in {"phone", "other_phone", "home_branch_id", "notes"}
    and (longest := getattr(Customer._meta.get_field(name), "max_length", None))
}
_OLDEST_YEARS = 125


def clean(data: CustomerData, today: date, home_country: str = "") -> dict[str, Any]:
    """Model values by field name. Raises DomainError with a sentence for every field that is wrong.

    `home_country` is the home branch's, for a caller with many customers of one branch who has read it already.
    """
    problems = Problems()
    values: dict[str, Any] = {name: _trimmed(getattr(data, name)) for name in FIELDS}
    values["country"] = values["country"].upper()
    if not names.fold(values["given_names"] + values["family_name"]):
        problems.add("given_names", _("Enter the customer's name."))
    elif not values["given_names"]:
        values["given_names"], values["family_name"] = values["family_name"], ""
    _check_lengths(values, problems)
    _check_birth_date(data.birth_date, today, problems)
    _check_contact(values, problems, home_country)
    if not data.address_unverified:
        addresses.check(values, problems)
    problems.raise_if_any(_("Some of what you entered cannot be saved yet."))
    return values | derived(values)


def derived(values: dict[str, Any], number: str = "") -> dict[str, str]:
    """The columns that only searching and sorting read."""
    return {
        "sort_key": names.sort_key(values["given_names"], values["family_name"]),
        "search_text": names.search_text(values["given_names"], values["family_name"], values["called"], number),
        "phone_reversed": values["phone"][::-1],
        "other_phone_reversed": values["other_phone"][::-1],
    }


def _trimmed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return "\n".join(" ".join(line.replace("\x00", "").split()) for line in value.strip().splitlines())


def _check_lengths(values: dict[str, Any], problems: Problems) -> None:
    for name, longest in _LONGEST.items():
        if isinstance(values[name], str) and len(values[name]) > longest:
            problems.add(name, _("Use at most %(n)d characters.") % {"n": longest})
    if values["preferred_channel"] not in Channel.values:
        problems.add("preferred_channel", _("Choose how this customer prefers to be reached."))
    if values["language"] not in dict(settings.LANGUAGES):
        problems.add("language", _("Choose a language from the list."))
    if values["time_zone"] and values["time_zone"] not in zoneinfo.available_timezones():
        problems.add("time_zone", _("Choose a time zone from the list."))


def _check_birth_date(born: date | None, today: date, problems: Problems) -> None:
    if born is None:
        return
    if born > today:
        problems.add("birth_date", _("The date of birth must be in the past."))
    elif today.year - born.year > _OLDEST_YEARS:
        problems.add("birth_date", _("Check the year: this person would be over %(n)d.") % {"n": _OLDEST_YEARS})


def _check_contact(values: dict[str, Any], problems: Problems, home_country: str) -> None:
    home = values["country"] or home_country or _country_of(values["home_branch_id"])
    for name in ("phone", "other_phone"):
        try:
            phone = parse_phone(values[name], home)
        except ValueError as error:
            problems.add(name, str(error))
            continue
        values[name], values[f"{name}_as_typed"] = phone.e164, phone.as_typed
    try:
        values["email"] = clean_email(values["email"])
    except ValueError as error:
        problems.add("email", str(error))


def _country_of(branch_id: int | None) -> str:
    country = Branch.objects.filter(pk=branch_id).values_list("country", flat=True).first() if branch_id else None
    return country or settings.DEFAULT_COUNTRY
