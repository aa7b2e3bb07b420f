import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from branches import lock
from branches.models import Desk, DeskSignIn
from branches.roles import Role
from branches.services import desks, profile
from core.errors import NotAllowed, NotVisible
from tests import factories

PASSWORD = "a-long-password-1"


@pytest.fixture
def shop(practice, manager):
    """A browser on an enrolled computer, with the token in its cookie."""
    _desk, token = desks.enrol(practice.pk, "Desk 2", actor=factories.actor(manager, practice), at=timezone.now())
    browser = Client()
    browser.cookies["desk"] = token
    return browser


def full_sign_in(browser: Client, user) -> None:
    answer = browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 302


def with_pin(user, pin="482913"):
    return profile.set_pin(user.pk, pin)


def unlock(browser: Client, user, secret: str, **extra):
    return browser.post("/unlock/", {"person": user.pk, "secret": secret, "next": "/settings/"}, **extra)


def test_locking_hides_every_page_until_the_password(signed_in, manager):
    assert signed_in.post("/lock/", {"next": "/settings/"})["Location"] == "/locked/?next=/settings/"
    hidden = signed_in.get("/settings/staff/")
    assert hidden["Location"] == "/locked/?next=%2Fsettings%2Fstaff%2F"
    assert "That is not your password." in unlock(signed_in, manager, "wrong").content.decode()
    assert signed_in.get("/settings/").status_code == 302
    assert unlock(signed_in, manager, PASSWORD)["Location"] == "/settings/"
    assert signed_in.get("/settings/").status_code == 200


def test_ten_idle_minutes_lock_but_never_swallow_a_form_being_typed(signed_in, manager):
    session = signed_in.session
    session[lock.SEEN] = int(timezone.now().timestamp()) - lock.IDLE_SECONDS - 1
    session.save()
    saved = {"full_name": "Naledi K", "language": "en"}
    assert signed_in.post("/profile/", saved).status_code == 303
    session = signed_in.session
    session[lock.SEEN] = int(timezone.now().timestamp()) - lock.IDLE_SECONDS - 1
    session.save()
    assert signed_in.get("/profile/")["Location"].startswith("/locked/")
    assert signed_in.post("/profile/", saved).status_code == 302
    assert unlock(signed_in, manager, PASSWORD).status_code == 303


