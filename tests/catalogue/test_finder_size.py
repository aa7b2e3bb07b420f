"""The finder over a whole supplier's catalogue: the same answers with and without price lists, a fixed number of queries."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bench import lenses as many
from catalogue import finder, pricebook
from catalogue.assessing import needs_of, ranges_of
from catalogue.availability import assess
from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.models import LensProduct, PriceBand
from catalogue.pricebook import When
from catalogue.pricing import price_of
from catalogue.services import pricelists
from catalogue.services.pricelists import Amounts, ListData, Span
from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism
from tests.factories import branch, staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 5)
BANDS = {
    "sphere": [(Decimal(4), Decimal(6), Decimal(20)), (Decimal("6.25"), Decimal(8), Decimal(40))],
    "cylinder": [(Decimal("2.25"), Decimal(4), Decimal(10))],
    "prism": [(Decimal("0.25"), Decimal(3), Decimal(15))],
    "add": [(Decimal(3), Decimal(4), Decimal(5))],
    "diameter": [(Decimal(66), Decimal(70), Decimal(60)), (Decimal(71), Decimal(80), Decimal(90))],
}


def demand() -> Demand:
    power = EyePower(Decimal("2.00"), Decimal("-0.75"), 90, Decimal(2))
    frame = FrameSizes(Decimal(52), Decimal(38), Decimal(18), Decimal(55))
    return Demand({eye: EyeDemand(power, far_pd_mm=Decimal("31.5"), height_mm=Decimal(18)) for eye in Eye}, frame)


def test_a_large_catalogue_is_searched_in_a_fixed_number_of_queries(django_assert_num_queries, monkeypatch) -> None:
    monkeypatch.setattr(many, "PRODUCTS", 600)
    many.load()
    with django_assert_num_queries(5):
        found = finder.find(demand(), TODAY, most=50)
    # heights 14 to 21 in turn, of which 14 to 18 go in; single vision does not ask
    fitting = [
        one
        for one in LensProduct.objects.all()
        if not one.is_multifocal or one.minimum_fitting_height_mm <= Decimal(18)
    ]
    assert (found.total, len(found.offers)) == (len(fitting), 50)
    assert [one.product.price for one in found.offers] == sorted(one.price for one in fitting)[:50]
    with django_assert_num_queries(2):
        families = finder.families(demand(), TODAY)
    assert sum(len(one.variants) for one in families) == len(fitting)


def plainly(wanted: Demand, when: When) -> list[tuple[int, Decimal, Decimal, tuple[str, ...], int]]:
    """The offers found one product after the other by the rules alone, each with all its rows."""
    found = []
    for product in LensProduct.objects.prefetch_related("bands", "ranges"):
        if finder.reasons_against(product, wanted, when.day):
            continue
        priced = price_of(product, product, (), wanted, pricebook.book(when, [product]))
        chosen = [assess(need, ranges_of(product)).chosen for need in needs_of(wanted).values()]
        blank = max(int(one.diameter_mm) for one in chosen if one)
        found.append((product.pk, priced.price, priced.cost, tuple(part.label for part in priced.parts), blank))
    return sorted(found, key=lambda row: (row[1], row[0]))


def asked_anyhow(chance: random.Random) -> Demand:
    eyes = {}
    add = chance.choice([None, Decimal(2), Decimal("3.25")])
    for eye in chance.choice([[Eye.RIGHT], [Eye.LEFT, Eye.RIGHT]]):
        cylinder = chance.choice([None, Decimal("-1.25"), Decimal("2.375"), Decimal("-4.25")])
        power = EyePower(Decimal(chance.randint(-34, 26)) / 4, cylinder, 90 if cylinder else None, add)
        prism = Prism(chance.choice([Decimal(0), Decimal("1.5")]), Decimal(0))
        eyes[eye] = EyeDemand(power, prism, Decimal(chance.randint(27, 35)), chance.choice([None, Decimal(16)]))
    frame = FrameSizes(Decimal(52), Decimal(chance.choice([25, 38])), Decimal(18), Decimal(55))
    return Demand(eyes, chance.choice([None, frame]))


def test_the_finder_answers_as_the_rules_do_one_product_after_the_other(monkeypatch) -> None:
    """Powers, prisms, blanks and heights at random, with surcharges of the lenses and of a list: the same offers, prices,
    costs, surcharges, blanks and order."""
    monkeypatch.setattr(many, "PRODUCTS", 60)
    many.load()
    chance, keeper = random.Random(7), staff("frame_controller", branch())
    products = list(LensProduct.objects.order_by("pk"))
    for product in products[::3]:
        for quantity, ends in BANDS.items():
            PriceBand.objects.bulk_create(
                PriceBand(
                    product=product, quantity=quantity, from_dioptres=low, to_dioptres=high, price=price, cost=price / 2
                )
                for low, high, price in ends
            )
    made = pricelists.begin(keeper, ListData("Spring", TODAY))
    spans = [Span("sphere", Decimal(2), Decimal("4.75")), Span("sphere", Decimal(5), Decimal(9))]
    rows = [Amounts(one, Decimal(33), None, span) for one in products[::4] for span in spans]
    rows += [Amounts(one, None, Decimal(7), Span("cylinder", Decimal(1), Decimal(3))) for one in products[::5]]
    pricelists.fill(made, [*rows, *(Amounts(one, Decimal(700)) for one in products[::9])])
    pricelists.publish(keeper, made.pk)
    offered = 0
    for day in (TODAY - timedelta(days=1), TODAY):
        for _time in range(12):
            wanted = asked_anyhow(chance)
            found = finder.find(wanted, day, most=100)
            assert [
                (
                    one.product.pk,
                    one.price,
                    one.priced.cost,
                    tuple(part.label for part in one.priced.parts),
                    one.diameter_mm,
                )
                for one in found.offers
            ] == plainly(wanted, When(day))
            offered += found.total
    assert offered > 200


def test_one_listed_price_moves_one_lens_and_no_other(monkeypatch) -> None:
    monkeypatch.setattr(many, "PRODUCTS", 40)
    many.load()
    before = [one.product.pk for one in finder.find(demand(), TODAY).offers]
    keeper = staff("frame_controller", branch())
    made = pricelists.begin(keeper, ListData("Dearer", TODAY))
    pricelists.fill(made, [Amounts(LensProduct.objects.get(pk=before[0]), Decimal(99_999))])
    pricelists.publish(keeper, made.pk)
    after = finder.find(demand(), TODAY)
    assert [one.product.pk for one in after.offers] == [*before[1:], before[0]]
    assert after.offers[-1].price == Decimal(199_998)
