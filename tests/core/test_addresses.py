"""Addresses worked out once are the addresses that Django reverses, and so is what cannot be reversed."""

import re

import pytest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.safestring import mark_safe

from branches.models import Organisation
from core import addresses
from core.tags import still


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("orders:list", ()),
        ("orders:page", ("RSB-00317",)),
        ("orders:page", ("a b/ü",)),
        ("orders:page", (317,)),
        ("labjobs:edition", (7,)),
        ("labjobs:edition", ("7",)),
        ("visits:appointment_step", (4, "arrive")),
    ],
)
def test_an_address_is_the_one_that_django_gives(name: str, keys: tuple[object, ...]) -> None:
    try:
        expected = reverse(name, args=keys)
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            addresses.to(name, *keys)
        return
    for _again in range(2):
        assert addresses.to(name, *keys) == expected


@pytest.mark.parametrize(
    ("name", "keys"), [("orders:page", ("",)), ("orders:page", ()), ("labjobs:edition", ("A1",)), ("nowhere", ())]
)
def test_what_has_no_address_is_refused_as_django_does(name: str, keys: tuple[object, ...]) -> None:
    for _again in range(2):
        with pytest.raises(NoReverseMatch):
            addresses.to(name, *keys)


def test_the_tag_prints_keeps_and_stays_quiet_like_djangos() -> None:
    text = (
        '{% url "orders:page" number %} {% url "orders:page" number=number %} {% url "orders:page" number as there %}'
        '{{ there }} {% url name %} [{% url "nowhere" as gone %}{{ gone }}]'
    )
    printed = Template(text).render(Context({"number": "RSB-1", "name": "orders:list"}))
    assert printed == "/orders/RSB-1/ /orders/RSB-1/ /orders/RSB-1/ /orders/ []"


def test_a_still_part_is_kept_for_each_language_and_each_value() -> None:
    def place(practice: str) -> str:
        return still.still(Context(), "shell/palette.html", colour="teal", practice=practice)

    english = place("A & B")
    assert "A &amp; B" in english and place("A & B") is english
    assert "A & B" in place(mark_safe("A & B"))
    with pytest.raises(TypeError, match="not records"):
        still.still(Context(), "shell/palette.html", practice=Organisation(name="A & B"))  # type: ignore[arg-type]
    with translation.override("fr"):
        assert place("A & B") == render_to_string("shell/palette.html", {"colour": "teal", "practice": "A & B"})
        assert place("A & B") != english


def test_a_form_in_a_still_part_gets_its_token_and_a_key_of_its_own_each_time() -> None:
    def steps(token: str) -> str:
        page = '{% still "visits/_visit_steps.html" pk=7 state="waiting" number="C-7" name="A" %}'
        return Template(page).render(Context({"csrf_token": token}))

    keys = re.compile(r'name="_key" value="([0-9a-f-]{36})"')
    first, again = steps("t-1"), steps("t-2")
    assert first.count('name="csrfmiddlewaretoken" value="t-1"') == 3 and "t-1" not in again
    found = keys.findall(first) + keys.findall(again)
    assert len(found) == len(set(found)) == 6
    assert keys.sub("", first).replace("t-1", "") == keys.sub("", again).replace("t-2", "")