def test_what_htmx_polls_is_no_sign_of_life_and_learns_of_the_lock(signed_in):
    session = signed_in.session
    session[lock.SEEN] = seen = int(timezone.now().timestamp()) - 300
    session.save()
    signed_in.get("/settings/staff/", headers={"HX-Request": "true"})
    assert signed_in.session[lock.SEEN] == seen
    signed_in.post("/lock/")
    answer = signed_in.get("/settings/staff/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "locked")


def test_a_script_gets_the_form_to_put_over_the_page_and_the_way_on(signed_in, manager):
    by_script = {"headers": {"X-Requested-With": "fetch"}}
    form = signed_in.post("/lock/", **by_script).content.decode()
    assert "data-unlock" in form and "<html" not in form
    refused = unlock(signed_in, manager, "wrong", **by_script)
    assert refused.status_code == 422 and "<html" not in refused.content.decode()
    assert unlock(signed_in, manager, PASSWORD, **by_script).json() == {"url": "/settings/", "same": True}


def test_a_pin_unlocks_at_the_enrolled_desk_after_a_full_sign_in(shop, manager):
    with_pin(manager)
    full_sign_in(shop, manager)
    shop.post("/lock/")
    assert unlock(shop, manager, "482913").status_code == 303
    assert shop.get("/settings/").status_code == 200


def test_a_pin_does_not_work_on_another_computer(client, manager):
    with_pin(manager)
    full_sign_in(client, manager)
    client.post("/lock/")
    assert "Password" in client.get("/locked/").content.decode()
    assert unlock(client, manager, "482913").status_code == 422


def test_a_pin_does_not_work_on_the_day_after(shop, manager):
    with_pin(manager)
    full_sign_in(shop, manager)
    DeskSignIn.objects.update(signed_in_at=timezone.now() - dt.timedelta(days=1))
    shop.post("/lock/")
    assert unlock(shop, manager, "482913").status_code == 422


def test_five_wrong_pins_use_it_up_and_the_password_still_helps(shop, manager):
    with_pin(manager)
    full_sign_in(shop, manager)
    shop.post("/lock/")
    assert "4 tries left" in unlock(shop, manager, "000001").content.decode()
    for _ in range(3):
        unlock(shop, manager, "000001")
    assert "used up" in unlock(shop, manager, "000001").content.decode()
    assert unlock(shop, manager, "482913").status_code == 422
    assert unlock(shop, manager, PASSWORD).status_code == 303


def test_a_colleague_takes_over_with_name_and_pin_and_sees_their_own_first_page(shop, manager, practice):
    colleague = with_pin(factories.user(Role.BRANCH_MANAGER, practice, full_name="Zanele Dube"))
    full_sign_in(shop, colleague)
    full_sign_in_again = Client()
    full_sign_in_again.cookies["desk"] = shop.cookies["desk"].value
    full_sign_in(full_sign_in_again, manager)
    full_sign_in_again.post("/lock/", {"next": "/settings/practice/"})
    assert "Zanele Dube" in full_sign_in_again.get("/locked/").content.decode()
    answer = unlock(full_sign_in_again, colleague, "482913")
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert full_sign_in_again.get("/profile/").context["user"] == colleague


def test_nobody_gets_in_by_the_name_of_one_who_has_not_signed_in_here_today(shop, manager, practice):
    stranger = with_pin(factories.user(Role.RECEPTIONIST, practice))
    full_sign_in(shop, manager)
    shop.post("/lock/")
    assert unlock(shop, stranger, "482913")["Location"] == "/accounts/login/"
    assert unlock(shop, stranger, PASSWORD)["Location"] == "/accounts/login/"
    assert shop.get("/settings/")["Location"].startswith("/locked/")


def test_the_sign_in_page_of_an_enrolled_desk_offers_the_people_of_today(shop, manager):
    with_pin(manager)
    full_sign_in(shop, manager)
    shop.post("/accounts/logout/")
    page = shop.get("/accounts/login/").content.decode()
    assert "At this desk today" in page and manager.full_name in page
    assert unlock(shop, manager, "482913").status_code == 303
    assert shop.get("/settings/").status_code == 200


def test_an_ended_desk_takes_no_pin(shop, manager, practice):
    with_pin(manager)
    full_sign_in(shop, manager)
    desks.retire(Desk.objects.get().pk, actor=factories.actor(manager, practice), at=timezone.now())
    shop.post("/lock/")
    assert unlock(shop, manager, "482913").status_code == 422


def test_enrolling_needs_the_right_and_the_branch(practice, manager):
    with pytest.raises(NotAllowed):
        desks.enrol(practice.pk, "D", actor=factories.staff(Role.RECEPTIONIST, practice), at=timezone.now())
    with pytest.raises(NotVisible):
        desks.enrol(factories.branch().pk, "D", actor=factories.actor(manager, practice), at=timezone.now())
    assert not Desk.objects.exists()


def test_enrolling_in_the_browser_sets_the_cookie_and_keeps_only_a_hash(signed_in):
    answer = signed_in.post("/settings/computers/", {"name": "Desk 2"})
    token = answer.cookies["desk"].value
    assert answer.cookies["desk"]["httponly"] and token not in Desk.objects.get().token_hash
    assert "this computer" in signed_in.get("/settings/computers/").content.decode()


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "12345", "abcdef"])
def test_an_easy_or_short_pin_is_refused(signed_in, manager, pin):
    assert signed_in.post("/profile/pin/", {"pin": pin, "password": PASSWORD}).status_code == 422
    manager.refresh_from_db()
    assert manager.pin_hash == ""


def test_setting_a_pin_asks_for_the_password(signed_in, manager):
    assert signed_in.post("/profile/pin/", {"pin": "482913", "password": "no"}).status_code == 422
    assert signed_in.post("/profile/pin/", {"pin": "482913", "password": PASSWORD}).status_code == 303
    manager.refresh_from_db()
    assert manager.pin_hash and "482913" not in manager.pin_hash
