"""The finder over a whole supplier's catalogue: the same answers with and without price lists, a fixed number of queries."""

from datetime import date
from decimal import Decimal

import pytest

from bench import lenses as many
from catalogue import finder
from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.models import LensProduct
from catalogue.services import pricelists
from catalogue.services.pricelists import Amounts, ListData
from lensmath.powers import EyePower
from lensmath.prism import Eye
from tests.factories import branch, staff

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 5)


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
