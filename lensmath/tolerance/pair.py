"""Prism of the pair, reference points, heights and sizes against an edition."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lensmath.numbers import ZERO
from lensmath.powers import EyePower, power_in_meridian
from lensmath.prism import MM_PER_CM, Eye, Prism, net
from lensmath.tolerance.edition import BothRule, Edition, PositionLimit, PrismRow, PrismUnit, group_of
from lensmath.tolerance.verdicts import Limit, Line, Unit


class Direction(StrEnum):
    """Which way a pair is out."""

    HORIZONTAL = "horizontal"
    VERTICAL = "vertical"

    @property
    def meridian_deg(self) -> int:
        return 180 if self is Direction.HORIZONTAL else 90


@dataclass(frozen=True)
class ImbalanceCheck:
    """The prism error of a pair in one direction, prism dioptres, and what chooses its limit.

    ``power``: the higher power of the two lenses in that meridian. ``displacement_mm``: the error in height or PD; worked out
    from prism and power when it was not measured. ``prescribed``: the prescribed prism, for editions that ask for it.
    """

    direction: Direction
    lens_type: str
    imbalance: Decimal | None
    power: Decimal
    displacement_mm: Decimal | None = None
    prescribed: Decimal = ZERO


def pair_imbalance(ordered: Mapping[Eye, Prism], measured: Mapping[Eye, Prism]) -> Prism:
    """Measured minus prescribed effect of the pair: in + in, and right up - left up."""
    return net(measured[Eye.RIGHT], measured[Eye.LEFT]) - net(ordered[Eye.RIGHT], ordered[Eye.LEFT])


def pair_power(right: EyePower, left: EyePower, direction: Direction) -> Decimal:
    """The power in the meridian that chooses the row: that of the stronger lens."""
    return max((power_in_meridian(eye, direction.meridian_deg) for eye in (right, left)), key=abs)


def judge_imbalance(check: ImbalanceCheck, edition: Edition) -> Line:
    """Horizontal or vertical prism imbalance of a pair. An error that was neither measured nor can be worked out fails."""
    rows = edition.prism_horizontal if check.direction is Direction.HORIZONTAL else edition.prism_vertical
    row = edition.prism_row(rows, group_of(check.lens_type), (check.power, check.prescribed))
    error, limit = _in_unit(check, row)
    return Line(
        f"prism_imbalance_{check.direction}",
        passed=error is not None and error <= limit.value,
        ordered=ZERO,
        measured=check.imbalance,
        difference=error,
        limits=(limit,),
    )


def _in_unit(check: ImbalanceCheck, row: PrismRow) -> tuple[Decimal | None, Limit]:
    if row.unit is PrismUnit.MM:
        return _displacement(check), Limit(row.limit, Unit.MM)
    allowed = row.limit
    if row.unit is PrismUnit.EFFECT_OF_MM:
        allowed = row.limit * abs(check.power) / MM_PER_CM + row.extra_prism
    return _prism(check), Limit(allowed, Unit.PRISM)


def _prism(check: ImbalanceCheck) -> Decimal | None:
    if check.imbalance is not None:
        return abs(check.imbalance)
    return None if check.displacement_mm is None else abs(check.displacement_mm * check.power) / MM_PER_CM


def _displacement(check: ImbalanceCheck) -> Decimal | None:
    if check.displacement_mm is not None:
        return abs(check.displacement_mm)
    return None if check.imbalance is None else abs(MM_PER_CM * check.imbalance / check.power)


def judge_reference_point(
    edition: Edition, prism_error: Decimal | None, displacement_mm: Decimal | None, eye: Eye | None = None
) -> Line:
    """Prism at the prism reference point, or its displacement: one suffices or both are wanted, as the edition is set."""
    point = edition.reference_point
    holds = [
        abs(error) <= limit
        for error, limit in ((prism_error, point.prism), (displacement_mm, point.mm))
        if error is not None
    ]
    passed = bool(holds) and (any(holds) if point.rule is BothRule.OR else all(holds))
    return Line(
        "prism_at_reference_point",
        passed=passed,
        eye=eye,
        ordered=ZERO,
        measured=prism_error,
        difference=None if prism_error is None else abs(prism_error),
        limits=(Limit(point.prism, Unit.PRISM), Limit(point.mm, Unit.MM)),
    )


def judge_position(
    edition: Edition, quantity: str, ordered: Mapping[Eye, Decimal], measured: Mapping[Eye, Decimal]
) -> list[Line]:
    """Heights, sizes, tilts: a line for each lens measured, and one for the pair where the edition limits the pair.

    Raises KeyError when the edition has no such quantity.
    """
    limit = edition.positions[quantity]
    errors = {eye: measured[eye] - ordered[eye] for eye in Eye if eye in ordered and eye in measured}
    lines = []
    if limit.each is not None:
        lines += [
            _position_line(quantity, (ordered[eye], measured[eye]), Limit(limit.each, _unit(limit)), eye)
            for eye in errors
        ]
    if len(errors) == len(Eye):
        lines += _pair_lines(quantity, limit, errors)
    return lines


def judge_size(edition: Edition, quantity: str, ordered: Decimal, measured: Decimal) -> Line:
    """One value for the pair together (near PD) or one lens alone (tilt, thickness, base curve).

    Raises KeyError when the edition has no such quantity or limits it only by lens pairs.
    """
    limit = edition.positions[quantity]
    allowed = limit.total if limit.total is not None else limit.each
    if allowed is None:
        raise KeyError(quantity)
    return _position_line(quantity, (ordered, measured), Limit(allowed, _unit(limit)))


def _pair_lines(quantity: str, limit: PositionLimit, errors: Mapping[Eye, Decimal]) -> list[Line]:
    unit, right, left = _unit(limit), errors[Eye.RIGHT], errors[Eye.LEFT]
    lines = []
    if limit.pair is not None:
        lines.append(_position_line(f"{quantity}_pair", (ZERO, right - left), Limit(limit.pair, unit)))
    if limit.total is not None:
        lines.append(_position_line(f"{quantity}_total", (ZERO, right + left), Limit(limit.total, unit)))
    return lines


def _position_line(quantity: str, pair: tuple[Decimal, Decimal], limit: Limit, eye: Eye | None = None) -> Line:
    nominal, reading = pair
    difference = abs(reading - nominal)
    return Line(
        quantity,
        passed=difference <= limit.value,
        eye=eye,
        ordered=nominal,
        measured=reading,
        difference=difference,
        limits=(limit,),
    )


def _unit(limit: PositionLimit) -> Unit:
    return Unit(limit.unit)
