import pytest
from django.core import mail
from django.test import Client

from branches.models import Branch, Membership, Organisation, User
from branches.roles import Role
from branches.services import organisation, staff
from core.errors import DomainError, IllegalTransition, NotAllowed, NotVisible, StaleRecord
from core.versions import version_of
from tests import factories

NEW = {
    "organisation": "Meridian Optical", "branch_name": "Rosebank", "branch_code": "rsb", "country": "ZA",
    "time_zone": "Africa/Johannesburg", "full_name": "Naledi Khumalo", "email": "Naledi@Practice.example",
    "password": "a-long-password-1",
}  # fmt: skip


# ---------------------------------------------------------------- first day


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/settings/staff/"])
def test_an_empty_practice_leads_every_page_to_the_set_up(client, path):
    assert client.get(path)["Location"] == "/setup/"


@pytest.mark.django_db
def test_the_first_day_makes_practice_branch_and_manager_and_signs_in(client):
    assert client.post("/setup/", NEW).status_code == 303
    user = User.objects.get(email="naledi@practice.example")
    assert Organisation.objects.get().name == "Meridian Optical"
    assert Branch.objects.get().code == "RSB"
    held = set(user.memberships.values_list("branch__code", "role"))
    assert held == {(None, Role.HEAD_OFFICE), ("RSB", Role.BRANCH_MANAGER)}
    assert client.get("/settings/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "value"),
    [("organisation", ""), ("branch_code", "R2"), ("email", "nope"), ("password", "short"), ("time_zone", "Mars/Base")],
)
def test_a_wrong_answer_on_the_first_day_makes_nothing_and_keeps_the_rest(client, field, value):
    answer = client.post("/setup/", NEW | {field: value})
    assert answer.status_code == 422
    assert 'value="Rosebank"' in answer.content.decode() and "There is a problem" in answer.content.decode()
    assert not User.objects.exists() and not Organisation.objects.exists() and not Branch.objects.exists()


def test_a_set_up_practice_is_not_set_up_again(client, practice, manager):
    assert client.get("/setup/")["Location"] == "/accounts/login/"
    assert client.post("/setup/", NEW)["Location"] == "/accounts/login/"
    with pytest.raises(IllegalTransition):
        organisation.set_up(organisation.FirstDay(*["x"] * 8), None)
    assert User.objects.count() == 1


# -------------------------------------------------------------------- staff


@pytest.fixture
def other(practice):
    return factories.branch("UMH", name="Umhlanga")


@pytest.fixture
def head_office(practice):
    return factories.user(Role.HEAD_OFFICE, None, full_name="Head Office")


def test_a_new_colleague_gets_role_reason_and_a_link(signed_in, practice):
    answer = signed_in.post(
        "/settings/staff/new/",
        {"full_name": "Pieter Venter", "email": "pieter@practice.example", "role": "dispensing_optician",
         "branch": practice.pk, "reason": "starts today", "password": ""},
    )  # fmt: skip
    assert answer.status_code == 303
    user = User.objects.get(email="pieter@practice.example")
    assert not user.has_usable_password()
    assert mail.outbox[0].to == ["pieter@practice.example"]
    page = signed_in.get(f"/settings/staff/{user.pk}/").content.decode()
    assert "Dispensing optician at Rosebank given" in page and "starts today" in page and "N. Khumalo" in page


def test_an_address_in_use_is_refused_at_its_field(signed_in, manager, practice):
    sent = {"full_name": "X Y", "email": manager.email.upper(), "role": "receptionist", "branch": practice.pk,
            "reason": "r", "password": ""}  # fmt: skip
    answer = signed_in.post("/settings/staff/new/", sent)
    assert answer.status_code == 422 and "somebody already signs in with it" in answer.content.decode()
    assert User.objects.count() == 1 and mail.outbox == []


def test_a_manager_gives_no_role_outside_the_branch_and_none_of_head_office(manager, practice, other):
    actor, colleague = factories.actor(manager, practice), factories.user(Role.RECEPTIONIST, practice)
    with pytest.raises(NotVisible):
        staff.give_role(colleague.pk, Role.RECEPTIONIST, other.pk, reason="r", actor=actor)
    for branch_id, role in ((None, Role.RECEPTIONIST), (practice.pk, Role.HEAD_OFFICE)):
        with pytest.raises(NotAllowed):
            staff.give_role(colleague.pk, role, branch_id, reason="r", actor=actor)
    assert colleague.memberships.count() == 1


def test_people_of_other_branches_are_not_found(signed_in, other):
    stranger = factories.user(Role.RECEPTIONIST, other, full_name="Far Away")
    for path in ("", "switch/", f"roles/{stranger.memberships.get().pk}/take/"):
        assert signed_in.get(f"/settings/staff/{stranger.pk}/{path}").status_code == 404
    assert "Far Away" not in signed_in.get("/settings/staff/").content.decode()


def test_a_role_given_twice_is_refused(head_office, practice):
    actor, colleague = factories.actor(head_office, practice), factories.user(Role.RECEPTIONIST, practice)
    with pytest.raises(DomainError) as refused:
        staff.give_role(colleague.pk, Role.RECEPTIONIST, practice.pk, reason="r", actor=actor)
    assert refused.value.code == "role_held"


def test_taking_a_role_asks_for_a_reason_and_works_at_once(signed_in, practice):
    colleague = factories.user(Role.BRANCH_MANAGER, practice)
    membership = colleague.memberships.get()
    theirs = Client()
    theirs.force_login(colleague)
    assert theirs.get("/settings/staff/").status_code == 200
    path = f"/settings/staff/{colleague.pk}/roles/{membership.pk}/take/"
    assert signed_in.post(path, {"reason": ""}).status_code == 422
    assert signed_in.post(path, {"reason": "left us"}).status_code == 303
    assert Membership.history.filter(history_type="-").get().history_change_reason == "left us"
    assert theirs.get("/settings/staff/")["Location"] == "/branch/none/"


