"""Find a customer by what the person at the counter says. Organisation-wide, for anyone who belongs to a branch."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from branches.scope import Scope
from core.prepared import Prepared, Slot, beginning, holding, like, one_of, prepared
from customers.models import Customer
from customers.querying import Query, parse

# Ranking looks at this many matches at most, so that "ma" costs no more than "mabaso".
_RANKED = 120
_TOO_SHORT_FOR_TRIGRAMS = 2
_LONG_ENOUGH_FOR_TYPOS = 4
LIKE_ENOUGH = 0.45


@dataclass(frozen=True)
class CustomerRow:
    """One result with what tells two people of one name apart."""

    id: int
    number: str
    given_names: str
    family_name: str
    birth_date: date | None
    phone: str
    branch: str
    branch_code: str
    last_visit: date | None = None

    @property
    def sorted_name(self) -> str:
        return f"{self.family_name}, {self.given_names}" if self.family_name else self.given_names


_SHOWN = (
    "number", "given_names", "family_name", "sort_key", "birth_date", "phone", "home_branch__name", "home_branch__code",
)  # fmt: skip
LastVisits = Callable[[Sequence[int]], Mapping[int, date]]
_last_visits: list[LastVisits] = []


def register_last_visits(provider: LastVisits) -> None:
    """Visits lie above customers: they tell the day of each customer's last visit, in one query."""
    _last_visits[:] = [provider]


def search(scope: Scope, text: str, limit: int = 20) -> list[CustomerRow]:
    """The best matches, best first: any name part in any order with small typing errors, the end of a phone number,
    a birth date (040381, 4 Mar 1981, 1981-03-04) or a customer number."""
    if not (scope.everything or scope.branch_ids):
        return []
    query = parse(text, timezone.localdate())
    return rows(found(query, limit)) if not query.is_empty else []


def in_use() -> QuerySet[Customer]:
    """Customers that can be found: neither merged away, nor erased, nor archived."""
    return Customer.objects.filter(merged_into=None, erased_at=None, archived_at=None)


def found(query: Query, limit: int) -> list[Customer]:
    """Matches of a parsed query, best first; exact readings before similar names."""
    if query.words:
        return _by_name(query.words, limit)
    matches: dict[int, Customer] = {}
    for rows, value in _readings(query):
        if len(matches) < limit:
            for customer in rows(limit).rows(value=value):
                matches.setdefault(customer.pk, customer)
    return list(matches.values())[:limit]


def _readings(query: Query) -> Iterable[tuple[Callable[[int], Prepared[Customer]], Any]]:
    """One indexed condition at a time with its value: OR over different columns would read the whole table."""
    if query.born:
        yield _born, list(query.born)
    if query.number:
        yield _numbered, beginning(query.number)
    if query.phone_end:
        yield _phone_ends, beginning(query.phone_end[::-1])
        yield _other_phone_ends, beginning(query.phone_end[::-1])


@prepared
def _born(limit: int) -> QuerySet[Customer]:
    return _listed(in_use().filter(one_of("birth_date", "value")), limit)


@prepared
def _numbered(limit: int) -> QuerySet[Customer]:
    return _listed(in_use().filter(like("number", "value")), limit)


@prepared
def _phone_ends(limit: int) -> QuerySet[Customer]:
    return _listed(in_use().filter(like("phone_reversed", "value")), limit)


@prepared
def _other_phone_ends(limit: int) -> QuerySet[Customer]:
    return _listed(in_use().filter(like("other_phone_reversed", "value")), limit)


def _listed(matches: QuerySet[Customer], limit: int) -> QuerySet[Customer]:
    return _with_branch(matches).order_by("sort_key", "id")[:limit]


def _by_name(words: Sequence[str], limit: int) -> list[Customer]:
    named = {f"word{n}": word for n, word in enumerate(words)}
    if len(words) == 1 and len(words[0]) <= _TOO_SHORT_FOR_TRIGRAMS:
        found = _beginning(limit).rows(begins=beginning(words[0]), **named)
        if found:
            return found
    begins = {f"begins{n}": holding(f" {word}") for n, word in enumerate(words)}
    matches = _exact(len(words), limit).rows(**begins, **named)
    if matches or max(map(len, words)) < _LONG_ENOUGH_FOR_TYPOS:
        return matches
    return _swapped(words, limit) or _similar(words, limit)


@prepared
def _beginning(limit: int) -> QuerySet[Customer]:
    """Names that begin with the one short word."""
    return _ranked(in_use().filter(like("sort_key", "begins")), _slots(1), limit)


@prepared
def _exact(count: int, limit: int) -> QuerySet[Customer]:
    """Names in which each of so many words begins a word."""
    exact = in_use()
    for n in range(count):
        exact = exact.filter(like("search_text", f"begins{n}"))
    return _ranked(exact, _slots(count), limit)


def _slots(count: int) -> list[Slot]:
    return [Slot(f"word{n}") for n in range(count)]


def _swapped(words: Sequence[str], limit: int) -> list[Customer]:
    """Names that are right but for two neighbouring letters swapped: too far apart for letter groups to tell."""
    matches = in_use()
    for word in words:
        either = _begins(word)
        if len(word) >= _LONG_ENOUGH_FOR_TYPOS:
            for n in range(len(word) - 1):
                either |= _begins(f"{word[:n]}{word[n + 1]}{word[n]}{word[n + 2 :]}")
        matches = matches.filter(either)
    return list(_ranked(matches, words, limit))


def _similar(words: Sequence[str], limit: int) -> list[Customer]:
    """Names that share about half of their letter groups with each word: one swapped, wrong or missing letter."""
    similar = in_use()
    for word in words:
        long_enough = len(word) >= _LONG_ENOUGH_FOR_TYPOS
        similar = similar.filter(Q(search_text__trigram_word_similar=word) if long_enough else _begins(word))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKE_ENOUGH)])
        return list(_ranked(similar, words, limit))


def _begins(word: str) -> Q:
    return Q(search_text__contains=f" {word}")


def _ranked(matches: QuerySet[Customer], words: Sequence[str | Slot], limit: int) -> QuerySet[Customer]:
    """Whole words before beginnings of words, then by name."""
    some = matches.order_by().values("pk")[:_RANKED]
    likeness = sum((_likeness(word) for word in words[1:]), _likeness(words[0]))
    ranked = _with_branch(Customer.objects.filter(pk__in=some))
    return ranked.order_by(likeness.desc(), "sort_key", "id")[:limit]


def _likeness(word: Any) -> TrigramWordSimilarity:
    return TrigramWordSimilarity(word, "search_text")


def _with_branch(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """With what a row shows of them, and `sort_key`; whole customers are thrice as many columns."""
    return customers.select_related("home_branch").only(*_SHOWN)


def rows(customers: Sequence[Customer]) -> list[CustomerRow]:
    """Results with branch and last visit; two queries for any number of rows."""
    seen = _last_visits[0]([customer.pk for customer in customers]) if _last_visits and customers else {}
    return [
        CustomerRow(
            id=customer.pk,
            number=customer.number,
            given_names=customer.given_names,
            family_name=customer.family_name,
            birth_date=customer.birth_date,
            phone=customer.phone,
            branch=customer.home_branch.name,
            branch_code=customer.home_branch.code,
            last_visit=seen.get(customer.pk),
        )
        for customer in customers
    ]
