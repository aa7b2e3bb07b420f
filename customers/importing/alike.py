"""Who of a file is known already: the rules of the form, with the questions of many rows asked together first."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from customers.data import CustomerData
from customers.duplicates import likely_duplicates, searched_words
from customers.search import LIKE_ENOUGH, in_use


@dataclass
class Known:
    """Phones, e-mails and names of some rows that a stored customer has too; by birth date, the names of who has it.

    Only rows that could match are put to `likely_duplicates`: what it finds needs a phone, an e-mail or a name to be equal,
    a birth date with a name that could be alike, or, where the row has no phone, only a name.
    """

    phones: frozenset[str]
    emails: frozenset[str]
    keys: frozenset[str]
    births: Mapping[date, Collection[str]]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> "Known":
        return cls(
            _stored("phone", (row["phone"] for row in rows)),
            _stored("email", (row["email"] for row in rows)),
            _stored("sort_key", (row["sort_key"] for row in rows)),
            _born({row["birth_date"] for row in rows if row["birth_date"]}),
        )

    def matches(self, data: CustomerData, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Ids of customers who may be this person, each with why, the strongest first."""
        could = (
            not values["phone"]
            or values["phone"] in self.phones
            or values["email"] in self.emails
            or values["sort_key"] in self.keys
            or any(_could_be_alike(data, text) for text in self.births.get(values["birth_date"], ()))
        )
        if not could:
            return []
        return [{"id": found.row.id, "why": found.why} for found in likely_duplicates(data)]


def _stored(column: str, wanted: Iterable[Any]) -> frozenset[Any]:
    asked = {value for value in wanted if value}
    return (
        frozenset(in_use().filter(**{f"{column}__in": asked}).values_list(column, flat=True)) if asked else frozenset()
    )


def _born(days: Collection[date]) -> Mapping[date, Collection[str]]:
    """The names of the customers born on these days, as the search reads them."""
    found: dict[date, list[str]] = {}
    rows = in_use().filter(birth_date__in=days).values_list("birth_date", "search_text") if days else ()
    for born, text in rows:
        if born is not None:
            found.setdefault(born, []).append(text)
    return found


def _could_be_alike(data: CustomerData, text: str) -> bool:
    """Whether the search for this name could find `text`: true more often than it does, never less.

    The search wants of each word that it begins one of the text's words, letters swapped or not, or shares letter groups.
    A likeness of words is never above the share of the word's groups that the text has.
    """
    words, groups = text.split(), _groups(text)
    return all(_could_be_word(word, words, groups) for word in searched_words(data))


def _could_be_word(word: str, words: Sequence[str], groups: set[str]) -> bool:
    letters = sorted(word)
    if not word.isascii() or any(sorted(one[: len(word)]) == letters for one in words):
        return True
    own = _groups(word)
    return len(own & groups) >= (LIKE_ENOUGH - 0.01) * len(own)


def _groups(text: str) -> set[str]:
    """Groups of three letters as PostgreSQL makes them: each word with two blanks before and one after it."""
    padded = [f"  {word} " for word in re.findall(r"[a-z0-9]+", text)]
    return {word[n : n + 3] for word in padded for n in range(len(word) - 2)}


@dataclass
class Earlier:
    """The rows of the same file that were read before this one."""

    phones: dict[str, int] = field(default_factory=dict)
    emails: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[tuple[date | None, int]]] = field(default_factory=dict)

    def matches(self, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Earlier rows with the same phone, e-mail or name (and no other birth date), by row number."""
        why: dict[int, list[str]] = {}
        if values["phone"] in self.phones:
            why.setdefault(self.phones[values["phone"]], []).append(_("same phone"))
        if values["email"] in self.emails:
            why.setdefault(self.emails[values["email"]], []).append(_("same e-mail"))
        for born, row in self.named.get(values["sort_key"], ()):
            if None in (born, values["birth_date"]) or born == values["birth_date"]:
                why.setdefault(row, []).append(_("same name"))
        return [{"row": row, "why": ", ".join(words)} for row, words in sorted(why.items())]

    def add(self, row: int, values: Mapping[str, Any]) -> None:
        if values["phone"]:
            self.phones.setdefault(values["phone"], row)
        if values["email"]:
            self.emails.setdefault(values["email"], row)
        self.named.setdefault(values["sort_key"], []).append((values["birth_date"], row))
