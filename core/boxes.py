"""Boxes of forms put together as text: Django takes three templates for one tag, and a page has forty of them."""

from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_WIDGETS = "django/forms/widgets/"
_INPUTS = frozenset(
    f"{_WIDGETS}{name}.html"
    for name in ("text", "number", "email", "url", "password", "hidden", "date", "datetime", "time", "checkbox")
)
_SELECT, _OPTION = f"{_WIDGETS}select.html", f"{_WIDGETS}select_option.html"


def drawn(template: str, widget: Mapping[str, Any]) -> SafeString | None:
    """What Django's own template of the widget would say; None for a widget that is not a plain box or choice."""
    if template in _INPUTS:
        return _input(widget)
    options = (
        [option for _name, options, _index in widget["optgroups"] for option in options] if template == _SELECT else []
    )
    return _select(widget) if options and all(option["template_name"] == _OPTION for option in options) else None


def _input(widget: Mapping[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else format_html(' value="{}"', widget["value"])
    return format_html('<input type="{}" name="{}"{}{}>', widget["type"], widget["name"], value, _attributes(widget))


def _select(widget: Mapping[str, Any]) -> SafeString:
    groups = format_html_join("", "{}", ((_group(name, options),) for name, options, _index in widget["optgroups"]))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget), groups)


def _group(name: str | None, options: list[Mapping[str, Any]]) -> SafeString:
    rows = ((option["value"], _attributes(option), option["label"]) for option in options)
    shown = format_html_join("", '\n  <option value="{}"{}>{}</option>', rows)
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, shown) if name else shown


def _attributes(widget: Mapping[str, Any]) -> SafeString:
    """` name="value"` each; a name alone for what is simply true."""
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    parts = (
        format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value) for name, value in given
    )
    return SafeString("".join(parts))
