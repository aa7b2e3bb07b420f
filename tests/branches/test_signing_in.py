import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from branches.models import Membership, User
from branches.roles import Role
from tests import factories

PASSWORD = "a-long-password-1"


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": email, "password": password}, **extra)


def test_e_mail_in_any_case_and_password_let_in(client, manager):
    assert sign_in(client, "Manager@Practice.example").status_code == 302
    assert client.get("/profile/").context["user"] == manager


@pytest.mark.parametrize("email", ["manager@practice.example", "nobody@practice.example"])
def test_wrong_e_mail_and_wrong_password_sound_the_same(client, manager, email):
    page = sign_in(client, email, "wrong-password-9").content.decode()
    assert page.count("That e-mail and password do not belong together.") == 1
    assert "Error: Sign in" in " ".join(page.split())
    assert f'value="{email}"' in page


def test_too_many_tries_say_how_long_to_wait_and_the_right_password_waits_too(client, manager):
    for _ in range(10):
        sign_in(client, manager.email, "wrong-password-9")
    page = sign_in(client, manager.email).content.decode()
    assert re.search(r"Too many tries\. Wait 1[45]\W+minutes, then try again", page)
    assert client.get("/profile/").status_code == 302


def test_nobody_signs_up_alone(client, manager):
    page = client.get("/accounts/signup/").content.decode()
    assert "A manager adds members of staff" in page
    client.post("/accounts/signup/", {"email": "x@y.example", "password1": PASSWORD})
    assert User.objects.count() == 1


def test_a_switched_off_account_stays_out(client, manager):
    User.objects.update(is_active=False)
    sign_in(client, manager.email)
    assert client.get("/profile/").status_code == 302


def test_a_forgotten_password_is_set_by_a_link_that_works_once(client, manager):
    client.post(reverse("account_reset_password"), {"email": manager.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body).group(1)
    form_page = client.get(link, follow=True)
    path = form_page.redirect_chain[-1][0]
    client.post(path, {"password1": "another-long-one-2", "password2": "another-long-one-2"})
    assert sign_in(client, manager.email, "another-long-one-2").status_code == 302
    assert "used already or is too old" in Client().get(link, follow=True).content.decode()


def test_asking_for_an_unknown_address_sounds_the_same_on_the_page(client, manager):
    pages = [
        client.post(reverse("account_reset_password"), {"email": email}, follow=True).content
        for email in (manager.email, "nobody@practice.example")
    ]
    csrf = re.compile(rb'name="csrfmiddlewaretoken" value="\w+"')
    assert csrf.sub(b"", pages[0]) == csrf.sub(b"", pages[1])


def test_where_one_was_going_is_kept(client, manager):
    page = client.get("/settings/staff/")
    assert page["Location"] == "/accounts/login/?next=/settings/staff/"
    answer = client.post(page["Location"], {"login": manager.email, "password": PASSWORD, "next": "/settings/staff/"})
    assert answer["Location"] == "/settings/staff/"


def test_several_branches_and_a_new_computer_ask_for_the_branch(client, manager):
    Membership.objects.create(user=manager, branch=factories.branch("UMH", name="Umhlanga"), role=Role.RECEPTIONIST)
    assert sign_in(client, manager.email)["Location"] == "/branch/"


def test_head_office_of_one_branch_is_not_asked_which(client, manager):
    Membership.objects.create(user=manager, branch=None, role=Role.HEAD_OFFICE)
    assert sign_in(client, manager.email)["Location"] == "/"
    client.logout()
    factories.branch("UMH", name="Umhlanga")
    assert sign_in(client, manager.email)["Location"] == "/branch/"


def test_this_computers_last_branch_is_preselected(client, manager):
    other = factories.branch("UMH", name="Umhlanga")
    Membership.objects.create(user=manager, branch=other, role=Role.RECEPTIONIST)
    client.cookies["branch"] = str(other.pk)
    sign_in(client, manager.email)
    assert client.get("/profile/").wsgi_request.branch == other


def test_the_branch_of_somebody_else_is_not_taken_over(client, manager, practice):
    client.cookies["branch"] = str(factories.branch("UMH").pk)
    sign_in(client, manager.email)
    assert client.get("/profile/").wsgi_request.branch == practice


def test_switching_the_branch_shows_it_on_every_page(signed_in, manager):
    other = factories.branch("UMH", name="Umhlanga", colour="orange")
    Membership.objects.create(user=manager, branch=other, role=Role.RECEPTIONIST)
    answer = signed_in.post("/branch/switch/", {"branch": other.pk, "next": "/profile/"})
    assert (answer.status_code, answer["Location"]) == (303, "/profile/")
    page = signed_in.get("/profile/").content.decode()
    assert 'class="app" data-branch="orange"' in page and "Now at Umhlanga" in page


def test_a_branch_that_is_not_mine_is_not_found(signed_in, practice):
    assert signed_in.post("/branch/switch/", {"branch": factories.branch("UMH").pk}).status_code == 404
    assert signed_in.get("/profile/").wsgi_request.branch == practice


def test_without_a_branch_the_page_names_whom_to_ask(client, manager):
    lonely = factories.user(email="new@practice.example")
    lonely.memberships.all().delete()
    client.force_login(lonely)
    page = client.get("/", follow=True).content.decode()
    assert "belong to no branch yet" in page and "Naledi Khumalo" in page


def test_light_or_dark_is_remembered_by_the_server(client, manager):
    client.post("/theme/", {"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()
    client.post("/theme/", {"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()


def test_sessions_are_listed_and_another_one_is_ended(manager):
    shop, home = (
        Client(HTTP_USER_AGENT="Mozilla Windows Chrome/141"),
        Client(HTTP_USER_AGENT="Mozilla iPhone Safari/604"),
    )
    sign_in(shop, manager.email)
    sign_in(home, manager.email)
    page = shop.get("/profile/sessions/").content.decode()
    assert "Chrome on Windows" in page and "Safari on iPhone" in page
    end = re.search(r"/profile/sessions/\d+/end/", page).group()
    assert shop.post(end).status_code == 303
    assert home.get("/profile/").status_code == 302
    assert shop.get("/profile/").status_code == 200


def test_a_colleagues_session_cannot_be_ended(manager, practice):
    mine, theirs = Client(), Client()
    colleague = factories.user(Role.RECEPTIONIST, practice)
    sign_in(mine, manager.email)
    sign_in(theirs, colleague.email)
    ids = re.findall(r"/profile/sessions/(\d+)/end/", mine.get("/profile/sessions/").content.decode())
    assert ids == []
    from allauth.usersessions.models import UserSession

    other = UserSession.objects.get(user=colleague)
    assert mine.post(f"/profile/sessions/{other.pk}/end/").status_code == 404
    assert theirs.get("/profile/").status_code == 200
