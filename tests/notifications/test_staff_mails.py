"""Mails to people who work here look like those to customers, without a customer's links."""

from notifications.rendering import mail
from notifications.rendering.mail import Block

BLOCKS = [
    Block("title", "October 2026: Rosebank"),
    Block("text", "- Sipho <b>: gone\n- Thandi: gone"),
    Block("button", "Open the pack", "https://practice.example/reports/packs/1/"),
    Block("link", "When it goes out", "https://practice.example/reports/schedules/1/"),
]


def test_the_plain_text_says_the_same_with_each_address_under_its_words() -> None:
    plain, _html = mail.for_staff(BLOCKS, "en", "Meridian Optical Rosebank")
    assert plain == (
        "- Sipho <b>: gone\n- Thandi: gone\n\n"
        "Open the pack:\nhttps://practice.example/reports/packs/1/\n\n"
        "When it goes out:\nhttps://practice.example/reports/schedules/1/"
    )


def test_words_are_escaped_lines_kept_and_no_customer_link_is_there() -> None:
    _plain, html = mail.for_staff(BLOCKS, "en", "Meridian Optical Rosebank", "green")
    assert "Sipho &lt;b&gt;: gone<br>" in html
    assert 'href="https://practice.example/reports/packs/1/"' in html
    assert "because you work at Meridian Optical Rosebank" in html
    assert "Change how we write to you" not in html
    assert "#007a5a" in html


def test_arabic_runs_from_right_to_left() -> None:
    assert 'dir="rtl"' in mail.for_staff(BLOCKS, "ar", "Meridian Optical")[1]
