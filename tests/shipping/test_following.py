"""The carrier's news on a real parcel: once, in any order, with order, messages and cases following."""

import itertools
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cases.models import Case
from cases.services import cases
from core.errors import DomainError, GateClosed, NotAllowed
from labjobs.models import JobState, Warranty
from notifications.models import Message
from notifications.services import planning
from orders.models import LedgerEntry, Order
from records.models import Event
from shipping import zones
from shipping.models import CarrierWord, Shipment, TrackingCheckpoint
from shipping.services import endpoints, following, report, trouble
from shipping.services.following import ByHand
from shipping.tracking.readers import read as read_payload
from shipping.tracking.vocabulary import ADAPTERS
from tests import factories
from tests.labjobs import makers as lab
from tests.labjobs.makers import Bench
from tests.shipping import makers
from tests.shipping.files import HISTORY, easypost
from tests.shipping.makers import NUMBER, fresh, heard
from tests.worlds import Once

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def sent(once: Once) -> Iterator[tuple[Bench, Shipment]]:
    with once():
        at = lab.bench()
        yield at, makers.sent(at)


@pytest.fixture
def at(sent: tuple[Bench, Shipment]) -> Bench:
    return deepcopy(sent[0])


@pytest.fixture
def parcel(sent: tuple[Bench, Shipment]) -> Shipment:
    return deepcopy(sent[1])


def ago(**back: int) -> str:
    return (timezone.now() - timedelta(**back)).isoformat()


def plan_all() -> None:
    for event in Event.objects.order_by("pk"):
        planning.plan(event)


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="shipment.").order_by("pk").values_list("kind", flat=True))


def test_a_delivered_parcel_hands_the_order_over_and_starts_the_warranty(parcel: Shipment) -> None:
    assert heard(parcel, *HISTORY) == 5
    shipment, order = fresh(parcel), Order.objects.get()
    assert (shipment.state, shipment.delivered_at) == ("delivered", datetime(2026, 11, 18, 11, 20, tzinfo=UTC))
    assert (order.state, order.collected_at) == ("collected", shipment.delivered_at)
    assert order.jobs.get().state == JobState.COLLECTED
    assert Warranty.objects.filter(order=order).exists()
    assert kinds() == ["shipment.packed", "shipment.shipped", "shipment.delivered"]


def test_the_same_history_again_changes_nothing(parcel: Shipment) -> None:
    heard(parcel, *HISTORY)
    before = (fresh(parcel).version, Event.objects.count())
    assert heard(parcel, *HISTORY) == 0
    assert (fresh(parcel).version, Event.objects.count()) == before
    assert TrackingCheckpoint.objects.count() == 5


@pytest.mark.parametrize("order", list(itertools.permutations((1, 3, 5)))[:6])
def test_posts_in_any_order_end_the_same_and_tell_nothing_twice(parcel: Shipment, order: tuple[int, ...]) -> None:
    for length in (*order, 5):
        heard(parcel, *HISTORY[:length])
    shipment = fresh(parcel)
    assert (shipment.state, shipment.contradiction, shipment.told[-1]) == ("delivered", False, "delivered")
    assert len(shipment.told) == len(set(shipment.told))
    assert Order.objects.get().state == "collected"


def test_every_word_is_kept_in_the_order_it_came_and_read_in_the_order_it_happened(parcel: Shipment) -> None:
    payload = easypost(NUMBER, *HISTORY)["tracking_details"]
    for place in (4, 0, 2):
        heard(parcel, tuple(payload[place][name] for name in ("datetime", "status", "status_detail", "message")))
    rows = list(TrackingCheckpoint.objects.order_by("pk").values_list("message", flat=True))
    assert rows == ["Delivered, front desk", "Shipment information received", "Arrived at hub"]
    assert fresh(parcel).state == "delivered"


def test_a_parcel_that_moves_before_anybody_said_so_counts_as_handed_over(at: Bench) -> None:
    shipment = makers.packed(at)
    heard(shipment, *HISTORY[:2])
    assert (fresh(shipment).state, fresh(shipment).handed_over_at is not None) == ("in_transit", True)
    assert Order.objects.get(pk=shipment.order_id).state == "shipped"
    assert fresh(shipment).told == ["in_transit"]


def test_each_customer_message_names_carrier_number_link_and_place(parcel: Shipment) -> None:
    heard(parcel, *HISTORY[:3], eta="2026-11-19T00:00:00Z")
    event = Event.objects.get(kind="shipment.in_transit")
    assert (event.data["tracking"], event.data["place"], event.data["expected_on"]) == (
        NUMBER,
        "DURBAN, ZA",
        "2026-11-19",
    )
    plan_all()
    texts = " ".join(Message.objects.filter(template_key="in_transit").values_list("body", flat=True))
    assert NUMBER in texts
    assert "DURBAN" in texts


