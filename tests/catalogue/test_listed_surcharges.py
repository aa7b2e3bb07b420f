"""Surcharges in price lists: which table holds on a day, exact amounts on both sides of it, entry by hand and by file."""

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from branches.roles import Role
from catalogue import finder, pricebook
from catalogue.demand import Demand, EyeDemand, FrameSizes
from catalogue.models import LensProduct, PriceBand, PriceEntry, PriceList
from catalogue.pricebook import When
from catalogue.pricing import price_of
from catalogue.services import imports, pricelists
from catalogue.services.pricelists import Amounts, ListData, Span
from core.errors import DomainError
from lensmath.powers import EyePower
from lensmath.prism import Eye, Prism
from records.models import Event
from tests.factories import branch, lens, staff, supplier, user

pytestmark = pytest.mark.django_db
BEFORE, CHANGE, LAST, AFTER = date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)
BOTH = "price", "cost"


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def keeper(rosebank):
    return staff(Role.FRAME_CONTROLLER, rosebank)


def number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def own(product: LensProduct, quantity: str, least: str, most: str, price: str, cost: str = "0") -> PriceBand:
    ends = {"from_dioptres": Decimal(least), "to_dioptres": Decimal(most)}
    return PriceBand.objects.create(
        product=product, quantity=quantity, price=Decimal(price), cost=Decimal(cost), **ends
    )


def band(
    item: LensProduct, quantity: str, least: str, most: str, price: str | None, cost: str | None = None
) -> Amounts:
    return Amounts(item, number(price), number(cost), Span(quantity, Decimal(least), Decimal(most)))


def listed(keeper, amounts, first=CHANGE, last=LAST, at=None) -> PriceList:
    made = pricelists.begin(keeper, ListData("Spring", first, last, at.pk if at else None))
    pricelists.fill(made, amounts)
    return pricelists.publish(keeper, made.pk)


def pair(right: str = "-5.00", left: str = "-1.00", prism: str = "0") -> Demand:
    powers = {Eye.RIGHT: right, Eye.LEFT: left}
    return Demand({eye: EyeDemand(EyePower(Decimal(text)), Prism(Decimal(prism))) for eye, text in powers.items()})


def charged(product: LensProduct, day: date, demand: Demand | None = None, at=None) -> tuple[Decimal, Decimal]:
    """Price and cost of the surcharges of a pair."""
    book = pricebook.book(When(day, at.pk if at else None), [product])
    parts = [one for one in price_of(product, product, (), demand or pair(), book).parts if one.kind == "surcharge"]
    return sum((one.price for one in parts), Decimal(0)), sum((one.cost for one in parts), Decimal(0))


def test_a_listed_surcharge_holds_from_its_first_to_its_last_day(keeper):
    product = lens()
    own(product, "sphere", "4.00", "6.00", "250.00", "90.00")
    listed(keeper, [band(product, "sphere", "4.00", "6.00", "275.50", "99.95")])
    found = [charged(product, day) for day in (BEFORE, CHANGE, LAST, AFTER)]
    old, new = (Decimal("250.00"), Decimal("90.00")), (Decimal("275.50"), Decimal("99.95"))
    assert found == [old, new, new, old]
    assert product.bands.get().price == Decimal("250.00")


def test_a_listed_table_takes_the_place_of_the_whole_table_of_its_quantity(keeper):
    product = lens()
    own(product, "sphere", "4.00", "6.00", "250")
    own(product, "prism", "0.25", "3.00", "80")
    listed(keeper, [band(product, "sphere", "6.25", "8.00", "400")])
    assert charged(product, BEFORE, pair(prism="1")) == (Decimal(410), 0)
    assert charged(product, CHANGE, pair(prism="1")) == (Decimal(160), 0)
    assert charged(product, CHANGE, pair("-6.25", prism="1")) == (Decimal(560), 0)


def test_a_new_surcharge_and_the_end_of_one(keeper):
    new, ended = lens(), lens()
    own(ended, "sphere", "4.00", "20.00", "250")
    listed(keeper, [band(new, "sphere", "4.00", "6.00", "70"), band(ended, "sphere", "0", "50", "0")])
    assert [charged(new, day)[0] for day in (BEFORE, CHANGE)] == [0, Decimal(70)]
    assert [charged(ended, day)[0] for day in (BEFORE, CHANGE)] == [Decimal(250), 0]


