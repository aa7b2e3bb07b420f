"""Words that a practice types itself and customers read: its own, and beside them one column for each other language.

A model has `words`, `words_fr`, `words_pt`, `words_ar`; a form the same boxes. What nobody wrote in a language is read in the
practice's own words.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

AnyForm = TypeVar("AnyForm", bound=type[forms.Form])


def others() -> dict[str, Any]:
    """The languages of customers beside the practice's own: code and name."""
    return {code: name for code, name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}


def columns(name: str) -> tuple[str, ...]:
    """`words` and its columns in other languages."""
    return (name, *(f"{name}_{code}" for code in others()))


def spoken(row: object, name: str) -> str:
    """The words in the language in use, else the practice's own. Without words of its own nothing is said."""
    language = (get_language() or "").partition("-")[0]
    own = cast(str, getattr(row, name))
    return own and (getattr(row, f"{name}_{language}", "") or own)


def in_languages(name: str) -> Callable[[AnyForm], AnyForm]:
    """For a form with a box of words: the same box for each other language behind it."""

    def widened(form: AnyForm) -> AnyForm:
        fields: dict[str, forms.Field] = {}
        for key, field in form.base_fields.items():
            fields[key] = field
            if key == name:
                fields |= {f"{name}_{code}": _box(cast(forms.CharField, field), code) for code in others()}
        form.base_fields = form.declared_fields = fields
        return form

    return widened


def _box(own: forms.CharField, language: str) -> forms.CharField:
    """Written in its language's direction."""
    direction = "rtl" if language in settings.LANGUAGES_BIDI else "ltr"
    attributes = {**own.widget.attrs, "lang": language, "dir": direction}
    return forms.CharField(
        label=format_lazy("{words}: {language}", words=own.label, language=others()[language]),
        max_length=own.max_length,
        required=False,
        widget=forms.Textarea(attrs=attributes),
        help_text=_("Empty: they read the words above."),
    )
