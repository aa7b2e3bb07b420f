"""Frame traces in laboratory files: format 1 (radii as text), read, mirrored and written; other formats kept opaque.

Radii are in 1/100 mm from the boxing centre, counter-clockwise from 3 o'clock, seen from the front (optics notes, 3.4).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from lensmath.shape import Shape

from .dcs import LabFile, Record
from .errors import ExchangeError
from .fields import Sided

FULL_TURN = 36_000
TEXT_RADII = "1"
NO_TRACE = "0"
EVEN, UNEVEN = "E", "U"
SIDES = ("R", "L")
DATA_LABELS = ("R", "A")
TRACED = ("F", "P", "D")
MIN_POINTS, MAX_POINTS = 4, 20_000
MAX_RADIUS_HUNDREDTHS = 10_000
VALUES_PER_LINE = 10


@dataclass(frozen=True, slots=True)
class Trace:
    """The outline of one lens. `traced` is F frame, P pattern or D demo lens; `angles` only when uneven."""

    side: str
    radii_hundredths: tuple[int, ...]
    angles_hundredths: tuple[int, ...] | None = None
    traced: str = "F"

    @property
    def shape(self) -> Shape:
        """The outline to measure, mirror and draw."""
        return Shape.from_hundredths(self.radii_hundredths, self.angles_hundredths)

    def mirrored(self) -> "Trace":
        """The same outline for the other eye."""
        mirror = self.shape.mirrored()
        angles = None if mirror.angles_deg is None else _hundredths(mirror.angles_deg)
        return Trace("L" if self.side == "R" else "R", _hundredths(mirror.radii_mm), angles, self.traced)


def _hundredths(values: Iterable[Decimal]) -> tuple[int, ...]:
    return tuple(round(value * 100) for value in values)


@dataclass(frozen=True, slots=True)
class OpaqueTrace:
    """A trace in a format we do not read: its header and its lines, word for word."""

    side: str
    format: str
    header: str
    lines: tuple[str, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        """The trace as it came, to be sent on with an order (`LabOrder.other`)."""
        return (Record("TRCFMT", self.header), *(Record("R", line) for line in self.lines))


@dataclass(frozen=True, slots=True)
class TraceSet:
    """The traces of one file, what we could not read, and what to tell the person about it."""

    traces: tuple[Trace, ...] = ()
    opaque: tuple[OpaqueTrace, ...] = ()

    def on(self, side: str) -> Trace | None:
        """The trace of one side: the frame before a pattern, a pattern before a demo lens."""
        found = [trace for trace in self.traces if trace.side == side]
        return min(found, key=lambda trace: TRACED.index(trace.traced), default=None)

    @property
    def right(self) -> Trace | None:
        """The trace of the right eye as it stands in the file."""
        return self.on("R")

    @property
    def left(self) -> Trace | None:
        """The trace of the left eye as it stands in the file."""
        return self.on("L")

    def both(self) -> Sided[Trace] | None:
        """Both sides; a side that was not traced is the mirror image of the other. None without any trace."""
        right, left = self.right, self.left
        known = right or left
        if known is None:
            return None
        return Sided(right or known.mirrored(), left or known.mirrored())

    @property
    def notes(self) -> tuple[str, ...]:
        """What the person should know: formats that are kept but cannot be drawn or measured."""
        message = _("The trace of side %(side)s is in format %(format)s: it is kept and sent on, but not drawn.")
        return tuple(message % {"side": trace.side, "format": trace.format} for trace in self.opaque)


@dataclass(eq=False, slots=True)
class _Section:
    """A TRCFMT record and the data lines that follow it."""

    header: Record
    radii: list[Record] = field(default_factory=list)
    angles: list[Record] = field(default_factory=list)

    def header_field(self, index: int) -> str:
        fields = self.header.fields
        return fields[index].strip() if index < len(fields) else ""

    @property
    def is_outline(self) -> bool:
        """A format 1 header without data only asks for a trace."""
        return self.header_field(0) == TEXT_RADII and bool(self.radii)

    @property
    def is_opaque(self) -> bool:
        """A trace in a format that is kept but not read."""
        return self.header_field(0) not in (TEXT_RADII, NO_TRACE)


def read(file: LabFile) -> TraceSet:
    """The traces of a file. Raises ExchangeError, with the line, for a broken format 1 trace."""
    sections = _sections(file)
    traces = tuple(dict.fromkeys(_trace(section) for section in sections if section.is_outline))
    _refuse_contradictions(traces, sections)
    return TraceSet(traces, tuple(_opaque(section) for section in sections if section.is_opaque))


def other_records(file: LabFile) -> tuple[Record, ...]:
    """The records of a file that carry no outline we read; those of opaque traces and of thicknesses are among them."""
    return tuple(record for record, section in _by_section(file) if section is None or not section.is_outline)


def records(traces: Iterable[Trace], per_line: int = VALUES_PER_LINE) -> tuple[Record, ...]:
    """The records that carry these traces, `per_line` values a line."""
    written: list[Record] = []
    for trace in traces:
        spacing = EVEN if trace.angles_hundredths is None else UNEVEN
        header = ";".join((TEXT_RADII, str(len(trace.radii_hundredths)), spacing, trace.side, trace.traced))
        written.append(Record("TRCFMT", header))
        written.extend(_data_lines("R", trace.radii_hundredths, per_line))
        written.extend(_data_lines("A", trace.angles_hundredths or (), per_line))
    return tuple(written)


def _data_lines(label: str, values: Sequence[int], per_line: int) -> Iterator[Record]:
    for start in range(0, len(values), per_line):
        yield Record(label, ";".join(str(value) for value in values[start : start + per_line]))


def _sections(file: LabFile) -> list[_Section]:
    return list(dict.fromkeys(section for _record, section in _by_section(file) if section is not None))


def _by_section(file: LabFile) -> list[tuple[Record, _Section | None]]:
    """Each record with the trace it belongs to. Data lines follow their format line: after STHKFMT they are no outline."""
    assigned: list[tuple[Record, _Section | None]] = []
    current: _Section | None = None
    any_format = False
    for record in file.records:
        is_data = record.name in DATA_LABELS
        if record.name.endswith("FMT"):
            current = _Section(record) if record.name == "TRCFMT" else None
            any_format = True
        elif is_data and not any_format:
            raise ExchangeError(_("The trace data has no TRCFMT line before it."), record.line)
        elif is_data and current is not None:
            (current.radii if record.name == "R" else current.angles).append(record)
        assigned.append((record, current if is_data or record.name == "TRCFMT" else None))
    return assigned


def _opaque(section: _Section) -> OpaqueTrace:
    lines = tuple(record.data for record in section.radii)
    return OpaqueTrace(section.header_field(3), section.header_field(0), section.header.data, lines)


def _trace(section: _Section) -> Trace:
    side, traced = section.header_field(3), section.header_field(4) or "F"
    spacing = section.header_field(2)
    if side not in SIDES or traced not in TRACED or spacing not in (EVEN, UNEVEN):
        message = _("The trace header “%(header)s” does not name the side, the spacing and what was traced.")
        raise ExchangeError(message % {"header": section.header.data[:40]}, section.header.line)
    radii = _values(section.radii, MAX_RADIUS_HUNDREDTHS)
    _check_points(section, len(radii))
    if min(radii) == 0:
        raise ExchangeError(_("The trace has a radius of zero."), section.header.line)
    return Trace(side, radii, _angles(section, len(radii)) if spacing == UNEVEN else None, traced)


def _angles(section: _Section, count: int) -> tuple[int, ...]:
    angles = _values(section.angles, FULL_TURN - 1)
    if len(angles) != count:
        raise ExchangeError(_("An uneven trace needs one angle for each radius."), section.header.line)
    if any(later <= earlier for earlier, later in pairwise(angles)):
        raise ExchangeError(_("The angles of the trace do not rise all the way round."), section.header.line)
    return angles


def _check_points(section: _Section, count: int) -> None:
    declared = section.header_field(1)
    if not declared.isascii() or not declared.isdigit() or declared.lstrip("0") != str(count):
        message = _("The trace announces %(declared)s points but has %(count)d.")
        raise ExchangeError(message % {"declared": declared[:10], "count": count}, section.header.line)
    if not MIN_POINTS <= count <= MAX_POINTS:
        message = _("A trace of %(count)d points cannot be used.")
        raise ExchangeError(message % {"count": count}, section.header.line)


def _values(lines: Iterable[Record], largest: int) -> tuple[int, ...]:
    values: list[int] = []
    for record in lines:
        for text in record.data.removesuffix(";").split(";"):
            number = text.strip()
            if not (number.isascii() and number.isdigit() and len(number) <= 6 and int(number) <= largest):
                message = _("“%(text)s” is not a radius or an angle of a trace.")
                raise ExchangeError(message % {"text": text[:20]}, record.line)
            values.append(int(number))
    return tuple(values)


def _refuse_contradictions(traces: Sequence[Trace], sections: Sequence[_Section]) -> None:
    kinds = [(trace.side, trace.traced) for trace in traces]
    if len(set(kinds)) < len(kinds):
        raise ExchangeError(_("The same side is traced twice with different outlines."), sections[-1].header.line)
