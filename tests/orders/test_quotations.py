"""What a quotation costs, when a discount needs a second person, and what the next version does to the last."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from branches.roles import Role
from catalogue.services import pricelists
from catalogue.services.pricelists import Amounts, ListData, Span
from core.actor import system
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, StaleRecord
from orders import pricing
from orders.discounts import Discount
from orders.models import LensSpecification, LineKind, Order, OrderState, Purpose, Quotation, QuotationState
from orders.selectors import pricemoves
from orders.services import common, orders, quotations
from orders.services.quotations import QuoteRequest
from records.models import Event
from tests import factories
from tests.orders import makers

pytestmark = pytest.mark.django_db


def test_the_same_lens_for_both_eyes_is_one_line_of_two() -> None:
    shop = makers.shop()
    exam = makers.service()
    quotation = makers.quoted(shop, QuoteRequest(services=[pricing.ServiceItem(exam.pk)]))
    rows = list(quotation.lines.values_list("description", "quantity", "unit_price", "net", "tax"))
    assert rows == [
        ("Karoo 214, havana", 1, Decimal("2450.00"), Decimal("2450.00"), Decimal("319.57")),
        ("Vista HD progressive 1.60", 2, Decimal("3190.00"), Decimal("6380.00"), Decimal("832.17")),
        ("ClearShield anti-reflection", 2, Decimal("625.00"), Decimal("1250.00"), Decimal("163.04")),
        ("Eye examination", 1, Decimal("690.00"), Decimal("690.00"), Decimal("90.00")),
    ]
    assert (quotation.subtotal, quotation.total, quotation.tax) == (
        Decimal("10770.00"), Decimal("10770.00"), Decimal("1404.78"),
    )  # fmt: skip
    assert quotation.deposit_required == Decimal("5385.00")


def test_tax_on_top_is_added_per_line() -> None:
    shop = makers.shop(prices_include_tax=False, tax_percent=Decimal("19.00"))
    quotation = makers.quoted(shop)
    assert [line.tax for line in quotation.lines.all()] == [Decimal("465.50"), Decimal("1212.20"), Decimal("237.50")]
    assert quotation.total == Decimal("10080.00") + Decimal("1915.20")


def test_two_different_lenses_are_two_lines_named_by_eye() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    specification = LensSpecification.objects.get(order=order)
    specification.left = makers.lens("3500.00")
    specification.save()
    lines = {line.key: line for line in pricing.lines_of(order)}
    right, left = specification.right, specification.left
    assert right is not None and left is not None
    assert (lines[f"lens-{right.pk}:right"].unit_price, lines[f"lens-{right.pk}:right"].eye) == (
        Decimal("3190.00"),
        "right",
    )
    assert lines[f"lens-{left.pk}:left"].quantity == 1


def test_a_strong_eye_alone_pays_its_surcharge() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    product = LensSpecification.objects.get(order=order).right
    assert product is not None
    makers.band(product, "sphere", "2.25", "4.00", "400.00")
    lines = [line for line in pricing.lines_of(order) if line.kind == "surcharge"]
    assert [(line.key, line.unit_price) for line in lines] == [
        (f"surcharge-{product.pk}-sphere-2.25:right", Decimal("400.00"))
    ]


def test_a_surcharge_of_a_price_list_holds_from_its_day_and_the_waiting_quotation_shows_what_moved() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    order, today = quotation.order, makers.timezone.localdate()
    product = LensSpecification.objects.get(order=order).right
    assert product is not None
    keeper = factories.staff(Role.FRAME_CONTROLLER, shop.branch)
    made = pricelists.begin(keeper, ListData("Spring", today + timedelta(days=1)))
    span = Span("sphere", Decimal("2.25"), Decimal("4.00"))
    pricelists.fill(made, [Amounts(product, Decimal("99.95"), Decimal("40.10"), span)])
    pricelists.publish(keeper, made.pk)
    key = f"surcharge-{product.pk}-sphere-2.25:right"
    assert key not in {line.key for line in pricing.lines_of(order)}
    lines = {line.key: line for line in pricing.lines_of(order, on=today + timedelta(days=1))}
    assert (lines[key].unit_price, lines[key].unit_cost) == (Decimal("99.95"), Decimal("40.10"))
    assert not quotation.lines.filter(kind="surcharge").exists()
    pricelists.change(keeper, made.pk, ListData("Spring", today))
    moved = pricemoves.since(order, quotation)
    assert moved is not None
    assert [(row.then, row.now) for row in moved.rows] == [(None, Decimal("99.95"))]


def test_reading_lenses_are_charged_for_the_power_they_are_made_in() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    specification = LensSpecification.objects.get(order=order)
    assert specification.right is not None
    makers.band(specification.right, "sphere", "2.25", "4.00", "400.00")
    LensSpecification.objects.update(purpose=Purpose.NEAR)  # -2.25 add +2.00 reads with -0.25
    assert [line for line in pricing.lines_of(order) if line.kind == "surcharge"] == []


def test_a_discount_within_the_own_limit_is_taken_with_its_reason() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop, QuoteRequest([Discount("frame", "loyalty", percent=Decimal(10))]))
    line = quotation.lines.get(key="frame")
    assert (line.discount, line.net, line.discount_reason) == (Decimal("245.00"), Decimal("2205.00"), "loyalty")
    assert line.discount_approved_by_id is None
    assert quotation.discount == Decimal("245.00")
    assert quotation.total == quotation.subtotal - Decimal("245.00")


def test_a_discount_above_the_limit_needs_a_second_person_who_may() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    asked = [Discount("frame", "damaged box", percent=Decimal(20))]
    with pytest.raises(DomainError) as refused:
        quotations.make(shop.optician, order.pk, QuoteRequest(asked))
    assert "20 %" in refused.value.fields["second_email"]
    assert Quotation.objects.count() == 0
    other_optician = makers.factories.staff("dispensing_optician", shop.branch)
    with pytest.raises(DomainError):
        quotations.make(shop.optician, order.pk, QuoteRequest(asked, second_person_id=other_optician.user_id))
    with pytest.raises(DomainError, match="Another person"):
        quotations.make(shop.optician, order.pk, QuoteRequest(asked, second_person_id=shop.optician.user_id))
    quotation = quotations.make(shop.optician, order.pk, QuoteRequest(asked, second_person_id=shop.manager.user_id))
    assert quotation.lines.get(key="frame").discount_approved_by_id == shop.manager.user_id


def test_an_amount_off_counts_against_the_limit_by_its_percentage() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    with pytest.raises(DomainError):
        quotations.make(shop.optician, order.pk, QuoteRequest([Discount("frame", "scratch", amount=Decimal("245.25"))]))
    made = quotations.make(shop.optician, order.pk, QuoteRequest([Discount("frame", "scratch", amount=Decimal(245))]))
    assert made.lines.get(key="frame").net == Decimal("2205.00")


@pytest.mark.parametrize(
    ("discount", "word"),
    [
        (Discount("frame", "", percent=Decimal(5)), "reason"),
        (Discount("frame", "x", percent=Decimal(-5)), "negative"),
        (Discount("frame", "x", amount=Decimal("2450.01")), "larger"),
    ],
)
def test_a_discount_that_makes_no_sense_is_refused_at_its_line(discount: Discount, word: str) -> None:
    shop = makers.shop()
    with pytest.raises(DomainError) as refused:
        quotations.make(shop.optician, makers.order(shop).pk, QuoteRequest([discount]))
    assert word in refused.value.fields["discount:frame"]


def test_the_date_follows_from_lead_days_without_weekends_and_holidays() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    friday = datetime(2026, 12, 11, 8, 0, tzinfo=UTC)
    # Four working days: Mon 14, Tue 15, (Wed 16 Day of Reconciliation), Thu 17, Fri 18.
    assert quotations.proposed_date(order, friday) == date(2026, 12, 18)


def test_a_date_in_the_past_or_a_deposit_above_the_total_is_refused() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    yesterday = makers.timezone.localdate() - timedelta(days=2)
    with pytest.raises(DomainError) as refused:
        quotations.make(shop.optician, order.pk, QuoteRequest(promised_on=yesterday))
    assert "promised_on" in refused.value.fields
    with pytest.raises(DomainError) as refused:
        quotations.make(shop.optician, order.pk, QuoteRequest(deposit=Decimal("99999")))
    assert "deposit" in refused.value.fields
    assert Order.objects.get(pk=order.pk).state == OrderState.DRAFT


def test_an_empty_order_has_nothing_to_quote() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    order.frame_choice.delete()
    order.lens_specification.delete()
    with pytest.raises(DomainError, match="nothing to quote"):
        quotations.make(shop.optician, order.pk, QuoteRequest())


def test_a_later_version_replaces_the_earlier_and_counts_on() -> None:
    shop = makers.shop()
    first = makers.quoted(shop)
    second = quotations.make(shop.optician, first.order_id, QuoteRequest())
    first.refresh_from_db()
    assert (first.state, second.version, second.state) == (QuotationState.REPLACED, 2, QuotationState.DRAFT)
    assert Event.objects.filter(kind="quotation.made", order_id=first.order_id).count() == 2


def test_a_quotation_made_after_a_correction_is_for_the_corrected_prescription() -> None:
    shop = makers.shop()
    first = makers.quoted(shop)
    assert first.order.prescription is not None
    corrected = makers.correct(first.order.prescription)
    second = quotations.make(shop.optician, first.order_id, QuoteRequest())
    assert Order.objects.get(pk=first.order_id).prescription_id == corrected.pk
    assert [row["version"] for row in second.inputs if row["type"] == "prescriptions.prescription"] == [2]


def test_a_receptionist_may_not_quote_and_a_stranger_does_not_see_it() -> None:
    shop, elsewhere = makers.shop(), makers.shop()
    order = makers.order(shop)
    with pytest.raises(NotAllowed):
        quotations.make(shop.receptionist, order.pk, QuoteRequest())
    with pytest.raises(NotVisible):
        quotations.make(elsewhere.optician, order.pk, QuoteRequest())
    assert Quotation.objects.count() == 0


def test_an_order_that_moved_since_the_page_was_opened_is_not_quoted() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    quotations.make(shop.optician, order.pk, QuoteRequest(version=1))
    with pytest.raises(StaleRecord):
        quotations.make(shop.optician, order.pk, QuoteRequest(version=1))
    assert Quotation.objects.count() == 1


def test_a_cancelled_order_is_not_quoted() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    orders.cancel(shop.optician, order.pk, "changed her mind")
    with pytest.raises(IllegalTransition):
        quotations.make(shop.optician, order.pk, QuoteRequest())


def test_quotations_past_their_validity_lapse_once() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    later = datetime.combine(quotation.valid_until + timedelta(days=1), datetime.min.time(), UTC) + timedelta(hours=12)
    assert quotations.lapse_expired(system(), later - timedelta(days=1)) == 0
    assert quotations.lapse_expired(system(), later) == 1
    assert quotations.lapse_expired(system(), later) == 0
    quotation.refresh_from_db()
    assert (quotation.state, quotation.order.state) == (QuotationState.LAPSED, OrderState.DRAFT)


def test_what_was_chosen_again_drops_the_live_quotation() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    order = common.lock(quotation.order_id)
    assert quotations.drop_live(order, shop.optician, "another frame")
    common.save(order)
    quotation.refresh_from_db()
    assert (quotation.state, Order.objects.get(pk=order.pk).state) == (QuotationState.REPLACED, OrderState.DRAFT)


def new_list(shop: makers.Shop, price: str, valid_from: date, item: object = None) -> None:
    """A published price list with one item: the lens of the quotation unless given."""
    keeper = factories.staff(Role.FRAME_CONTROLLER, shop.branch)
    product = item or LensSpecification.objects.get().right
    made = pricelists.begin(keeper, ListData("New", valid_from))
    pricelists.fill(made, [Amounts(product, Decimal(price))])  # type: ignore[arg-type]
    pricelists.publish(keeper, made.pk)


def test_a_quotation_takes_the_prices_of_the_list_that_holds_on_its_day() -> None:
    shop = makers.shop()
    order = makers.order(shop)
    today = common.today(shop.branch)
    new_list(shop, "3290.00", today)
    new_list(shop, "3990.00", today + timedelta(days=1))
    quotation = quotations.make(shop.optician, order.pk, QuoteRequest())
    assert quotation.lines.get(kind="lens").unit_price == Decimal("3290.00")
    later = {line.kind: line for line in pricing.lines_of(order, on=today + timedelta(days=1))}
    assert later[LineKind.LENS].unit_price == Decimal("3990.00")


def test_a_waiting_quotation_tells_what_has_moved_since_and_keeps_its_prices() -> None:
    shop = makers.shop()
    exam = makers.service()
    quotation = makers.quoted(shop, QuoteRequest(services=[pricing.ServiceItem(exam.pk)]))
    order = quotation.order
    assert pricemoves.since(order, quotation) is None
    new_list(shop, "3290.00", common.today(shop.branch))
    moves = pricemoves.since(order, quotation)
    assert moves is not None
    assert [(row.description, row.then, row.now) for row in moves.rows] == [
        ("Vista HD progressive 1.60", Decimal("6380.00"), Decimal("6580.00"))
    ]
    assert moves.difference == Decimal("200.00")
    quotation.refresh_from_db()
    assert quotation.total == Decimal("10770.00")
    again = quotations.make(shop.optician, order.pk, QuoteRequest(services=[pricing.ServiceItem(exam.pk)]))
    assert (again.total, pricemoves.since(order, again)) == (Decimal("10970.00"), None)


def test_an_approved_quotation_is_not_asked_about_prices_again() -> None:
    shop = makers.shop()
    quotation = makers.quoted(shop)
    quotation.state = QuotationState.APPROVED
    new_list(shop, "3290.00", common.today(shop.branch))
    assert pricemoves.since(quotation.order, quotation) is None
