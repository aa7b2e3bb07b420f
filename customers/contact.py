"""Phone numbers and e-mail addresses: what was typed becomes what can be reached, or a sentence saying why not."""

from dataclasses import dataclass

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True)
class Phone:
    """A number in E.164 and as it was typed; both empty when none was given."""

    e164: str = ""
    as_typed: str = ""


def parse_phone(text: str, country: str) -> Phone:
    """Raises ValueError with a sentence for the person. `country` (ISO 3166) applies when no +code is typed."""
    typed = text.strip()
    if not typed:
        return Phone()
    try:
        number = phonenumbers.parse(typed, country.upper() or None)
    except NumberParseException as error:
        raise ValueError(_not_a_number(country)) from error
    if not phonenumbers.is_valid_number(number):
        raise ValueError(_not_a_number(country))
    return Phone(phonenumbers.format_number(number, PhoneNumberFormat.E164), typed[:40])


def _not_a_number(country: str) -> str:
    example = phonenumbers.example_number_for_type(country.upper(), PhoneNumberType.MOBILE)
    shown = phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL) if example else "+27 82 123 4567"
    return _("Enter a phone number such as %(example)s, or with + and the country code.") % {"example": shown}


def is_mobile(e164: str) -> bool:
    """Whether an SMS can reach it. Where the numbering plan cannot tell (United States), it counts as mobile."""
    if not e164:
        return False
    try:
        return phonenumbers.number_type(phonenumbers.parse(e164)) in _MOBILE
    except NumberParseException:
        return False


def shown_phone(e164: str) -> str:
    """`+27 82 123 4567`, for a person who may see it whole."""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return e164


def clean_email(text: str) -> str:
    """The normal form of an address; no name server is asked. Raises ValueError with a sentence for the person."""
    typed = text.strip()
    if not typed:
        return ""
    try:
        # `test_environment` lets the reserved domain .test pass: samples and trials use it.
        return validate_email(typed, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(_("Enter an e-mail address in the form name@example.com.")) from error
