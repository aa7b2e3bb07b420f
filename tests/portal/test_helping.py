"""What a customer can do by the link: each once, each with its event, nothing without the right proof."""

import io
import re

import pytest
from django.test import Client
from PIL import Image

from aftersales.models import Feedback
from aftersales.services import feedback as feedbacks
from branches.models import Branch
from cases.models import Case
from core.actor import customer as by_link
from core.errors import DomainError
from core.models import Job
from customers.models import Customer
from notifications import addresses
from notifications.models import Message
from notifications.services import planning
from orders.models import Order, OrderState
from orders.services import links
from records.models import Event, Evidence
from tests.orders import makers

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    return makers.confirmed(makers.shop(opening_hours={"mon": ["08:30", "17:30"], "sat": ["08:30", "13:00"]}))


@pytest.fixture
def phone(order: Order) -> Client:
    client = Client()
    client.get(links.link_for(order, "sms").partition("//")[2].partition("/")[2].join(["/", ""]))
    return client


def place(order: Order, page: str = "") -> str:
    return f"/t/order/{order.public_code}/{page}"


def token_of(client: Client, address: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', client.get(address).content.decode())
    assert found
    return found[1]


def send(client: Client, address: str, **values: object) -> object:
    return client.post(address, {"form_token": token_of(client, address), **values})


def handed_over(order: Order) -> None:
    Order.objects.filter(pk=order.pk).update(state=OrderState.COLLECTED)


def test_a_problem_with_photo_opens_a_case_with_the_photo_as_evidence(order: Order, phone: Client) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    picture.seek(0)
    picture.name = "scratch.jpg"
    answer = send(phone, place(order, "problem/"), words="The left lens is scratched.", photo=picture)
    assert answer.status_code == 303
    case = Case.objects.get(kind="customer_problem")
    assert (case.order_id, case.description) == (order.pk, "The left lens is scratched.")
    assert Evidence.objects.filter(subject_id=case.pk, content_type="image/jpeg").count() == 1
    assert Event.objects.filter(kind="order.problem_reported", order_id=order.pk, role="customer").count() == 1


def test_before_the_hand_over_there_is_no_opinion_and_no_receipt(order: Order, phone: Client) -> None:
    Customer.objects.filter(pk=order.customer_id).update(language="fr")
    token = token_of(phone, place(order, "problem/"))
    assert phone.get(place(order, "feedback/")).headers["Location"] == place(order)
    answers = {"tracking": "5", "time": "5", "product": "5", "form_token": token}
    assert phone.post(place(order, "feedback/"), answers).headers["Location"] == place(order)
    with pytest.raises(DomainError):
        feedbacks.give(by_link("Thandi"), order.pk, {"tracking": 5, "time": 5, "product": 5})
    refused = phone.post(place(order, "receipt/"), {"form_token": token})
    body = refused.content.decode()
    assert refused.status_code == 422 and "Cette commande n&#x27;a pas encore été remise." in body
    assert 'lang="fr"' in body and "css/public.css" in body and "no-store" in refused.headers["Cache-Control"]
    assert not Feedback.objects.exists() and not Event.objects.filter(kind="order.receipt_confirmed").exists()


def test_an_empty_problem_is_refused_and_opens_nothing(order: Order, phone: Client) -> None:
    answer = send(phone, place(order, "problem/"), words="  ")
    assert answer.status_code == 422
    assert not Case.objects.exists()


def test_a_form_without_the_token_of_its_page_does_nothing(order: Order, phone: Client) -> None:
    assert phone.post(place(order, "problem/"), {"words": "x"}).status_code == 404
    assert not Case.objects.exists()


def test_feedback_takes_three_taps_and_counts_once(order: Order, phone: Client) -> None:
    handed_over(order)
    address = place(order, "feedback/")
    assert b"Question 2 of 3" in phone.get(address, {"tracking": "5"}).content
    last = f"{address}?tracking=5&time=4"
    token = token_of(phone, last)
    assert not Event.objects.filter(kind="feedback.given").exists()
    for _again in range(2):
        answer = phone.post(address, {"form_token": token, "tracking": "5", "time": "4", "product": "5"})
        assert answer.status_code == 303
    event = Event.objects.get(kind="feedback.given")
    assert {name: event.data[name] for name in ("tracking", "time", "product")} == {
        "tracking": 5,
        "time": 4,
        "product": 5,
    }
    assert not Case.objects.exists()


def test_a_low_rating_opens_a_case_with_an_owner(order: Order, phone: Client) -> None:
    handed_over(order)
    address = place(order, "feedback/")
    token = token_of(phone, f"{address}?tracking=5&time=2")
    phone.post(address, {"form_token": token, "tracking": "5", "time": "2", "product": "0"})
    case = Case.objects.get(kind="low_feedback")
    assert case.owner_role == "branch_manager"
    send(phone, place(order, "thanks/"), words="I waited three weeks.")
    assert Event.objects.filter(kind="feedback.commented", reason="I waited three weeks.").exists()
    assert case.notes.filter(text__contains="three weeks").exists()


def test_receipt_is_confirmed_once(order: Order, phone: Client) -> None:
    handed_over(order)
    token = token_of(phone, place(order))
    for _again in range(2):
        answer = phone.post(place(order, "receipt/"), {"form_token": token})
        assert answer.status_code == 303
    assert Event.objects.filter(kind="order.receipt_confirmed").count() == 1
    assert b"I have them" not in phone.get(place(order)).content


def test_details_need_the_last_digits_and_the_code_of_the_message(order: Order, phone: Client) -> None:
    wrong = send(phone, place(order, "details/"), digits="0000")
    assert wrong.status_code == 422
    assert not Event.objects.filter(kind="order.code_asked").exists()
    right = send(phone, place(order, "details/"), digits="4417")
    assert right.status_code == 303
    planning.plan_waiting()
    sent = Message.objects.filter(template_key="order_code").first()
    assert sent is not None
    code = re.search(r"\b\d{6}\b", sent.body)
    assert code
    bad = send(phone, place(order, "details/code/"), code="000000" if code[0] != "000000" else "111111")
    assert bad.status_code == 422
    assert b"Payments" not in phone.get(place(order, "details/")).content
    good = send(phone, place(order, "details/code/"), code=code[0])
    assert good.status_code == 303
    assert b"Invoice (PDF)" in phone.get(place(order, "details/")).content


def test_five_wrong_digits_close_the_door_for_a_while(order: Order, phone: Client) -> None:
    for _try in range(5):
        send(phone, place(order, "details/"), digits="0000")
    answer = send(phone, place(order, "details/"), digits="4417")
    assert b"Too many tries" in answer.content
    assert not Event.objects.filter(kind="order.code_asked").exists()


def test_the_invoice_is_not_for_who_only_has_the_link(order: Order, phone: Client) -> None:
    answer = phone.get(place(order, "details/invoice/"))
    assert answer.status_code == 303 and answer.headers["Location"] == place(order, "details/")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Your invoice could not be made"),
        ("fr", "Votre facture n&#x27;a pas pu être préparée"),
        ("pt", "Não foi possível preparar a sua fatura"),
        ("ar", "تعذر إعداد فاتورتك"),
    ],
)
def test_an_invoice_that_cannot_be_made_says_so_and_whom_to_reach(
    order: Order, phone: Client, language: str, words: str
) -> None:
    Customer.objects.filter(pk=order.customer_id).update(language=language)
    Branch.objects.filter(pk=order.collect_branch_id).update(phone="+27 11 555 0100", email="rsb@practice.example")
    address = prove(order, phone) + "invoice/"
    making = phone.get(address)
    assert (making.status_code, making.headers["Refresh"]) == (200, "4")
    Job.objects.filter(kind="orders.paper").update(state="dead")
    failed = phone.get(address)
    assert "Refresh" not in failed.headers
    body = failed.content.decode()
    assert words in body and place(order, "problem/") in body
    assert "tel:+27115550100" in body and "mailto:rsb@practice.example" in body
    assert Job.objects.get(kind="orders.paper").state == "dead"


