"""Every shipped text, in every channel and language: complete, within its bounds, and as reviewed."""

import os
import re
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
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
            assert channel in texts[trigger.template], (trigger.template, channel)


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


# What a message must say, in every language and by every channel it has (duties of order messages).
_ANYONE = {"shop", "name", "phone"}
_PARCEL = {"order", "link", "carrier", "tracking", "tracking_link"}
MUST_SAY = {
    "order_confirmed": {"order", "glasses", "date", "paid", "due", "link"},
    "in_production": {"order", "glasses", "date", "link"},
    "new_date": {"order", "glasses", "old_date", "date", "reason", "offer", "link"},
    "order_held": {"order", "glasses", "date", "reason", "offer", "link"},
    "remake": {"order", "glasses", "warranty", "charge", "date", "link"},
    "order_ready": {"order", "glasses", "due", "collect_at", "address", "hours", "link"},
    "ready_to_send": {"order", "glasses", "due", "link"},
    "order_cancelled": {"order", "glasses", "reason", "paid", "link"},
    "problem_received": {"order", "glasses", "link"},
    "feedback_request": {"glasses", "link"},
    "shipped": _PARCEL | {"date", "service", "parcel", "to_follow"},
    "in_transit": _PARCEL | {"place", "date"},
    "out_for_delivery": _PARCEL,
    "pickup_ready": _PARCEL | {"place"},
    "delivered": {"order", "link", "delivered_at", "signed_by", "parcel"},
    "delivery_problem": {"order", "link", "reason", "date", "offer"},
    "parcel_returned": {"order", "link", "reason", "collect_at"},
    "payment_taken": {"order", "amount", "method", "receipt", "due", "link"},
    "payment_failed": {"order", "amount", "reason", "due", "link"},
    "payment_refunded": {"order", "amount", "method", "receipt", "reason", "link"},
    "claim_decided": {"order", "insurer", "outcome", "claimed", "covered", "due", "link"},
    "return_requested": {"order", "return_number", "returned", "wish", "link"},
    "return_approved": {"order", "return_number", "returned", "wish", "instructions", "return_by", "link"},
    "return_declined": {"order", "return_number", "returned", "reason", "link"},
    "return_received": {"order", "return_number", "returned", "wish", "link"},
    "return_refunded": {"order", "return_number", "returned", "amount", "link"},
    "return_replaced": {"order", "return_number", "returned", "new_order", "new_date", "link"},
    "recall": {"due_on", "book_link"},
    "appointment_reminder": {"day", "time"},
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", MUST_SAY)
def test_a_message_says_what_it_must_by_mail_and_by_sms(language: str, key: str) -> None:
    for channel in ("email", "sms"):
        text = shipped(language)[key][channel]
        said = {name for name, _line in grammar.variables_of(text.get("subject", "") + text["body"])}
        assert MUST_SAY[key] | _ANYONE <= said, (channel, MUST_SAY[key] - said)


def test_everything_about_an_order_is_in_the_list_of_what_must_be_said() -> None:
    elsewhere = {"quotation_sent", "collection_planned", "order_collected", "order_link", "order_code"}
    visits = {key for key in triggers.BY_TEMPLATE if key.startswith("appointment_")} - {"appointment_reminder"}
    assert set(triggers.BY_TEMPLATE) == set(MUST_SAY) | elsewhere | visits


ALWAYS_KNOWN = {
    "name", "practice", "shop", "phone", "address", "order", "glasses", "items", "total", "link", "collect_at", "way", "carrier", "parcel",
    "returned", "return_number", "amount", "method", "receipt", "insurer", "outcome", "day", "time", "kind", "when", "code",
    "due_on", "book_link", "valid_until",
}  # fmt: skip


@pytest.mark.parametrize(("language", "key", "channel"), [one for one in ALL if one[2] != "push"])
def test_what_is_not_known_takes_only_its_own_line_away(language: str, key: str, channel: str) -> None:
    """No date, no tracking number, no reason: shop, name and what it is about are still said."""
    known = samples.facts_of(samples.sample("everyday"), language)
    always = ALWAYS_KNOWN | ({"date"} if key == "new_date" else set())
    bare = replace(known, values={n: v if n in always else "" for n, v in known.values.items()})
    words = words_of(language, key, channel)
    rendered = rendering.render(words, bare)
    kept = {name for name, _line in grammar.variables_of(words.body)} & {"shop", "name", "order", "link"}
    for name in kept:
        assert known.values[name] in rendered.body, name


@pytest.mark.parametrize(("language", "key", "channel"), [one for one in ALL if one[2] == "push"])
def test_a_push_notice_fits_a_lock_screen(language: str, key: str, channel: str) -> None:
    rendered = rendering.render(words_of(language, key, channel), samples.facts_of(samples.sample("longest"), language))
    assert 0 < len(rendered.subject) <= 70 and 0 < len(rendered.body) <= 150
    assert "R\u00a0" not in rendered.subject + rendered.body and LINK_MARK not in rendered.body


@pytest.mark.parametrize("sample", samples.SAMPLES, ids=lambda one: one.code)
def test_an_sms_is_short_enough_even_with_the_longest_names(sample: samples.Sample) -> None:
    for language, key, channel in ALL:
        if channel != "sms":
            continue
        body = rendering.render(words_of(language, key, channel), samples.facts_of(sample, language)).body
        text = body.replace(LINK_MARK, "https://practice.example/t/" + "x" * 22)
        assert segments(text).count <= MOST_SEGMENTS, (language, key, text)


def test_an_sms_that_would_cost_too_much_shortens_names_and_reasons_and_keeps_number_date_and_link() -> None:
    text = rendering.render(words_of("en", "new_date", "sms"), samples.facts_of(samples.sample("longest"), "en")).body
    assert "RSB-10482 (Maison Saint-Germain Collection...) will be ready on Mon 30 Nov." in text
    assert "made to order by the maker and the whole series was... We offer" in text and "customs" not in text
    assert text.endswith(LINK_MARK)
    short = rendering.render(words_of("en", "new_date", "sms"), samples.facts_of(samples.sample("everyday"), "en")).body
    assert "One lens came scratched from the supplier and is made again." in short


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
def test_the_drawn_mails_are_the_reviewed_ones(language: str) -> None:
    """One mail with every kind of block is kept whole, to be opened in a browser; of the others the blocks in their order,
    and a mark of the whole page, so that no change of any goes by unseen."""
    drawn = {key: _drawn(language, key) for lang, key, channel in ALL if (lang, channel) == (language, "email")}
    lines = [f"{key} · {_blocks(html)} · {sha256(html.encode()).hexdigest()[:12]}\n" for key, html in drawn.items()]
    kept = {
        SNAPSHOTS / f"mail-{language}.html": drawn["order_confirmed"] + "\n",
        SNAPSHOTS / f"mail-{language}.txt": "".join(lines),
    }
    for path, text in kept.items():
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.write_text(text)
        assert path.read_text() == text, path.name


def _drawn(language: str, key: str) -> str:
    html = rendering.render(words_of(language, key, "email"), samples.facts_of(samples.SAMPLES[0], language)).html
    return "\n".join(line.rstrip() for line in html.splitlines() if line.strip())


def _blocks(html: str) -> str:
    """`h1 p h2 p items(7) button picture`: what is drawn between head and foot."""
    body = html.partition('class="m-body"')[2].partition('class="m-soft"')[0]
    found = re.findall(r'<(h1|h2|p|img)\b|class="(m-btn|m-row[^"]*)"', body)
    names = [tag or ("button" if name == "m-btn" else "item") for tag, name in found]
    runs = [(name, len(list(same))) for name, same in groupby(names)]
    return " ".join(f"items({count})" if name == "item" else " ".join([name] * count) for name, count in runs)


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
