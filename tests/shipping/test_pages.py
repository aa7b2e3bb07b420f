"""Shipping's pages: packing by scan, many at once, refusals in words, the parcel's page, settings, papers, API."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import User
from core.models import Job
from orders.models import Order
from shipping import documents
from shipping.models import Carrier, CarrierEndpoint, CarrierWord, Shipment
from tests.labjobs import makers as lab
from tests.labjobs.makers import Bench
from tests.shipping import makers
from tests.shipping.files import HISTORY
from tests.shipping.makers import ADDRESS, NUMBER, fresh, heard

pytestmark = pytest.mark.django_db


@pytest.fixture
def at() -> Bench:
    return lab.bench()


def client_of(actor: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def post(client: Client, name: str, /, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"shipping:{name}", args=args), {"_key": str(uuid.uuid4()), **data})


def text(client: Client, name: str, /, *args: Any, **query: Any) -> str:
    answer = client.get(reverse(f"shipping:{name}", args=args), query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def filled(order: Order) -> dict[str, Any]:
    """The form as it stands when the page is opened."""
    lines = [line.pk for line in order.quotations.get().lines.filter(kind__in=["frame", "lens"])]
    return {**ADDRESS, "name": "Thandi Mokoena", "lines": lines, "how": "ups:Standard", "_version": order.version}


def test_one_order_is_shipped_with_two_scans_and_enter(at: Bench) -> None:
    job = makers.sendable(at)
    desk = client_of(at.shop.receptionist)
    page = text(desk, "pack", job.order.number)
    assert "12 Bree Street" in page
    assert "paid as agreed" in page
    answer = post(desk, "pack", job.order.number, codes="T-317", tracking_number=NUMBER, do="ship", **filled(job.order))
    assert (answer.status_code, answer["Location"]) == (
        303,
        reverse("shipping:shipment", args=[f"{job.order.number}-S1"]),
    )
    shipment = Shipment.objects.get()
    assert (shipment.state, shipment.service, shipment.tracking_number) == ("handed_over", "Standard", NUMBER)
    page = text(desk, "shipment", shipment.number)
    assert f"https://www.ups.com/track?tracknum={NUMBER}" in page
    order_page = desk.get(reverse("orders:page", args=[job.order.number])).content.decode()
    assert shipment.number in order_page
    assert NUMBER in desk.get(reverse("orders:list")).content.decode()


def test_a_wrong_tray_keeps_everything_typed_and_says_what_to_do(at: Bench) -> None:
    job = makers.sendable(at)
    answer = post(
        client_of(at.shop.receptionist),
        "pack",
        job.order.number,
        codes="T-999",
        tracking_number=NUMBER,
        **filled(job.order),
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "T-999” does not belong to this order" in page
    assert NUMBER in page
    assert not Shipment.objects.exists()


def test_a_number_with_a_wrong_digit_is_kept_with_a_warning(at: Bench) -> None:
    job = makers.sendable(at)
    desk = client_of(at.shop.receptionist)
    post(
        desk,
        "pack",
        job.order.number,
        codes="T-317",
        tracking_number="1Z999AA10123456785",
        do="pack",
        **filled(job.order),
    )
    shipment = Shipment.objects.get()
    assert shipment.state == "packed"
    assert "The check digit does not fit" in text(desk, "shipment", shipment.number)


def test_many_are_shipped_by_scanning_and_those_that_may_not_go_are_named(at: Bench) -> None:
    first, second = makers.sendable(at), makers.sendable(at, pay=False)
    desk = client_of(at.shop.receptionist)
    page = text(desk, "ready")
    assert "May go" in page
    assert "Not yet" in page
    assert first.tray and second.tray
    scans = f"{first.tray.code}\n{NUMBER}\n{second.tray.code}\nT-999\n"
    answer = post(desk, "ready", scans=scans, how="ups:Standard")
    assert answer.status_code == 303
    shipment = Shipment.objects.get()
    assert (shipment.order_id, shipment.tracking_number, shipment.state) == (first.order_id, NUMBER, "handed_over")
    after = desk.get(answer["Location"]).content.decode()
    assert "is still to pay" in after
    assert "No ready order has this code" in after


def test_what_the_carrier_says_is_entered_by_hand_and_shown_with_both_times(at: Bench) -> None:
    shipment = makers.sent(at)
    heard(shipment, *HISTORY[:3])
    desk = client_of(at.shop.receptionist)
    answer = post(
        desk,
        "say",
        shipment.number,
        state="attempt_failed",
        reason="recipient_absent",
        at="2026-11-18T09:30",
        place="Durban",
    )
    assert answer.status_code == 303
    assert fresh(shipment).state == "attempt_failed"
    page = text(desk, "shipment", shipment.number)
    assert "Nobody was there to take the parcel" in page
    assert "By hand" in page
    assert "Webhook" in page
    assert shipment.number in desk.get(reverse("shipping:list") + "?view=problem").content.decode()


def test_the_list_has_its_views_and_costs_the_same_for_more_rows(at: Bench) -> None:
    desk = client_of(at.shop.receptionist)
    makers.sent(at)
    text(desk, "list")
    with CaptureQueriesContext(
        connection,
    ) as few:
        text(desk, "list", view="handed_over")
    for _n in range(2):
        makers.sent(at, tracking_number="")
    with CaptureQueriesContext(connection) as more:
        page = text(desk, "list", view="handed_over")
    assert page.count("-S1</a>") == 3
    assert len(more) == len(few)
    assert "No parcel has a problem" in text(desk, "list", view="problem")
    assert "-S1</a>" in text(desk, "list", q="mokoena")
    assert "No shipment for" in text(desk, "list", q="nobody like that")


def test_number_address_and_unpacking_are_changed_on_pages(at: Bench) -> None:
    shipment = makers.packed(at, tracking_number="")
    desk = client_of(at.shop.receptionist)
    answer = post(desk, "change", shipment.number, tracking_number=NUMBER, _version=shipment.version)
    assert (answer.status_code, fresh(shipment).tracking_number) == (303, NUMBER)
    stale = post(desk, "change", shipment.number, tracking_number="", _version=shipment.version)
    assert (stale.status_code, fresh(shipment).tracking_number) == (409, NUMBER)
    wrong = post(desk, "readdress", shipment.number, **{**ADDRESS, "name": "A B", "postal_code": "ABC"})
    assert wrong.status_code == 422
    assert post(desk, "readdress", shipment.number, **{**ADDRESS, "name": "A B"}).status_code == 303
    assert fresh(shipment).recipient == "A B"
    assert post(desk, "unpack", shipment.number, reason="").status_code == 422
    assert post(desk, "unpack", shipment.number, reason="Wrong box").status_code == 303
    assert fresh(shipment).state == "cancelled"


def test_a_report_shows_first_and_applies_then(at: Bench) -> None:
    shipment = makers.sent(at)
    desk = client_of(at.shop.receptionist)
    rows = f"tracking_number,status,time\n{NUMBER},delivered,2026-11-18 11:20\n"
    shown = post(desk, "report", text=rows)
    assert "Apply 1 row" in shown.content.decode()
    assert fresh(shipment).state == "handed_over"
    assert post(desk, "report", text=rows, apply="1").status_code == 303
    assert fresh(shipment).state == "delivered"


def test_papers_name_the_items_and_no_power_and_no_price(at: Bench) -> None:
    shipment = makers.sent(at)
    note, label = documents.html(shipment, "delivery"), documents.html(shipment, "label")
    assert "Vista HD progressive 1.60" in note
    assert "South Africa" in note
    for page in (note, label):
        assert "3190" not in page
        assert "-2.25" not in page
        assert "\u22122.25" not in page
    assert "12 Bree Street" in label
    assert NUMBER in label
    assert documents.pdf(shipment, "label").startswith(b"%PDF")
    desk = client_of(at.shop.receptionist)
    pdf = reverse("shipping:paper_pdf", args=[shipment.number, "label"])
    assert "Being prepared" in desk.get(pdf).content.decode()
    Job.objects.filter(kind="shipping.paper").update(state="dead")
    assert "The PDF could not be made" in desk.get(pdf).content.decode()
    assert desk.get(reverse("shipping:paper", args=[shipment.number, "nothing"])).status_code == 404


def test_a_manager_keeps_carriers_doors_and_words(at: Bench) -> None:
    makers.ship_carriers()
    manager = client_of(at.manager)
    answer = post(
        manager,
        "carrier_new",
        name="Courier Guy",
        code="guy",
        link_template="ftp://x",
        services="Same day 0",
        silence_days="2",
    )
    assert "write {} where" in answer.content.decode()
    post(
        manager,
        "carrier_new",
        name="Courier Guy",
        code="guy",
        link_template="https://guy.example/{}",
        services="Same day 0\nRoad 2",
        silence_days="2",
        is_active="on",
    )
    assert Carrier.objects.get(code="guy").services == [{"name": "Same day", "days": 0}, {"name": "Road", "days": 2}]
    opened = post(manager, "doors", adapter="easypost", name="Ours")
    assert opened.status_code == 303
    endpoint = CarrierEndpoint.objects.get()
    page = text(manager, "doors")
    assert "it is shown once" in page
    assert str(endpoint.public_id) in page
    assert "it is shown once" not in text(manager, "doors")
    word = CarrierWord.objects.create(adapter="easypost", word="teleported", shown="Teleported")
    assert "Teleported" in text(manager, "words")
    assert post(manager, "word", word.pk, state="delivered").status_code == 303
    word.refresh_from_db()
    assert (word.state, word.mapped_by_id) == ("delivered", at.manager.user_id)


def test_the_api_reads_shipments_with_their_checkpoints_and_no_address(at: Bench) -> None:
    shipment = makers.sent(at)
    heard(shipment, *HISTORY[:2])
    client = client_of(at.shop.receptionist)
    listed = client.get(reverse("shipping_api:list")).json()["results"]
    assert [row["number"] for row in listed] == [shipment.number]
    found = client.get(reverse("shipping_api:detail", args=[shipment.number])).json()
    assert (found["state"], len(found["checkpoints"]), found["carrier"]) == ("in_transit", 2, "ups")
    assert "Bree" not in str(found)
