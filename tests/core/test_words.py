"""Words of other languages: compiled as they are written, with every place-holder, and really said."""

import re

import pytest
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aftersales.models import Goods, Remedy, ReturnReason
from aftersales.rules import days_of
from core import customer_words, words
from customers.models import Channel
from orders.models import EntryKind, PaymentMethod
from orders.states import CUSTOMER_WORDS

_HOLDERS = re.compile(r"%\((\w+)\)s")


def test_the_compiled_words_are_those_of_their_sources() -> None:
    assert [path.parent.parent.name for path in words.sources()] == ["ar", "fr", "pt"]
    assert words.stale() == [], "run ./dev manage words"


@pytest.mark.parametrize("language", ["ar", "fr", "pt"])
def test_every_word_is_translated_with_its_place_holders(language: str) -> None:
    """Of a plural each form; a form for one or two may say the number in words."""
    for message in customer_words.catalog(language):
        if not message.id:
            continue
        assert not message.fuzzy, message.id
        single = isinstance(message.id, str)
        wanted = set(_HOLDERS.findall(message.id if single else message.id[-1]))
        forms = [message.string] if single else list(message.string)
        assert len(forms) == (1 if single else {"ar": 6}.get(language, 2)), message.id
        for form in forms:
            assert form, message.id
            found = set(_HOLDERS.findall(form))
            left_out = wanted - found
            assert found <= wanted and len(left_out) <= (0 if single else 1), message.id


@pytest.mark.parametrize("language", ["ar", "fr", "pt"])
def test_no_word_that_a_customer_reads_lacks_a_language(language: str) -> None:
    assert customer_words.missing(language) == {}


def test_words_of_staff_pages_that_lack_a_language_are_listed_with_their_place(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = customer_words.everywhere()
    assert (said["Add room"], said["Room saved"]) == ("templates/branches/rooms.html", "branches/views/rooms.py")
    call_command("words", missing="fr")
    for line in capsys.readouterr().out.splitlines():
        assert ": " in line
    assert customer_words.missing("fr", {"No such word": "nowhere.py"}) == {"No such word": "nowhere.py"}


def test_a_word_of_two_meanings_is_looked_for_in_its_context() -> None:
    """Change is what a button does, what a measure did, and coins."""
    said = customer_words.everywhere()
    assert f"button{customer_words.BETWEEN}Open" in said and f"lens{customer_words.BETWEEN}Balance" in said
    unknown = f"no such context{customer_words.BETWEEN}Open"
    wanted = {f"button{customer_words.BETWEEN}Open": "here", unknown: "there", "Open": "here"}
    assert customer_words.missing("fr", wanted) == {unknown: "there"}
    with translation.override("fr"):
        assert (pgettext("button", "Change"), pgettext("measure", "Change"), _("Change")) == (
            "Modifier", "Évolution", "Monnaie rendue",
        )  # fmt: skip


def test_a_word_that_is_missing_or_unsure_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(customer_words.needed()) > 400
    said = customer_words.catalog("fr")
    said.delete("Pay now")
    said["Try again"].flags.add("fuzzy")
    said["%(n)d day"].string = ("%(n)d jour", "")
    monkeypatch.setattr(customer_words, "catalog", lambda _language: said)
    assert set(customer_words.missing("fr")) == {"Pay now", "Try again", "%(n)d day"}


@pytest.mark.parametrize("language", ["ar", "fr", "pt"])
def test_no_choice_that_a_customer_reads_lacks_a_language(language: str) -> None:
    """Words of choices stand in modules that speak to staff as well; here are those a customer meets."""
    labels = [*PaymentMethod.choices, *EntryKind.choices, *ReturnReason.choices, *Remedy.choices, *Goods.choices]
    labels += [*Channel.choices, *((state, word) for state, word in CUSTOMER_WORDS.items())]
    said = customer_words.catalog(language)
    with translation.override("en"):
        words_of = {str(label) for _value, label in labels}
    assert [word for word in sorted(words_of) if said.get(word) is None] == []


@pytest.mark.parametrize(
    ("language", "days"),
    [
        ("fr", ["0 jour", "1 jour", "2 jours", "14 jours"]),
        ("pt", ["0 dias", "1 dia", "2 dias", "14 dias"]),
        ("ar", ["0 يوم", "يوم واحد", "يومين", "14 يومًا"]),
    ],
)
def test_a_number_of_days_is_said_in_the_languages_own_forms(language: str, days: list[str]) -> None:
    with translation.override(language):
        assert [days_of(number) for number in (0, 1, 2, 14)] == days


def test_a_table_of_items_is_said_in_french() -> None:
    with translation.override("fr"):
        assert _("Total, tax included") == "Total, taxes comprises"


def test_no_french_line_ends_before_its_colon_or_inside_its_quotation_marks() -> None:
    """The spaces are typed as plain ones; a typist sees no difference."""
    with translation.override("fr"):
        assert _("“%(value)s” is not a number.") == "«\u00a0%(value)s\u00a0» n'est pas un nombre."
        assert (_("Is it you?"), _("%(carrier)s: %(why)s")) == ("Est-ce bien vous\u00a0?", "%(carrier)s\u00a0: %(why)s")
    with translation.override("pt"):
        assert "\u00a0" not in _("“%(value)s” is not a number.")
