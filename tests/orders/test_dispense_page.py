"""The dispense page: what it shows, what it saves, who may see it."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from branches.models import User
from branches.roles import Role
from catalogue.identifiers import completed, gtin14
from core.money import money
from inventory.models import Reservation
from orders.models import FrameChoice, LensSpecification, Measurement, Order
from orders.services import dispense
from prescriptions.models import Prescription
from tests.factories import (
    actor,
    branch,
    lens,
    lens_range,
    measured,
    optometrist,
    signed_prescription,
    started_order,
    stocked,
    user,
)  # fmt: skip

pytestmark = pytest.mark.django_db

MEASURES = {
    "right_far_pd_mm": "31.5",
    "left_far_pd_mm": "31.0",
    "right_near_pd_mm": "29",
    "left_near_pd_mm": "28,5".replace(",", "."),
    "right_height_mm": "21",
    "left_height_mm": "21",
    "vertex_mm": "13",
    "tilt_deg": "9",
    "wrap_deg": "5",
    "method": "pupilometer",
}


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def person(rosebank) -> User:
    return user(Role.DISPENSING_OPTICIAN, rosebank)


@pytest.fixture
def order(person, rosebank) -> Order:
    return started_order(actor(person, rosebank), rosebank)


@pytest.fixture
def page(client, person, order):
    client.force_login(person)
    return lambda **values: client.get(reverse("orders:dispense", args=[order.number]), values)


def url(name: str, order: Order) -> str:
    return reverse(f"orders:{name}", args=[order.number])


def test_the_page_shows_prescription_lenses_and_prices(page):
    lens(price=Decimal(3190))
    shown = page()
    assert shown.status_code == 200
    body = shown.content.decode()
    for words in (
        "−2.25",
        "085°",
        "Vista HD progressive",
        money(Decimal(6380)),
        "Fitting height 18 mm or more",
        "1.60 is enough",
    ):
        assert words in body


def test_a_prescription_signed_after_the_order_began_is_chosen_on_the_page(client, page, rosebank, order):
    wanted = order.prescription
    Order.objects.filter(pk=order.pk).update(prescription=None)
    body = page().content.decode()
    assert "Lenses are chosen for a signed prescription. Choose it." in body and wanted.number in body
    answer = client.post(url("choose_prescription", order), {"prescription": wanted.pk})
    assert answer.status_code == 303
    order.refresh_from_db()
    assert order.prescription == wanted
    assert "Make it for another prescription" not in page().content.decode()


def test_only_standing_prescriptions_for_spectacles_are_offered(page, order):
    other = signed_prescription(optometrist(order.branch), order.customer)
    body = page().content.decode()
    assert f'value="{other.pk}"' in body and "Make it for another prescription" in body
    Prescription.objects.filter(pk=other.pk).update(state="superseded")
    assert f'value="{other.pk}"' not in page().content.decode()


def test_a_scan_holds_the_frame(client, page, rosebank, order):
    karoo = stocked(at=rosebank, gtin=gtin14(completed("600123456789")))
    answer = client.post(url("choose_frame", order), {"frame": completed("600123456789")})
    assert (answer.status_code, answer["Location"]) == (303, url("dispense", order))
    assert FrameChoice.objects.get().frame == karoo
    assert Reservation.objects.count() == 1
    assert "reserved for this order" in page().content.decode()


def test_a_scan_that_is_sold_out_says_so_at_the_field_and_keeps_the_text(client, page, order):
    answer = client.post(url("choose_frame", order), {"frame": stocked().sku})
    assert answer.status_code == 422
    assert "is free" in answer.context["frame_form"].errors["frame"][0]
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not FrameChoice.objects.exists()


@pytest.mark.parametrize("text", ["", "no such frame", "#999999"])
def test_an_unknown_frame_is_refused_at_the_field(client, page, order, text):
    answer = client.post(url("choose_frame", order), {"frame": text})
    assert answer.status_code == 422
    assert "frame" in answer.context["frame_form"].errors


def test_a_row_of_the_tray_is_taken_when_nothing_is_scanned(client, page, rosebank, order, person):
    first, second = stocked(at=rosebank), stocked("88", at=rosebank)
    for karoo in (first, second):
        dispense.add_to_tray(actor(person, rosebank), order.pk, karoo.pk)
    assert client.post(url("choose_frame", order), {"frame": "", "row": f"#{first.pk}"}).status_code == 303
    assert FrameChoice.objects.get().frame == first
    assert client.post(url("choose_frame", order), {"frame": second.sku, "row": f"#{first.pk}"}).status_code == 303
    assert FrameChoice.objects.get().frame == second


def test_saving_keeps_lenses_and_measurements_together(client, page, rosebank, order, person):
    product = lens()
    dispense.choose_frame(actor(person, rosebank), order.pk, dispense.FrameData(frame_id=stocked(at=rosebank).pk))
    ticks = {"design": product.family, "index": "1.600", "_version": "0", "do": "save"}
    answer = client.post(url("dispense", order), MEASURES | ticks)
    assert answer.status_code == 303
    assert LensSpecification.objects.get().right == product
    assert Measurement.objects.get().left_near_pd_mm == Decimal("28.5")
    body = page().content.decode()
    assert "Blank 65 of 70 mm" in body
    assert body.count(">Fits<") == 4


def test_a_preview_shows_price_and_fit_and_saves_nothing(client, page, rosebank, order, person):
    product = lens()
    lens(name="Vista HD progressive 1.67", index_nd=Decimal("1.670"), price=Decimal(3930))
    dispense.choose_frame(actor(person, rosebank), order.pk, dispense.FrameData(frame_id=stocked(at=rosebank).pk))
    ticks = {"design": product.family, "index": "1.670"}
    answer = client.get(url("dispense", order), MEASURES | ticks, headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert money(Decimal(7860)) in body
    assert "<html" not in body
    assert 'id="lenses" hx-swap-oob="true"' in body
    assert not LensSpecification.objects.exists()
    assert not Measurement.objects.exists()


def test_a_refused_measurement_stays_on_the_page_with_its_message(client, page, order):
    answer = client.post(url("dispense", order), MEASURES | {"right_far_pd_mm": "abc", "do": "save"})
    assert answer.status_code == 422
    assert 'value="abc"' in answer.content.decode()
    assert not Measurement.objects.exists()


def test_an_unusual_pd_asks_for_the_second_person_at_the_field(client, page, order):
    wide = MEASURES | {"left_far_pd_mm": "27.0", "left_near_pd_mm": "25"}
    answer = client.post(url("dispense", order), wide | {"do": "save"})
    assert "second_person" in answer.context["form"].errors
    assert not Measurement.objects.exists()


def test_two_people_measuring_see_both_values(client, page, rosebank, order, person):
    dispense.measure(actor(person, rosebank), order.pk, measured())
    answer = client.post(url("dispense", order), MEASURES | {"right_height_mm": "20", "_version": "0", "do": "save"})
    assert answer.status_code == 409
    assert [(one.theirs, one.yours) for one in answer.context["form"].clashes if one.field == "right_height_mm"] == [
        ("21.0", "20")
    ]
    assert Measurement.objects.get().right_height_mm == Decimal(21)


def test_the_customers_own_frame_is_recorded_with_its_waiver(client, page, order):
    values = {"status": "patient_own", "description": "Old Persol", "a_mm": "50", "b_mm": "36", "dbl_mm": "18"}
    assert client.post(url("own_frame", order), values).status_code == 422
    answer = client.post(
        url("own_frame", order),
        values | {"ed_mm": "53", "mount": "full_rim", "material": "other", "liability_waived": "on"},
    )
    assert answer.status_code == 303
    assert FrameChoice.objects.get().liability_waived_at is not None


def test_a_lens_that_cannot_be_made_is_explained(page):
    short = lens(family="Short range", made=False)
    lens_range(short, sphere_min=Decimal("-1.00"))
    body = page().content.decode()
    assert "1 design cannot be made" in body
    assert "Sphere −2.25" in body


def test_a_second_pair_starts_with_one_button(client, page, order):
    answer = client.post(url("second_pair", order))
    second = Order.objects.get(second_pair_of=order)
    assert answer["Location"] == url("dispense", second)


@pytest.mark.parametrize(
    ("role", "here", "status"),
    [
        (Role.DISPENSING_OPTICIAN, True, 200),
        (Role.OPTOMETRIST, True, 200),
        (Role.RECEPTIONIST, True, 403),
        (Role.LAB_TECHNICIAN, True, 403),
        (Role.DISPENSING_OPTICIAN, False, 404),
        (Role.HEAD_OFFICE, None, 200),
    ],
)
def test_who_may_open_the_page(client, rosebank, order, role, here, status):
    client.force_login(user(role, {True: rosebank, False: branch(), None: None}[here]))
    assert client.get(url("dispense", order)).status_code == status


def test_signed_out_people_are_asked_to_sign_in(client, order):
    assert client.get(url("dispense", order)).status_code == 302


def test_the_page_asks_the_database_a_fixed_number_of_questions(
    client, page, rosebank, order, django_assert_max_num_queries
):
    for number in range(12):
        lens(family=f"Family {number}")
    with django_assert_max_num_queries(36):
        page()


def test_of_many_designs_the_first_are_shown_and_the_others_are_found_by_name(page):
    for number in range(31):
        lens(family=f"Family {number:02d}", price=Decimal(9000 - number))
    shown = page()
    assert "28 more designs" in shown.content.decode()
    assert "and 4 more: type a part of the name" in shown.content.decode()
    assert b"Family 26" in shown.content and b"Family 27" not in shown.content


def test_a_part_of_the_name_finds_a_design_beyond_those_shown(client, page, order):
    for number in range(31):
        lens(family=f"Family {number:02d}", price=Decimal(9000 - number))
    page()
    found = client.get(url("dispense", order), {"find": "LY 3"}, headers={"HX-Request": "true"})
    assert found.status_code == 200
    assert re.findall(r'value="(Family \d+)"', found.content.decode()) == ["Family 30"]
    nothing = client.get(url("dispense", order), {"find": "Karoo"}, headers={"HX-Request": "true"})
    assert "No other design of this name can be made." in nothing.content.decode()
