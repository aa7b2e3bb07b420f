"""Every shipped text, in every channel and language: complete, within its bounds, and as reviewed."""

import os
import re
from pathlib import Path

import pytest

from notifications import grammar, library, rendering, samples, triggers, variables
from notifications.facts import LINK_MARK
from notifications.library import Words
from notifications.rendering.text import MOST_SEGMENTS, segments
from notifications.texts import LANGUAGES, shipped

SNAPSHOTS = Path(__file__).parent / "snapshots"
ALL = [(language, key, channel) for language in LANGUAGES for key, by in shipped(language).items() for channel in by]


def words_of(language: str, key: str, channel: str) -> Words:
    return library.original(key, channel, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_of_the_table_has_words_for_its_channels(language: str) -> None:
    texts = shipped(language)
    for trigger in triggers.TRIGGERS:
        for channel in trigger.channels:
            assert channel == "push" or channel in texts[trigger.template], (trigger.template, channel)


@pytest.mark.parametrize(("language", "key", "channel"), ALL)
def test_a_text_names_only_what_its_message_knows(language: str, key: str, channel: str) -> None:
    words = words_of(language, key, channel)
    allowed = variables.names(triggers.BY_TEMPLATE[key].subject)
    assert grammar.mistakes(f"{words.subject}\n{words.body}", allowed) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_say_the_same_facts(language: str) -> None:
    for key, by in shipped("en").items():
        for channel, text in by.items():
            other = shipped(language)[key][channel]
            said = {name for name, _line in grammar.variables_of(text.get("subject", "") + text["body"])}
            also = {name for name, _line in grammar.variables_of(other.get("subject", "") + other["body"])}
            assert said == also, (key, channel)


@pytest.mark.parametrize("sample", samples.SAMPLES, ids=lambda one: one.code)
def test_an_sms_is_short_enough_even_with_the_longest_names(sample: samples.Sample) -> None:
    for language, key, channel in ALL:
        if channel != "sms":
            continue
        body = rendering.render(words_of(language, key, channel), samples.facts_of(sample, language)).body
        text = body.replace(LINK_MARK, "https://practice.example/t/" + "x" * 22)
        assert segments(text).count <= MOST_SEGMENTS, (language, key, text)


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rendered_texts_are_the_reviewed_ones(language: str) -> None:
    """Changed on purpose: run with UPDATE_SNAPSHOTS=1, read the difference, check it in."""
    path = SNAPSHOTS / f"{language}.txt"
    text = "".join(_shown(*one) for one in ALL if one[0] == language)
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(text)
    assert path.read_text() == text


def _shown(language: str, key: str, channel: str) -> str:
    rendered = rendering.render(words_of(language, key, channel), samples.facts_of(samples.SAMPLES[0], language))
    head = f"==== {key} · {channel} · {language}\n"
    subject = f"Subject: {rendered.subject}\n\n" if rendered.subject else ""
    count = f"\n({segments(rendered.body).count} × {segments(rendered.body).alphabet})" if channel == "sms" else ""
    return f"{head}{subject}{rendered.body.rstrip()}{count}\n\n"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_page_is_safe_and_right_way_round(language: str) -> None:
    words = Words("x", "email", language, 0, "{name}", "# {name}\n{reason}\n[Go] {link}\n{items}")
    sample = samples.Sample("evil", "", "<b>Bo</b>", "x", '"><script>alert(1)</script>')
    html = rendering.render(words, samples.facts_of(sample, language)).html
    assert "<script" not in html and "<b>Bo" not in html
    assert f'dir="{"rtl" if language == "ar" else "ltr"}"' in html
    assert re.search(r'<a class="m-btn"[^>]*style="[^"]*background: ?#0b5cad', html)
    assert "@media" in html


def test_a_missing_variable_is_named_with_its_line() -> None:
    with pytest.raises(grammar.UnknownVariable) as refused:
        grammar.fill("Hello {name}\nYour {unicorn} is here", {"name": "Thandi"})
    assert (refused.value.name, refused.value.line) == ("unicorn", 2)


def test_a_line_with_nothing_to_say_is_left_out() -> None:
    assert grammar.fill("Paid {paid}.\nDue {due}.", {"paid": "R 5", "due": ""}) == ["Paid R 5."]


@pytest.mark.parametrize(
    ("text", "alphabet", "count"),
    [
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("€" * 80, "GSM-7", 1),
        ("é" * 160, "GSM-7", 1),
        ("ж" * 70, "UCS-2", 1),
        ("ж" * 71, "UCS-2", 2),
        ("😀" * 35, "UCS-2", 1),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
    ],
)
def test_segments_are_counted_as_they_are_billed(text: str, alphabet: str, count: int) -> None:
    found = segments(text)
    assert (found.alphabet, found.count) == (alphabet, count)
