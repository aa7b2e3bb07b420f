"""Statements as MT940: each line of the account becomes a row of the table that every other file becomes too.

Grammar: SWIFT User Handbook, Category 9, MT 940 Customer Statement Message, fields 20, 25, 28C, 60a, 61, 86, 62a, and the
German banks' subfields of 86 (DFÜ agreement, annex 3, chapter 8). A line that cannot be read stays a row and is refused as
one; what is wrong with the whole file (another currency, two accounts, lines that do not add up) refuses the file.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.utils.translation import gettext as _

from core.importing import reading
from core.importing.reading import Table, refused

HEADINGS = ("Date", "Amount", "Description", "Reference", "Payer")
_FIELD = re.compile(r"^:(\d{2}[A-Z]?):(.*)$")
_BALANCE = re.compile(r"(?P<mark>[CD])\d{6}(?P<currency>[A-Z]{3})(?P<amount>\d+,\d{0,2})")
# 6!n[4!n]2a[1!a]15d1!a3!c16x[//16x], and on the next line [34x].
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4})?(?P<mark>R?[CD])(?P<funds>[A-Z])?(?P<amount>\d{1,12},\d{0,2})"
    r"(?P<kind>[A-Z][A-Z0-9]{3})(?P<own>.*?)(?://(?P<bank>.*))?"
)
_SUBFIELD = re.compile(r"\?(\d{2})")
# Words between strokes by which Dutch and Belgian banks part field 86.
_STROKES = re.compile(r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|CNTP|ORDP|BENM|RTRN|PREF)/")
_PURPOSE = {f"{number}" for number in (*range(20, 30), *range(60, 64))}
_NOTHING_SAID = {"NONREF", "NOTPROVIDED"}
_WIDTH, _PIECE = 65, 27


@dataclass(frozen=True)
class Statement:
    """The lines under `HEADINGS`, and the account that field 25 names."""

    account: str
    table: Table


def is_mt940(content: bytes) -> bool:
    """Whether the file begins as a statement message does: a reference, then its account."""
    start = content[:4096].decode("latin-1")
    return bool(re.search(r"^:20:", start, re.MULTILINE) and re.search(r"^:25[A-Z]?:", start, re.MULTILINE))


def read(content: bytes, most_rows: int) -> Statement:
    """Every line of the file's messages, in their order. Raises DomainError at `file`."""
    reading.require_size(content)
    fields = list(_fields(reading.decoded(content)))
    accounts = {value for tag, value in fields if tag in ("25", "25P")}
    if len(accounts) != 1:
        raise refused(_("The file holds statements of %(n)d accounts. Upload those of one.") % {"n": len(accounts)})
    rows = [_row(*one) for one in _lines(fields)]
    if not rows:
        raise refused(_("No money moved on this statement."))
    reading.require_rows(len(rows), most_rows)
    _require_sum(fields, rows)
    return Statement(accounts.pop(), Table(HEADINGS, rows))


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """(tag, value) with the value's own line breaks. What stands around the messages is left out."""
    tag, lines = "", list[str]()
    for line in text.splitlines():
        found = _FIELD.match(line)
        ends = line.strip() == "-" or line.startswith(("-}", "{"))
        if not found and not ends:
            lines.append(line.rstrip())
            continue
        if tag:
            yield tag, "\n".join(lines).strip()
        tag, lines = (found[1], [found[2].rstrip()]) if found else ("", [])
    if tag:
        yield tag, "\n".join(lines).strip()


