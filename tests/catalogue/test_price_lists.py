"""Price lists with validity: which price holds on a day in a branch, and how a list comes and goes."""

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from branches.roles import Role
from catalogue import finder, pricebook
from catalogue.demand import Demand, EyeDemand
from catalogue.models import LensAddOn, LensProduct, PriceEntry, PriceList
from catalogue.pricebook import When
from catalogue.services import imports, pricelists
from catalogue.services.pricelists import Amounts, ListData
from core.errors import DomainError, IllegalTransition, NotAllowed
from lensmath.powers import EyePower
from lensmath.prism import Eye
from records.models import Event
from tests.factories import branch, frame, lens, staff, supplier, user

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def keeper(rosebank):
    return staff(Role.FRAME_CONTROLLER, rosebank)


def listed(keeper, amounts, valid_from=NEW_YEAR, valid_until=None, at=None, publish=True) -> PriceList:
    made = pricelists.begin(keeper, ListData("Prices", valid_from, valid_until, at.pk if at else None))
    pricelists.fill(made, amounts)
    return pricelists.publish(keeper, made.pk) if publish else made


def price_on(item, day, at=None) -> Decimal:
    when = When(day, at.pk if at else None)
    return pricebook.book(when, [item]).price(item)


def test_a_list_holds_from_its_first_to_its_last_day(keeper):
    one = lens(price=Decimal(3190))
    listed(keeper, [Amounts(one, Decimal(3290))], date(2026, 3, 1), date(2026, 3, 31))
    assert price_on(one, date(2026, 2, 28)) == Decimal(3190)
    assert price_on(one, date(2026, 3, 1)) == Decimal(3290)
    assert price_on(one, date(2026, 3, 31)) == Decimal(3290)
    assert price_on(one, date(2026, 4, 1)) == Decimal(3190)
    one.refresh_from_db()
    assert (one.price, one.version) == (Decimal(3190), 1)


def test_the_later_list_wins_and_the_branchs_own_before_it(keeper, rosebank):
    one, durban = lens(price=Decimal(100)), branch("DUR", name="Durban")
    listed(keeper, [Amounts(one, Decimal(110))], date(2026, 1, 1))
    listed(keeper, [Amounts(one, Decimal(130))], date(2026, 1, 1), at=rosebank)
    listed(keeper, [Amounts(one, Decimal(120))], date(2026, 2, 1))
    assert price_on(one, date(2026, 2, 2)) == Decimal(120)
    assert price_on(one, date(2026, 2, 2), rosebank) == Decimal(130)
    assert price_on(one, date(2026, 2, 2), durban) == Decimal(120)
    assert price_on(one, date(2026, 1, 2), durban) == Decimal(110)


def test_cost_and_price_come_from_lists_of_their_own(keeper):
    one = frame(price=Decimal(2450), cost=Decimal(900))
    listed(keeper, [Amounts(one, cost=Decimal(950))])
    listed(keeper, [Amounts(one, Decimal(2600))])
    found = pricebook.book(When(NEW_YEAR), [one])
    assert (found.price(one), found.cost(one)) == (Decimal(2600), Decimal(950))


def test_drafts_and_withdrawn_lists_count_for_nothing(keeper):
    one = lens(price=Decimal(100))
    draft = listed(keeper, [Amounts(one, Decimal(110))], publish=False)
    assert price_on(one, NEW_YEAR) == Decimal(100)
    pricelists.publish(keeper, draft.pk)
    assert price_on(one, NEW_YEAR) == Decimal(110)
    pricelists.withdraw(keeper, draft.pk)
    assert price_on(one, NEW_YEAR) == Decimal(100)
    with pytest.raises(IllegalTransition):
        pricelists.publish(keeper, draft.pk)
    assert [one.kind for one in Event.objects.filter(kind__startswith="catalogue.price_list").order_by("pk")] == [
        "catalogue.price_list_begun", "catalogue.price_list_published", "catalogue.price_list_withdrawn",
    ]  # fmt: skip


