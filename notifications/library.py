"""Which words a message uses now: the newest published version, or the text the product ships with."""

from dataclasses import dataclass

from notifications.models import Template
from notifications.texts import base_of, shipped


@dataclass(frozen=True)
class Words:
    """A text in use. Version 0 is the shipped one."""

    key: str
    channel: str
    language: str
    version: int
    subject: str
    body: str


def current(key: str, channel: str, language: str) -> Words:
    """The words for one template, channel and language. English stands in for a text that was never translated.

    Raises KeyError when the product has no such template on that channel.
    """
    row = newest(key, channel, language)
    if row is not None:
        return Words(key, channel, row.language, row.version, row.subject, row.body)
    return original(key, channel, language)


def newest(key: str, channel: str, language: str) -> Template | None:
    """The version published last, with who published it; None while the shipped text is used."""
    rows = Template.objects.filter(key=key, channel=channel, language=base_of(language))
    return rows.select_related("published_by").order_by("-version").first()


def original(key: str, channel: str, language: str) -> Words:
    """The shipped text, whatever was published since."""
    base = base_of(language)
    entry = shipped(base)[key][channel]
    return Words(key, channel, base, 0, entry.get("subject", ""), entry["body"].strip("\n"))


def version(now: Words, number: int) -> Words | None:
    """An earlier text of the same message, 0 the delivered one; None for a number that was never published."""
    if number == 0:
        return original(now.key, now.channel, now.language)
    row = Template.objects.filter(key=now.key, channel=now.channel, language=now.language, version=number).first()
    return Words(now.key, now.channel, now.language, number, row.subject, row.body) if row else None
