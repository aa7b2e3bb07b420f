"""Columns of a list and how one cell is read, whatever the list is about. Pure but for the words."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from core.importing.plain import plain

MOST = Decimal(10_000_000)
FORMULA = re.compile(r"^(=|@|\+[^\d.,]|[-−][^\d.,\s])")
EIGHTH = Decimal("0.125")
Reader = Callable[[str, str], Mapping[str, Any]]


class Wrong(ValueError):
    """A cell that cannot be read; the words say why."""


@dataclass(frozen=True)
class Column:
    """One thing we can take from a file."""

    name: str
    label: str | Promise
    aliases: tuple[str, ...]
    required: bool = False


@dataclass(frozen=True)
class Problem:
    """What is wrong with one value."""

    column: str
    value: str
    reason: str


def guess(columns: Sequence[Column], headings: Sequence[str]) -> dict[str, str]:
    """Our column -> the file's heading, where the heading says it plainly."""
    by_word = {_bare(heading): heading for heading in headings}
    found = {}
    for column in columns:
        aliases = (_bare(str(column.label)), column.name.replace("_", " "), *column.aliases)
        heading = next((by_word[alias] for alias in aliases if alias in by_word), None)
        if heading is not None:
            found[column.name] = heading
    return found


def _bare(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", plain(heading)).strip()


def read_cells(
    cells: Mapping[str, str], readers: Mapping[str, Reader], required: Sequence[str]
) -> tuple[dict[str, Any], list[Problem]]:
    """Values of the filled cells, and a problem for each that cannot be read or is missing."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, text in cells.items():
        if not text:
            continue
        try:
            values |= readers.get(name, words)(name, text)
        except Wrong as wrong:
            problems.append(Problem(name, text, str(wrong)))
    bad = {one.column for one in problems}
    missing = [name for name in required if name not in values and name not in bad]
    problems += [Problem(name, cells.get(name, ""), _("Nothing is written here.")) for name in missing]
    return values, problems


def words(name: str, text: str) -> Mapping[str, Any]:
    """Text as it stands. A cell that a spreadsheet would work out is no text."""
    if FORMULA.match(text):
        raise Wrong(_("This is a formula. Write the value itself."))
    return {name: text}


def decimal(text: str) -> Decimal:
    """`52`, `52.5`, `52,5`, `−2.25`, `R 1 250.00`, `1,250.00`, `1.250,00`. Raises Wrong."""
    bare = re.sub(r"[^\d,.\-]", "", text.replace("−", "-").replace("–", "-"))
    if not re.search(r"\d", bare) or re.search(r"[A-Za-z]{4,}|[=@]", text):
        raise Wrong(_("This is not a number."))
    if "," in bare and "." in bare:
        grouping = "," if bare.rindex(".") > bare.rindex(",") else "."
        bare = bare.replace(grouping, "")
    try:
        value = Decimal(bare.replace(",", "."))
    except InvalidOperation as error:
        raise Wrong(_("This is not a number.")) from error
    if not value.is_finite() or abs(value) > MOST:
        raise Wrong(_("This number cannot be."))
    return value


def money(name: str, text: str) -> Mapping[str, Any]:
    """An amount, never negative, two places. `1,250` could be both a thousand and one: it is asked back."""
    if re.fullmatch(r"\D*\d{1,3}[.,]\d{3}\D*", text.strip()):
        raise Wrong(_("Thousands or decimals? Write the amount with two places, as 1250.00."))
    value = decimal(text)
    if value < 0:
        raise Wrong(_("An amount is not negative."))
    return {name: value.quantize(Decimal("0.01"))}


def number(places: str, least: str, most: str) -> Reader:
    """A reader of numbers between two ends, inclusive, kept to the given places."""

    def read(name: str, text: str) -> Mapping[str, Any]:
        value = decimal(text)
        if not Decimal(least) <= value <= Decimal(most):
            raise Wrong(_("It lies between %(least)s and %(most)s.") % {"least": least, "most": most})
        return {name: value.quantize(Decimal(places))}

    return read


def whole(least: int, most: int) -> Reader:
    """A reader of whole numbers between two ends, inclusive."""

    def read(name: str, text: str) -> Mapping[str, Any]:
        value = decimal(text)
        if value != value.to_integral_value() or not least <= value <= most:
            raise Wrong(_("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most})
        return {name: int(value)}

    return read


def power(least: str, most: str) -> Reader:
    """A reader of dioptres: an eighth or a multiple; a written eighth (`0.12`) is meant exactly (`0.125`)."""

    def read(name: str, text: str) -> Mapping[str, Any]:
        value = _exact(decimal(text))
        if value % EIGHTH:
            raise Wrong(_("Powers go in steps of 0.25 D."))
        if not Decimal(least) <= value <= Decimal(most):
            raise Wrong(_("It lies between %(least)s and %(most)s.") % {"least": least, "most": most})
        return {name: value}

    return read


def _exact(value: Decimal) -> Decimal:
    """`0.12`, `0.13`, `0.37`, `0.38` ... are how the trade writes eighths with two places."""
    nearest = (value / EIGHTH).to_integral_value() * EIGHTH
    return nearest if abs(value - nearest) <= Decimal("0.005") else value


def choice(known: Mapping[str, Any]) -> Reader:
    """A reader of one of the known words, whatever its case and hyphens."""

    def read(name: str, text: str) -> Mapping[str, Any]:
        found = known.get(plain(text).replace("-", " ").replace("_", " "))
        if found is None:
            raise Wrong(_("Not known. Use one of: %(words)s.") % {"words": ", ".join(sorted(known))})
        return {name: found}

    return read


YES_NO = {
    "yes": True,
    "y": True,
    "true": True,
    "1": True,
    "x": True,
    "no": False,
    "n": False,
    "false": False,
    "0": False,
}
