"""Reader and writer for laboratory files: `LABEL=data`, one record a line (optics notes, section 3.2).

Records keep their text word for word, so that what we do not know survives being read and written again. The typed
views (`number`, `sided_numbers`, ...) interpret on demand and refuse with the line number.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from .errors import ExchangeError
from .fields import NEITHER_SIDE, Sided, Value, format_field, number_or_none, on_both, sided_fields, text_or_none
from .labels import DATA_LINES, KINDS, kind_of
from .serial_link import unframed

MAX_BYTES = 2_000_000
MAX_LINES = 20_000
ASCII = "ascii"
ENCODINGS = (ASCII, "latin-1", "cp1252", "utf-8")
CR_LF = "\r\n"
LINE_END = re.compile(r"\r\n|\n|\r")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
DOS_END_OF_FILE = "\x1a"


@dataclass(frozen=True, slots=True)
class Record:
    """One `LABEL=data` line, word for word. `line` is where it stood in the file read."""

    label: str
    data: str
    line: int | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        if not self.label.strip():
            raise ExchangeError(_("There is no label before the “=”."), self.line)
        if "=" in self.label or CONTROL.search(self.label + self.data):
            raise ExchangeError(_("A record holds a control character or a broken label."), self.line)

    @property
    def name(self) -> str:
        """The label without surrounding spaces."""
        return self.label.strip()

    @property
    def fields(self) -> tuple[str, ...]:
        """The data parted at semicolons."""
        return tuple(self.data.split(";"))

    def __str__(self) -> str:
        return f"{self.label}={self.data}"


@dataclass(frozen=True, slots=True)
class LabFile:
    """The records of one file, in their order."""

    records: tuple[Record, ...]

    def all(self, label: str) -> tuple[Record, ...]:
        """Every record with this label, in order."""
        return tuple(record for record in self.records if record.name == label)

    def one(self, label: str) -> Record | None:
        """The record with this label; given twice with different data it is refused, for neither can be trusted."""
        found = self.all(label)
        if len({record.data for record in found}) > 1:
            message = _("%(label)s is given more than once with different values (lines %(lines)s).")
            lines = ", ".join(str(record.line) for record in found)
            raise ExchangeError(message % {"label": label, "lines": lines}, found[-1].line)
        return found[-1] if found else None

    def text(self, label: str) -> str | None:
        """The whole data of a one-sided record."""
        record = self.one(label)
        return text_or_none(record.data) if record else None

    def number(self, label: str) -> Decimal | None:
        """The number of a one-sided record; a second field is tolerated when it says the same."""
        record = self.one(label)
        if record is None:
            return None
        values = {number_or_none(part, record.line) for part in record.fields}
        if len(values) > 1:
            raise ExchangeError(_("%(label)s takes one value, not two.") % {"label": label}, record.line)
        return values.pop()

    def sided_texts(self, label: str) -> Sided[str | None]:
        """The right and left text of a two-sided record."""
        record = self.one(label)
        return sided_fields(record.data).map(text_or_none) if record else NEITHER_SIDE

    def sided_numbers(self, label: str) -> Sided[Decimal | None]:
        """The right and left number of a two-sided record."""
        record = self.one(label)
        if record is None:
            return NEITHER_SIDE
        return sided_fields(record.data).map(lambda part: number_or_none(part, record.line))

    def unknown(self) -> tuple[Record, ...]:
        """The records whose label we do not interpret."""
        return tuple(record for record in self.records if not _is_known(record.name))


def _is_known(label: str) -> bool:
    return label in KINDS or label in DATA_LINES or label.endswith("FMT")


def record(label: str, value: Value | Sided[Value] | Sequence[Value]) -> Record:
    """A record from a value, formatted as its label asks; on a two-sided label one value is written for both eyes.

    A sequence is a row of fields (`DRILLE`, `VIEWP`). Raises ExchangeError for what the record cannot hold.
    """
    kind = kind_of(label)
    if isinstance(value, Sided):
        right, left = format_field(value.right, kind), format_field(value.left, kind)
        return Record(label, f"{right};{left}" if right or left else "")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return Record(label, ";".join(format_field(part, kind) for part in value))
    return record(label, on_both(value)) if kind.sided else Record(label, format_field(value, kind))


def parse(content: bytes | str, *, encoding: str = ASCII) -> LabFile:
    """A file, or one message of a serial link, as records. Raises ExchangeError with the line that is wrong."""
    text = _decoded(content, encoding)
    text, from_serial_link = unframed(text.removesuffix(DOS_END_OF_FILE))
    lines = LINE_END.split(text)
    if len(lines) > MAX_LINES + 1:
        raise ExchangeError(_("The file has more than %(lines)d lines.") % {"lines": MAX_LINES})
    if from_serial_link:
        lines = _continued(lines)
    return LabFile(tuple(_record(line, number) for number, line in enumerate(lines, start=1) if line.strip()))


def render(records: Iterable[Record], line_end: str = CR_LF) -> str:
    """The records as the text of a file."""
    return "".join(f"{record}{line_end}" for record in records)


def to_bytes(records: Sequence[Record], *, line_end: str = CR_LF, encoding: str = ASCII) -> bytes:
    """The records as the bytes of a file. Raises ExchangeError for a character that the encoding does not have."""
    for number, item in enumerate(records, start=1):
        try:
            str(item).encode(encoding)
        except UnicodeEncodeError as error:
            raise _foreign_character(str(item)[error.start], number) from error
    return render(records, line_end).encode(encoding)


def _decoded(content: bytes | str, encoding: str) -> str:
    if len(content) > MAX_BYTES:
        raise ExchangeError(_("The file is larger than %(megabytes)d MB.") % {"megabytes": MAX_BYTES // 1_000_000})
    if encoding not in ENCODINGS:
        raise ExchangeError(_("“%(encoding)s” is not a known encoding.") % {"encoding": encoding[:40]})
    return _decoded_bytes(content, encoding) if isinstance(content, bytes) else _encodable(content, encoding)


def _decoded_bytes(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = _line_of(content[: error.start].decode(encoding))
        raise _foreign_character(content[error.start : error.end].decode("latin-1"), line) from error


def _encodable(text: str, encoding: str) -> str:
    try:
        text.encode(encoding)
    except UnicodeEncodeError as error:
        raise _foreign_character(text[error.start], _line_of(text[: error.start])) from error
    return text


def _line_of(before: str) -> int:
    return len(LINE_END.split(before))


def _foreign_character(character: str, line: int) -> ExchangeError:
    message = _("The character %(character)s is outside the characters agreed for this laboratory's files.")
    return ExchangeError(message % {"character": ascii(character)}, line)


def _continued(lines: list[str]) -> list[str]:
    """On a serial link a line without `=` continues the record before it."""
    joined: list[str] = []
    for line in lines:
        if joined and line.strip() and "=" not in line:
            joined[-1] += line
        else:
            joined.append(line)
    return joined


def _record(line: str, number: int) -> Record:
    control = CONTROL.search(line)
    if control:
        message = _("The line holds a control character (code %(code)d): this is not a laboratory file.")
        raise ExchangeError(message % {"code": ord(control.group())}, number)
    label, separator, data = line.partition("=")
    if not separator:
        message = _("Missing label separator: “%(line)s” has no “=” between label and data.")
        raise ExchangeError(message % {"line": line[:40]}, number)
    return Record(label, data, number)
