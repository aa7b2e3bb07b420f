"""JSON that keeps decimals exact: read with care, written with the places they have."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from .findings import Unreadable

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_DIGITS = 30


def load(content: bytes | str) -> object:
    """The values of a JSON text; numbers with a point are Decimals. Raises Unreadable for anything doubtful."""
    if len(content) > MAX_BYTES:
        raise Unreadable(
            "too_large", _("The document is larger than %(limit)d MB.") % {"limit": MAX_BYTES // 1_000_000}
        )
    values = _parsed(_text(content))
    _check_strings_and_depth(values)
    return values


def dump(values: object) -> str:
    """The values as JSON text, Decimals with exactly the places they carry."""
    if isinstance(values, Decimal):
        return f"{values:f}"
    if isinstance(values, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {dump(value)}" for key, value in values.items()) + "}"
    if isinstance(values, list | tuple):
        return "[" + ", ".join(dump(value) for value in values) + "]"
    return json.dumps(values, ensure_ascii=False)


def _text(content: bytes | str) -> str:
    if isinstance(content, str):
        return content.removeprefix("\ufeff")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("not_utf8", _("The document is not UTF-8 text.")) from error


def _parsed(text: str) -> object:
    if text.lstrip().startswith("<"):
        raise Unreadable("xml", _("This is XML. Only the JSON form of FHIR is read; ask the sender for JSON."))
    try:
        return json.loads(
            text,
            parse_float=_number,
            parse_int=_whole_number,
            parse_constant=_no_number,
            object_pairs_hook=_without_duplicates,
        )
    except json.JSONDecodeError as error:
        message = _("The document is not JSON: line %(line)d, column %(column)d.")
        raise Unreadable("not_json", message % {"line": error.lineno, "column": error.colno}) from error
    except RecursionError as error:
        raise _too_deep() from error


def _number(text: str) -> Decimal:
    if len(text) > MAX_DIGITS:
        raise Unreadable("number_too_long", _("A number has more digits than any measurement."))
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Unreadable("not_a_number", _("“%(word)s” is not a number.") % {"word": text}) from error


def _whole_number(text: str) -> int:
    return int(_number(text))


def _no_number(word: str) -> object:
    raise Unreadable("not_a_number", _("“%(word)s” is not a number.") % {"word": word})


def _without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        message = _("“%(name)s” is given twice in the same place; neither can be trusted.")
        raise Unreadable("duplicate_name", message % {"name": twice[:40]})
    return values


def _check_strings_and_depth(values: object) -> None:
    level = [values]
    for _depth in range(MAX_DEPTH):
        for text in level:
            if isinstance(text, str) and not _is_storable(text):
                raise Unreadable("bad_character", _("The document holds characters that no text has."))
        level = [child for value in level for child in _children(value)]
        if not level:
            return
    raise _too_deep()


def _children(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _is_storable(text: str) -> bool:
    """Postgres stores neither NUL nor half of a surrogate pair."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _too_deep() -> Unreadable:
    return Unreadable("too_deep", _("The document is nested too deeply."))
