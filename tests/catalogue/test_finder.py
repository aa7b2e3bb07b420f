"""The lens finder: what can be made is offered with its price, what cannot is explained."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from catalogue import finder
from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.models import BandQuantity, LensDesign, LensProduct, PriceBand
from catalogue.pricebook import When
from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism
from lensmath.shape import Shape
from tests.factories import lens, lens_range

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
KAROO = FrameSizes(a_mm=Decimal(52), b_mm=Decimal(38), dbl_mm=Decimal(18), ed_mm=Decimal(55))


def demand(frame: FrameSizes | None = KAROO, add: str | None = "+2.00", height: str | None = "21.0") -> Demand:
    right = EyeDemand(EyePower.of("-2.25", "-0.75", 65, add), Prism(), Decimal("31.5"), height and Decimal(height))
    left = EyeDemand(EyePower.of("-2.00", "-0.50", 85, add), Prism(), Decimal("31.0"), height and Decimal(height))
    return Demand({Eye.RIGHT: right, Eye.LEFT: left}, frame)


def reasons(product: LensProduct, wanted: Demand) -> tuple[str, ...]:
    return finder.reasons_against(product, wanted, TODAY)


def test_an_orderable_lens_is_offered_with_the_price_of_the_pair_and_its_days():
    product = lens(price=Decimal(3190), lead_days=4)
    found = finder.find(demand(), TODAY)
    assert [(one.product, one.price, one.priced.days, one.diameter_mm) for one in found.offers] == [
        (product, Decimal(6380), 4, 70)
    ]
    assert found.total == 1


def test_the_smallest_blank_that_serves_both_eyes_is_chosen():
    product = lens(made=False)
    lens_range(product, diameter_mm=75)
    lens_range(product, diameter_mm=65)
    assert finder.find(demand(), TODAY).offers[0].diameter_mm == 65


def test_the_blank_counts_the_larger_decentration_twice():
    product = lens(made=False)
    lens_range(product, diameter_mm=64)
    assert demand().blank(Eye.LEFT).diameter_mm == Decimal(65)
    assert finder.find(demand(), TODAY).total == 0
    assert reasons(product, demand()) == ("Left: Blank of 65.0 mm needed: made to 64 mm.",)


def test_a_trace_asks_for_less_blank_than_the_rule():
    """A shape that is short on the temporal side needs no room where the rule of thumb leaves it."""
    radii = Shape.circle(Decimal(55)).radii_mm
    oval = [round(float(radius) * 100) for radius in radii]
    for place in range(22, 51):  # 180 degrees is temporal in the right eye
        oval[place] = 2000
    traced = replace(KAROO, trace={"right": {"radii": oval, "angles": None, "traced": "F"}})
    by_trace, by_rule = (demand(frame, height="19").blank(Eye.RIGHT) for frame in (traced, KAROO))
    assert (by_trace.is_traced, by_rule.is_traced) == (True, False)
    assert by_rule.diameter_mm == Decimal(64)
    assert by_trace.diameter_mm < by_rule.diameter_mm


def test_a_frame_two_millimetres_too_shallow_is_refused_with_both_numbers():
    product = lens()
    shallow = replace(KAROO, b_mm=Decimal(26))
    assert reasons(product, demand(shallow, height="18")) == (
        "8 mm above the fitting cross: at least 10.0 mm needed.".replace("10.0", str(product.minimum_above_mm)),
    )
    assert finder.find(demand(shallow, height="18"), TODAY).total == 0


def test_a_fitting_height_below_the_design_is_refused():
    assert "at least 18" in reasons(lens(), demand(height="17.5"))[0]


@pytest.mark.parametrize(
    ("limits", "word"),
    [
        ({"sphere_min": Decimal("-2.00")}, "Right: Sphere −2.25"),
        ({"cylinder_min": Decimal("-0.50")}, "Right: Cylinder −0.75"),
        ({"combined_min": Decimal("-2.75")}, "Right: Sphere and cylinder together −3.00"),
        ({"add_max": Decimal("1.75")}, "Add +2.00"),
    ],
)
def test_each_limit_of_the_range_is_named(limits, word):
    product = lens(made=False)
    lens_range(product, **limits)
    assert reasons(product, demand())[0].startswith(word)
    assert finder.find(demand(), TODAY).total == 0


def test_the_ends_of_a_range_are_made():
    product = lens(made=False)
    lens_range(
        product,
        sphere_min=Decimal("-2.25"),
        cylinder_min=Decimal("-0.75"),
        combined_min=Decimal("-3.00"),
        add_max=Decimal("2.00"),
        diameter_mm=65,
    )
    assert reasons(product, demand()) == ()
    assert finder.find(demand(), TODAY).total == 1


def test_prism_beyond_the_range_is_refused():
    product = lens(made=False)
    lens_range(product, prism_max=Decimal(2))
    right = replace(demand().eyes[Eye.RIGHT], prism=Prism(Decimal("2.5"), Decimal(0)))
    assert reasons(product, Demand({Eye.RIGHT: right}, KAROO)) == ("Prism 2.50: made to 2.00.",)


def test_a_multifocal_without_an_add_is_refused_and_single_vision_is_not():
    progressive, single = lens(), lens(design=LensDesign.SINGLE_VISION, minimum_fitting_height_mm=None)
    assert [one.product for one in finder.find(demand(add=None), TODAY).offers] == [single]
    assert reasons(progressive, demand(add=None)) == ("This design needs an add.",)


def test_heights_do_not_matter_to_single_vision():
    single = lens(design=LensDesign.SINGLE_VISION)
    assert reasons(single, demand(add=None, height="10")) == ()
    assert finder.find(demand(add=None, height="10"), TODAY).total == 1


def test_what_is_discontinued_or_not_yet_sold_is_not_offered_and_says_so():
    gone = lens(discontinued_on=TODAY)
    coming = lens(available_from=date(2026, 12, 1))
    assert finder.find(demand(), TODAY).total == 0
    assert (reasons(gone, demand()), reasons(coming, demand())) == (("Discontinued.",), ("Not available yet.",))


def test_without_frame_and_measurements_only_the_powers_decide():
    lens()
    bare = Demand({eye: EyeDemand(need.power) for eye, need in demand()})
    assert finder.find(bare, TODAY).total == 1


def test_surcharges_fall_on_the_lens_that_needs_them():
    product = lens(price=Decimal(1000))
    PriceBand.objects.create(
        product=product,
        quantity=BandQuantity.SPHERE,
        from_dioptres=Decimal("2.25"),
        to_dioptres=Decimal("4.00"),
        cost=Decimal(50),
        price=Decimal(120),
    )
    priced = finder.find(demand(), TODAY).offers[0].priced
    assert (priced.price, priced.of("surcharge")) == (Decimal(2120), Decimal(120))
    assert [(part.eye, part.label) for part in priced.parts if part.kind == "surcharge"] == [
        (Eye.RIGHT, "High sphere 2.25 to 4.00")
    ]


def test_a_higher_index_is_thinner_at_the_edge():
    low, high = lens(index_nd=Decimal("1.50")), lens(index_nd=Decimal("1.67"))
    thick, thin = finder.thickness(low, demand())[Eye.RIGHT], finder.thickness(high, demand())[Eye.RIGHT]
    assert thin.thickest_edge_mm < thick.thickest_edge_mm


def test_the_database_and_the_pure_rule_agree_on_a_thousand_random_pairs():
    chance = random.Random(20261120)
    quarter = [Decimal(step) / 4 for step in range(-40, 33)]
    products = []
    for _n in range(40):
        product = lens(
            made=False,
            design=chance.choice(LensDesign.values[:5]),
            minimum_fitting_height_mm=chance.choice([None, Decimal(16), Decimal(18)]),
            minimum_above_mm=chance.choice([None, Decimal(8), Decimal(12)]),
        )
        for _row in range(chance.randrange(3)):
            low, high = sorted(chance.sample(quarter, 2))
            lens_range(
                product,
                diameter_mm=chance.choice([60, 65, 70, 75]),
                sphere_min=low,
                sphere_max=high,
                cylinder_min=chance.choice([Decimal(0), Decimal(-2), Decimal(-4)]),
                combined_min=chance.choice([None, Decimal(-6)]),
                prism_max=chance.choice([Decimal(0), Decimal(3)]),
                add_min=chance.choice([None, Decimal(1)]),
                add_max=chance.choice([None, Decimal(2)]),
            )
        products.append(product)
    loaded = LensProduct.objects.prefetch_related("ranges")
    for _n in range(25):
        wanted = _random_demand(chance, quarter)
        by_rule = {product.pk for product in loaded if not reasons(product, wanted)}
        assert set(finder.makeable(wanted, TODAY).values_list("pk", flat=True)) == by_rule


def _random_demand(chance: random.Random, quarter: list[Decimal]) -> Demand:
    eyes = {}
    add = chance.choice([None, Decimal(1), Decimal("2.25")])
    for eye in chance.choice([[Eye.RIGHT], [Eye.RIGHT, Eye.LEFT]]):
        cylinder = chance.choice([None, Decimal("-1.25"), Decimal("2.50"), Decimal("-4.25")])
        power = EyePower(chance.choice(quarter), cylinder, 90 if cylinder else None, add)
        prism = Prism(chance.choice([Decimal(0), Decimal(2)]), Decimal(0))
        height = chance.choice([None, Decimal(17), Decimal(18), Decimal(24)])
        eyes[eye] = EyeDemand(power, prism, Decimal(chance.choice([28, 32])), height)
    frame = chance.choice([None, KAROO, replace(KAROO, b_mm=Decimal(28))])
    return Demand(eyes, frame)


def test_the_number_of_queries_does_not_grow_with_the_products(django_assert_num_queries):
    for _n in range(3):
        lens()
    with django_assert_num_queries(5):
        finder.find(demand(), TODAY)
    for _n in range(20):
        lens()
    with django_assert_num_queries(5):
        assert finder.find(demand(), TODAY).total == 23


@pytest.mark.parametrize("index", ["1.500", "1.600", "1.650", "1.900"])
@pytest.mark.parametrize("add", [None, "+2.00"])
def test_the_lens_nearest_to_an_index_is_found_for_each_family(index: str, add: str | None) -> None:
    for design in (LensDesign.SINGLE_VISION, LensDesign.PROGRESSIVE):
        for family, prices in (("Alpha", (900, 700, 2000)), ("Beta", (600, 800, 1000)), ("", (500,))):
            for nd, price in zip(("1.500", "1.600", "1.670"), prices, strict=False):
                lens(family=family, name=f"{family} {nd}", design=design, index_nd=Decimal(nd), price=Decimal(price))
    lens(made=False, family="Gamma", design=LensDesign.PROGRESSIVE)
    wanted = demand(add=add)
    for design in LensDesign.values:
        expected = [
            (one.name, one.nearest(Decimal(index)).pk, one.nearest(Decimal(index)).price)
            for one in finder.families(wanted, TODAY)
            if one.design == design
        ]
        found = finder.nearest_of_each(wanted, When(TODAY), design, Decimal(index))
        assert set(found) == set(expected)
        assert [one.price for one in found] == sorted(one.price for one in found)
        assert bool(found) == (design == "single_vision" or (design == "progressive" and add is not None))
