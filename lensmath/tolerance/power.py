"""Is the power of one lens within tolerance: sphere, cylinder, axis and addition, compared in minus-cylinder form."""

from dataclasses import dataclass, replace
from decimal import Decimal

from lensmath.numbers import ZERO
from lensmath.powers import EyePower, axis_distance, minus_form
from lensmath.prism import Eye
from lensmath.tolerance.edition import Band, Edition, SphereRule, band_for, group_of
from lensmath.tolerance.verdicts import Basis, Instrument, Limit, Line, Unit


@dataclass(frozen=True)
class LensCheck:
    """One lens on the bench. With verification powers (`INS*`, `LDDR*`, the envelope) it is judged by those, not by the order."""

    lens_type: str
    ordered: EyePower
    measured: EyePower
    verification: EyePower | None = None
    eye: Eye | None = None
    instrument: Instrument = Instrument.AUTOMATIC

    @property
    def basis(self) -> Basis:
        return Basis.VERIFICATION if self.verification else Basis.ORDERED

    @property
    def wanted(self) -> EyePower:
        """What the focimeter should show, in minus form; the add of the order when the verification has none."""
        target = self.verification or self.ordered
        return minus_form(replace(target, add=target.add if target.add is not None else self.ordered.add))

    @property
    def found(self) -> EyePower:
        """What the focimeter showed, in minus form."""
        read = self.instrument.reading
        shown = self.measured
        return minus_form(
            EyePower(
                sphere=read(shown.sphere),
                cylinder=None if shown.cylinder is None else read(shown.cylinder),
                axis=shown.axis,
                add=None if shown.add is None else read(shown.add),
            )
        )


def judge_lens(check: LensCheck, edition: Edition) -> list[Line]:
    """Every power of one lens: sphere, cylinder and axis always, the addition when one was ordered."""
    lines = [judge_sphere(check, edition), judge_cylinder(check, edition), judge_axis(check, edition)]
    if check.wanted.add is not None:
        lines.append(judge_addition(check, edition))
    return lines


def judge_sphere(check: LensCheck, edition: Edition) -> Line:
    """The sphere in minus form, the strongest meridian, or both meridians, as the edition says."""
    wanted, found = check.wanted.meridians, check.found.meridians
    strongest = max((0, 1), key=lambda place: abs(wanted[place]))
    if edition.sphere_rule is SphereRule.MINUS_CYLINDER_SPHERE:
        place, keyed_on = 0, wanted[0]
    elif edition.sphere_rule is SphereRule.STRONGEST_MERIDIAN:
        place, keyed_on = strongest, wanted[strongest]
    else:
        place, keyed_on = max((0, 1), key=lambda spot: abs(found[spot] - wanted[spot])), wanted[strongest]
    band = edition.sphere_band(group_of(check.lens_type), keyed_on)
    return _line(check, "sphere_power", (wanted[place], found[place]), band.allowed(keyed_on))


def judge_cylinder(check: LensCheck, edition: Edition) -> Line:
    """The cylinder in minus form; an ordered sphere may carry as little cylinder as the first band allows."""
    nominal = check.wanted.cylinder or ZERO
    band = edition.cylinder_band(group_of(check.lens_type), check.wanted.strongest, nominal)
    return _line(check, "cylinder_power", (nominal, check.found.cylinder or ZERO), band.allowed(nominal))


def judge_axis(check: LensCheck, edition: Edition) -> Line:
    """The axis, across 180; not judged for a weak or missing cylinder (the cylinder's own line says the rest)."""
    wanted, found = check.wanted, check.found
    band = edition.axis_band(wanted.cylinder or ZERO)
    if band is None or wanted.axis is None or found.axis is None:
        return Line("cylinder_axis", passed=True, eye=check.eye, basis=check.basis)
    apart, allowed = axis_distance(wanted.axis, found.axis), band.allowed(ZERO)
    return Line(
        "cylinder_axis",
        passed=apart <= allowed,
        eye=check.eye,
        ordered=Decimal(wanted.axis),
        measured=Decimal(found.axis),
        difference=apart,
        limits=(Limit(allowed, Unit.DEGREES),),
        basis=check.basis,
    )


def judge_addition(check: LensCheck, edition: Edition) -> Line:
    """The addition. Raises ValueError when none was ordered; a missing reading fails."""
    nominal, reading = check.wanted.add, check.found.add
    if nominal is None:
        raise ValueError("no addition was ordered")
    band: Band = band_for(edition.addition, nominal)
    return _line(check, "addition", (nominal, reading), band.allowed(nominal))


def _line(check: LensCheck, quantity: str, pair: tuple[Decimal, Decimal | None], limit: Decimal) -> Line:
    nominal, reading = pair
    allowed = check.instrument.allowed(limit)
    difference = None if reading is None else abs(reading - nominal)
    return Line(
        quantity,
        passed=difference is not None and difference <= allowed,
        eye=check.eye,
        ordered=nominal,
        measured=reading,
        difference=difference,
        limits=(Limit(allowed, Unit.DIOPTRES),),
        basis=check.basis,
    )
