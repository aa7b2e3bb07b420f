"""Files that ride along with an e-mail. They are asked for as it leaves, so that the table of messages holds none.

An app above registers what its messages carry, by the key of the template.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from notifications.models import Message


@dataclass(frozen=True)
class Attachment:
    """One file: its name, its bytes, its media type such as `application/pdf`."""

    name: str
    content: bytes
    kind: str


Source = Callable[[Message], Sequence[Attachment]]
_sources: dict[str, Source] = {}


def register(template_key: str, source: Source) -> None:
    """`source` gives the files of a message of this template; the same key replaces it."""
    _sources[template_key] = source


def of(message: Message) -> tuple[Attachment, ...]:
    """What rides along with a message that leaves now."""
    source = _sources.get(message.template_key)
    return tuple(source(message)) if source else ()