def test_a_failed_attempt_tells_the_customer_why_and_opens_one_case_with_an_owner(parcel: Shipment) -> None:
    steps = (*HISTORY[:4], ("2026-11-18T12:00:00Z", "in_transit", "delivery_exception", "Nobody at home"))
    heard(parcel, *steps)
    heard(parcel, *steps)
    case = Case.objects.get(kind="delivery_problem")
    assert (case.owner_id, case.subject_id, case.state) == (parcel.order.owner_id, parcel.pk, "open")
    assert kinds().count("shipment.problem") == 1
    plan_all()
    assert "could not deliver" in Message.objects.filter(template_key="delivery_problem").first().body  # type: ignore[union-attr]


def test_a_contradiction_is_kept_flagged_and_moves_nothing(parcel: Shipment) -> None:
    heard(parcel, *HISTORY)
    heard(parcel, ("2026-11-19T07:00:00Z", "in_transit", "arrived_at_facility", "Arrived at hub"))
    shipment = fresh(parcel)
    assert (shipment.state, shipment.contradiction, shipment.checkpoints.count()) == ("delivered", True, 6)


def test_a_parcel_that_comes_back_takes_the_order_back_and_may_be_sent_again(at: Bench, parcel: Shipment) -> None:
    heard(parcel, *HISTORY[:3], ("2026-11-19T07:00:00Z", "return_to_sender", "return", "Returning"))
    assert (fresh(parcel).state, Order.objects.get().state) == ("returning", "ready")
    following.say(at.shop.receptionist, parcel.pk, ByHand("returned", timezone.now()))
    from shipping.services import packing

    again = packing.pack(
        at.shop.receptionist, makers.packing_of(parcel.order.jobs.get(), hand_over=True, tracking_number="")
    )
    assert (again.number[-3:], Order.objects.get().state) == ("-S2", "shipped")
    following.say(at.shop.receptionist, again.pk, ByHand("delivered", timezone.now()))
    assert Order.objects.get().state == "collected"


def test_a_later_day_of_the_carrier_becomes_a_new_promise_with_a_reason(parcel: Shipment) -> None:
    day = timezone.localdate() + timedelta(days=60)
    heard(parcel, (ago(hours=3), "in_transit", "weather_delay", "Weather"), eta=f"{day}T00:00:00Z")
    order = Order.objects.get()
    assert (order.promised_on, fresh(parcel).expected_on) == (day, day)
    event = Event.objects.get(kind="order.repromised")
    assert (event.reason_code, event.reason) == ("carrier", "The weather holds the carrier up.")


def test_a_person_says_what_the_phone_said_and_never_ahead_of_time(at: Bench, parcel: Shipment) -> None:
    said = following.say(at.shop.receptionist, parcel.pk, ByHand("out_for_delivery", timezone.now(), place="Durban"))
    assert (said.state, said.place) == ("out_for_delivery", "Durban")
    row = TrackingCheckpoint.objects.get()
    assert (row.source, row.by_id) == ("hand", at.shop.receptionist.user_id)
    with pytest.raises(DomainError):
        following.say(at.shop.receptionist, parcel.pk, ByHand("delivered", timezone.now() + timedelta(days=1)))
    assert fresh(parcel).state == "out_for_delivery"


def test_unknown_words_are_listed_and_a_taught_word_moves_the_parcel(at: Bench, parcel: Shipment) -> None:
    step = ("2026-11-18T09:00:00Z", "mit_zusteller", "", "In Zustellung")
    heard(parcel, step)
    heard(parcel, step, ("2026-11-18T09:30:00Z", "mit_zusteller", "", "Immer noch"))
    word = CarrierWord.objects.get()
    assert (word.shown, word.times, word.message, fresh(parcel).state) == (
        "mit_zusteller",
        2,
        "In Zustellung",
        "handed_over",
    )
    endpoints.teach(at.manager, word.pk, "out_for_delivery")
    assert fresh(parcel).state == "out_for_delivery"
    with pytest.raises(NotAllowed):
        endpoints.teach(at.shop.receptionist, word.pk, "delivered")


def test_silence_for_more_than_the_carriers_working_days_opens_one_case(parcel: Shipment) -> None:
    start = timezone.now()
    assert trouble.look(start) == 0
    Shipment.objects.filter(pk=parcel.pk).update(expected_on=None)
    later = start + timedelta(days=9)
    assert trouble.look(later) == 1
    assert trouble.look(later + timedelta(hours=1)) == 0
    case = Case.objects.get(kind="shipment_stalled")
    assert "No word from UPS" in case.description
    assert case.notes.count() == 0


def test_working_days_are_counted_by_the_calendar_of_the_branch(parcel: Shipment) -> None:
    """Handed over on the Thursday before Easter: Friday and Monday are holidays in South Africa."""
    parcel.handed_over_at = parcel.packed_at = datetime(2027, 3, 25, 12, 0, tzinfo=UTC)
    assert not trouble.is_silent(parcel, date(2027, 4, 1))
    assert trouble.is_silent(parcel, date(2027, 4, 2))


