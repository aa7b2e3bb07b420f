"""Catalogue pages: search, add, change, prices, traces, end of supply; who may."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from branches.roles import Role
from catalogue.models import Frame, LensAddOn, LensProduct, Service
from records.models import Event
from tests.factories import branch, frame, lens, supplier, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosebank():
    return branch("RSB", name="Rosebank")


@pytest.fixture
def keeper(client, rosebank):
    person = user(Role.FRAME_CONTROLLER, rosebank)
    client.force_login(person)
    return person


def frame_values(**values) -> dict[str, str]:
    defaults = {
        "brand": "Karoo", "model": "118", "colour": "olive", "sku": "KAR-118-OLIVE", "supplier": str(supplier().pk),
        "material": "plastic", "mount": "full_rim", "eye_size_mm": "54", "bridge_mm": "17", "b_mm": "41",
        "ed_mm": "58", "cost": "900", "price": "2650",
    }  # fmt: skip
    return defaults | values


def lens_values(**values) -> dict[str, str]:
    defaults = {
        "name": "Vista HD 1.60", "family": "Vista HD", "code": "VHD160", "supplier": str(supplier().pk),
        "design": "progressive", "form": "free_form", "material": "MR-8", "index_nd": "1.600", "lead_days": "4",
        "cost": "1400", "price": "3190", "ranges-0-diameter_mm": "70", "ranges-0-sphere_min": "-10",
        "ranges-0-sphere_max": "8", "ranges-0-cylinder_min": "-6", "bands-0-quantity": "cylinder",
        "bands-0-from_dioptres": "2.25", "bands-0-to_dioptres": "4", "bands-0-price": "140",
    }  # fmt: skip
    return defaults | values


def test_a_frame_is_added_and_found_by_any_part(client, keeper):
    answer = client.post(reverse("catalogue:new_frame"), frame_values(gtin="6001234567895"))
    assert answer.status_code == 422
    assert "check digit" in answer.content.decode()
    answer = client.post(reverse("catalogue:new_frame"), frame_values())
    assert answer.status_code == 303
    made = Frame.objects.get()
    assert (made.a_mm, made.dbl_mm, made.version) == (Decimal(54), Decimal(17), 1)
    for text in ("118", "olive kar", "54-17", "kar-118"):
        assert "KAR-118-OLIVE" in client.get(reverse("catalogue:frames"), {"q": text}).content.decode()
    assert "No frame matches" in client.get(reverse("catalogue:frames"), {"q": "zzz"}).content.decode()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"sku": ""}, "sku"),
        ({"b_mm": "5"}, "b_mm"),
        ({"ed_mm": "50"}, "ed_mm"),
        ({"price": "-1"}, "price"),
        ({"eye_size_mm": "abc"}, "eye_size_mm"),
        ({"gtin": "12345"}, "gtin"),
        ({"supplier": "999999"}, "supplier"),
        ({"material": "wood"}, "material"),
    ],
)
def test_a_bad_value_of_a_frame_is_refused_at_its_field(client, keeper, wrong, named):
    answer = client.post(reverse("catalogue:new_frame"), frame_values(**wrong))
    assert answer.status_code == 422
    assert named in answer.context["form"].errors
    assert not Frame.objects.exists()


def test_a_sku_names_one_frame(client, keeper):
    frame(sku="kar-118-olive")
    answer = client.post(reverse("catalogue:new_frame"), frame_values())
    assert "sku" in answer.context["form"].errors


def test_a_price_change_is_a_version_with_its_reason_and_an_event(client, keeper):
    client.post(reverse("catalogue:new_frame"), frame_values())
    made = Frame.objects.get()
    url = reverse("catalogue:change_frame", args=[made.pk])
    answer = client.post(url, frame_values(price="2790", reason="New list", _version="1"))
    assert answer.status_code == 303
    made.refresh_from_db()
    assert (made.price, made.version, made.history.count()) == (Decimal(2790), 2, 2)
    event = Event.objects.get(kind="catalogue.frame_changed")
    assert (event.old, event.new, event.reason) == ({"price": "2650"}, {"price": "2790"}, "New list")


def test_two_people_changing_a_frame_see_both_values(client, keeper):
    client.post(reverse("catalogue:new_frame"), frame_values())
    url = reverse("catalogue:change_frame", args=[Frame.objects.get().pk])
    client.post(url, frame_values(price="2790", _version="1"))
    answer = client.post(url, frame_values(price="2590", _version="1"))
    assert answer.status_code == 409
    clashes = {one.field: (one.theirs, one.yours, one.by) for one in answer.context["form"].clashes}
    assert clashes["price"] == ("2790.00", "2590", keeper.full_name)
    assert Frame.objects.get().price == Decimal(2790)


def trace_file(text: str = "") -> SimpleUploadedFile:
    radii = ";".join(["2600"] * 4 + ["2500"] * 32 + ["2600"] * 4)
    lines = [f"R={radii}"]
    body = text or "\r\n".join(["REQ=FIL", "DBL=18.00;18.00", "TRCFMT=1;40;E;R;F", *lines, ""])
    return SimpleUploadedFile("shape.oma", body.encode())


def test_a_trace_measures_the_frame(client, keeper):
    made = frame()
    answer = client.post(reverse("catalogue:trace_frame", args=[made.pk]), {"file": trace_file(), "_version": "1"})
    assert answer.status_code == 303, answer.content.decode()[:2000]
    made.refresh_from_db()
    assert made.trace["right"]["radii"][0] == 2600
    assert made.ed_mm == Decimal("52.00") or made.ed_mm > Decimal(50)
    assert made.circumference_mm is not None
    assert made.version == 2


@pytest.mark.parametrize(
    "content", ["", "not a trace", "TRCFMT=1;4;E;R;F\r\nR=1;2\r\n", "TRCFMT=6;400;E;R;F\r\nR=xx\r\n"]
)
def test_a_file_without_a_readable_outline_is_refused_and_nothing_changes(client, keeper, content):
    made = frame()
    answer = client.post(
        reverse("catalogue:trace_frame", args=[made.pk]), {"file": trace_file(content or " "), "_version": "1"}
    )
    assert answer.status_code == 422
    made.refresh_from_db()
    assert (made.trace, made.version) == (None, 1)


def test_a_discontinued_frame_moves_to_its_own_list_and_comes_back(client, keeper):
    made = frame()
    url = reverse("catalogue:discontinue_frame", args=[made.pk])
    assert client.post(url, {"on": "2026-11-20", "_version": "1"}).status_code == 303
    assert made.sku not in client.get(reverse("catalogue:frames")).content.decode()
    assert made.sku in client.get(reverse("catalogue:frames"), {"view": "discontinued"}).content.decode()
    assert Event.objects.filter(kind="catalogue.frame_discontinued", subject_id=made.pk).exists()
    client.post(reverse("catalogue:reinstate_frame", args=[made.pk]))
    made.refresh_from_db()
    assert made.discontinued_on is None


def test_a_lens_is_added_with_its_powers_and_surcharges(client, keeper):
    answer = client.post(reverse("catalogue:new_lens"), lens_values())
    assert answer.status_code == 303, answer.context["form"].errors
    made = LensProduct.objects.get()
    assert [(row.diameter_mm, row.cylinder_min, row.prism_max) for row in made.ranges.all()] == [(70, Decimal(-6), 0)]
    assert [(band.quantity, band.price) for band in made.bands.all()] == [("cylinder", Decimal(140))]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"code": ""}, "code"),
        ({"index_nd": "0.9"}, "index_nd"),
        ({"ranges-0-sphere_min": "9"}, "ranges-0-sphere_min"),
        ({"ranges-0-cylinder_min": "2"}, "ranges-0-cylinder_min"),
        ({"ranges-0-sphere_max": ""}, "ranges-0-sphere_max"),
        ({"ranges-0-diameter_mm": "700"}, "ranges-0-diameter_mm"),
        ({"bands-0-to_dioptres": "1"}, "bands-0-from_dioptres"),
        ({"design": "magic"}, "design"),
    ],
)
def test_a_bad_value_of_a_lens_is_refused_at_its_field(client, keeper, wrong, named):
    answer = client.post(reverse("catalogue:new_lens"), lens_values(**wrong))
    assert answer.status_code == 422
    assert named in answer.context["form"].errors
    assert not LensProduct.objects.exists()


def test_a_changed_range_is_a_version_that_says_what_moved(client, keeper):
    client.post(reverse("catalogue:new_lens"), lens_values())
    made = LensProduct.objects.get()
    url = reverse("catalogue:change_lens", args=[made.pk])
    answer = client.post(url, lens_values(**{"ranges-0-sphere_min": "-8", "_version": "1"}))
    assert answer.status_code == 303, answer.context["form"].errors
    event = Event.objects.get(kind="catalogue.lens_changed")
    assert list(event.new) == ["powers made"]
    assert made.ranges.get().sphere_min == Decimal(-8)


def test_add_ons_and_services_are_added_on_small_pages(client, keeper):
    product = lens()
    add_on = {
        "name": "ClearShield", "code": "CS", "supplier": str(supplier().pk), "kind": "coating", "price": "625",
        "cost": "250", "extra_days": "0", "families": product.family,
    }  # fmt: skip
    assert client.post(reverse("catalogue:new_add_on"), add_on).status_code == 303
    assert list(LensAddOn.objects.get().products.all()) == [product]
    service = {
        "name": "Eye examination",
        "code": "EXAM",
        "price": "690",
        "cost": "0",
        "minutes": "30",
        "is_active": "on",
    }
    assert client.post(reverse("catalogue:new_service"), service).status_code == 303
    assert Service.objects.get().price == Decimal(690)
    assert client.post(reverse("catalogue:new_service"), service).status_code == 422
    shown = client.get(reverse("catalogue:extras")).content.decode()
    assert "ClearShield" in shown
    assert "Eye examination" in shown


PAGES = ["frames", "lenses", "extras"]
CHANGES = ["new_frame", "new_lens", "new_add_on", "new_service"]


@pytest.mark.parametrize("name", PAGES)
def test_everybody_on_the_staff_may_look(client, rosebank, name):
    client.force_login(user(Role.RECEPTIONIST, rosebank))
    assert client.get(reverse(f"catalogue:{name}")).status_code == 200


@pytest.mark.parametrize("name", CHANGES)
def test_only_those_who_keep_the_catalogue_may_change_it(client, rosebank, name):
    client.force_login(user(Role.DISPENSING_OPTICIAN, rosebank))
    assert client.get(reverse(f"catalogue:{name}")).status_code == 403
    client.logout()
    assert client.get(reverse(f"catalogue:{name}")).status_code == 302


def test_cost_is_shown_only_to_those_who_may_see_it(client, rosebank, keeper):
    made = frame(cost=Decimal("917.31"))
    assert "917.31" in client.get(reverse("catalogue:frame", args=[made.pk])).content.decode()
    client.force_login(user(Role.DISPENSING_OPTICIAN, rosebank))
    for url in (reverse("catalogue:frame", args=[made.pk]), reverse("catalogue:frames")):
        assert "917.31" not in client.get(url).content.decode()


def test_lists_ask_a_fixed_number_of_questions(client, keeper, django_assert_max_num_queries):
    for _n in range(12):
        frame()
        lens()
    for name in PAGES:
        with django_assert_max_num_queries(20):
            client.get(reverse(f"catalogue:{name}"))
