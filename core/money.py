"""Amounts for people: the installation's one currency, the reader's locale, a true minus, no break inside."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_currency_precision, get_currency_symbol
from django.conf import settings
from django.utils.translation import get_language

from core.formats import DASH, MINUS

NBSP = "\u00a0"

# CLDR gives South African English a decimal comma; its shops, tills and card terminals print a point.
_POINT = frozenset({"en_ZA"})


@lru_cache(maxsize=64)
def reader_locale(language: str, country: str) -> Locale:
    """`en` in `ZA` is `en_ZA`; a pair that CLDR does not know falls back to the language."""
    base = language.replace("-", "_")
    for name in (f"{base}_{country}", base, "en"):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale("en")


def _locale() -> Locale:
    return reader_locale(get_language() or settings.LANGUAGE_CODE, settings.DEFAULT_COUNTRY)


def symbol() -> str:
    """`R`, `£`, `€`: for the heading of a column of amounts."""
    return _symbol(settings.CURRENCY, _locale())


@lru_cache(maxsize=64)
def _symbol(currency: str, locale: Locale) -> str:
    return str(get_currency_symbol(currency, locale=locale))


def plain(amount: Decimal | None) -> str:
    """The number alone, for columns whose heading carries the currency: `10 525.00`."""
    return DASH if amount is None else _plain(amount, settings.CURRENCY, _locale())


@lru_cache(maxsize=4096)
def _plain(amount: Decimal, currency: str, locale: Locale) -> str:
    """Lists show the same amounts again and again, and the locale's rules take their time."""
    places = get_currency_precision(currency)
    pattern = "#,##0." + "0" * places if places else "#,##0"
    text = str(format_decimal(abs(amount), format=pattern, locale=locale))
    if str(locale) in _POINT:
        text = text.replace(",", ".")
    return (MINUS if amount < 0 else "") + text.replace(" ", NBSP)


def money(amount: Decimal | None) -> str:
    """With the currency: `R 10 525.00`, `−R 5 262.50`."""
    if amount is None:
        return DASH
    sign = MINUS if amount < 0 else ""
    return f"{sign}{symbol()}{NBSP}{plain(abs(amount))}"