def test_a_passed_expected_day_opens_a_case(parcel: Shipment) -> None:
    Shipment.objects.filter(pk=parcel.pk).update(expected_on=timezone.localdate() - timedelta(days=1))
    assert trouble.look(timezone.now()) == 1
    assert "was expected on" in Case.objects.get(kind="shipment_stalled").description


def test_an_approved_discount_takes_its_cost_off_the_order_and_needs_two_people(at: Bench, parcel: Shipment) -> None:
    heard(parcel, *HISTORY[:3], ("2026-11-19T07:00:00Z", "failure", "damaged", "Damaged"))
    case = Case.objects.get(kind="delivery_problem")
    cases.request_decision(at.shop.receptionist, case.pk, "discount", "Three days late")
    with pytest.raises(DomainError):
        cases.decide(at.manager, case.pk, True, "Fair")
    cases.code(at.shop.receptionist, case.pk, cases.Coding("", "carrier", Decimal("100.00")))
    with pytest.raises(NotAllowed):
        cases.decide(at.shop.receptionist, case.pk, True, "My own")
    cases.decide(at.manager, case.pk, True, "Fair")
    entry = LedgerEntry.objects.get(kind="adjustment")
    assert (entry.amount, entry.approved_by_id) == (Decimal("-100.00"), at.manager.user_id)


def test_a_lost_parcel_is_given_up_and_its_items_may_be_packed_again(at: Bench, parcel: Shipment) -> None:
    heard(parcel, *HISTORY[:3], ("2026-11-19T07:00:00Z", "failure", "lost", "Lost"))
    case = Case.objects.get(kind="lost_parcel")
    with pytest.raises(GateClosed):
        cases.close(at.manager, case.pk, "")
    cases.request_decision(at.shop.receptionist, case.pk, "replacement", "Lost by the carrier")
    cases.decide(at.manager, case.pk, True, "Yes")
    assert (fresh(parcel).ended_reason, Order.objects.get().state) == ("Lost by the carrier", "ready")
    from shipping import contents

    assert contents.left_to_send(Order.objects.get())


def test_times_without_zone_are_read_where_the_parcel_left(at: Bench) -> None:
    factories.branch(country="DE", time_zone="Europe/Berlin")
    found = zones.of_branches(at.shop.branch)
    payload = easypost(NUMBER, ("2026-11-18T11:20:00", "delivered", "", ""))
    payload["tracking_details"][0]["tracking_location"]["country"] = "DE"
    assert read_payload(ADAPTERS["easypost"], payload, found)[0].checkpoints[0].at == datetime(
        2026, 11, 18, 10, 20, tzinfo=UTC
    )
    payload["tracking_details"][0]["tracking_location"]["country"] = "ZA"
    assert read_payload(ADAPTERS["easypost"], payload, found)[0].checkpoints[0].at == datetime(
        2026, 11, 18, 9, 20, tzinfo=UTC
    )


def test_a_report_is_shown_first_then_applied_and_again_changes_nothing(at: Bench, parcel: Shipment) -> None:
    text = f"Tracking;Event;Date;Location\n{NUMBER};delivered;2026-11-18 11:20;Durban\n1Z000;delivered;2026-11-18;X\n"
    lines = report.read(at.shop.receptionist, text)
    assert [(line.what, line.problem) for line in lines] == [("Delivered", ""), ("", "No parcel has this number.")]
    assert fresh(parcel).state == "handed_over"
    assert report.apply(at.shop.receptionist, text) == (1, 1)
    assert fresh(parcel).state == "delivered"
    assert report.apply(at.shop.receptionist, text) == (0, 1)


def test_a_report_may_give_numbers_to_parcels(at: Bench, parcel: Shipment) -> None:
    Shipment.objects.filter(pk=parcel.pk).update(tracking_number="")
    text = f"order,tracking number\n{parcel.order.number},{NUMBER}\n"
    assert report.apply(at.shop.receptionist, text) == (1, 0)
    assert fresh(parcel).tracking_number == NUMBER


@pytest.mark.parametrize("text", ["", "hello", "a,b\n1,2", "status\ndelivered"])
def test_what_is_no_report_is_refused_in_words(at: Bench, text: str) -> None:
    with pytest.raises(DomainError):
        report.read(at.shop.receptionist, text)


def test_a_strangers_report_reaches_no_parcel(at: Bench, parcel: Shipment) -> None:
    stranger = factories.staff("receptionist", factories.branch())
    text = f"tracking_number,status,time\n{NUMBER},delivered,2026-11-18\n"
    assert report.apply(stranger, text) == (0, 1)
    assert fresh(parcel).state == "handed_over"