def test_the_finder_offers_and_sorts_by_the_price_of_the_day(keeper):
    cheap, dear = lens(design="single_vision", price=Decimal(100)), lens(design="single_vision", price=Decimal(200))
    listed(keeper, [Amounts(cheap, Decimal(300))])
    demand = Demand({eye: EyeDemand(EyePower(Decimal(-2))) for eye in Eye})
    assert [(one.product, one.price) for one in finder.find(demand, NEW_YEAR).offers] == [
        (dear, Decimal(400)), (cheap, Decimal(600)),
    ]  # fmt: skip
    [family] = finder.families(demand, NEW_YEAR)
    assert [one.price for one in family.variants] == [Decimal(300), Decimal(200)]


def test_a_suppliers_prices_move_by_a_percentage_and_are_rounded(keeper):
    one, other = frame(price=Decimal(2450)), frame(price=Decimal(990), supplier=supplier("OTH", "Other"))
    ended = frame(price=Decimal(500), discontinued_on=NEW_YEAR)
    made = pricelists.begin_moved(
        keeper, ListData("2026", NEW_YEAR, supplier_id=one.supplier_id), Decimal(5), Decimal(10)
    )
    assert list(made.entries.values_list("frame", "price", "cost")) == [(one.pk, Decimal(2570), None)]
    assert price_on(other, NEW_YEAR) == Decimal(990)
    assert price_on(ended, NEW_YEAR) == Decimal(500)


def test_single_prices_of_a_draft_are_put_and_taken_out(keeper):
    one = lens(code="L1")
    made = pricelists.begin(keeper, ListData("x", NEW_YEAR))
    pricelists.put(keeper, made.pk, "l1", Decimal(5), None)
    assert made.entries.get().lens == one
    pricelists.put(keeper, made.pk, "L1", None, None)
    assert not made.entries.exists()
    with pytest.raises(DomainError, match="no prices"):
        pricelists.publish(keeper, made.pk)
    with pytest.raises(DomainError) as refused:
        pricelists.put(keeper, made.pk, "moon", Decimal(5), None)
    assert refused.value.fields == {"code": "Nothing has this code."}


def test_a_list_whose_last_day_lies_before_its_first_is_refused(keeper):
    with pytest.raises(DomainError) as refused:
        pricelists.begin(keeper, ListData("x", NEW_YEAR, NEW_YEAR - timedelta(days=1)))
    assert set(refused.value.fields) == {"valid_until"}
    assert not PriceList.objects.exists()


