"""A laboratory file as plain values, for a screen, a log or an API answer."""

from decimal import Decimal

from . import traces
from .dcs import LabFile, Record
from .fields import number_or_none, sided_fields, text_or_none
from .labels import DATA_LINES, KINDS, Form, kind_of

PlainField = str | int | Decimal | None
Plain = dict[str, object]


def as_plain(file: LabFile) -> Plain:
    """Label to value: `[right, left]` when two-sided, rows when repeating, radii by side under `trace`.

    Traces in a format that is kept opaque stand under `trace_raw`, with their format. Raises ExchangeError.
    """
    plain: Plain = {}
    for record in file.records:
        if record.name not in plain and not _is_trace_line(record):
            plain[record.name] = _rows(file, record) if _repeats(file, record) else _value(file, record)
    return plain | _plain_traces(traces.read(file))


def _is_trace_line(record: Record) -> bool:
    return record.name in DATA_LINES or record.name.endswith("FMT")


def _repeats(file: LabFile, record: Record) -> bool:
    """Private labels may repeat as they like; we cannot know which do."""
    return kind_of(record.name).repeats or (record.name not in KINDS and len(file.all(record.name)) > 1)


def _rows(file: LabFile, record: Record) -> list[list[str | None]]:
    return [[text_or_none(part) for part in row.fields] for row in file.all(record.name)]


def _value(file: LabFile, record: Record) -> PlainField | list[PlainField]:
    file.one(record.name)
    kind = kind_of(record.name)
    if kind.sided:
        sides = sided_fields(record.data)
        return [_field(sides.right, record), _field(sides.left, record)]
    return _field(record.data if kind.form is Form.TEXT else record.fields[0], record)


def _field(part: str, record: Record) -> PlainField:
    form = kind_of(record.name).form
    if form is Form.TEXT:
        return text_or_none(part)
    number = number_or_none(part, record.line)
    if form is Form.INTEGER and number is not None and number == number.to_integral_value():
        return int(number)
    return number


def _plain_traces(found: traces.TraceSet) -> Plain:
    plain: Plain = {}
    if found.traces:
        plain["trace"] = {trace.side: list(trace.radii_hundredths) for trace in found.traces}
    if found.opaque:
        raw: Plain = {trace.side: list(trace.lines) for trace in found.opaque}
        plain["trace_raw"] = raw | {"format": found.opaque[0].format}
    return plain
