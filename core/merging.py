"""Two people on one form: what it was opened with, what is stored now and what was typed, told apart field by field.

Plain values are what a browser would send: text, yes or no, a list of texts. They travel in the page as JSON.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.errors import Clash
from core.formats import dated
from core.versions import Save

Plain = str | bool | list[str] | None
Sides = Mapping[str, Plain]


def compared(form: forms.BaseForm) -> Iterator[tuple[str, forms.Field]]:
    """The fields that a person changes: no hidden ones, no files, nothing that only the page knows."""
    for name, field in form.fields.items():
        if not (field.disabled or field.widget.is_hidden or isinstance(field, forms.FileField)):
            yield name, field


def stored(form: forms.BaseForm, values: Mapping[str, Any]) -> dict[str, Plain]:
    """What is stored, as the browser would send it. What is stored nowhere (a reason, a search) is not in it."""
    return {name: _plain(field.prepare_value(values[name])) for name, field in compared(form) if name in values}


def read(text: str) -> dict[str, Plain] | None:
    """What the page was opened with; None when it does not say so."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def differing(form: forms.BaseForm, opened: Sides | None, now: Sides, saves: Mapping[str, Save]) -> list[Clash]:
    """Every field that either side changed, in the order of the form. What both set to the same value is settled."""
    found = []
    for name, field in compared(form):
        if name not in now and (opened is None or name not in opened):
            continue
        typed, original = form[name].data, (opened or {}).get(name)
        is_theirs = opened is None or not same(field, original, now.get(name))
        is_mine = opened is None or not same(field, original, typed)
        if not (is_theirs or is_mine) or (is_theirs and same(field, now.get(name), typed)):
            continue
        was, stands, yours = (_said(field, value) for value in (original, now.get(name), typed))
        save = saves.get(name) if is_theirs else None
        found.append(
            Clash(
                name,
                str(form[name].label),
                was,
                stands,
                yours,
                by=save.by if save else "",
                at=save.at if save else None,
                is_theirs=is_theirs,
                is_yours=is_mine,
            )
        )
    return found


def same(field: forms.Field, one: Any, other: Any) -> bool:
    """Whether two values mean the same to the field: 2.5 and 2.50, nothing and an empty box."""
    return bool(_meant(field, one) == _meant(field, other))


def _meant(field: forms.Field, value: Any) -> Any:
    with contextlib.suppress(ValidationError):
        value = field.clean(value)
    if isinstance(value, list | tuple):
        return sorted(str(item) for item in value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return "" if value is None else value


def _plain(value: Any) -> Plain:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list | tuple | set):
        return [str(item) for item in value]
    return value.isoformat() if isinstance(value, date) else str(value)


def _said(field: forms.Field, value: Any) -> str:
    """A value in the words of the page."""
    meant = _meant(field, value)
    if isinstance(meant, bool):
        return _("yes") if meant else _("no")
    if isinstance(field, forms.ChoiceField):
        words = {str(key): str(word) for key, word in _flat(field.choices)}
        return ", ".join(
            words.get(str(key), str(key)) for key in (meant if isinstance(meant, list) else [meant]) if key
        )
    if isinstance(meant, date):
        return dated(meant, "D j M Y")
    return ", ".join(meant) if isinstance(meant, list) else str(field.prepare_value(meant))


def _flat(choices: Any) -> Iterator[tuple[Any, Any]]:
    for key, word in choices:
        if isinstance(word, list | tuple):
            yield from word
        else:
            yield key, word
