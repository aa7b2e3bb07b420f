"""Days in words: short, in the reader's language, June and July told apart."""

from datetime import date, datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

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


@pytest.mark.parametrize(
    ("language", "paper"),
    [
        ("en", "Thu 26 Nov 2026, 14:05; November 2026"),
        ("fr", "jeu 26 nov 2026, 14:05; novembre 2026"),
        ("pt", "qui 26 nov 2026, 14:05; novembro 2026"),
        ("ar", "الخميس 26 نوفمبر 2026, 14:05; نوفمبر 2026"),
    ],
)
def test_a_date_on_paper_has_no_capital_that_its_language_does_not_write(language: str, paper: str) -> None:
    page = Template('{{ at|date:"D j M Y, H:i" }}; {{ at|date:"F Y" }}{{ none|date:"j M Y" }}')
    with translation.override(language):
        assert (
            page.render(
                Context({"at": datetime(2026, 11, 26, 14, 5, tzinfo=timezone.get_current_timezone()), "none": None})
            )
            == paper
        )