def _lines(fields: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """(field 61, the field 86 that belongs to it). An 86 behind the closing balance speaks of the whole statement."""
    for place, (tag, value) in enumerate(fields):
        if tag == "61":
            following = fields[place + 1] if place + 1 < len(fields) else ("", "")
            yield value, following[1] if following[0] == "86" else ""


def _row(line: str, told: str) -> Sequence[str]:
    """One row under `HEADINGS`. A line that is no field 61 keeps its words and has neither day nor amount."""
    first, _break, supplement = line.partition("\n")
    found = _LINE.fullmatch(first.strip())
    if found is None:
        return ["", "", line.replace("\n", " ")[: reading.MOST_CELL], "", ""]
    said = _details(told)
    words = [said.get("purpose", ""), supplement.replace("\n", " ")]
    reference = [one for one in (found["own"].strip(), said.get("reference", "")) if one not in {"", *_NOTHING_SAID}]
    cells = [_day(found), str(_signed(found)), _joined(words), _joined(reference), said.get("payer", "")]
    return [reading.text(cell) for cell in cells]


def _joined(parts: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(part for part in parts if part))


def _day(found: re.Match[str]) -> str:
    """The day of booking, written with month and day only, else the value date. About New Year the years may differ."""
    year, month = 2000 + int(found["value"][:2]), int(found["value"][2:4])
    entry = found["entry"]
    if not entry:
        return f"{year}-{month:02d}-{found['value'][4:]}"
    apart = int(entry[:2]) - month
    year += 1 if apart < -6 else -1 if apart > 6 else 0
    return f"{year}-{entry[:2]}-{entry[2:]}"


def _signed(found: re.Match[str]) -> Decimal:
    """`C` and the reversal of a debit came in, `D` and the reversal of a credit went out."""
    amount = _decimal(found["amount"])
    return amount if found["mark"] in ("C", "RD") else -amount


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ".")).quantize(Decimal("0.01"))


def _details(told: str) -> Mapping[str, str]:
    """`purpose`, `payer` and `reference` of field 86, in the three ways in which banks write it. Nobody's account is kept."""
    text = _unfolded(told)
    if re.match(r"\d{3}\?\d{2}", text):
        return _german("".join(told.splitlines()))
    parts = _STROKES.split(text)
    if len(parts) == 1 or parts[0].strip():
        return {"purpose": text}
    named = dict(zip(parts[1::2], parts[2::2], strict=True))
    purpose = re.sub(r"^(USTD|STRD)/|/+$", "", named.get("REMI", "").strip("/")).strip("/")
    return {
        "purpose": purpose,
        "payer": named.get("NAME", "").strip("/ "),
        "reference": named.get("EREF", "").strip("/ "),
    }


def _german(text: str) -> Mapping[str, str]:
    parts = _SUBFIELD.split(text)
    pieces = list(zip(parts[1::2], parts[2::2], strict=True))
    purpose = [value for code, value in pieces if code in _PURPOSE]
    payer = "".join(value for code, value in pieces if code in ("32", "33"))
    return {"purpose": _run_on(purpose, _PIECE), "payer": payer.strip()}


def _unfolded(told: str) -> str:
    """A line that is full goes on in the next one in the middle of a word."""
    return _run_on([line.rstrip() for line in told.splitlines()], _WIDTH)


def _run_on(pieces: Sequence[str], width: int) -> str:
    text = "".join(piece if len(piece) >= width else f"{piece} " for piece in pieces)
    return text.strip()


def _require_sum(fields: Sequence[tuple[str, str]], rows: Sequence[Sequence[str]]) -> None:
    """From the first opening to the last closing balance the lines add up; else a part is missing. In our currency."""
    balances = [
        (tag[:2], found) for tag, value in fields if tag[:2] in ("60", "62") and (found := _BALANCE.match(value))
    ]
    foreign = {found["currency"] for _tag, found in balances} - {settings.CURRENCY}
    if foreign:
        words = _("The account is kept in %(theirs)s, the practice counts in %(ours)s.")
        raise refused(words % {"theirs": sorted(foreign)[0], "ours": settings.CURRENCY})
    opened = [_balance(found) for tag, found in balances if tag == "60"]
    closed = [_balance(found) for tag, found in balances if tag == "62"]
    readable = all(row[1] for row in rows)
    if not opened or len(opened) != len(closed) or not readable:
        return
    moved, lines = sum(closed) - sum(opened), sum(Decimal(row[1]) for row in rows)
    if moved != lines:
        words = _("The lines come to %(lines)s, but the balance moved by %(moved)s: a part of the file is missing.")
        raise refused(words % {"lines": lines, "moved": moved})


def _balance(found: re.Match[str]) -> Decimal:
    amount = _decimal(found["amount"])
    return amount if found["mark"] == "C" else -amount
