"""The counter by keyboard, in a real browser: few keys, no click, the focus stays where it was."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from branches.models import Branch, User
from branches.roles import Role
from customers import services
from customers.data import CustomerData
from customers.models import Consent, Customer
from tests import factories
from tests.e2e import axe
from tests.e2e.conftest import PHONE, enter
from visits.models import Appointment, AppointmentKind, AppointmentState, Visit, VisitState
from visits.services import appointments, visits
from visits.services.appointments import Booking
from visits.services.slots import Slot


class Keys:
    """Types like a person; `overhead` counts every key that is not data, a chord is one."""

    def __init__(self, page: Page) -> None:
        self.page, self.overhead = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.overhead += 1

    def data(self, text: str) -> None:
        self.page.keyboard.type(text)


@pytest.fixture
def zanele(practice: Branch) -> User:
    return factories.user(Role.RECEPTIONIST, practice, full_name="Zanele Dube")


@pytest.fixture
def desk(page: Page, context, zanele: User, live_server) -> Page:
    enter(context, zanele, live_server)
    return page


@pytest.fixture
def thandi(practice: Branch, zanele: User) -> Customer:
    actor = factories.actor(zanele, practice)
    return services.create(actor, CustomerData("Thandi", "Mokoena", phone="082 123 4417"))


@pytest.fixture
def agenda(practice: Branch, zanele: User, thandi: Customer) -> list[Appointment]:
    """Two in Naledi's column, one in Lerato's, from now on."""
    actor = factories.actor(zanele, practice)
    naledi = factories.user(Role.OPTOMETRIST, practice, full_name="Naledi Khumalo")
    lerato = factories.user(Role.OPTOMETRIST, practice, full_name="Lerato Maseko")
    now = timezone.now()
    start = now.replace(minute=now.minute // 15 * 15, second=0, microsecond=0)
    rows = [(naledi, 0, thandi), (naledi, 30, None), (lerato, 0, None)]
    return [
        appointments.book(
            actor,
            Booking(
                practice.pk,
                (who or factories.customer(practice, family_name=f"Other{n}")).pk,
                AppointmentKind.EYE_TEST,
                Slot(start + timedelta(minutes=offset), 30, user.pk, outside_hours=True),
            ),
        )
        for n, (user, offset, who) in enumerate(rows)
    ]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_arriving_testing_and_ending_take_one_key_each(desk: Page, agenda: list[Appointment]) -> None:
    desk.goto("/")
    card = f"a{agenda[0].pk}"
    desk.locator(f"#{card}").focus()
    keys = Keys(desk)
    keys.press("a")
    desk.wait_for_selector(f"#{card} >> text=Arrived")
    assert focused(desk) == card
    keys.press("s")
    desk.wait_for_selector(f"#{card} >> text=In test")
    assert keys.overhead == 2
    keys.press("d")
    desk.wait_for_url("**/end/**")
    desk.wait_for_selector("main form button:focus")
    desk.keyboard.press("Enter")
    desk.wait_for_selector(f"#{card} >> text=Done")
    assert Visit.objects.get().state == VisitState.DONE
    assert Appointment.objects.get(pk=agenda[0].pk).state == AppointmentState.DONE


def test_arrows_move_between_the_cards_and_enter_opens(desk: Page, agenda: list[Appointment]) -> None:
    first, below, beside = (f"a{one.pk}" for one in agenda)
    desk.goto("/")
    desk.locator(f"#{first}").focus()
    desk.keyboard.press("ArrowDown")
    assert focused(desk) == below
    desk.keyboard.press("ArrowUp")
    assert focused(desk) == first
    desk.keyboard.press("ArrowLeft")
    assert focused(desk) == beside
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/visits/appointments/**")


def test_a_new_walk_in_takes_at_most_eight_keys_beyond_the_data(desk: Page, practice: Branch) -> None:
    desk.goto("/")
    keys = Keys(desk)
    keys.press("n")
    desk.wait_for_selector("#id_name:focus")
    keys.data("Chidi Okafor")
    keys.press("Tab")
    keys.data("083 555 0119")
    keys.press("Tab", "Space", "Enter")
    desk.wait_for_selector("text=Chidi Okafor is in the queue")
    assert keys.overhead <= 8
    visit = Visit.objects.get()
    assert (visit.state, visit.customer.phone) == (VisitState.WAITING, "+27835550119")
    assert Consent.objects.get().granted


def test_a_known_walk_in_takes_three_keys_beyond_the_search(desk: Page, thandi: Customer) -> None:
    desk.goto("/")
    keys = Keys(desk)
    keys.press("n")
    desk.wait_for_selector("#id_name:focus")
    keys.data("moko")
    desk.wait_for_selector(f"#known >> text={thandi.number}")
    keys.press("Tab", "Enter")
    desk.wait_for_selector("text=Thandi Mokoena is in the queue")
    assert keys.overhead <= 3
    assert Visit.objects.get().customer_id == thandi.pk
    assert Customer.objects.count() == 1


def test_the_poll_brings_the_news_and_leaves_the_focus(
    desk: Page, agenda: list[Appointment], zanele: User, practice: Branch
) -> None:
    desk.clock.install()
    desk.goto("/")
    card = f"a{agenda[0].pk}"
    desk.locator(f"#{card}").focus()
    with desk.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true") as first:
        desk.clock.fast_forward(21_000)
    assert first.value.status == 200
    desk.wait_for_function("id => document.activeElement.id === id", arg=card)
    visits.arrive(factories.actor(zanele, practice), agenda[2].pk)
    with desk.expect_response(lambda answer: answer.request.headers.get("hx-request") == "true"):
        desk.clock.fast_forward(21_000)
    desk.wait_for_selector(f"#a{agenda[2].pk} >> text=Arrived")
    assert focused(desk) == card


def test_palette_to_a_customer_in_seven_keys(desk: Page, thandi: Customer) -> None:
    desk.goto("/")
    desk.keyboard.press("Control+k")
    desk.wait_for_selector("#palette[open]")
    desk.keyboard.type("mokoe")
    desk.wait_for_selector("#palette [role=option][aria-selected=true] >> text=Mokoena, Thandi")
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/customers/{thandi.number}/")
    assert desk.locator(".identity .name").inner_text() == "MOKOENA, Thandi"


@pytest.mark.parametrize(("viewport", "scheme"), [(None, "light"), (PHONE, "dark")])
def test_every_page_of_the_counter_is_clean(
    desk: Page, agenda: list[Appointment], thandi: Customer, zanele: User, practice: Branch, viewport, scheme
) -> None:
    visit = visits.walk_in(
        factories.actor(zanele, practice), practice.pk, factories.customer(practice).pk, "Broken arm", timezone.now()
    )
    if viewport:
        desk.set_viewport_size(viewport)
    desk.emulate_media(color_scheme=scheme)
    page = f"/customers/{thandi.number}/"
    for address in (
        "/",
        "/?day=2026-11-22",
        "/visits/walk-in/",
        f"/visits/walk-in/?known={thandi.number}",
        f"/visits/book/?customer={thandi.number}",
        "/visits/book/?q=moko",
        f"/visits/appointments/{agenda[0].pk}/",
        f"/visits/appointments/{agenda[0].pk}/cancel/",
        f"/visits/{visit.pk}/end/",
        "/customers/",
        "/customers/?q=nobody",
        "/customers/new/",
        "/customers/recalls/",
        page,
        f"{page}?show=money",
        f"{page}change/",
        f"{page}household/",
        f"{page}identity/",
    ):
        desk.goto(address)
        axe.check(desk)


def test_refused_forms_are_clean_and_take_the_focus(desk: Page, thandi: Customer) -> None:
    desk.goto("/visits/walk-in/")
    desk.click("main button[data-kind=primary]")
    desk.wait_for_selector(".error-summary:focus")
    axe.check(desk)
    desk.goto("/visits/walk-in/")
    desk.fill("#id_name", "Tandi Mokoena")
    desk.fill("#id_phone", "082 123 4417")
    desk.click("main button[data-kind=primary]")
    desk.wait_for_selector("text=Could it be one of these?")
    axe.check(desk)
    desk.click("text=Is this person")
    desk.wait_for_selector("text=Thandi Mokoena is in the queue")


def test_the_counter_works_without_script(browser, live_server, zanele: User, thandi: Customer) -> None:
    window = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    enter(window, zanele, live_server)
    page = window.new_page()
    page.goto("/")
    page.click("text=Add walk-in")
    page.fill("#id_name", "Chidi Okafor")
    page.click("main button[data-kind=primary]")
    page.click("#queue summary >> text=Okafor, Chidi")
    page.click("#queue >> text=Start test")
    page.click("#queue summary >> text=Okafor, Chidi")
    page.click("#queue a >> text=Done")
    page.click("text=End visit")
    assert Visit.objects.get().state == VisitState.DONE
    window.close()
