"""Pages speak the language of the person, at whichever desk they sit; without a choice of theirs, the browser's."""

from django.test import Client

from branches.models import Branch, User
from branches.roles import Role
from tests import factories as make

PROFILE = {"full_name": "Anna First", "registration_number": "", "phone": "", "single_key_shortcuts": "on"}


def said(client: Client, **headers: str) -> tuple[str, str]:
    page = client.get("/profile/", headers=headers)
    return page.content.decode().partition('lang="')[2].partition('"')[0], str(page.headers["Content-Language"])


def test_a_person_reads_their_own_language_at_every_desk(db: None, practice: Branch) -> None:
    anna = make.user(Role.RECEPTIONIST, practice)
    desk, other_desk = Client(), Client()
    desk.force_login(anna)
    assert said(desk) == ("en", "en")
    assert desk.post("/profile/", PROFILE | {"language": "fr"}).status_code == 303
    other_desk.force_login(User.objects.get(pk=anna.pk))
    assert said(desk) == said(other_desk) == ("fr", "fr")


def test_the_next_person_at_the_desk_reads_theirs(db: None, practice: Branch) -> None:
    anna, bert = (make.user(Role.RECEPTIONIST, practice) for _n in range(2))
    desk = Client()
    desk.force_login(anna)
    desk.post("/profile/", PROFILE | {"language": "ar"})
    desk.force_login(bert)
    assert said(desk) == ("en", "en")
    assert said(desk, **{"accept-language": "pt"}) == ("pt", "pt")
    desk.post("/profile/", PROFILE | {"language": "en"})
    assert said(desk, **{"accept-language": "pt"}) == ("en", "en")


def test_mails_to_a_person_without_a_choice_are_in_the_practices_language(db: None, practice: Branch) -> None:
    assert [make.user(Role.RECEPTIONIST, practice, language=one).reads for one in ("", "pt")] == ["en", "pt"]
