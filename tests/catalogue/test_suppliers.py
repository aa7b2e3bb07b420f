"""Suppliers: without one nothing can be bought, so whoever begins is led to the first."""

import pytest
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from catalogue.models import Supplier
from records.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def controller(client: Client) -> Client:
    client.force_login(make.user(Role.FRAME_CONTROLLER, make.branch("RSB")))
    return client


GIVEN = {"name": "Vista Lenses", "code": "VIS", "email": "orders@vista.example", "is_active": "on"}


@pytest.mark.parametrize("name", ["new_frame", "new_lens", "new_add_on", "imports", "new_price_list"])
def test_the_first_frame_lens_or_list_asks_for_its_supplier_and_goes_on(controller: Client, name: str) -> None:
    wanted = reverse(f"catalogue:{name}")
    answer = controller.get(wanted)
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/catalogue/suppliers/new/?next={wanted.replace('/', '%2F')}",
    )
    form = controller.get(answer["Location"]).content.decode()
    assert f'name="next" value="{wanted}"' in form and "First the supplier it comes from" in form
    assert controller.post("/catalogue/suppliers/new/", GIVEN | {"next": wanted})["Location"] == wanted
    assert "Vista Lenses" in controller.get(wanted).content.decode()


def test_a_supplier_is_changed_and_keeps_its_earlier_words(controller: Client) -> None:
    controller.post("/catalogue/suppliers/new/", GIVEN)
    supplier = Supplier.objects.get()
    assert (
        controller.post(f"/catalogue/suppliers/{supplier.pk}/", GIVEN | {"name": "Vista", "is_active": ""}).status_code
        == 303
    )
    history = supplier.history.order_by("history_id").values_list("name", "is_active")
    assert list(history) == [("Vista Lenses", True), ("Vista", False)]
    told = Event.objects.filter(kind__startswith="catalogue.supplier").order_by("pk").values_list("kind", flat=True)
    assert list(told) == ["catalogue.supplier_added", "catalogue.supplier_changed"]
    assert controller.get("/catalogue/frames/new/").status_code == 303


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"name": ""}, "Name: fill this in."), ({"code": "vis"}, "Another supplier has this code."),
     ({"name": "VISTA LENSES"}, "Another supplier has this name."), ({"email": "x"}, "a valid email address")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field_and_nothing_saved(
    controller: Client, changed: dict[str, str], words: str
) -> None:
    make.supplier("VIS", "Vista Lenses")
    answer = controller.post("/catalogue/suppliers/new/", {"name": "Other", "code": "OTH"} | changed)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Supplier.objects.count() == 1


def test_the_counter_reads_the_list_and_changes_nothing(client: Client) -> None:
    client.force_login(make.user(Role.RECEPTIONIST, make.branch("RSB")))
    supplier = make.supplier("VIS", "Vista Lenses")
    assert "Vista Lenses" in client.get("/catalogue/suppliers/").content.decode()
    assert client.post(f"/catalogue/suppliers/{supplier.pk}/", GIVEN | {"name": "Mine"}).status_code == 403
    assert Supplier.objects.get().name == "Vista Lenses"
