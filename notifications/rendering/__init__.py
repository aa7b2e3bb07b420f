"""From words and facts to what leaves: an e-mail in two forms, one SMS text, one push notice."""

from dataclasses import dataclass

from notifications.facts import Facts
from notifications.library import Words
from notifications.rendering import mail, text


@dataclass(frozen=True)
class Rendered:
    """What is frozen in the message row. `html` only for e-mail; the order's link is still its mark."""

    subject: str
    body: str
    html: str = ""


def render(words: Words, facts: Facts) -> Rendered:
    """Raises UnknownVariable, naming variable and line."""
    if words.channel == "email":
        return Rendered(text.subject(words, facts), *mail.both(words, facts))
    if words.channel == "sms":
        return Rendered("", text.sms(words, facts))
    return Rendered(text.subject(words, facts), text.push(words, facts))
