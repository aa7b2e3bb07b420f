"""What a person may mean by the text in the search box: names, the end of a phone number, a birth date, a number."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from customers.names import fold

_DIGITS = re.compile(r"[\d\s()+./-]+")
_NUMBER = re.compile(r"c\s?-?\s?(\d{2,9})", re.IGNORECASE)
_DATE_FORMATS = (
    "%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y",
)  # fmt: skip
_SHORTEST_PHONE_END = 3


@dataclass(frozen=True)
class Query:
    """One reading of the text. Several fields may be set: 040381 is a birth date and the end of a phone number."""

    words: tuple[str, ...] = ()
    phone_end: str = ""
    number: str = ""
    born: tuple[date, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.words or self.phone_end or self.number or self.born)


def parse(text: str, today: date) -> Query:
    """Read the text; `today` decides the century of a two-digit year."""
    typed = " ".join(text.replace("\x00", "").split())[:80]
    number = _NUMBER.fullmatch(typed)
    if number:
        return Query(number=f"C-{number[1]}")
    born = _dates(typed, today)
    if typed and _DIGITS.fullmatch(typed):
        digits = re.sub(r"\D", "", typed)
        long_enough = len(digits) >= _SHORTEST_PHONE_END
        return Query(
            phone_end=_national(digits, typed) if long_enough else "",
            number=f"C-{digits}" if long_enough else "",
            born=born,
        )
    if born:
        return Query(born=born)
    return Query(words=tuple(fold(typed).split()[:6]))


def _national(digits: str, typed: str) -> str:
    """Without the leading zero of a national number, which E.164 does not have."""
    return digits if typed.startswith("+") or len(digits) < 9 else digits.lstrip("0")


def _dates(typed: str, today: date) -> tuple[date, ...]:
    compact = typed.replace(" ", "")
    if re.fullmatch(r"\d{6}", compact):
        return _short_year(compact, today)
    found = [parsed for text, style in _candidates(typed, compact) if (parsed := _strict(text, style)) is not None]
    return tuple(dict.fromkeys(day for day in found if day <= today))


def _candidates(typed: str, compact: str) -> list[tuple[str, str]]:
    if re.fullmatch(r"\d{8}", compact):
        return [(compact, "%d%m%Y"), (compact, "%Y%m%d")]
    plain = typed.replace(",", "").title()
    return [(plain, style) for style in _DATE_FORMATS]


def _short_year(digits: str, today: date) -> tuple[date, ...]:
    """DDMMYY: the latest such day that is not in the future, and the century before it."""
    found = []
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        day = _strict(f"{digits[:4]}{century + int(digits[4:])}", "%d%m%Y")
        if day and day <= today:
            found.append(day)
    return tuple(found)


def _strict(text: str, style: str) -> date | None:
    try:
        day = datetime.strptime(f"{text} +0000", f"{style} %z").date()
    except ValueError:
        return None
    return day if day.year >= 1900 else None
