"""Who of a file is known already: the rules of the form, with the questions of many rows asked together first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from customers.data import CustomerData
from customers.duplicates import likely_duplicates
from customers.search import in_use


@dataclass
class Known:
    """Phones, e-mails, names and birth dates of some rows that a stored customer has too.

    Only rows that could match are put to `likely_duplicates`: what it finds needs one of these to be equal, or, where
    the row has no phone, only a name.
    """

    phones: frozenset[str]
    emails: frozenset[str]
    keys: frozenset[str]
    births: frozenset[date]

    @classmethod
    def of(cls, rows: Sequence[Mapping[str, Any]]) -> "Known":
        return cls(
            _stored("phone", (row["phone"] for row in rows)),
            _stored("email", (row["email"] for row in rows)),
            _stored("sort_key", (row["sort_key"] for row in rows)),
            _stored("birth_date", (row["birth_date"] for row in rows)),
        )

    def matches(self, data: CustomerData, values: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Ids of customers who may be this person, each with why, the strongest first."""
        could = (
            not values["phone"]
            or values["phone"] in self.phones
            or values["email"] in self.emails
            or values["sort_key"] in self.keys
            or values["birth_date"] in self.births
        )
        if not could:
            return []
        return [{"id": found.row.id, "why": found.why} for found in likely_duplicates(data)]


def _stored(column: str, wanted: Iterable[Any]) -> frozenset[Any]:
    asked = {value for value in wanted if value}
    return (
        frozenset(in_use().filter(**{f"{column}__in": asked}).values_list(column, flat=True)) if asked else frozenset()
    )


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
