"""The limits the prescription rules judge by. Policy, so each is a setting; the defaults are the trade's habits."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Limits:
    """Dioptres, prism dioptres, degrees and mm."""

    sphere_warning: Decimal = Decimal(20)
    cylinder_warning: Decimal = Decimal(6)
    sphere_limit: Decimal = Decimal(45)
    cylinder_limit: Decimal = Decimal(25)
    add_least: Decimal = Decimal("0.75")
    add_most: Decimal = Decimal("3.50")
    add_limit: Decimal = Decimal(5)
    prism_warning: Decimal = Decimal(10)
    anisometropia: Decimal = Decimal("2.00")
    opposite_sign_from: Decimal = Decimal("0.50")
    change_dioptres: Decimal = Decimal("1.00")
    change_degrees: Decimal = Decimal(20)
    change_cylinder_from: Decimal = Decimal("1.00")
    binocular_pd_mm: tuple[Decimal, Decimal] = (Decimal(45), Decimal(80))
    monocular_pd_mm: tuple[Decimal, Decimal] = (Decimal(20), Decimal(40))
    pd_sum_mm: Decimal = Decimal("0.5")
    base_curve_mm: tuple[Decimal, Decimal] = (Decimal("7.0"), Decimal("9.5"))
    diameter_mm: tuple[Decimal, Decimal] = (Decimal("8.0"), Decimal("15.0"))


DEFAULT = Limits()
