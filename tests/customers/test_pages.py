"""The customer pages through HTTP."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches import notices
from branches.models import Branch, User
from branches.roles import Role
from core import navigation
from customers import panels, services
from customers.data import CustomerData, data_of
from customers.models import Consent, Customer
from records.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def home() -> Branch:
    return make.branch("RSB", name="Rosebank")


@pytest.fixture
def zanele(home: Branch) -> User:
    return make.user(Role.RECEPTIONIST, home, full_name="Zanele Dube")


@pytest.fixture
def desk(zanele: User, client: Client) -> Client:
    client.force_login(zanele)
    return client


@pytest.fixture
def thandi(zanele: User, home: Branch) -> Customer:
    data = CustomerData(
        "Thandi", "Mokoena", birth_date=date(1974, 3, 4), phone="082 123 4417", email="thandi@post.example"
    )
    return services.create(make.actor(zanele, home), data)


def url(customer: Customer, name: str = "page") -> str:
    return reverse(f"customers:{name}", args=[customer.number])


TYPED = {
    "given_names": "Sipho",
    "family_name": "Dlamini",
    "phone": "083 555 0199",
    "preferred_channel": "sms",
    "language": "en",
}


def test_the_page_names_the_person_and_masks_the_contact(desk: Client, thandi: Customer) -> None:
    answer = desk.get(url(thandi))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "<b>MOKOENA</b>, Thandi" in page
    assert "04 Mar 1974" in page
    assert "ends 4417" in page
    assert "Customer record made" in page
    assert "Z. Dube, receptionist" in page


@pytest.mark.parametrize("name", ["page", "change", "identity", "household"])
def test_a_stranger_is_led_to_log_in(client: Client, thandi: Customer, name: str) -> None:
    answer = client.get(url(thandi, name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", ["change", "identity", "household", "merge"])
def test_who_may_only_look_may_not_change(client: Client, home: Branch, thandi: Customer, name: str) -> None:
    client.force_login(make.user(Role.LAB_TECHNICIAN, home))
    assert client.get(url(thandi)).status_code == 200
    assert client.post(url(thandi, name), TYPED).status_code == 403
    thandi.refresh_from_db()
    assert thandi.version == 1


@pytest.mark.parametrize("number", ["C-999999", "%00", "C-1%00", "☃", "x" * 300])
def test_an_unknown_number_is_not_found(desk: Client, number: str) -> None:
    assert desk.get(f"/customers/{number}/").status_code == 404


@pytest.mark.parametrize("query", ["before=9" * 30, "before=x", "show=secret", "before=-1"])
def test_a_damaged_address_shows_the_story_all_the_same(desk: Client, thandi: Customer, query: str) -> None:
    assert desk.get(f"{url(thandi)}?{query}").status_code == 200


def test_results_come_as_you_type(desk: Client, thandi: Customer) -> None:
    answer = desk.get(reverse("customers:list"), {"q": "mok"}, headers={"HX-Request": "true"})
    assert b"<html" not in answer.content
    assert b"Mokoena, Thandi" in answer.content
    assert b"04 Mar 1974" in answer.content


def test_nobody_found_offers_to_make_the_customer(desk: Client) -> None:
    answer = desk.get(reverse("customers:list"), {"q": "Nobody Here"})
    assert b'href="/customers/new/?name=Nobody%20Here"' in answer.content


def test_a_customer_is_made_with_consents_as_one_action(desk: Client) -> None:
    answer = desk.post(reverse("customers:new"), TYPED | {"consents": ["recall"], "email": "s@post.example"})
    made = Customer.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, url(made))
    assert {(row.purpose, row.channel, row.granted) for row in Consent.objects.all()} == {
        ("recall", "sms", True),
        ("recall", "email", True),
    }
    assert Event.objects.values("action").distinct().count() == 1


def test_somebody_alike_is_offered_not_forced(desk: Client, thandi: Customer) -> None:
    typed = TYPED | {"given_names": "Tandi", "family_name": "Mokoena", "phone": "0821234417"}
    first = desk.post(reverse("customers:new"), typed)
    assert first.status_code == 200
    assert b"Could it be one of these?" in first.content
    assert thandi.number.encode() in first.content
    assert b'value="Tandi"' in first.content
    assert Customer.objects.count() == 1
    assert desk.post(reverse("customers:new"), typed | {"another": "on"}).status_code == 303
    assert Customer.objects.count() == 2


def test_wrong_entries_keep_the_text_and_speak_at_the_field(desk: Client) -> None:
    answer = desk.post(reverse("customers:new"), TYPED | {"phone": "12", "email": "sipho"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert 'href="#id_phone"' in page and 'href="#id_email"' in page
    assert 'value="12"' in page and 'value="sipho"' in page and 'value="Dlamini"' in page
    assert not Customer.objects.exists()


def test_a_stale_save_shows_three_columns_and_then_goes_through(desk: Client, thandi: Customer, home: Branch) -> None:
    typed = {name: value or "" for name, value in vars(data_of(thandi)).items()} | {"_version": 1}
    other = make.staff(Role.RECEPTIONIST, home)
    services.change(other, thandi.pk, 1, CustomerData(**{**vars(data_of(thandi)), "phone": "083 555 0199"}))
    answer = desk.post(url(thandi, "change"), typed | {"phone": "084 555 0100", "address_unverified": ""})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "083 555 0199" in page and "084 555 0100" in page
    thandi.refresh_from_db()
    assert thandi.phone == "+27835550199"
    again = typed | {"phone": "084 555 0100", "address_unverified": "", "_version": 2}
    assert desk.post(url(thandi, "change"), again).status_code == 303
    thandi.refresh_from_db()
    assert (thandi.phone, thandi.version) == ("+27845550100", 3)


def test_consent_is_answered_for_one_channel(desk: Client, thandi: Customer) -> None:
    desk.post(url(thandi, "consent"), {"purpose": "marketing", "channel": "sms", "answer": "yes"})
    desk.post(url(thandi, "consent"), {"purpose": "marketing", "channel": "sms", "answer": "no"})
    assert [(row.channel, row.granted) for row in Consent.objects.order_by("pk")] == [("sms", True), ("sms", False)]
    assert b"Consent withdrawn: Offers, SMS" in desk.get(url(thandi)).content


def test_an_unknown_purpose_is_refused(desk: Client, thandi: Customer) -> None:
    answer = desk.post(url(thandi, "consent"), {"purpose": "spying", "channel": "sms", "answer": "yes"})
    assert answer.status_code == 422
    assert not Consent.objects.exists()


def test_a_merged_record_leads_to_the_kept_one_with_a_note(desk: Client, thandi: Customer, home: Branch) -> None:
    manager = make.staff(Role.BRANCH_MANAGER, home)
    twice = services.create(manager, CustomerData("Tandi", "Mokoena", insurer="Blue Aid"))
    services.merge(manager, thandi.pk, twice.pk, "Same phone")
    answer = desk.get(url(twice), follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(url(thandi), 302)]
    assert f"{twice.number} was merged into {thandi.number} on" in page
    thandi.refresh_from_db()
    assert thandi.insurer == "Blue Aid"
    assert page.count("Customer record made") == 2


def test_a_household_is_joined_by_number_and_left_again(
    desk: Client, thandi: Customer, zanele: User, home: Branch
) -> None:
    kagiso = services.create(make.actor(zanele, home), CustomerData("Kagiso", "Mokoena", birth_date=date(2009, 2, 1)))
    refused = desk.post(url(kagiso, "household"), {"other": "C-000000", "relation": "son"})
    assert refused.status_code == 422 and b"no customer has this number." in refused.content
    assert desk.post(url(kagiso, "household"), {"other": thandi.number.lower(), "relation": "son"}).status_code == 303
    assert b"Kagiso Mokoena</bdi>, " in desk.get(url(thandi)).content
    assert desk.post(url(kagiso, "leave_household")).status_code == 303
    kagiso.refresh_from_db()
    assert kagiso.household_id is None


def test_a_clinical_record_opened_from_another_branch_leaves_one_trace_an_hour(
    client: Client, thandi: Customer
) -> None:
    naledi = make.user(Role.OPTOMETRIST, make.branch("DUR"))
    client.force_login(naledi)
    client.get(url(thandi))
    client.get(url(thandi))
    assert [(row.actor_id, row.customer_id) for row in Event.objects.filter(kind="record.viewed")] == [
        (naledi.pk, thandi.pk)
    ]
    page = client.get(url(thandi)).content
    assert b"opened from another branch" not in page
    assert b"opened from another branch" in client.get(url(thandi), {"show": "changes"}).content


def test_opened_at_home_is_no_event(client: Client, thandi: Customer, home: Branch) -> None:
    client.force_login(make.user(Role.OPTOMETRIST, home))
    client.get(url(thandi))
    assert not Event.objects.filter(kind="record.viewed").exists()


def test_older_events_come_by_key_and_none_twice(desk: Client, thandi: Customer, zanele: User, home: Branch) -> None:
    actor = make.actor(zanele, home)
    for n in range(24):
        current = Customer.objects.get(pk=thandi.pk)
        services.change(
            actor, thandi.pk, current.version, CustomerData(**{**vars(data_of(current)), "notes": f"note {n}"})
        )
    first = desk.get(url(thandi))
    assert first.content.count(b'<li class="event"') == 20
    older = desk.get(url(thandi), {"before": first.context["story"].older}, headers={"HX-Request": "true"})
    assert b"<html" not in older.content
    assert older.content.count(b'<li class="event"') == 5
    assert b"before=" not in older.content


def test_the_story_is_told_by_when_things_happened(desk: Client, thandi: Customer, zanele: User, home: Branch) -> None:
    actor = make.actor(zanele, home)
    long_ago = datetime(2019, 5, 6, 9, 0, tzinfo=UTC)
    services.check_identity(actor, thandi.pk, "passport", long_ago)
    page = desk.get(url(thandi)).content.decode().split('id="told"')[1]
    assert page.index("Customer record made") < page.index("Mon 6 May 2019") < page.index("Identity checked")


def test_the_page_costs_the_same_for_a_long_story(desk: Client, thandi: Customer, zanele: User, home: Branch) -> None:
    desk.get(url(thandi))
    with CaptureQueriesContext(connection) as short:
        desk.get(url(thandi))
    actor = make.actor(zanele, home)
    for n in range(30):
        current = Customer.objects.get(pk=thandi.pk)
        services.change(
            actor, thandi.pk, current.version, CustomerData(**{**vars(data_of(current)), "notes": f"note {n}"})
        )
    with CaptureQueriesContext(connection) as long:
        desk.get(url(thandi))
    assert len(long) == len(short)


def test_the_page_itself_costs_few_queries(desk: Client, thandi: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what other apps add (sections, counts of the navigation, what rings the bell): each has its own budget."""
    for registry, name in ((panels, "_panels"), (panels, "_extras"), (navigation, "_items"), (notices, "_sources")):
        monkeypatch.setattr(registry, name, {})
    desk.get(url(thandi))
    with CaptureQueriesContext(connection) as seen:
        desk.get(url(thandi))
    assert len(seen) <= 10
