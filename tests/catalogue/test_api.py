"""The API: frames, the lens finder, stock; the same rights as the pages."""

from decimal import Decimal

import pytest
from django.urls import reverse

from branches.roles import Role
from inventory.services import stock
from tests.factories import actor, branch, frame, lens, lens_range, user

pytestmark = pytest.mark.django_db
RIGHT = {"sphere": "-2.25", "cylinder": "-0.75", "axis": 90, "add": "2.00", "far_pd_mm": "31.5", "height_mm": "21"}
LEFT = {"sphere": "-2.00", "cylinder": "-0.50", "axis": 85, "add": "2.00", "far_pd_mm": "31", "height_mm": "21"}


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def person(client, rosebank):
    one = user(Role.FRAME_CONTROLLER, rosebank)
    client.force_login(one)
    return one


def find(client, **body):
    return client.post(reverse("catalogue_api:find_lenses"), body, content_type="application/json")


def test_the_finder_offers_with_price_days_and_thickness_and_explains_the_rest(client, person):
    lens(code="VHD160", price=Decimal(3190))
    short = lens(code="SHORT", made=False)
    lens_range(short, sphere_min=Decimal(-1))
    frame(sku="KAR-214")
    answer = find(client, right=RIGHT, left=LEFT, frame_sku="KAR-214", explain=True)
    assert answer.status_code == 200, answer.json()
    told = answer.json()
    offer = told["offers"][0]
    assert (told["total"], offer["code"], offer["price"], offer["working_days"]) == (1, "VHD160", "6380.00", 4)
    assert Decimal(str(offer["right"]["weight_g"])) > 5
    assert told["refused"] == [
        {
            "code": "SHORT",
            "name": short.name,
            "reasons": [
                "Right: Sphere −2.25: made from −1.00 to +8.00.",
                "Left: Sphere −2.00: made from −1.00 to +8.00.",
            ],
        }
    ]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"right": {"sphere": "x"}},
        {"right": {"sphere": "1", "cylinder": "-1"}},
        {"right": {"sphere": "1", "axis": 200}},
        {"right": {"sphere": "1"}, "frame": {"a_mm": "5"}},
        {"right": {"sphere": "1"}, "frame_sku": "NOPE"},
    ],
)
def test_a_demand_that_makes_no_sense_is_refused(client, person, body):
    assert find(client, **body).status_code in (400, 422)


def test_frames_are_found_by_part_and_by_code(client, person):
    frame(sku="KAR-9", search_text="karoo 214 havana kar-9")
    found = client.get(reverse("catalogue_api:frames"), {"q": "havana"}).json()["results"]
    assert [one["sku"] for one in found] == ["KAR-9"]
    assert "cost" not in found[0]
    assert client.get(reverse("catalogue_api:frame", args=["kar-9"])).json()["ed_mm"] == "55.00"
    assert client.get(reverse("catalogue_api:frame", args=["none"])).status_code == 404


def test_stock_of_the_own_branches_only(client, person, rosebank):
    other = branch("UMH", name="Umhlanga")
    here = stock.receive(actor(person, rosebank), rosebank.pk, frame(sku="KAR-9").pk, 2)
    stock.receive(actor(user(Role.FRAME_CONTROLLER, other), other), other.pk, here.frame_id, 5)
    told = client.get(reverse("inventory_api:list")).json()["results"]
    assert [(one["branch"], one["available"]) for one in told] == [("RSB", 2)]
    assert client.get(reverse("inventory_api:list"), {"branch": "UMH"}).json()["results"] == []


@pytest.mark.parametrize("name", ["catalogue_api:frames", "inventory_api:list"])
def test_nobody_signed_out_is_answered(client, person, name):
    client.logout()
    assert client.get(reverse(name), {"q": "x"}).status_code in (401, 403)
