"""Nothing leaves past a closed checkpoint; what leaves takes the order along."""

from datetime import date
from typing import Any

import pytest

from branches.scope import Scope
from cases.models import Case
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed, NotVisible
from inventory.models import Reservation
from labjobs.models import JobState
from labjobs.services import collection
from orders.models import Order
from orders.services import delivery
from records.models import Event, Review
from records.selectors import affected
from records.services import reviews
from records.services.reviews import Reopened
from shipping.models import Carrier, Shipment
from shipping.services import packing
from tests import factories
from tests.labjobs import makers as lab
from tests.labjobs.makers import Bench
from tests.shipping import makers
from tests.shipping.makers import ADDRESS, NUMBER, packing_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Bench:
    return lab.bench()


def refused(at: Bench, data: packing.PackData) -> list[str]:
    """Codes of what stands in the way; nothing was kept."""
    with pytest.raises(GateClosed) as closed:
        packing.pack(at.shop.receptionist, data)
    assert not Shipment.objects.exists()
    return [one.code for one in closed.value.missing]


def test_a_parcel_is_packed_with_every_checkpoint_kept(at: Bench) -> None:
    shipment = makers.packed(at)
    assert shipment.number == f"{shipment.order.number}-S1"
    assert [gate["code"] for gate in shipment.gates] == [
        "order",
        "payment",
        "quality",
        "address",
        "name",
        "items",
        "clear",
    ]
    assert (shipment.state, shipment.number_warning, shipment.recipient) == ("packed", "", "Thandi Mokoena")
    assert {line.scanned_code for line in shipment.lines.all()} == {"T-317"}
    assert shipment.lines.count() == 2
    assert Order.objects.get(pk=shipment.order_id).state == "ready"


def test_packing_and_handing_over_in_one_step_ships_the_order_and_tells_it(at: Bench) -> None:
    shipment = makers.sent(at, service="Standard")
    order = Order.objects.get(pk=shipment.order_id)
    assert (shipment.state, order.state, shipment.told) == ("handed_over", "shipped", ["shipped"])
    event = Event.objects.get(kind="shipment.shipped")
    assert event.data["tracking_link"] == f"https://www.ups.com/track?tracknum={NUMBER}"
    assert (event.data["carrier"], event.data["service"]) == ("UPS", "Standard")
    assert event.data["expected_on"] == shipment.expected_on.isoformat() if shipment.expected_on else False
    assert Reservation.objects.get().state == "consumed"


def test_money_that_is_due_keeps_the_parcel_here(at: Bench) -> None:
    job = makers.sendable(at, pay=False)
    assert refused(at, packing_of(job)) == ["payment"]


def test_an_order_that_is_not_ready_is_not_sent(at: Bench) -> None:
    job = lab.at_quality(at)
    makers.ship_carriers()
    codes = refused(at, packing_of(job))
    assert codes[:3] == ["order", "payment", "quality"]


def test_another_orders_tray_is_named_and_refused(at: Bench) -> None:
    job = makers.sendable(at)
    assert refused(at, packing_of(job, codes=("T-318",))) == ["wrong_item", "items", "items"]


def test_nothing_scanned_is_refused(at: Bench) -> None:
    assert refused(at, packing_of(makers.sendable(at), codes=())) == ["items", "items"]


def test_the_orders_own_code_and_the_frames_code_are_taken(at: Bench) -> None:
    job = makers.sendable(at)
    made = packing.pack(at.shop.receptionist, packing_of(job, codes=(f" ~{job.order.public_code.lower()} ",)))
    assert made.lines.count() == 2


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"postal_code": "ABC"}, ["address"]),
        ({"line1": "", "city": "", "postal_code": ""}, ["address"]),
        ({"name": "  "}, ["name"]),
        ({"country": "XX"}, ["address"]),
    ],
)
def test_a_wrong_address_or_no_name_is_refused(at: Bench, change: dict[str, str], codes: list[str]) -> None:
    job = makers.sendable(at)
    address = {**ADDRESS, "name": "Thandi Mokoena", **change}
    assert refused(at, packing_of(job, address=address)) == codes


