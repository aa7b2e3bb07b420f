from datetime import timedelta

import pytest
from django.utils import timezone

from branches import notices, palette
from branches.models import Membership
from branches.roles import Can, Role
from core.models import Job, JobState
from tests import factories

BY_SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def registries(monkeypatch):
    """A copy of the registries, so that a test's own searchers stay its own."""
    monkeypatch.setattr(palette, "_searchers", dict(palette._searchers))
    monkeypatch.setattr(palette, "_offers", list(palette._offers))
    monkeypatch.setattr(palette, "_scanners", list(palette._scanners))


def found(client, query):
    return client.get("/find/", {"q": query}, headers=BY_SCRIPT).content.decode()


def test_results_come_as_options_of_a_list_with_what_was_typed_marked(signed_in):
    html = found(signed_in, ">sta")
    assert '<div class="option" role="option"' in html and "Go to <mark>Sta</mark>ff" in html and "<html" not in html


def test_a_prefix_asks_one_group_alone_and_a_right_is_needed(signed_in, client, practice, registries):
    asked: list[str] = []

    def search(request, text):
        asked.append(text)
        return [palette.Hit("Mokoena, Thandi", "/c/1/", "born 04 Mar 1974")]

    palette.register(palette.Searcher("own", "Own things", 1, search, can=Can.MANAGE_STAFF, prefix="%"))
    html = found(signed_in, "%mok")
    assert (
        "Mokoena" in html.replace("<mark>", "").replace("</mark>", "") and "Commands" not in html and asked == ["mok"]
    )
    client.force_login(factories.user(Role.RECEPTIONIST, practice))
    assert "Thandi" not in found(client, "mok") and asked == ["mok"]


def test_nothing_found_says_so_and_offers_what_can_be_made(signed_in, registries):
    palette.register_offer(lambda request, text: [palette.Hit(f"Add customer {text}", f"/new/?name={text}")])
    html = found(signed_in, "<Zzz>")
    assert "No match for “&lt;Zzz&gt;” in your branches." in html and "Add customer &lt;Zzz&gt;" in html


def test_the_empty_box_lists_what_was_opened_last(signed_in, rf):
    signed_in.get("/profile/")
    request = rf.get("/")
    request.session = session = signed_in.session
    for number in range(7):
        palette.visited(request, f"Order {number % 6}", f"/o/{number % 6}/", "orders")
    session.save()
    html = found(signed_in, "")
    places = [html.find(f"Order {number}") for number in (0, 5, 4, 3, 2)]
    assert -1 not in places and places == sorted(places) and "Order 1" not in html


def test_a_scanned_code_leads_to_what_it_names_or_becomes_a_search(signed_in, registries):
    palette.register_scanner(lambda request, code: "/settings/" if code == "T-317" else None)
    assert signed_in.get("/scan/", {"code": "T-317"})["Location"] == "/settings/"
    page = signed_in.get("/scan/", {"code": "<x>"}).content.decode()
    assert "Not a code that we know." in page and "&lt;x&gt;" in page
    assert signed_in.get("/scan/").status_code == 200


def test_switching_the_branch_is_offered_for_ones_own_branches_only(signed_in, manager):
    factories.branch("FAR", name="Far Away")
    Membership.objects.create(user=manager, branch=factories.branch("UMH", name="Umhlanga"), role=Role.RECEPTIONIST)
    html = found(signed_in, ">switch")
    assert "Umhlanga" in html and "Far Away" not in html and 'name="csrfmiddlewaretoken"' in html


def test_help_shows_everything_to_staff_and_how_to_get_in_to_others(signed_in, client):
    assert "Why does it refuse 2.00 without a sign?" in signed_in.get("/help/").content.decode()
    client.logout()
    page = client.get("/help/").content.decode()
    assert "I forgot my password" in page and "2.00 without a sign" not in page


def test_help_is_searched_by_words_and_from_the_search_box(signed_in):
    page = signed_in.get("/help/", {"q": "pressed twice"}).content.decode()
    assert page.count("<summary>I pressed") == 1 and "2.00 without a sign" not in page
    assert "No answer has these words" in signed_in.get("/help/", {"q": "zzzz"}).content.decode()
    assert "/help/?q=I+pressed" in found(signed_in, "pressed")


def job(user, **fields):
    n = Job.objects.count()
    defaults = {"kind": "test.export", "key": f"k{n}", "not_before": timezone.now(), "requested_by_id": user.pk}
    return Job.objects.create(**(defaults | fields))


def test_a_finished_export_rings_the_bell_once_for_who_asked(signed_in, manager, practice, monkeypatch):
    monkeypatch.setattr(notices, "_job_words", {"test.export": "Export of orders"})
    other = factories.user(Role.BRANCH_MANAGER, practice)
    now = timezone.now()
    job(manager, state=JobState.DONE, finished_at=now, result={"url": "/files/1/"})
    job(manager, state=JobState.DEAD, finished_at=now - timedelta(minutes=1), last_error="disk full")
    job(manager, state=JobState.RUNNING, progress=20, total=50)
    job(other, state=JobState.DONE, finished_at=now, result={"url": "/files/2/"})
    assert '<span class="count">2</span>' in signed_in.get("/profile/").content.decode()
    page = signed_in.get("/notices/").content.decode()
    assert "Export of orders: finished" in page and "/files/1/" in page and "disk full" in page and "20 of 50" in page
    assert "/files/2/" not in page
    assert '<span class="count">' not in signed_in.get("/profile/").content.decode()


def test_without_news_the_page_says_what_would_be_there(signed_in):
    assert "Nothing waits for you" in signed_in.get("/notices/").content.decode()