def test_a_cost_list_and_a_price_list_have_tables_of_their_own(keeper):
    product = lens()
    own(product, "sphere", "4.00", "6.00", "250", "90")
    listed(keeper, [band(product, "sphere", "4.50", "6.00", None, "110")])
    assert charged(product, CHANGE) == (Decimal(250), Decimal(110))
    assert charged(product, CHANGE, pair("-4.25")) == (Decimal(250), 0)
    listed(keeper, [band(product, "sphere", "4.50", "6.00", "300")])
    assert charged(product, CHANGE) == (Decimal(300), Decimal(110))
    assert charged(product, CHANGE, pair("-4.25")) == (0, 0)


def test_the_later_table_wins_and_the_branchs_own_before_it(keeper, rosebank):
    product, durban = lens(), branch("DUR", name="Durban")
    listed(keeper, [band(product, "sphere", "4.00", "6.00", "10"), band(product, "sphere", "6.25", "8.00", "20")])
    listed(keeper, [band(product, "sphere", "4.00", "6.00", "30")], CHANGE, at=rosebank)
    listed(keeper, [band(product, "sphere", "4.00", "6.00", "40")], date(2026, 3, 2))
    day = date(2026, 3, 2)
    assert [charged(product, day, at=at)[0] for at in (rosebank, durban, None)] == [30, 40, 40]
    assert charged(product, CHANGE, at=durban)[0] == 10
    # no row of the earlier table is left in the later one
    assert charged(product, day, pair("-7.00"), at=durban)[0] == 0


def test_a_withdrawn_list_charges_nothing_any_more(keeper):
    product = lens()
    made = listed(keeper, [band(product, "sphere", "4.00", "6.00", "10")])
    pricelists.withdraw(keeper, made.pk)
    assert charged(product, CHANGE) == (0, 0)
    assert made.entries.get().price == 10


def test_a_large_blank_is_charged_by_the_least_blank_the_frame_asks_for(keeper):
    product = lens()
    listed(keeper, [band(product, "diameter", "66", "70", "120"), band(product, "diameter", "71", "80", "200")])
    frame = FrameSizes(Decimal(52), Decimal(38), Decimal(18), Decimal(55))
    eyes = {eye: EyeDemand(EyePower(Decimal(-2)), far_pd_mm=Decimal("30.5")) for eye in Eye}  # 55 + 2 x 4.5 + 2
    demand = Demand(eyes, frame)
    assert demand.blank(Eye.RIGHT).diameter_mm == 66
    assert charged(product, CHANGE, demand)[0] == 240
    assert charged(product, CHANGE, Demand(eyes, replace(frame, ed_mm=Decimal("59.5"))))[0] == 400  # 70.5
    assert charged(product, CHANGE, Demand(eyes, replace(frame, ed_mm=Decimal("54.5"))))[0] == 0
    assert charged(product, CHANGE, Demand(eyes))[0] == 0


def test_the_finder_prices_and_sorts_with_the_surcharges_of_the_day(keeper):
    cheap, dear = lens(design="single_vision", price=Decimal(100)), lens(design="single_vision", price=Decimal(120))
    own(cheap, "sphere", "4.00", "6.00", "30")
    listed(keeper, [band(cheap, "sphere", "4.00", "6.00", "50"), band(dear, "sphere", "8.00", "9.00", "1")])
    found = {day: finder.find(pair(), day).offers for day in (BEFORE, CHANGE)}
    assert [(one.product, one.price) for one in found[BEFORE]] == [(cheap, Decimal(230)), (dear, Decimal(240))]
    assert [(one.product, one.price) for one in found[CHANGE]] == [(dear, Decimal(240)), (cheap, Decimal(250))]


def test_the_finder_leaves_out_what_is_dear_only_with_its_surcharge():
    cheap = lens(design="single_vision", price=Decimal(100))
    own(cheap, "sphere", "4.00", "6.00", "90")
    others = [lens(design="single_vision", price=Decimal(110 + n)) for n in range(3)]
    found = finder.find(pair(), BEFORE, most=2)
    assert ([one.product for one in found.offers], found.total) == (others[:2], 4)


