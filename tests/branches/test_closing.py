"""A branch closes when nothing waits for it any more, and opens again as it was."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from branches import closing, selectors
from branches.models import Branch, Membership, User
from branches.roles import Role
from branches.services import closing as verbs
from core.actor import Actor
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed, NotVisible
from customers.forms import ChangeCustomerForm
from inventory.models import StockCount, StockItem, Transfer
from orders.models import OrderBalance
from orders.services import drawers, payments
from orders.services.payments import PaymentData
from records import phrases
from records.models import Event
from tests import factories, racing
from tests.orders import makers
from tests.rows import lay_down
from tests.security import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def durban(practice: Branch) -> Branch:
    """A second shop, with nothing in it."""
    return factories.branch("DUR", name="Durban")


@pytest.fixture
def office(practice: Branch) -> User:
    return factories.user(Role.HEAD_OFFICE, None, full_name="Grace Botha")


@pytest.fixture
def browser(client: Client, office: User) -> Client:
    client.force_login(office)
    return client


def numbers(branch: Branch) -> dict[str, int]:
    return {one.key: number for one, number in closing.standing(branch)}


def address(verb: str, branch: Branch) -> str:
    return reverse(f"branches:{verb}", args=[branch.pk])


def test_closing_keeps_the_reason_the_person_and_the_earlier_value(browser: Client, durban: Branch) -> None:
    answer = browser.post(address("close_branch", durban), {"reason": "Lease ended"}, follow=True)
    assert "Durban is closed" in answer.content.decode()
    opened, closed = durban.history.order_by("history_id")
    assert (opened.is_active, closed.is_active) == (True, False)
    assert (closed.history_user.full_name, closed.history_change_reason) == ("Grace Botha", "Lease ended")
    [event] = Event.objects.filter(kind="branch.closed")
    assert (event.branch_id, event.actor_name, event.reason) == (durban.pk, "Grace Botha", "Lease ended")
    assert phrases.text_of(event) == "Branch closed: Durban"
    story = [(one.text, one.by, one.reason) for one in selectors.branch_changes(durban)]
    assert story == [("Closed", "G. Botha", "Lease ended"), ("Branch opened", "System", "")]


def test_a_closed_branch_is_shown_as_closed_and_nobody_works_there(browser: Client, durban: Branch) -> None:
    browser.post(reverse("branches:switch"), {"branch": durban.pk})
    browser.post(address("close_branch", durban), {"reason": "Lease ended"})
    page = browser.get("/settings/branches/")
    assert [(row.name, row.is_active) for row in page.context["rows"]] == [("Rosebank", True), ("Durban", False)]
    assert "Closed" in page.content.decode()
    assert page.context["request"].branch.name == "Rosebank"
    assert browser.post(reverse("branches:switch"), {"branch": durban.pk}).status_code == 404
    assert "Open it again" in browser.get(address("branch", durban)).content.decode()


def test_opening_again_restores_everything(browser: Client, practice: Branch, durban: Branch) -> None:
    colleague = factories.user(Role.RECEPTIONIST, durban)
    Membership.objects.create(user=colleague, branch=practice, role=Role.RECEPTIONIST)
    durban.rooms.create(name="Test room")
    browser.post(address("close_branch", durban), {"reason": "Lease ended"})
    theirs = Client()
    theirs.force_login(colleague)
    assert theirs.post(reverse("branches:switch"), {"branch": durban.pk}).status_code == 404
    browser.post(address("open_branch", durban), {"reason": "New lease"})
    assert theirs.post(reverse("branches:switch"), {"branch": durban.pk}).status_code == 303
    assert durban.rooms.get().is_active
    assert [one.text for one in selectors.branch_changes(durban)] == ["Opened again", "Closed", "Branch opened"]
    assert phrases.text_of(Event.objects.get(kind="branch.opened_again")) == "Branch opened again: Durban"


def test_the_page_names_what_stands_against_it_with_number_and_way(
    browser: Client, practice: Branch, durban: Branch
) -> None:
    factories.stocked(at=durban, pieces=3)
    browser.post(reverse("branches:switch"), {"branch": practice.pk})
    page = browser.get(address("close_branch", durban)).content.decode()
    assert "Frames on hand" in page and f"/stock/?branch={durban.pk}" in page
    assert "You work in Rosebank now" in page and 'name="reason"' not in page
    answer = browser.post(address("close_branch", durban), {"reason": "Lease ended"})
    refused = answer.content.decode()
    assert answer.status_code == 422
    assert "Durban cannot be closed yet." in refused and "Frames on hand: 3" in refused and "Lease ended" in refused
    durban.refresh_from_db()
    assert (durban.is_active, durban.history.count(), Event.objects.filter(kind="branch.closed").count()) == (
        True,
        1,
        0,
    )


def test_a_reason_is_asked_for(browser: Client, durban: Branch) -> None:
    assert browser.post(address("close_branch", durban), {"reason": " "}).status_code == 422
    durban.refresh_from_db()
    assert durban.is_active


def test_every_app_tells_what_waits_in_a_shop_at_work() -> None:
    here = world.build()
    drawers.start(here.bench.shop.receptionist, here.shop.pk, Decimal(500))
    lay_down(Transfer, from_branch=here.elsewhere, to_branch=here.shop, number="T-77777")
    lay_down(StockCount, branch=here.shop, number="S-77777")
    found, people = numbers(here.shop), User.objects.filter(memberships__branch=here.shop).distinct().count()
    pieces = sum(StockItem.objects.filter(branch=here.shop).values_list("on_hand", flat=True))
    assert found == found | {
        "orders": 1, "drawer": 1, "jobs": 1, "parcels": 1, "returns": 1, "stock": pieces, "transfers": 1, "counts": 1,
        "waiting": 1, "appointments": 1, "people": people,
    }  # fmt: skip
    assert {"cases", "labs"} - set(found) <= {"labs"} and "last_shop" not in found


def test_money_that_is_owed_either_way_keeps_a_branch_open() -> None:
    shop = makers.shop("RSB")
    makers.shop("DUR")
    owing, paid_too_much = makers.confirmed(shop), makers.confirmed(shop)
    charged = OrderBalance.objects.get(order=paid_too_much).charged
    payments.take(shop.receptionist, PaymentData(paid_too_much.pk, charged + 10, "card", as_credit=True))
    type(owing).objects.update(state="collected", collected_at="2026-11-20T10:00Z")
    found = numbers(shop.branch)
    assert (found["owed"], found["credits"], "orders" in found) == (1, 1, False)


def test_the_last_open_shop_is_not_closed(practice: Branch, office: User) -> None:
    factories.branch("LAB", is_lab=True)
    factories.branch("OLD", is_active=False)
    with pytest.raises(GateClosed) as refused:
        verbs.close(practice.pk, reason="Sold", actor=factories.actor(office, practice))
    assert [one.code for one in refused.value.missing] == ["last_shop"]
    assert Branch.objects.get(pk=practice.pk).is_active


def test_who_works_only_here_is_counted_and_who_works_elsewhere_is_not(practice: Branch, durban: Branch) -> None:
    closed = factories.branch("OLD", is_active=False)
    only_here, both, left = (factories.user(Role.RECEPTIONIST, durban) for _n in range(3))
    Membership.objects.create(user=only_here, branch=closed, role=Role.RECEPTIONIST)
    Membership.objects.create(user=both, branch=practice, role=Role.RECEPTIONIST)
    User.objects.filter(pk=left.pk).update(is_active=False)
    assert numbers(durban) == {"people": 1}


@pytest.mark.parametrize(("verb", "is_active"), [(verbs.close, False), (verbs.open_again, True)])
def test_what_is_done_already_is_refused(
    verb: Callable[..., Branch], is_active: bool, practice: Branch, durban: Branch, office: User
) -> None:
    Branch.objects.filter(pk=durban.pk).update(is_active=is_active)
    with pytest.raises(IllegalTransition):
        verb(durban.pk, reason="Twice", actor=factories.actor(office, practice))
    assert durban.history.count() == 1


@pytest.mark.parametrize(
    ("role", "at", "error"), [(Role.RECEPTIONIST, "Durban", NotAllowed), (Role.BRANCH_MANAGER, "Rosebank", NotVisible)]
)
def test_only_who_changes_the_branch_closes_it(
    role: str, at: str, error: type[DomainError], practice: Branch, durban: Branch
) -> None:
    somebody: Actor = factories.staff(role, Branch.objects.get(name=at))
    with pytest.raises(error):
        verbs.close(durban.pk, reason="No right", actor=somebody)
    assert Branch.objects.get(pk=durban.pk).is_active


@pytest.mark.django_db(transaction=True)
def test_two_people_do_not_close_the_last_two_shops() -> None:
    first, second = factories.branch("ONE"), factories.branch("TWO")
    people = [factories.actor(factories.user(Role.HEAD_OFFICE), at) for at in (first, second)]
    told = racing.at_once(
        [
            lambda: verbs.close(first.pk, reason="Sold", actor=people[0]),
            lambda: verbs.close(second.pk, reason="Sold", actor=people[1]),
        ]
    )
    assert sorted(type(one).__name__ for one in told) == ["Branch", "GateClosed"]
    assert Branch.objects.filter(is_active=True).count() == 1


def test_records_of_a_closed_branch_stay_readable_and_its_customers_keep_it() -> None:
    shop, other = makers.shop("RSB"), makers.shop("DUR")
    order = makers.confirmed(shop)
    Membership.objects.create(user_id=shop.manager.user_id, branch=other.branch, role=Role.BRANCH_MANAGER)
    Branch.objects.filter(pk=shop.branch.pk).update(is_active=False, name="Rosebank")
    reader = Client()
    reader.force_login(User.objects.get(pk=shop.manager.user_id))
    customer, test = order.customer, order.prescription
    assert test is not None
    for url in (
        reverse("orders:page", args=[order.number]),
        reverse("customers:page", args=[customer.number]),
        reverse("prescriptions:page", args=[test.pk]),
    ):
        assert reader.get(url).status_code == 200, url
    form = ChangeCustomerForm(initial={"home_branch_id": shop.branch.pk})
    assert (shop.branch.pk, "Rosebank (closed)") in list(form.fields["home_branch_id"].choices)  # type: ignore[attr-defined]
    assert shop.branch.pk not in dict(selectors.offered())


def test_roles_and_rooms_are_offered_in_open_branches_alone(browser: Client, durban: Branch) -> None:
    Branch.objects.filter(pk=durban.pk).update(is_active=False)
    assert "Durban" not in str(browser.get("/settings/staff/new/").context["form"]["branch"])
    assert "Durban" not in str(browser.get("/settings/rooms/").context["form"]["branch"])
