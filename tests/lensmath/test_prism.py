"""Prism by components, by base direction, by decentration, between the eyes."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lensmath import imbalance
from lensmath.powers import EyePower
from lensmath.prism import (
    Base,
    Eye,
    Oblique,
    Prism,
    add_oblique,
    cancels,
    combine,
    decentration_for,
    net,
    parse_prism,
    prentice,
    prentice_vector,
    resolve,
    split_evenly,
)
from tests.lensmath.strategies import lenses, prisms, steps

R, L = Eye.RIGHT, Eye.LEFT
NEAR_ZERO = Decimal("1e-11")


@pytest.mark.parametrize(
    ("eye", "base", "degrees"),
    [(R, Base.IN, 0), (R, Base.OUT, 180), (R, Base.UP, 90), (R, Base.DOWN, 270), (L, Base.IN, 180), (L, Base.OUT, 0),
     (L, Base.UP, 90), (L, Base.DOWN, 270)],
)  # fmt: skip
def test_base_words_and_degrees(eye: Eye, base: Base, degrees: int) -> None:
    prism = Prism.of((Decimal(2), base))
    assert combine(eye, prism) == Oblique(Decimal(2), Decimal(degrees))
    assert resolve(eye, Decimal(2), degrees) == prism


def test_two_parts_make_one_prism() -> None:
    right = combine(R, Prism.of((Decimal(2), Base.IN), (Decimal("1.5"), Base.UP)))
    assert (right.amount, right.whole_base_deg) == (Decimal("2.5"), 37)
    left = combine(L, Prism.of((Decimal(2), Base.IN), (Decimal("1.5"), Base.DOWN)))
    assert (left.amount, left.whole_base_deg) == (Decimal("2.5"), 217)


def test_no_prism_has_no_base() -> None:
    assert combine(R, Prism()) == Oblique(Decimal(0), None)
    assert Prism().horizontal == (0, None)
    assert Prism().vertical == (0, None)
    assert resolve(L, Decimal(0), 77) == Prism()


def test_360_is_0() -> None:
    assert resolve(R, Decimal(2), 360) == resolve(R, Decimal(2), 0) == Prism(Decimal(2), Decimal(0))
    assert Oblique(Decimal(1), Decimal("359.7")).whole_base_deg == 0


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        Prism.of((Decimal(-1), Base.IN))
    with pytest.raises(ValueError, match="not negative"):
        resolve(R, Decimal(-1), 0)
    with pytest.raises(ValueError, match="not negative"):
        prentice(Decimal(1), Decimal(-1), Base.IN)


def test_oblique_prisms_add_by_components() -> None:
    total = add_oblique(R, [Oblique(Decimal("2.5"), Decimal(35)), Oblique(Decimal(2), Decimal(0))])
    assert (round(total.amount, 4), round(total.base_deg or 0, 2)) == (Decimal("4.2944"), Decimal("19.51"))
    assert add_oblique(R, []) == Oblique(Decimal(0), None)


def test_splitting_keeps_the_effect_of_the_pair() -> None:
    right, left = split_evenly(Prism(), Prism.of((Decimal(3), Base.UP)))
    assert (right.vertical, left.vertical) == ((Decimal("1.5"), Base.DOWN), (Decimal("1.5"), Base.UP))
    right, left = split_evenly(Prism.of((Decimal(3), Base.OUT)), Prism())
    assert right.horizontal == left.horizontal == (Decimal("1.5"), Base.OUT)
    right, left = split_evenly(Prism.of((Decimal(2), Base.UP)), Prism.of((Decimal(2), Base.UP)))
    assert right.vertical == left.vertical == (0, None)


def test_prisms_that_cancel() -> None:
    base = {word: Prism.of((Decimal(1), word)) for word in Base}
    assert cancels(base[Base.IN], base[Base.OUT])
    assert cancels(base[Base.UP], base[Base.UP])
    assert not cancels(base[Base.IN], base[Base.IN])
    assert not cancels(base[Base.UP], base[Base.DOWN])
    assert not cancels(base[Base.IN], base[Base.UP])


@pytest.mark.parametrize(
    ("power", "distance", "centre", "prism"),
    [("8.5", 2, Base.UP, ("1.7", Base.UP)), ("-6", 5, Base.IN, ("3", Base.OUT)), ("-6", 5, Base.DOWN, ("3", Base.UP)),
     ("0", 5, Base.IN, ("0", None)), ("3", 0, Base.OUT, ("0", None))],
)  # fmt: skip
def test_prentice(power: str, distance: int, centre: Base, prism: tuple[str, Base | None]) -> None:
    assert prentice(Decimal(power), Decimal(distance), centre) == (Decimal(prism[0]), prism[1])


def test_an_oblique_cylinder_makes_vertical_prism_of_a_horizontal_shift() -> None:
    lens = EyePower.of(2, -4, 135)
    assert prentice_vector(R, lens, Decimal(5), Decimal(0)) == Prism(Decimal(0), Decimal(1))
    assert prentice_vector(L, lens, Decimal(5), Decimal(0)) == Prism(Decimal(0), Decimal(1))


def test_the_vector_form_is_prentice_along_a_principal_meridian() -> None:
    # the eye looks 4 mm nasally of the centre of a plus lens: the centre lies out, so the base is out
    assert prentice_vector(R, EyePower.of(5), Decimal(4), Decimal(0)) == Prism(Decimal(-2), Decimal(0))
    assert prentice_vector(L, EyePower.of(5), Decimal(-4), Decimal(0)) == Prism(Decimal(-2), Decimal(0))
    assert prentice_vector(R, EyePower.of(-5), Decimal(0), Decimal(-10)) == Prism(Decimal(0), Decimal(-5))


def test_decentration_for_a_prism() -> None:
    assert decentration_for(Decimal(2), Decimal(-4)) == -5
    with pytest.raises(ValueError, match="without power"):
        decentration_for(Decimal(2), Decimal(0))


@pytest.mark.parametrize(
    ("eye", "text", "prism"),
    [(R, "1.5 in", ("1.5", "0")), (R, "2 BU", ("0", "2")), (L, "0.75 base down", ("0", "-0.75")),
     (L, "2,5 out", ("-2.5", "0")), (R, "3\u0394 BO", ("-3", "0")), (R, "2 pd in", ("2", "0")), (R, "2 @ 180", ("-2", "0")),
     (L, "2@180\u00b0", ("2", "0")), (L, "2 BI @ 180", ("2", "0")), (R, "2 BI @ 180", ("2", "0")), (R, "2 BD @ 90", ("0", "-2"))],
)  # fmt: skip
def test_written_prisms_are_read(eye: Eye, text: str, prism: tuple[str, str]) -> None:
    assert parse_prism(eye, text) == Prism(Decimal(prism[0]), Decimal(prism[1]))


def test_180_notation_lets_the_words_choose_the_end() -> None:
    assert combine(R, parse_prism(R, "2.5 BU&I @ 37")).whole_base_deg == 37
    assert combine(R, parse_prism(R, "2.5 down and out @ 37")).whole_base_deg == 217
    assert combine(L, parse_prism(L, "2.5 BD&I @ 37")).whole_base_deg == 217


@pytest.mark.parametrize("text", ["", "2", "in", "2 nasal", "2 up in", "2 @ 361", "2 BU @ 200", "-2 in", "2 BU&O @ 37"])
def test_contradictory_or_unreadable_prisms_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_prism(R, text)


@given(st.sampled_from(Eye), prisms)
def test_combine_and_resolve_undo_each_other(eye: Eye, prism: Prism) -> None:
    found = combine(eye, prism)
    if found.base_deg is None:
        assert prism == Prism()
        return
    assert 0 <= found.base_deg < 360
    back = resolve(eye, found.amount, found.base_deg)
    assert abs(back.base_in - prism.base_in) < NEAR_ZERO
    assert abs(back.base_up - prism.base_up) < NEAR_ZERO


@given(prisms, prisms)
def test_a_split_has_the_same_net_effect_and_is_even(right: Prism, left: Prism) -> None:
    shared = split_evenly(right, left)
    assert net(*shared) == net(right, left)
    assert shared[0].base_in == shared[1].base_in
    assert shared[0].base_up == -shared[1].base_up


@given(st.sampled_from(Eye), lenses(), steps(-20, 20, "0.5"), steps(-20, 20, "0.5"))
def test_looking_the_other_way_turns_the_base_round(eye: Eye, lens: EyePower, x: Decimal, y: Decimal) -> None:
    here, there = prentice_vector(eye, lens, x, y), prentice_vector(eye, lens, -x, -y)
    assert (here + there).amount < NEAR_ZERO


def test_slab_off_goes_on_the_least_plus_lens() -> None:
    found = imbalance.at_reading_level(EyePower.of(5, -2, 90), EyePower.of("2.25", -3, 90), Decimal(10))
    assert (found.amount, found.slab_off_eye, found.slab_off_base) == (Decimal("2.75"), L, Base.UP)
    assert found.reverse_slab_eye is R
    assert found.slab_off_usual


def test_slab_off_goes_on_the_most_minus_lens() -> None:
    found = imbalance.at_reading_level(EyePower.of(-6), EyePower.of(-5), Decimal(10))
    assert (found.amount, found.slab_off_eye, found.slab_off_usual) == (1, R, False)
    assert imbalance.at_reading_level(EyePower.of(-6), EyePower.of("-4.5"), Decimal(10)).slab_off_usual


def test_equal_lenses_need_no_slab_off() -> None:
    found = imbalance.at_reading_level(EyePower.of(-6), EyePower.of(-6), Decimal(10))
    assert (found.amount, found.slab_off_eye, found.slab_off_base, found.reverse_slab_eye) == (0, None, None, None)