def test_an_address_against_the_rules_may_be_kept_with_a_reason(at: Bench) -> None:
    address = {**ADDRESS, "name": "Thandi Mokoena", "postal_code": "ABC"}
    made = packing.pack(
        at.shop.receptionist, packing_of(makers.sendable(at), address=address, unverified="Farm, customer confirmed")
    )
    assert made.address_unverified == "Farm, customer confirmed"
    assert (
        next(gate["how"] for gate in made.gates if gate["code"] == "address")
        == "kept as typed: Farm, customer confirmed"
    )


def test_an_open_review_or_case_that_holds_collection_holds_the_parcel(at: Bench) -> None:
    job = makers.sendable(at)
    Case.objects.create(
        number="K-1", kind="failed_fitting", title="Does not fit", branch=at.shop.branch, subject_type="labjobs.job",
        subject_id=job.pk, order_id=job.order_id, blocks="collection", owner_role="dispensing_optician",
    )  # fmt: skip
    assert refused(at, packing_of(job)) == ["case"]


def test_a_decision_that_an_earlier_stage_rested_on_holds_the_parcel_too(at: Bench) -> None:
    job = makers.sendable(at)
    cause = Reopened(job.order, "d", "a", "b", "c", job.order, "receptionist", blocks="release", order_id=job.order_id)
    reviews.open_for(cause, at.shop.optician)
    assert refused(at, packing_of(job)) == ["review"]
    assert [one.code for one in collection.missing_for(job.order, job)].count("review") == 1


def test_a_wrong_check_digit_is_a_warning_and_impossible_signs_are_refused(at: Bench) -> None:
    job = makers.sendable(at)
    with pytest.raises(DomainError) as bad:
        packing.pack(at.shop.receptionist, packing_of(job, tracking_number="1Z<script>"))
    assert set(bad.value.fields) == {"tracking_number"}
    made = packing.pack(at.shop.receptionist, packing_of(job, tracking_number="1Z999AA10123456785"))
    assert (made.tracking_number, made.number_warning) == ("1Z999AA10123456785", "check_digit")


def test_the_same_items_are_not_packed_twice_until_the_first_parcel_is_unpacked(at: Bench) -> None:
    first = makers.packed(at)
    job = first.order.jobs.get()
    with pytest.raises(GateClosed) as closed:
        packing.pack(at.shop.receptionist, packing_of(job))
    assert [one.code for one in closed.value.missing] == ["items"]
    with pytest.raises(DomainError):
        packing.unpack(at.shop.receptionist, first.pk, " ")
    packing.unpack(at.shop.receptionist, first.pk, "Wrong box")
    second = packing.pack(at.shop.receptionist, packing_of(job))
    assert second.number.endswith("-S2")


def test_a_parcel_that_left_is_not_unpacked(at: Bench) -> None:
    shipment = makers.sent(at)
    with pytest.raises(IllegalTransition):
        packing.unpack(at.shop.receptionist, shipment.pk, "Too late")


def test_two_parcels_ship_the_order_when_the_last_has_left(at: Bench) -> None:
    job = makers.sendable(at)
    lines = [line.pk for line in job.order.quotations.get().lines.filter(kind__in=["frame", "lens"])]
    first = packing.pack(at.shop.receptionist, packing_of(job, lines=frozenset(lines[:1]), hand_over=True))
    assert Order.objects.get().state == "ready"
    second = packing.pack(
        at.shop.receptionist, packing_of(job, lines=frozenset(lines[1:]), hand_over=True, tracking_number="")
    )
    assert (first.lines.count(), second.lines.count()) == (1, len(lines) - 1)
    assert Order.objects.get().state == "shipped"


def test_the_expected_day_counts_working_days_of_the_service(at: Bench) -> None:
    carrier = Carrier(services=[{"name": "Express", "days": 1}])
    day = packing.expected_day(carrier, "Express", at.shop.branch)
    assert day is not None and day.weekday() < 5
    assert packing.expected_day(carrier, "Unknown", at.shop.branch) is None


