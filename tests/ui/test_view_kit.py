import threading
import uuid

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory

from branches.models import Branch
from core import idempotency, paging
from core.actor import Actor, Source
from core.assets import stale
from core.errors import DomainError
from core.forms import Form
from core.models import IdempotencyKey
from core.views import Done, act, next_url, submit
from tests import factories

pytestmark = pytest.mark.django_db


def post(data: dict[str, str], **extra: str):
    request = RequestFactory().post("/x/", data, **extra)
    request.actor = Actor("Z. Dube", "receptionist", Source.COUNTER, user_id=1)
    request.htmx = False
    return request


def test_the_same_key_gives_one_effect_and_the_same_page():
    data = {"_key": str(uuid.uuid4())}
    ran: list[int] = []

    def action() -> Done:
        ran.append(1)
        return Done(f"/made/{len(ran)}/")

    answers = [act(post(data), action) for _ in range(2)]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(303, "/made/1/")] * 2
    assert ran == [1]


def test_the_same_key_with_other_values_is_refused():
    key = str(uuid.uuid4())
    act(post({"_key": key, "amount": "10"}), lambda: Done("/a/"))
    with pytest.raises(DomainError) as refused:
        act(post({"_key": key, "amount": "20"}), lambda: Done("/b/"))
    assert refused.value.code == "key_reused"


def test_a_refused_action_leaves_its_key_free_for_the_next_try():
    data = {"_key": str(uuid.uuid4())}

    def refuse() -> Done:
        factories.branch("AA")
        raise DomainError("Not now.")

    form = Form(post(data).POST)
    assert submit(post(data), form, refuse) is None
    assert form.non_field_errors() == ["Not now."]
    assert not IdempotencyKey.objects.exists() and not Branch.objects.exists()
    assert act(post(data), lambda: Done("/ok/"))["Location"] == "/ok/"


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_give_one_effect():
    key, gate, outcomes = uuid.uuid4(), threading.Barrier(2), []

    def click() -> None:
        gate.wait()
        outcomes.append(idempotency.once("user:1", key, "h", lambda: {"branch": factories.branch().pk}))
        connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Branch.objects.count() == 1
    assert outcomes == [{"branch": Branch.objects.get().pk}] * 2


def test_only_our_own_addresses_are_followed():
    assert next_url(post({"next": "/orders/?view=late"}), "/") == "/orders/?view=late"
    for wanted in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
        assert next_url(post({"next": wanted}), "/") == "/"


def test_htmx_is_told_to_navigate():
    request = post({"_key": str(uuid.uuid4())})
    request.htmx = type(
        "Htmx", (), {"boosted": False, "history_restore_request": False, "__bool__": lambda self: True}
    )()
    answer: HttpResponse = act(request, lambda: Done("/made/"))
    assert answer["HX-Redirect"] == "/made/"


def test_pages_by_key_follow_on_without_gap_or_repeat():
    for code in "ABCDE":
        factories.branch(code, city="Durban" if code in "BD" else "Cape Town")
    order = ("-city", "code")
    first = paging.by_key(Branch.objects.all(), "", order, size=2)
    second = paging.by_key(Branch.objects.all(), first.next_key, order, size=2)
    third = paging.by_key(Branch.objects.all(), second.next_key, order, size=2)
    assert ["".join(row.code for row in page.rows) for page in (first, second, third)] == ["BD", "AC", "E"]
    assert not first.is_later and third.is_later and third.next_key == ""


@pytest.mark.parametrize("after", ["%%%", "bm9uc2Vuc2U", "WyJhIl0"])
def test_a_made_up_page_key_starts_at_the_beginning(after):
    factories.branch("A")
    assert len(paging.by_key(Branch.objects.all(), after, ("city", "code")).rows) == 1


def test_the_joined_style_sheets_and_scripts_are_current():
    assert stale() == []
