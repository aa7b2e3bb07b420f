"""Stock pages: by branch, with movements, deliveries, transfers and counts; what belongs to another branch is not there."""

from decimal import Decimal

import pytest
from django.urls import reverse

from branches.roles import Role
from inventory.models import StockCount, StockItem, Transfer
from inventory.services import counts, stock, transfers
from tests.factories import actor, branch, frame, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def umhlanga():
    return branch("UMH", name="Umhlanga")


@pytest.fixture
def person(client, rosebank):
    keeper = user(Role.FRAME_CONTROLLER, rosebank)
    client.force_login(keeper)
    return keeper


@pytest.fixture
def keeper(person, rosebank):
    return actor(person, rosebank)


@pytest.fixture
def item(keeper, rosebank) -> StockItem:
    return stock.receive(
        keeper, rosebank.pk, frame(sku="KAR-1", search_text="karoo 214 havana kar-1").pk, 3, Decimal(900)
    )


def url(name: str, *args: object) -> str:
    return reverse(f"inventory:{name}", args=args)


def test_the_list_shows_what_is_free_here(client, item):
    shown = client.get(url("list"), {"q": "havana"})
    assert [(one.on_hand, one.available) for one in shown.context["keys"].rows] == [(3, 3)]
    assert client.get(url("list"), {"q": "zzz"}).context["keys"].rows == []


@pytest.mark.parametrize(("view", "count"), [("all", 1), ("low", 0), ("out", 0), ("reserved", 0), ("nonsense", 1)])
def test_the_views_of_the_list(client, item, view, count):
    assert len(client.get(url("list"), {"view": view}).context["keys"].rows) == count


def test_an_empty_branch_says_what_to_do(client, person):
    assert "Receive a delivery" in client.get(url("list")).content.decode()


def test_a_delivery_is_scanned_in(client, person, rosebank):
    karoo = frame(sku="KAR-9")
    values = {"frame": "~KAR-9", "quantity": "2", "unit_cost": "900", "reference": "DN 7"}
    answer = client.post(url("receive"), values)
    assert answer.status_code == 303
    assert "reference=DN+7" in answer["Location"]
    assert StockItem.objects.get(frame=karoo, branch=rosebank).on_hand == 2


@pytest.mark.parametrize(
    ("wrong", "named"),
    [({"frame": "nothing"}, "frame"), ({"quantity": "0"}, "quantity"), ({"unit_cost": "-5"}, "unit_cost")],
)
def test_a_bad_delivery_line_is_refused_at_its_field(client, person, wrong, named):
    frame(sku="KAR-9")
    answer = client.post(url("receive"), {"frame": "KAR-9", "quantity": "1"} | wrong)
    assert answer.status_code == 422
    assert named in answer.context["form"].errors
    assert not StockItem.objects.exists()


def test_a_correction_is_kept_with_its_reason(client, item):
    assert (
        client.post(url("correct", item.pk), {"movement": "damaged", "quantity": "1", "reason": ""}).status_code == 422
    )
    answer = client.post(url("correct", item.pk), {"movement": "damaged", "quantity": "1", "reason": "Hinge broken"})
    assert answer.status_code == 303
    assert "Hinge broken" in client.get(url("item", item.pk)).content.decode()
    item.refresh_from_db()
    assert item.on_hand == 2


def test_a_transfer_from_list_to_receipt(client, person, item, rosebank, umhlanga):
    answer = client.post(url("transfers"), {"to_branch": str(umhlanga.pk)})
    transfer = Transfer.objects.get()
    assert answer["Location"] == url("transfer", transfer.number)
    for _scan in range(2):
        assert client.post(url("transfer", transfer.number), {"frame": "KAR-1"}).status_code == 303
    assert client.post(url("transfer", transfer.number), {"frame": "KAR-1", "pieces": "5"}).status_code == 422
    assert client.post(url("transfer_send", transfer.number)).status_code == 303
    client.force_login(user(Role.FRAME_CONTROLLER, umhlanga))
    assert transfer.number in client.get(url("transfers")).content.decode()
    answer = client.post(url("transfer_receive", transfer.number), {"scanned": "KAR-1\r\nKAR-1\r\n"})
    assert answer.status_code == 303
    assert StockItem.objects.get(branch=umhlanga).on_hand == 2


def test_a_receipt_with_an_unknown_code_changes_nothing_and_keeps_the_text(client, keeper, item, rosebank, umhlanga):
    transfer = transfers.start(keeper, rosebank.pk, umhlanga.pk)
    transfers.put(keeper, transfer.pk, item.frame_id)
    transfers.send(keeper, transfer.pk)
    client.force_login(user(Role.FRAME_CONTROLLER, umhlanga))
    answer = client.post(url("transfer_receive", transfer.number), {"scanned": "NOPE"})
    assert answer.status_code == 422
    assert "NOPE" in answer.content.decode()
    assert not StockItem.objects.filter(branch=umhlanga).exists()


def test_a_count_by_scans(client, item):
    client.post(url("counts"), {"whole_branch": "on"})
    count = StockCount.objects.get()
    client.post(url("count", count.number), {"frame": "KAR-1"})
    running = client.get(url("count", count.number)).content.decode()
    assert "Expected" not in running
    client.post(url("count_post", count.number))
    posted = client.get(url("count", count.number)).content.decode()
    assert "Expected" in posted
    item.refresh_from_db()
    assert item.on_hand == 1


def test_another_branchs_stock_is_not_there(client, item, umhlanga, keeper, rosebank):
    count = counts.start(keeper, rosebank.pk)
    transfer = transfers.start(keeper, rosebank.pk, branch().pk)
    client.force_login(user(Role.FRAME_CONTROLLER, umhlanga))
    for address in (url("item", item.pk), url("count", count.number), url("transfer", transfer.number)):
        assert client.get(address).status_code == 404
    for address in (url("correct", item.pk), url("count_post", count.number), url("transfer_send", transfer.number)):
        assert client.post(address, {"movement": "damaged", "quantity": "1", "reason": "x"}).status_code == 404
    item.refresh_from_db()
    assert item.on_hand == 3


def test_who_may_only_look_cannot_change(client, item, rosebank):
    client.force_login(user(Role.DISPENSING_OPTICIAN, rosebank))
    assert client.get(url("item", item.pk)).status_code == 200
    assert client.get(url("receive")).status_code == 403
    answer = client.post(url("correct", item.pk), {"movement": "damaged", "quantity": "1", "reason": "x"})
    assert answer.status_code == 403
    item.refresh_from_db()
    assert item.on_hand == 3


def test_signed_out_people_are_asked_to_sign_in(client, item):
    client.logout()
    assert client.get(url("list")).status_code == 302


def test_the_list_asks_a_fixed_number_of_questions(client, keeper, rosebank, django_assert_max_num_queries):
    for _n in range(12):
        stock.receive(keeper, rosebank.pk, frame().pk, 1)
    with django_assert_max_num_queries(16):
        client.get(url("list"))
