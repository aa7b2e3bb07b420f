"""A return asked for on a phone: two pages, the rule in plain words, every stage on the page of the order."""

import io

import pytest
from django.test import Client
from PIL import Image

from aftersales.models import Feedback, Return
from aftersales.services import feedback, returns
from cases.models import Case
from orders.models import Order
from orders.services import links
from records.models import Event, Evidence
from tests.aftersales import makers
from tests.orders import makers as selling
from tests.orders.makers import Shop
from tests.orders.test_pages import text
from tests.portal.test_helping import phone as phone
from tests.portal.test_helping import place, send, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return selling.shop("RSB", name="Rosebank")


@pytest.fixture
def order(shop: Shop) -> Order:
    return makers.handed_over(shop)


def photo(name: str) -> io.BytesIO:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    picture.seek(0)
    picture.name = name
    return picture


def test_two_pages_ask_for_a_return_with_photos(order: Order, phone: Client) -> None:
    first = phone.get(place(order, "return/")).content.decode()
    assert "Karoo 214" in first and "Within 14 days if you change your mind" in first and "You do not see well" in first
    second = phone.get(place(order, "return/"), {"go": "1", "keys": ["frame"], "reason": "damaged"})
    assert "Is this right?" in text(second) and "Possible within 180 days" in text(second)
    answers = {"keys": ["frame"], "reason": "damaged", "remedy": "exchange", "words": "The hinge is loose."}
    done = send(
        phone, place(order, "return/?go=1&keys=frame&reason=damaged"), **answers, photo=[photo("a.jpg"), photo("b.jpg")]
    )
    assert done.status_code == 303
    found = Return.objects.get()
    assert (found.reason, found.remedy, found.words, found.source) == (
        "damaged",
        "exchange",
        "The hinge is loose.",
        "link",
    )
    assert Evidence.objects.filter(subject_type="aftersales.return", subject_id=found.pk).count() == 2
    assert found.number in text(phone.get(place(order, "return/thanks/")))


def test_a_second_press_asks_only_once(order: Order, phone: Client) -> None:
    address = place(order, "return/?go=1&keys=frame&reason=wrong")
    answers = {"keys": ["frame"], "reason": "wrong", "remedy": "refund", "words": "Not mine"}
    sent = {"form_token": token_of(phone, address), "_key": "3f1f1b0e-43d5-4dbb-9d2c-0e2b1c5a9a11", **answers}
    assert [phone.post(address, sent).status_code for _n in range(2)] == [303, 303]
    assert Return.objects.count() == 1


def test_errors_stay_on_their_page_and_keep_what_was_typed(order: Order, phone: Client) -> None:
    nothing = phone.get(place(order, "return/"), {"go": "1", "reason": "wrong"})
    assert nothing.status_code == 422 and "What do you want to bring back?: choose one." in text(nothing)
    without = send(
        phone,
        place(order, "return/?go=1&keys=frame&reason=damaged"),
        keys=["frame"],
        reason="damaged",
        remedy="refund",
        words="",
    )
    assert without.status_code == 422 and "say what is wrong" in text(without).lower()
    assert 'name="keys" value="frame"' in without.content.decode()
    assert not Return.objects.exists()


def test_outside_the_rules_they_read_why_and_may_ask_all_the_same(order: Order, phone: Client) -> None:
    answer = text(phone.get(place(order, "return/"), {"go": "1", "keys": ["lenses"], "reason": "not_satisfied"}))
    assert "Made for your eyes alone" in answer and "You can ask all the same" in answer


def test_every_stage_shows_on_the_order_page(shop: Shop, order: Order, phone: Client) -> None:
    found = makers.asked(order)
    assert f"Return {found.number}: We have your request" in text(phone.get(place(order)))
    returns.approve(shop.manager, found.pk)
    page = text(phone.get(place(order)))
    assert f"Bring it to Rosebank, or send it there. Say the number {found.number}." in page
    assert "Return or exchange" not in page
    returns.receive(shop.receptionist, found.pk)
    page = text(phone.get(place(order)))
    assert "It has arrived" in page and "I keep it after all" not in page


def test_a_declined_return_says_why(shop: Shop, order: Order, phone: Client) -> None:
    found = makers.asked(order)
    returns.decline(shop.manager, found.pk, "It was engraved for you.")
    page = text(phone.get(place(order)))
    assert "We cannot take it back" in page and "It was engraved for you." in page


def test_they_keep_it_after_all_by_one_tap_and_twice_is_harmless(order: Order, phone: Client) -> None:
    makers.asked(order)
    token = token_of(phone, place(order))
    for _again in range(2):
        assert phone.post(place(order, "return/keep/"), {"form_token": token}).status_code == 303
    assert Return.objects.get().state == "withdrawn"
    assert Event.objects.filter(kind="return.withdrawn").count() == 1
    assert "Return or exchange" in text(phone.get(place(order)))


def test_before_the_hand_over_there_is_nothing_to_return(shop: Shop) -> None:
    early = selling.confirmed(shop)
    client = Client()
    client.get("/" + links.link_for(early, "sms").partition("//")[2].partition("/")[2])
    assert "Return or exchange" not in text(client.get(place(early)))
    token = token_of(client, place(early, "problem/"))
    posted = {"form_token": token, "keys": ["frame"], "reason": "wrong", "remedy": "refund", "words": "x"}
    answer = client.post(place(early, "return/"), posted)
    assert answer.status_code == 422
    assert not Return.objects.exists()


def test_feedback_is_a_row_and_a_low_one_a_case_with_an_owner(shop: Shop, order: Order, phone: Client) -> None:
    address = place(order, "feedback/")
    token = token_of(phone, f"{address}?tracking=5&time=2")
    given = {"tracking": "5", "time": "2", "product": "0"}
    for _again in range(2):
        assert phone.post(address, {"form_token": token, **given}).status_code == 303
    row = Feedback.objects.get()
    assert (row.tracking, row.time, row.product, row.frame_brand) == (5, 2, None, "Karoo")
    case = Case.objects.get(kind="low_feedback")
    assert case.owner_id == shop.manager.user_id
    page = text(phone.get(place(order, "thanks/")))
    assert "What went wrong?" in page and "calls you" in page
    send(phone, place(order, "thanks/"), went_wrong=["late", "boat"], words="Three weeks.")
    send(phone, place(order, "thanks/"), went_wrong=["late"], words="Three weeks.")
    row.refresh_from_db()
    assert (row.went_wrong, row.words) == (["late"], "Three weeks.")
    assert case.notes.filter(text__contains="Three weeks.").exists()


def test_a_good_answer_opens_no_case_and_asks_no_more(order: Order, phone: Client) -> None:
    feedback.give(makers.by_link(order), order.pk, {"tracking": 5, "time": 4, "product": 4})
    assert not Case.objects.exists()
    assert "What went wrong?" not in text(phone.get(place(order, "thanks/")))