def prove(order: Order, client: Client) -> str:
    """The second proof is given; the address of the details."""
    send(client, place(order, "details/"), digits="4417")
    planning.plan_waiting()
    sent = Message.objects.filter(template_key="order_code").first()
    found = re.search(r"\b\d{6}\b", sent.body) if sent else None
    assert found
    send(client, place(order, "details/code/"), code=found[0])
    return place(order, "details/")


def test_one_click_of_a_mail_program_stops_that_kind_only(order: Order) -> None:
    from core.actor import customer as by_link
    from customers.consent import may_send
    from customers.services import consents

    person = order.customer
    consents.give_consent(by_link("Thandi"), person.pk, "feedback", "email")
    url = addresses.preferences_url(person, "feedback", "email").partition("//")[2].partition("/")[2]
    Client().get(f"/{url}")
    assert may_send(person, "feedback", "email")
    answer = Client().post(f"/{url}", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not may_send(person, "feedback", "email")
    assert may_send(person, "order_messages", "email")


def test_preferences_by_tick_and_a_forged_address_is_lost(order: Order) -> None:
    from customers.consent import may_send

    url = "/" + addresses.preferences_url(order.customer).partition("//")[2].partition("/")[2]
    Client().post(url, {"on": ["order_messages.email"]})
    assert may_send(order.customer, "order_messages", "email")
    assert not may_send(order.customer, "order_messages", "sms")
    assert Client().get(url.replace(":", ":x")).status_code == 404