def test_a_supplier_moves_its_surcharges_along(keeper):
    product = lens(price=Decimal(1000))
    own(product, "sphere", "4.00", "6.00", "250")
    data = ListData("Spring", CHANGE, supplier_id=product.supplier_id)
    made = pricelists.begin_moved(keeper, data, Decimal(10), Decimal(10))
    assert list(made.entries.order_by("quantity").values_list("quantity", "from_dioptres", "to_dioptres", *BOTH)) == [
        ("", None, None, Decimal(1100), None), ("sphere", Decimal(4), Decimal(6), Decimal(280), None),
    ]  # fmt: skip
    plain = pricelists.begin_moved(keeper, data, Decimal(10), surcharges=False)
    assert list(plain.entries.values_list("quantity", flat=True)) == [""]


def test_surcharges_of_a_family_are_put_into_a_draft_changed_and_taken_out(keeper):
    one, two = lens(code="L1"), lens(code="L2")
    made = pricelists.begin(keeper, ListData("x", CHANGE))
    span = Span("sphere", Decimal(4), Decimal(6))
    pricelists.put(keeper, made.pk, "vista hd progressive", Decimal(5), None, span)
    pricelists.put(keeper, made.pk, "L1", Decimal(7), Decimal(3), replace(span, to_dioptres=Decimal(5)))
    assert list(made.entries.order_by("lens").values_list("lens", "to_dioptres", *BOTH)) == [
        (one.pk, Decimal(5), Decimal(7), Decimal(3)), (two.pk, Decimal(6), Decimal(5), None),
    ]  # fmt: skip
    told = Event.objects.filter(kind="catalogue.price_list_changed").latest("pk")
    assert (told.old, told.new) == (
        {"Vista HD progressive 1.60, Sphere 4.00 … 5.00": "5.00 / –"},
        {"Vista HD progressive 1.60, Sphere 4.00 … 5.00": "7.00 / 3.00"},
    )
    pricelists.put(keeper, made.pk, "L1", None, None, span)
    assert [entry.lens for entry in made.entries.all()] == [two]


@pytest.mark.parametrize(
    ("code", "span", "fields"),
    [
        ("moon", ("sphere", 4, 6), {"code"}),
        ("L1", ("weight", 4, 6), {"quantity"}),
        ("L1", ("sphere", None, None), {"from_dioptres", "to_dioptres"}),
        ("L1", ("sphere", 6, 4), {"from_dioptres"}),
        ("L1", ("sphere", 5, 9), {"from_dioptres"}),
    ],
)
def test_a_surcharge_that_cannot_be_is_refused_at_its_field(keeper, code, span, fields):
    product = lens(code="L1")
    made = pricelists.begin(keeper, ListData("x", CHANGE))
    pricelists.fill(made, [band(product, "sphere", "4.00", "6.00", "5")])
    quantity, least, most = span
    wanted = Span(quantity, least and Decimal(least), most and Decimal(most))
    with pytest.raises(DomainError) as refused:
        pricelists.put(keeper, made.pk, code, Decimal(9), None, wanted)
    assert set(refused.value.fields) == fields
    assert made.entries.get().price == 5


