"""Rows that belong to records are read along as Django would read them, by a kept query."""

from typing import Any

import pytest

from catalogue.models import LensProduct
from core.along import read_along
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lenses() -> list[LensProduct]:
    wide, bare = factories.lens(), factories.lens(made=False)
    factories.lens_range(wide, diameter_mm=65)
    for code, price in (("CS", 625), ("HC", 450)):
        wide.add_ons.create(code=code, name=code, supplier=wide.supplier, kind="coating", cost=100, price=price)
    return [LensProduct.objects.get(pk=one.pk) for one in (wide, bare)]


def test_they_are_those_that_django_reads_in_its_order(lenses: list[LensProduct]) -> None:
    wide, bare = lenses
    own = list(wide.ranges.all()), list(wide.add_ons.all())
    read_along(lenses, "ranges", "add_ons")
    assert (list(wide.ranges.all()), list(wide.add_ons.all())) == own
    assert [one.diameter_mm for one in wide.ranges.all()] == [65, 70]
    assert not bare.ranges.all() and not bare.add_ons.all()


def test_each_name_is_asked_for_once(lenses: list[LensProduct], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        read_along(lenses, "ranges", "add_ons")
        read_along(lenses, "ranges", "add_ons")
        assert [one.product for one in lenses[0].ranges.all()] == [lenses[0], lenses[0]]
        assert len(lenses[0].add_ons.all()) == 2


def test_a_narrower_question_is_asked_anew_and_of_the_one_record(lenses: list[LensProduct]) -> None:
    other = factories.lens()
    read_along([*lenses, other], "ranges")
    assert [one.product_id for one in lenses[0].ranges.filter(diameter_mm=70)] == [lenses[0].pk]
