"""One test for each trap met in public material (section "Traps" of `docs/reference/optics.md`)."""

from decimal import Decimal

import pytest

from labjobs.exchange import order_file
from labjobs.exchange.fields import Sided
from labjobs.exchange.labels import kind_of
from labjobs.exchange.order import EyeOrder, Fitting, FrameOrder, LabOrder
from lensmath import centration, imbalance, vertex
from lensmath.powers import EyePower, axis_distance
from lensmath.prism import Eye, Prism
from lensmath.tolerance import pair, power, shipped
from prescriptions.exchange import fhir
from prescriptions.values import EyeValues

D = Decimal
EDITION = shipped.shipped()


def lens(sphere: str, cylinder: str | None = None, axis: int | None = None) -> EyePower:
    return EyePower(D(sphere), D(cylinder) if cylinder else None, axis)


def test_the_cylinder_at_the_cornea_comes_from_both_meridians_and_is_smaller() -> None:
    # −4.00 and −6.00 at 12 mm: −4/1.048 and −6/1.072
    found = vertex.compensate(lens("-4.00", "-2.00", 180), D(12), D(0))
    assert found.exact.cylinder is not None
    assert round(found.exact.cylinder, 4) == D("-1.7802")
    assert abs(found.exact.cylinder) < 2


def test_far_and_near_pd_go_under_their_own_labels_and_do_says_which_eyes() -> None:
    eye = EyeOrder(lens("-1.00"), Prism(), False, Fitting(far_pd_mm=D(32), near_pd_mm=D("30.5")))
    order = LabOrder(job="1", make="R", eyes=Sided(eye, None))
    lines = [str(record) for record in order_file.records(order)]
    assert {"IPD=32.00;", "NPD=30.50;", "DO=R"} <= set(lines)


def test_the_box_has_two_sides_and_the_bridge_has_one() -> None:
    assert (kind_of("HBOX").sided, kind_of("DBL").sided) == (True, False)
    frame = FrameOrder(Sided(D(50), D(50)), dbl_mm=D(18))
    eye = EyeOrder(lens("-1.00"), Prism(), False)
    lines = [str(one) for one in order_file.records(LabOrder(job="1", eyes=Sided(eye, eye), frame=frame))]
    assert {"HBOX=50.00;50.00", "DBL=18.00"} <= set(lines)


@pytest.mark.parametrize(("error", "passed"), [("0.34", True), ("0.67", True), ("0.68", False)])
def test_the_horizontal_limit_is_two_thirds_for_the_pair_not_a_third_for_each(error: str, passed: bool) -> None:
    check = pair.ImbalanceCheck(pair.Direction.HORIZONTAL, "single_vision", D(error), D("2.00"))
    assert pair.judge_imbalance(check, EDITION).passed is passed


def test_plus_and_minus_form_of_one_lens_agree_and_179_is_3_from_2() -> None:
    ordered, measured = lens("+1.00", "-0.50", 180), lens("+0.50", "+0.50", 90)
    lines = power.judge_lens(power.LensCheck("single_vision", ordered, measured), EDITION)
    assert [line.difference for line in lines] == [0, 0, 0]
    assert axis_distance(179, 2) == 3


def test_the_blank_counts_decentration_twice() -> None:
    # A 60, DBL 20, ED 63, PD 69: 5.5 mm each, 63 + 11 + 2
    frame = centration.FrameBox(D(60), D(20), None, D(63))
    assert centration.minimum_blank_for_pair(frame, D(69), D(2)) == 76


@pytest.mark.parametrize(("measured", "passed"), [("-3.07", True), ("-3.13", True), ("-3.14", False), ("-3.25", False)])
def test_no_limit_of_leaflets_is_used_for_the_sphere(measured: str, passed: bool) -> None:
    check = power.LensCheck("single_vision", lens("-3.00"), lens(measured))
    assert power.judge_sphere(check, EDITION).passed is passed


def test_the_published_slab_off_slip_is_not_repeated() -> None:
    found = imbalance.at_reading_level(lens("5.00", "-2.00", 90), lens("2.25", "-3.00", 90), D(10))
    assert (found.amount, found.slab_off_eye, found.slab_off_base) == (D("2.75"), Eye.LEFT, "up")


def test_fhir_gets_a_whole_axis_no_zero_add_and_contact_power_as_power() -> None:
    spectacle = fhir.EyeDocument(EyeValues(sphere=D("-2.00"), cylinder=D("-0.50"), axis=D(90)))
    written = fhir.lens_specification(Eye.RIGHT, "distance", spectacle)
    assert (type(written["axis"]), written["axis"], "add" in written) == (int, 90, False)
    contact = fhir.EyeDocument(EyeValues(power=D("-2.75"), base_curve_mm=D("8.7"), diameter_mm=D(14)))
    written = fhir.lens_specification(Eye.LEFT, "contact_lens", contact)
    assert (written["power"], "sphere" in written) == (D("-2.75"), False)
