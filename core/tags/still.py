"""Parts that say the same on page after page: the shell, a row of a list, a card of a board that is asked for every few seconds."""

import uuid
from collections.abc import Hashable
from functools import lru_cache

from django.db.models import Model
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

# Where a form's token and its key of one effect go: they are drawn for each page. Nobody can type what is drawn at the start.
TOKEN, KEY = f"token-{uuid.uuid4()}", f"key-{uuid.uuid4()}"


@register.simple_tag(takes_context=True)
def still(context: Context, template: str, **values: Hashable) -> SafeString:
    """A template that reads nothing but these values and the reader's language: rendered once for each.

    Every value is part of the key, so there is nothing to invalidate. A record may not be one: it equals itself when
    it has changed. A part that reads the request does not belong here; forms get their token and key when they are shown.
    """
    return _with_secrets(drawn(template, **values), context.get("csrf_token"))


def drawn(template: str, **values: Hashable) -> SafeString:
    """The same for code; without forms, whose places stay empty."""
    if any(isinstance(value, Model) for value in values.values()):
        raise TypeError("still takes words and numbers, not records")
    typed = tuple((name, type(value), value) for name, value in values.items())
    return _rendered(template, get_language(), typed)


@lru_cache(maxsize=3000)
def _rendered(template: str, language: str | None, values: tuple[tuple[str, type, Hashable], ...]) -> SafeString:
    return render_to_string(template, {name: value for name, _type, value in values} | {"csrf_token": TOKEN})


def _with_secrets(part: SafeString, token: object) -> SafeString:
    """A part inside another part keeps its places; the page fills them."""
    if TOKEN not in part or token == TOKEN:
        return part
    first, *others = part.replace(TOKEN, str(token or "")).split(KEY)
    return SafeString("".join([first, *(f"{uuid.uuid4()}{other}" for other in others)]))


def key_for(context: Context) -> str:
    """A form's key of one effect, or its place in a part that is kept."""
    return KEY if context.get("csrf_token") == TOKEN else str(uuid.uuid4())