def test_the_database_refuses_a_band_without_ends_and_twice(keeper):
    made, product = pricelists.begin(keeper, ListData("x", CHANGE)), lens()
    good = {"quantity": "sphere", "from_dioptres": 4, "to_dioptres": 6, "price": 1}
    PriceEntry.objects.create(price_list=made, lens=product, **good)
    for fields in (good, good | {"from_dioptres": None}, good | {"to_dioptres": 3}, good | {"quantity": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PriceEntry.objects.create(price_list=made, lens=product, **fields)


# ------------------------------------------------------------------- import


def imported(keeper, rows):
    out = io.StringIO()
    csv.writer(out).writerows([["Code", "For", "From", "To", "Cost", "Price"], *rows])
    options = {"name": "Spring", "valid_from": "2026-03-01"}
    maker = supplier("VIS", "Vista Lenses")
    batch = imports.upload(keeper, maker.pk, "prices.csv", out.getvalue().encode(), "prices", options)
    return imports.dry_run(keeper, batch.pk, batch.columns)


def reasons(batch) -> dict[int, str]:
    rows = batch.rows.filter(verdict="rejected").order_by("row_number")
    return {row.row_number: row.problems[0]["reason"] for row in rows}


def test_a_price_file_brings_prices_and_surcharges_of_a_day(keeper):
    one, two = lens(code="L1", price=Decimal(100)), lens(code="L2", family="Office")
    own(one, "sphere", "4.00", "6.00", "250", "90")
    own(two, "prism", "0.25", "3.00", "80", "30")
    rows = [
        ["L1", "", "", "", "", "120"],
        ["Vista HD progressive", "sphere", "4", "6", "95", "260"],
        ["Vista HD progressive", "sph", "6.25", "8", "150", "400"],
        ["L2", "prism", "0.25", "3.00", "30.00", "80.00"],
    ]
    batch = imported(keeper, rows)
    assert batch.counts == {"new": 0, "changed": 3, "same": 1, "rejected": 0, "part": 0}
    assert not PriceList.objects.exists()
    imports.apply(keeper, batch.pk)
    assert PriceList.objects.get().entries.count() == 3
    assert [charged(one, day) for day in (BEFORE, CHANGE)] == [(250, 90), (260, 95)]
    assert charged(one, CHANGE, pair("-7.00")) == (400, 150)
    assert charged(two, CHANGE, pair(prism="1")) == (160, 60)
    imports.take_back(keeper, batch.pk)
    assert charged(one, CHANGE) == (250, 90)


def test_surcharges_for_one_quantity_stand_or_fall_together(keeper):
    product = lens(code="L1")
    rows = [
        ["L1", "sphere", "4", "6", "", "260"],
        ["L1", "sphere", "6", "8", "", "300"],
        ["L1", "cylinder", "4", "6", "", ""],
        ["Moon", "sphere", "4", "6", "", "1"],
        ["L1", "weight", "4", "6", "", "1"],
        ["Vista HD progressive", "prism", "1", "2", "", "1"],
        ["L1", "prism", "3", "4", "", "1"],
        ["L1", "", "4", "6", "", "1"],
        ["L1", "add", "3", "4", "", "15"],
    ]
    batch = imported(keeper, rows)
    found = reasons(batch)
    assert {number: found[number].split(",")[0][:40] for number in found} == {
        2: "Row 3 of this surcharge cannot be read",
        3: "This band overlaps another one.",
        4: "Neither a cost nor a price is written he",
        5: "No lens of this supplier has this family",
        6: "Not known. Use one of: add",
        8: "Vista HD progressive 1.60 is named by “v",
        9: "What is this a surcharge for?",
    }
    imports.apply(keeper, batch.pk)
    assert list(PriceEntry.objects.order_by("quantity").values_list("lens", "quantity", "price")) == [
        (product.pk, "add", Decimal(15)), (product.pk, "prism", Decimal(1)),
    ]  # fmt: skip


# ------------------------------------------------------------------- pages


def test_surcharges_are_entered_and_seen_on_the_pages(client, keeper, rosebank):
    client.force_login(user(Role.FRAME_CONTROLLER, rosebank))
    product = lens(code="L1")
    own(product, "sphere", "4.00", "6.00", "250")
    made = pricelists.begin(keeper, ListData("Spring", CHANGE))
    url = reverse("catalogue:price_list", args=[made.pk])
    sent = {"code": "L1", "quantity": "sphere", "from_dioptres": "4", "to_dioptres": "6", "price": "275.50"}
    assert client.post(url, sent | {"from_dioptres": "7"}).status_code == 422
    assert not made.entries.exists()
    assert client.post(url, sent).status_code == 303
    shown = client.get(url).content.decode()
    assert "L1 · Sphere 4.00 … 6.00" in shown
    assert "250.00" in shown
    assert "275.50" in shown
    pricelists.publish(keeper, made.pk)
    page = client.get(reverse("catalogue:lens", args=[product.pk])).content.decode()
    assert "In price lists" in page
    assert "275.50" in page
