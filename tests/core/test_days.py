"""Days in words: short, in the reader's language, June and July told apart."""

from datetime import date

import pytest
from django.utils import translation

from core import formats


@pytest.mark.parametrize(
    ("language", "june", "july"),
    [
        ("en", "Sat 13 Jun", "Mon 13 Jul 2026"),
        ("fr", "sam 13 juin", "lun 13 juil 2026"),
        ("pt", "sáb 13 jun", "seg 13 jul 2026"),
        ("ar", "السبت 13 يونيو", "الاثنين 13 يوليو 2026"),
    ],
)
def test_a_day_is_named_as_the_language_names_it(language: str, june: str, july: str) -> None:
    with translation.override(language):
        assert formats.day(date(2026, 6, 13), today=date(2026, 1, 1)) == june
        assert formats.day(date(2026, 7, 13), today=date(2027, 1, 1)) == july
