"""Which lens can be ordered for an eye, and why not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given

from catalogue.availability import LensNeed, PowerRange, ProductRanges, assess
from lensmath.powers import EyePower, transpose
from tests.lensmath.strategies import lenses

STOCK = ProductRanges(
    "single_vision",
    [
        PowerRange(Decimal(70), Decimal(-8), Decimal(0), Decimal(-2), combined_min=Decimal(-8)),
        PowerRange(Decimal(65), Decimal(0), Decimal(6), Decimal(-2)),
    ],
)
PROGRESSIVE = ProductRanges(
    "progressive",
    [
        PowerRange(
            Decimal(75), Decimal(-10), Decimal(8), Decimal(-6), None, Decimal("0.75"), Decimal("3.50"), Decimal(6)
        )
    ],
    minimum_fitting_height_mm=Decimal(18),
)


def need(power: EyePower, **more: Decimal) -> LensNeed:
    return LensNeed(power, **more)


def reasons(found_for: LensNeed, product: ProductRanges) -> list[str]:
    with translation.override("en"):
        return [exclusion.message for exclusion in assess(found_for, product).exclusions]


@pytest.mark.parametrize("power", [("-8.00",), ("0.00", "-2.00", 90), ("-6.00", "-2.00", 90), ("6.00", "-2.00", 90)])
def test_ranges_are_inclusive(power: tuple[str, ...]) -> None:
    assert assess(need(EyePower.of(*power)), STOCK).orderable


def test_the_smallest_blank_that_fits_is_chosen() -> None:
    found = assess(need(EyePower.of("0.00"), minimum_blank_mm=Decimal(64)), STOCK)
    assert found.chosen is not None
    assert found.chosen.diameter_mm == 65
    larger = assess(need(EyePower.of("0.00"), minimum_blank_mm=Decimal("65.1")), STOCK)
    assert larger.chosen is not None
    assert larger.chosen.diameter_mm == 70


def test_a_plus_form_lens_is_found_in_the_minus_grid() -> None:
    assert assess(need(EyePower.of("-8.00", "+2.00", 90)), STOCK).orderable
    assert not assess(need(EyePower.of("5.00", "+2.00", 90)), STOCK).orderable


def test_every_reason_is_said() -> None:
    wanted = need(EyePower.of("-9.00", "-3.00", 90), minimum_blank_mm=Decimal("72.5"), prism_amount=Decimal(1))
    assert reasons(wanted, STOCK) == [
        "Sphere \u22129.00: made from \u22128.00 to 0.00.",
        "Cylinder \u22123.00: made to \u22122.00.",
        "Prism 1.00: made to 0.00.",
        "Blank of 72.5 mm needed: made to 70 mm.",
    ]
    assert reasons(need(EyePower.of("-7.00", "-1.25", 90)), STOCK) == [
        "Sphere and cylinder together \u22128.25: made to \u22128.00."
    ]
    assert reasons(need(EyePower.of("-7.00")), replace(STOCK, ranges=[])) == ["No powers are on file for this lens."]


def test_the_nearest_range_explains() -> None:
    assert reasons(need(EyePower.of("6.25")), STOCK) == ["Sphere +6.25: made from 0.00 to +6.00."]
    assert reasons(need(EyePower.of("-8.25")), STOCK) == ["Sphere \u22128.25: made from \u22128.00 to 0.00."]


def test_progressives_need_an_add_a_height_and_room_above() -> None:
    power = EyePower.of("1.00", add="2.00")
    good = need(power, fitting_height_mm=Decimal(18), frame_b_mm=Decimal(28))
    assert assess(good, PROGRESSIVE).orderable
    low = replace(good, fitting_height_mm=Decimal(17), frame_b_mm=Decimal(26))
    assert reasons(low, PROGRESSIVE) == [
        "Fitting height 17 mm: at least 18 mm needed.",
        "9 mm above the fitting cross: at least 10 mm needed.",
    ]
    assert assess(
        low, replace(PROGRESSIVE, minimum_fitting_height_mm=Decimal(17), minimum_above_mm=Decimal(9))
    ).orderable
    assert reasons(need(EyePower.of("1.00")), PROGRESSIVE) == ["This design needs an add."]
    assert reasons(need(EyePower.of("1.00", add="3.75")), PROGRESSIVE) == ["Add +3.75: made from +0.75 to +3.50."]
    assert assess(need(power, prism_amount=Decimal(6)), PROGRESSIVE).orderable


def test_single_vision_has_no_fitting_height() -> None:
    assert assess(need(EyePower.of("1.00"), fitting_height_mm=Decimal(2), frame_b_mm=Decimal(10)), STOCK).orderable


@given(lenses())
def test_the_written_form_does_not_decide(power: EyePower) -> None:
    assert assess(need(power), STOCK) == assess(need(transpose(power)), STOCK)
    assert assess(need(power), STOCK).orderable != bool(assess(need(power), STOCK).exclusions)
