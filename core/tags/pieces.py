"""Small pieces: icon, badge, promise, a verb as a form of its own."""

from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template import Context, Library, TemplateSyntaxError
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core import formats, ui
from core.tags.still import key_for

register = Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A shape of the sprite; with a label it is an image with that name, without one it is decoration."""
    return _shape(name, str(label))


@lru_cache(maxsize=2048, typed=True)
def _shape(name: str, label: str) -> SafeString:
    """Made once for each name and label: a page shows a hundred shapes, and the sprite's address never changes."""
    href = f"{static('icons.svg')}#i-{name}"
    if label:
        return format_html(
            '<svg class="icon" viewBox="0 0 16 16" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def badge(word: Any, tone: str = "neutral", icon: str = "") -> SafeString:
    """A state: shape, word and tint. Takes a word, or a `core.ui.Badge`."""
    if isinstance(word, ui.Badge):
        word, tone, icon = word.word, word.tone, word.icon
    if tone not in ui.TONES:
        raise TemplateSyntaxError(f"unknown tone {tone!r}")
    shape = _shape(icon or ui.ICON_OF_TONE[tone], "")
    return format_html('<span class="badge" data-tone="{}">{}{}</span>', tone, shape, word)


@register.simple_tag
def due_badge(value: datetime | None) -> SafeString:
    """A promise with its shape and tint: `Due today 16:00`, `Late 1 d`."""
    now = timezone.now()
    tone = formats.due_tone(value, now=now)
    shape = {"danger": "alert", "warning": "hourglass"}.get(tone, "clock")
    return badge(formats.due(value, now=now), tone, shape)


@register.simple_tag(takes_context=True)
def idempotency_key(context: Context) -> str:
    """For a form written by hand: `<input type="hidden" name="_key" value="{% idempotency_key %}">`."""
    return key_for(context)


@register.simple_tag(takes_context=True)
def action_button(
    context: Context,
    url: str,
    label: str,
    kind: str = "",
    icon: str = "",
    key: str = "",
    size: str = "",
    confirm: str = "",
) -> SafeString:
    """One verb as a form of its own: posts to `url` with an idempotency key. Works without script."""
    attributes = [("data-kind", kind), ("data-size", size), ("data-key", key), ("aria-keyshortcuts", key)]
    return format_html(
        _ACTION,
        url=url,
        confirm=format_html(' data-confirm="{}"', confirm) if confirm else "",
        token=context.get("csrf_token") or "",
        idempotency_key=key_for(context),
        attributes=format_html_join("", ' {}="{}"', ((name, value) for name, value in attributes if value)),
        icon=_shape(icon, "") if icon else "",
        label=label,
        key=format_html(" <kbd>{}</kbd>", key) if key else "",
    )


# Text and not a template: the queue of a busy morning shows a hundred of them.
_ACTION = """<form method="post" action="{url}" data-once{confirm}>
  <input type="hidden" name="csrfmiddlewaretoken" value="{token}">
  <input type="hidden" name="_key" value="{idempotency_key}">
  <button class="button" type="submit"{attributes}>{icon}{label}{key}</button>
</form>
"""
