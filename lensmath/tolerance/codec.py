"""An edition as plain JSON and back, with every fault of an edited table named at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from lensmath.numbers import exact
from lensmath.tolerance.edition import (
    AxisTable,
    Band,
    BothRule,
    CylinderRow,
    Edition,
    Group,
    Per,
    PositionLimit,
    PrismRow,
    PrismUnit,
    ReferencePoint,
    SphereRule,
)
from lensmath.tolerance.verdicts import Unit

Plain = Mapping[str, Any]
Item = TypeVar("Item")
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Fault:
    """One fault of an edited table, for the screen to put into words.

    ``place``: the table, with its group. ``code``: `missing`, `not_a_number`, `negative`, `unknown_word`, `unknown_group`,
    `no_rows`, `not_a_row`, `limit_or_percent`, `last_row_open`, `must_rise`, `no_open_row`, `no_limit`. ``detail``: the
    column, or the words allowed.
    """

    place: str
    code: str
    detail: str = ""


class EditionError(ValueError):
    """The table cannot be used as it is; ``faults`` lists everything that is wrong."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.code} {fault.detail}".strip() for fault in faults))
        self.faults = list(faults)


def to_plain(value: Any) -> Any:
    """An edition, or a part of one, as what JSON can hold: numbers as text, so that nothing is rounded."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    return value


def from_plain(plain: Plain) -> Edition:
    """An edition from plain JSON. Raises EditionError with all that is missing, unreadable or out of order."""
    reader = _Reader()
    prism_at = reader.part(plain, "reference_point")
    axis = reader.part(plain, "axis")
    edition = Edition(
        code=str(plain.get("code", "")),
        name=str(plain.get("name", "")),
        verified=plain.get("verified") is True,
        source=str(plain.get("source", "")),
        notes=str(plain.get("notes", "")),
        sphere_rule=reader.word(SphereRule, plain, "sphere_rule"),
        sphere=reader.groups(plain, "sphere", reader.bands),
        cylinder=reader.groups(plain, "cylinder", reader.cylinder_rows),
        axis=AxisTable(reader.number(axis, "judged_from", "axis"), reader.bands(axis.get("bands"), "axis")),
        addition=reader.bands(plain.get("addition"), "addition"),
        prism_horizontal=reader.groups(plain, "prism_horizontal", reader.prism_rows),
        prism_vertical=reader.groups(plain, "prism_vertical", reader.prism_rows),
        reference_point=ReferencePoint(
            reader.number(prism_at, "prism", "reference_point"),
            reader.number(prism_at, "mm", "reference_point"),
            reader.word(BothRule, prism_at, "rule", "reference_point"),
        ),
        positions=reader.positions(plain),
    )
    if not edition.name:
        reader.fault("name", "missing")
    if reader.faults:
        raise EditionError(reader.faults)
    return edition


class _Reader:
    """Reads on after a fault, so that a person sees all of them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, place: str, code: str, detail: str = "") -> None:
        self.faults.append(Fault(place, code, detail))

    def part(self, plain: Plain, name: str) -> Plain:
        found = plain.get(name)
        if isinstance(found, Mapping):
            return found
        self.fault(name, "missing")
        return {}

    def number(self, plain: Plain, name: str, place: str) -> Decimal:
        value = self.optional(plain, name, place)
        if value is None:
            self.fault(place, "missing", name)
            return Decimal(0)
        return value

    def optional(self, plain: Plain, name: str, place: str) -> Decimal | None:
        found = plain.get(name)
        if found is None or found == "":
            return None
        try:
            number = exact(found)
        except ValueError:
            self.fault(place, "not_a_number", name)
            return None
        if number < 0:
            self.fault(place, "negative", name)
        return number

    def word(self, words: type[Word], plain: Plain, name: str, place: str = "") -> Word:
        found = plain.get(name)
        for word in words:
            if word == found:
                return word
        self.fault(place or name, "unknown_word", f"{name}: " + ", ".join(words))
        return next(iter(words))

    def groups(
        self, plain: Plain, name: str, read: Callable[[Any, str], tuple[Item, ...]]
    ) -> dict[Group, tuple[Item, ...]]:
        tables = self.part(plain, name)
        unknown = set(tables) - set(Group)
        if unknown:
            self.fault(name, "unknown_group", ", ".join(sorted(unknown)))
        if tables and Group.SINGLE_VISION not in tables:
            self.fault(name, "missing", Group.SINGLE_VISION)
        return {group: read(tables[group], f"{name}, {group}") for group in Group if group in tables}

    def rows(self, found: Any, place: str) -> list[Plain]:
        if isinstance(found, Sequence) and found and all(isinstance(row, Mapping) for row in found):
            return list(found)
        self.fault(place, "no_rows")
        return []

    def bands(self, found: Any, place: str) -> tuple[Band, ...]:
        bands = tuple(self._band(row, place) for row in self.rows(found, place))
        self._rising([band.up_to for band in bands], place)
        return bands

    def _band(self, row: Plain, place: str) -> Band:
        limit, percent = self.optional(row, "limit", place), self.optional(row, "percent", place)
        if (limit is None) == (percent is None):
            self.fault(place, "limit_or_percent")
        return Band(self.optional(row, "up_to", place), limit, percent)

    def _rising(self, ends: Sequence[Decimal | None], place: str) -> None:
        if not ends:
            return
        closed = [end for end in ends[:-1] if end is not None]
        if ends[-1] is not None or len(closed) != len(ends) - 1:
            self.fault(place, "last_row_open")
        elif closed != sorted(set(closed)):
            self.fault(place, "must_rise")

    def cylinder_rows(self, found: Any, place: str) -> tuple[CylinderRow, ...]:
        rows = tuple(
            CylinderRow(self.optional(row, "power_up_to", place), self.bands(row.get("bands"), place))
            for row in self.rows(found, place)
        )
        self._rising([row.power_up_to for row in rows], place)
        return rows

    def prism_rows(self, found: Any, place: str) -> tuple[PrismRow, ...]:
        rows = tuple(self._prism_row(row, place) for row in self.rows(found, place))
        if rows and not any(row.power_up_to is None and row.prescribed_up_to is None for row in rows):
            self.fault(place, "no_open_row")
        return rows

    def _prism_row(self, row: Plain, place: str) -> PrismRow:
        return PrismRow(
            limit=self.number(row, "limit", place),
            unit=self.word(PrismUnit, row, "unit", place),
            power_up_to=self.optional(row, "power_up_to", place),
            prescribed_up_to=self.optional(row, "prescribed_up_to", place),
            per=self.word(Per, {"per": row.get("per", Per.PAIR)}, "per", place),
            extra_prism=self.optional(row, "extra_prism", place) or Decimal(0),
        )

    def positions(self, plain: Plain) -> dict[str, PositionLimit]:
        return {name: self._position(row, name) for name, row in self.part(plain, "positions").items()}

    def _position(self, row: Any, name: str) -> PositionLimit:
        if not isinstance(row, Mapping):
            self.fault(name, "not_a_row")
            return PositionLimit("mm")
        limit = PositionLimit(
            unit=self.word(Unit, row, "unit", name),
            each=self.optional(row, "each", name),
            pair=self.optional(row, "pair", name),
            total=self.optional(row, "total", name),
        )
        if limit.each is None and limit.pair is None and limit.total is None:
            self.fault(name, "no_limit")
        return limit
