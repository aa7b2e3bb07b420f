"""Words of other languages: compiled as they are written, with every place-holder, and really said."""

import re

import pytest
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext as _

from core import words

_HOLDERS = re.compile(r"%\((\w+)\)s")


def test_the_compiled_words_are_those_of_their_sources() -> None:
    assert [path.parent.parent.name for path in words.sources()] == ["ar", "fr", "pt"]
    assert words.stale() == [], "run ./dev manage words"


@pytest.mark.parametrize("language", ["ar", "fr", "pt"])
def test_every_word_is_translated_with_its_place_holders(language: str) -> None:
    with (words.FOLDER / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    for message in catalog:
        if message.id and isinstance(message.id, str):
            assert message.string, message.id
            assert set(_HOLDERS.findall(message.id)) == set(_HOLDERS.findall(str(message.string))), message.id


def test_a_table_of_items_is_said_in_french() -> None:
    with translation.override("fr"):
        assert _("Total, tax included") == "Total, taxes comprises"
