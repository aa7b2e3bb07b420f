"""Parts that say the same on page after page: the shell, a card of a board that is asked for every few seconds."""

from collections.abc import Hashable
from functools import lru_cache

from django.db.models import Model
from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()


@register.simple_tag
def still(template: str, **values: Hashable) -> SafeString:
    """A template that reads nothing but these values and the reader's language: rendered once for each.

    Every value is part of the key, so there is nothing to invalidate. A record may not be one: it equals itself when
    it has changed. A part that reads the request does not belong here.
    """
    if any(isinstance(value, Model) for value in values.values()):
        raise TypeError("still takes words and numbers, not records")
    typed = tuple((name, type(value), value) for name, value in values.items())
    return _rendered(template, get_language(), typed)


@lru_cache(maxsize=2000)
def _rendered(template: str, language: str | None, values: tuple[tuple[str, type, Hashable], ...]) -> SafeString:
    return render_to_string(template, {name: value for name, _type, value in values})
