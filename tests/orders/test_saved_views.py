"""Own views of the list of orders: the question under a name, mine or the branch's, and the one the list opens with."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from branches.models import Membership, User
from core.actor import Actor
from core.errors import DomainError, NotAllowed, NotVisible
from orders.models import DefaultView, SavedView
from orders.selectors import saved_views as reading
from orders.services import saved_views
from orders.services.saved_views import ViewData
from records.models import Event
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop
from tests.orders.test_pages import text

pytestmark = pytest.mark.django_db
LATE = "view=late&delivery=ship"


@pytest.fixture
def shop() -> Shop:
    return makers.shop("RSB")


def as_staff(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def kept(shop: Shop, name: str = "Late to send", *, shared: bool = False) -> SavedView:
    return saved_views.save(shop.optician, ViewData(name, LATE, shop.branch.pk if shared else None))


def test_the_filters_of_the_list_are_kept_under_a_name_and_shown_again(shop: Shop) -> None:
    desk = as_staff(shop.optician)
    page = desk.get("/orders/views/", {"view": "late", "delivery": "ship", "nonsense": "1"}).content.decode()
    hidden = re.search(r'name="query" value="([^"]*)"|value="([^"]*)"[^>]*name="query"', page)
    assert hidden and (hidden[1] or hidden[2]).replace("&amp;", "&") == LATE
    answer = desk.post("/orders/views/", {"name": "  Late   to send ", "query": LATE})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/orders/?{LATE}")
    row = SavedView.objects.get()
    assert (row.name, row.query, row.branch, row.owner_id) == ("Late to send", LATE, None, shop.optician.user_id)
    shown = desk.get(f"/orders/?{LATE}").content.decode()
    assert re.search(r'href="\?view=late&amp;delivery=ship" aria-current="page">Late to send', shown)
    assert Event.objects.filter(kind="order_view.saved").count() == 1


def test_what_is_not_ours_falls_away_before_it_is_kept(shop: Shop) -> None:
    as_staff(shop.optician).post(
        "/orders/views/", {"name": "x", "query": "view=evil&branch=99999&q=Mokoena&next=//evil"}
    )
    assert SavedView.objects.get().query == "view=open&q=Mokoena"


def test_the_longest_search_is_kept_whole(shop: Shop) -> None:
    search = "ن" * 79 + "😀"
    desk = as_staff(shop.optician)
    query = f"view=late&{urlencode({'q': search})}"
    assert desk.post("/orders/views/", {"name": "x", "query": query}).status_code == 303
    assert SavedView.objects.get().query == query


def test_who_leaves_a_branch_loses_what_was_lent_there(shop: Shop) -> None:
    lent = kept(shop, "Ours", shared=True)
    saved_views.open_with(shop.receptionist, lent.pk)
    desk = as_staff(shop.receptionist)
    assert desk.get("/orders/").headers["Location"] == f"/orders/?{LATE}"
    elsewhere = factories.branch("DUR")
    Membership.objects.filter(user_id=shop.receptionist.user_id).update(branch=elsewhere)
    assert desk.get("/orders/").status_code == 200
    assert desk.get(f"/orders/views/{lent.pk}/name/").status_code == 404
    for path in ("open/on", "share/off", "delete"):
        assert desk.post(f"/orders/views/{lent.pk}/{path}/").status_code == 404
    lent.refresh_from_db()
    assert (lent.name, lent.branch_id) == ("Ours", shop.branch.pk)


def test_the_same_name_takes_the_new_filters(shop: Shop) -> None:
    kept(shop)
    saved_views.save(shop.optician, ViewData("Late to send", "view=ready"))
    assert SavedView.objects.get().query == "view=ready"


def test_a_shared_view_is_seen_in_its_branch_and_nowhere_else(shop: Shop) -> None:
    mine, lent = kept(shop, "Mine"), kept(shop, "Ours", shared=True)
    assert [one.view.pk for one in reading.of(shop.receptionist)] == [lent.pk]
    assert reading.of(factories.staff("branch_manager", factories.branch("DUR"))) == []
    saved_views.open_with(shop.receptionist, lent.pk)
    saved_views.share(shop.optician, lent.pk, None)
    assert reading.of(shop.receptionist) == [] and not DefaultView.objects.exists()
    assert {one.view.pk for one in reading.of(shop.optician)} == {mine.pk, lent.pk}


def test_only_its_owner_or_a_manager_changes_a_view(shop: Shop) -> None:
    mine, lent = kept(shop, "Mine"), kept(shop, "Ours", shared=True)
    with pytest.raises(NotAllowed):
        saved_views.rename(shop.receptionist, lent.pk, "Theirs")
    with pytest.raises(NotVisible):
        saved_views.delete(shop.manager, mine.pk)
    saved_views.rename(shop.manager, lent.pk, "Everybody's")
    saved_views.delete(shop.manager, lent.pk)
    assert [row.name for row in SavedView.objects.all()] == ["Mine"]
    with pytest.raises(NotVisible):
        saved_views.share(shop.optician, mine.pk, factories.branch("DUR").pk)


def test_a_manager_finds_the_buttons_for_a_shared_view_and_colleagues_do_not(shop: Shop) -> None:
    lent = kept(shop, "Ours", shared=True)
    delete = f"/orders/views/{lent.pk}/delete/"
    assert delete in as_staff(shop.manager).get("/orders/views/").content.decode()
    assert delete not in as_staff(shop.receptionist).get("/orders/views/").content.decode()
    assert as_staff(shop.receptionist).post(delete).status_code == 403
    assert SavedView.objects.filter(pk=lent.pk).exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 41])
def test_a_view_needs_a_name(shop: Shop, name: str) -> None:
    with pytest.raises(DomainError):
        saved_views.save(shop.optician, ViewData(name, LATE))
    assert not SavedView.objects.exists()


def test_the_list_opens_with_the_chosen_view_until_it_is_deleted(shop: Shop) -> None:
    row, desk = kept(shop), as_staff(shop.optician)
    assert desk.get("/orders/").status_code == 200
    assert desk.post(f"/orders/views/{row.pk}/open/on/").status_code == 303
    opened = desk.get("/orders/")
    assert (opened.status_code, opened.headers["Location"]) == (302, f"/orders/?{LATE}")
    assert desk.get("/orders/?view=open").status_code == 200
    assert as_staff(shop.receptionist).get("/orders/").status_code == 200
    desk.post(f"/orders/views/{row.pk}/name/", {"name": "Parcels"})
    assert "the list opens with it" in text(desk.get("/orders/views/")) and "Parcels" in text(
        desk.get("/orders/views/")
    )
    desk.post(f"/orders/views/{row.pk}/delete/")
    assert desk.get("/orders/").status_code == 200 and not SavedView.objects.exists()


def test_a_view_that_is_not_lent_to_me_does_not_exist(shop: Shop) -> None:
    row = kept(shop)
    assert as_staff(shop.receptionist).get(f"/orders/views/{row.pk}/name/").status_code == 404
    assert as_staff(shop.receptionist).post(f"/orders/views/{row.pk}/open/on/").status_code == 404


def test_a_name_that_is_taken_is_refused_at_the_field(shop: Shop) -> None:
    kept(shop, "One")
    two = kept(shop, "Two")
    answer = as_staff(shop.optician).post(f"/orders/views/{two.pk}/name/", {"name": "One"})
    assert answer.status_code == 422 and "there is a view of this name already" in text(answer)
    assert SavedView.objects.get(pk=two.pk).name == "Two"