def test_the_last_one_who_may_give_roles_keeps_that_role(manager, practice):
    actor = factories.actor(manager, practice)
    with pytest.raises(IllegalTransition) as refused:
        staff.take_role(manager.memberships.get().pk, reason="r", actor=actor)
    assert refused.value.code == "last_manager" and manager.memberships.count() == 1


def test_an_account_is_switched_off_and_its_sessions_end(signed_in, practice):
    colleague, theirs = factories.user(Role.RECEPTIONIST, practice), Client()
    theirs.force_login(colleague)
    signed_in.post(f"/settings/staff/{colleague.pk}/switch/", {"reason": "on leave"})
    assert theirs.get("/profile/").status_code == 302
    page = signed_in.get(f"/settings/staff/{colleague.pk}/").content.decode()
    assert "Account switched off" in page and "on leave" in page


def test_nobody_switches_off_their_own_account(manager, head_office, practice):
    with pytest.raises(IllegalTransition):
        staff.switch(manager.pk, active=False, reason="r", actor=factories.actor(manager, practice))
    manager.refresh_from_db()
    assert manager.is_active


@pytest.mark.parametrize("path", ["staff/", "staff/new/", "practice/", "branches/", "computers/", "roles/"])
def test_settings_are_not_for_a_receptionist(client, practice, path):
    client.force_login(factories.user(Role.RECEPTIONIST, practice))
    assert client.get(f"/settings/{path}").status_code == 403
    assert "Your role changes no settings" in client.get("/settings/").content.decode()


def test_every_role_is_told_in_sentences(signed_in):
    page = signed_in.get("/settings/roles/").content.decode()
    assert "Tests eyes and signs prescriptions" in page and "sign prescriptions" in page and "25 % discount" in page


# ----------------------------------------------------------------- branches


def branch_form(branch: Branch, **changes: object) -> dict[str, object]:
    values = {
        "name": branch.name, "code": branch.code, "colour": "green", "country": "ZA", "time_zone": branch.time_zone,
        "tax_percent": "15", "deposit_percent": "50", "quote_valid_days": "30", "prices_include_tax": "on",
    }  # fmt: skip
    return values | changes


def test_a_branch_keeps_its_hours_as_days(signed_in, practice):
    path = f"/settings/branches/{practice.pk}/"
    assert (
        signed_in.post(path, branch_form(practice, hours_mon="8:30-17", hours_sat="09:00 – 13:00")).status_code == 303
    )
    practice.refresh_from_db()
    assert practice.opening_hours == {"mon": ["08:30", "17:00"], "sat": ["09:00", "13:00"]}
    assert practice.colour == "green"


def test_hours_that_make_no_sense_are_refused_at_their_day(signed_in, practice):
    answer = signed_in.post(f"/settings/branches/{practice.pk}/", branch_form(practice, hours_mon="17-8"))
    assert answer.status_code == 422 and "Monday: write it like 08:30–17:30" in answer.content.decode()
    practice.refresh_from_db()
    assert practice.opening_hours == {}


def test_another_branchs_settings_are_not_found(signed_in, other):
    assert signed_in.get(f"/settings/branches/{other.pk}/").status_code == 404
    assert signed_in.post(f"/settings/branches/{other.pk}/", branch_form(other)).status_code == 404


def test_only_head_office_opens_a_branch(signed_in, client, practice, head_office):
    new = branch_form(practice, name="Durban North", code="dbn")
    assert signed_in.post("/settings/branches/new/", new).status_code == 403
    assert Branch.objects.count() == 1
    client.force_login(head_office)
    assert client.post("/settings/branches/new/", new).status_code == 303
    assert Branch.objects.get(code="DBN").name == "Durban North"


def test_two_people_on_one_branch_lose_nothing(manager, practice):
    actor, opened = factories.actor(manager, practice), version_of(practice)
    fields = {"phone": practice.phone, "city": practice.city}
    organisation.change_branch(practice.pk, fields | {"phone": "011 1"}, version=opened, actor=actor)
    organisation.change_branch(practice.pk, fields | {"city": "Durban"}, version=opened, actor=actor)
    practice.refresh_from_db()
    assert (practice.phone, practice.city) == ("011 1", "Durban")
    with pytest.raises(StaleRecord) as refused:
        organisation.change_branch(practice.pk, fields | {"phone": "011 2"}, version=opened, actor=actor)
    (clash,) = refused.value.clashes
    assert (clash.original, clash.theirs, clash.yours) == ("", "011 1", "011 2")
    practice.refresh_from_db()
    assert practice.phone == "011 1"


def test_a_clash_is_settled_on_the_page(signed_in, manager, practice):
    path, opened = f"/settings/branches/{practice.pk}/", version_of(practice)
    organisation.change_branch(
        practice.pk, {"phone": "011 1"}, version=opened, actor=factories.actor(manager, practice)
    )
    answer = signed_in.post(path, branch_form(practice, phone="011 2", _version=opened))
    assert answer.status_code == 409 and "saved first" in answer.content.decode()
    settled = branch_form(practice, phone="011 2", _version=version_of(practice), _merge_phone="theirs")
    assert signed_in.post(path, settled).status_code == 303
    practice.refresh_from_db()
    assert practice.phone == "011 1"


def test_the_practice_itself_is_head_offices_to_change(signed_in, client, practice, head_office):
    values = {"name": "New Name"}
    assert signed_in.post("/settings/practice/", values).status_code == 403
    client.force_login(head_office)
    assert client.post("/settings/practice/", values).status_code == 303
    assert Organisation.objects.get().name == "New Name"