def test_a_receptionist_of_another_branch_sees_no_order_and_a_technician_may_not_ship(at: Bench) -> None:
    job = makers.sendable(at)
    stranger = factories.staff("receptionist", factories.branch())
    with pytest.raises(NotVisible):
        packing.pack(stranger, packing_of(job))
    with pytest.raises(NotAllowed):
        packing.pack(at.technician, packing_of(job))
    assert not Shipment.objects.exists()


def test_a_customers_new_address_opens_a_review_that_holds_the_packed_parcel(at: Bench) -> None:
    from customers.data import CustomerData
    from customers.services import customers

    shipment = makers.packed(at)
    person = shipment.order.customer
    person.refresh_from_db()
    values: dict[str, Any] = {
        "given_names": person.given_names, "family_name": person.family_name, "birth_date": person.birth_date,
        "phone": person.phone, "email": person.email, **ADDRESS, "line1": "4 Long Street",
    }  # fmt: skip
    assert any(shipment.number in str(line.title) for line in affected(person, scope=Scope.of(at.shop.receptionist)))
    customers.change(at.shop.receptionist, person.pk, person.version, CustomerData(**values))
    review = Review.objects.get(decision="shipment_address")
    assert (review.blocks, review.state) == ("shipping", "open")
    with pytest.raises(GateClosed) as closed:
        packing.hand_over(at.shop.receptionist, shipment.pk)
    assert [one.code for one in closed.value.missing] == ["review"]
    packing.readdress(
        at.shop.receptionist, shipment.pk, {**ADDRESS, "line1": "4 Long Street", "name": person.full_name}
    )
    review.refresh_from_db()
    assert review.state == "decided"
    assert packing.hand_over(at.shop.receptionist, shipment.pk).state == "handed_over"


def test_a_move_to_another_branch_needs_no_payment_and_changes_where_it_is_collected(at: Bench) -> None:
    job = makers.sendable(at, pay=False)
    there = factories.branch()
    made = packing.pack(
        at.shop.receptionist, packing_of(job, to_branch_id=there.pk, hand_over=True, carrier="own", tracking_number="")
    )
    assert (made.state, made.told, Order.objects.get().state) == ("handed_over", [], "ready")
    from django.utils import timezone

    from shipping.services import following

    following.say(at.shop.receptionist, made.pk, following.ByHand("delivered", timezone.now()))
    order = Order.objects.get()
    assert (order.state, order.collect_branch_id) == ("ready", there.pk)
    assert not Event.objects.filter(kind__in=["shipment.shipped", "shipment.delivered"]).exists()
    assert order.jobs.get().state == JobState.READY


def test_a_typed_number_and_another_day_are_kept_with_old_and_new(at: Bench) -> None:
    shipment = makers.sent(at, tracking_number="")
    done = packing.correct(at.shop.receptionist, shipment.pk, packing.Correction(NUMBER, expected_on=date(2027, 1, 4)))
    assert (done.tracking_number, done.expected_on) == (NUMBER, date(2027, 1, 4))
    event = Event.objects.get(kind="shipment.changed")
    assert event.new == {"tracking": NUMBER, "expected": "2027-01-04"}


def test_how_the_customer_gets_it_stays_while_a_parcel_stands_packed(at: Bench) -> None:
    shipment = makers.packed(at)
    order = shipment.order
    with pytest.raises(DomainError) as closed:
        delivery.choose(at.shop.receptionist, order.pk, "collect", order.collect_branch_id)
    assert closed.value.code == "packed" and shipment.number in str(closed.value)
    order.refresh_from_db()
    assert order.delivery == "ship" and not Event.objects.filter(kind="order.delivery_changed").exists()
    packing.unpack(at.shop.receptionist, shipment.pk, "The customer comes by")
    delivery.choose(at.shop.receptionist, order.pk, "collect", order.collect_branch_id)
    order.refresh_from_db()
    assert order.delivery == "collect"