def test_the_database_refuses_an_entry_of_two_items_or_none(keeper):
    made = pricelists.begin(keeper, ListData("x", NEW_YEAR))
    for fields in ({}, {"lens": lens(), "frame": frame()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PriceEntry.objects.create(price_list=made, price=1, **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        PriceEntry.objects.create(price_list=made, lens=lens())


def test_a_dispenser_may_not_make_a_list(rosebank):
    with pytest.raises(NotAllowed):
        pricelists.begin(staff(Role.DISPENSING_OPTICIAN, rosebank), ListData("x", NEW_YEAR))


# ------------------------------------------------------------------- import


def csv_of(rows) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([["Code", "Cost", "Price"], *rows])
    return out.getvalue().encode()


def imported(keeper, rows, **options):
    options = {"name": "2026", "valid_from": "2026-03-01"} | options
    batch = imports.upload(keeper, supplier("VIS", "Vista Lenses").pk, "prices.csv", csv_of(rows), "prices", options)
    return imports.dry_run(keeper, batch.pk, batch.columns)


def test_a_price_file_becomes_a_list_and_is_taken_back(keeper):
    one, two = lens(code="L1", price=Decimal(100), cost=Decimal(40)), lens(code="L2", price=Decimal(100))
    coat = LensAddOn.objects.create(code="AR", supplier=one.supplier, name="AR", kind="coating", cost=1, price=50)
    rows = [
        ["L1", "45", "120"],
        ["L2", "", "100"],
        ["AR", "", "60"],
        ["MOON", "", "1"],
        ["L1", "", "9"],
        ["L2", "", ""],
    ]
    batch = imported(keeper, rows)
    assert batch.counts == {"new": 0, "changed": 2, "same": 1, "rejected": 3, "part": 0}
    assert not PriceList.objects.exists()
    imports.apply(keeper, batch.pk)
    made = PriceList.objects.get()
    assert (made.state, made.valid_from, made.supplier, made.entries.count()) == (
        "published", date(2026, 3, 1), one.supplier, 2,
    )  # fmt: skip
    assert (price_on(one, date(2026, 2, 28)), price_on(one, date(2026, 3, 1))) == (Decimal(100), Decimal(120))
    assert pricebook.book(When(date(2026, 3, 1)), [one]).cost(one) == Decimal(45)
    assert (price_on(two, date(2026, 3, 1)), price_on(coat, date(2026, 3, 1))) == (Decimal(100), Decimal(60))
    imports.take_back(keeper, batch.pk)
    assert PriceList.objects.get().state == "withdrawn"
    assert price_on(one, date(2026, 3, 1)) == Decimal(100)


def test_a_price_file_whose_list_was_changed_is_not_taken_back(keeper):
    lens(code="L1", price=Decimal(100))
    batch = imports.apply(keeper, imported(keeper, [["L1", "", "120"]]).pk)
    made = PriceList.objects.get()
    pricelists.change(keeper, made.pk, ListData("renamed", made.valid_from))
    with pytest.raises(DomainError) as refused:
        imports.take_back(keeper, batch.pk)
    assert refused.value.code == "touched"
    assert PriceList.objects.get().state == "published"


def test_a_price_file_says_from_when_it_holds(keeper):
    lens(code="L1")
    with pytest.raises(DomainError) as refused:
        imported(keeper, [["L1", "", "120"]], valid_from=None)
    assert set(refused.value.fields) == {"valid_from"}


# ------------------------------------------------------------------- pages


def test_the_pages_lead_from_a_percentage_to_a_published_list(client, rosebank):
    client.force_login(user(Role.FRAME_CONTROLLER, rosebank))
    one = lens(code="L1", price=Decimal(1000))
    today = timezone.localdate()
    sent = {"name": "New year", "supplier": one.supplier_id, "percent": "5", "round_to": "10", "valid_from": today}
    answer = client.post(reverse("catalogue:new_price_list"), sent)
    assert answer.status_code == 303, answer.context["form"].errors
    made = PriceList.objects.get()
    shown = client.get(answer["Location"]).content.decode()
    assert "1 050.00" in shown.replace("\xa0", " ").replace("\u202f", " ")
    assert (
        client.post(reverse("catalogue:price_list", args=[made.pk]), {"code": "L1", "price": "1100"}).status_code == 303
    )
    answer = client.post(reverse("catalogue:price_list", args=[made.pk]), {"code": "moon", "price": "1"})
    assert answer.status_code == 422
    assert "nothing has this code." in answer.content.decode()
    assert client.post(reverse("catalogue:publish_price_list", args=[made.pk])).status_code == 303
    assert price_on(LensProduct.objects.get(), today) == Decimal(1100)
    changed = {"name": "Later", "valid_from": today + timedelta(days=3), "_version": PriceList.objects.get().version}
    assert client.post(reverse("catalogue:change_price_list", args=[made.pk]), changed).status_code == 303
    assert "Holds later" in client.get(reverse("catalogue:price_lists")).content.decode()
    assert client.post(reverse("catalogue:withdraw_price_list", args=[made.pk])).status_code == 303
    assert "Withdrawn" in client.get(reverse("catalogue:price_lists")).content.decode()
