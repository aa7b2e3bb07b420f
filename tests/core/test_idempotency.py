"""One key, one effect: form posts and API calls that come twice, at once or later."""

import json
import threading
import uuid
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from core import idempotency
from core.errors import DomainError
from core.forms import Form
from core.idempotency import forget_old
from core.models import IdempotencyKey, Job
from core.views import Done, act, submit


def _row() -> Job:
    return Job.objects.create(kind="booking", key=str(uuid.uuid4()), not_before=timezone.now())


def book(request: HttpRequest) -> HttpResponse:
    """A button with one effect. `refuse` and `crash` fail after the effect."""

    def action() -> Done:
        row = _row()
        if request.POST.get("crash"):
            raise ZeroDivisionError
        return Done(url=f"/booked/{row.pk}/")

    return act(request, action)


def book_by_form(request: HttpRequest) -> HttpResponse:
    form = Form(request.POST or None)

    def action() -> Done:
        row = _row()
        if request.POST.get("refuse"):
            raise DomainError("The slot is taken.")
        return Done(url=f"/booked/{row.pk}/")

    return submit(request, form, action) or HttpResponse(str(form.non_field_errors()), status=422)


def api_book(request: HttpRequest) -> JsonResponse:
    row = _row()
    if json.loads(request.body).get("refuse"):
        return JsonResponse({"code": "refused"}, status=409)
    return JsonResponse({"id": row.pk}, status=201)


@pytest.fixture(autouse=True)
def _a_practice_that_is_set_up(settings: Any) -> None:
    """The posts come to pages of a running practice, not to its first-run page."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("SetUpMiddleware")]


urlpatterns = [
    path("book/", book),
    path("form/", book_by_form),
    path("api/book/", api_book),
    path("", include("optics.urls")),
]
pytestmark = [pytest.mark.urls("tests.core.test_idempotency")]


def rows() -> int:
    return Job.objects.filter(kind="booking").count()


def post(client: Client, key: object, url: str = "/book/", **fields: str) -> Any:
    return client.post(url, {"_key": str(key), **fields})


@pytest.mark.django_db
def test_the_same_post_again_gives_the_same_page_and_one_effect(client: Client) -> None:
    key = uuid.uuid4()
    first, second = post(client, key, frame="a"), post(client, key, frame="a")
    assert (first.status_code, second.status_code) == (303, 303)
    assert first["Location"] == second["Location"]
    assert rows() == 1


@pytest.mark.django_db
def test_the_same_key_with_other_contents_changes_nothing(client: Client) -> None:
    key = uuid.uuid4()
    post(client, key, url="/form/", frame="a")
    answer = post(client, key, url="/form/", frame="b")
    assert answer.status_code == 422
    assert "already sent with other values" in answer.content.decode()
    assert rows() == 1


@pytest.mark.django_db
def test_another_key_is_another_effect(client: Client) -> None:
    post(client, uuid.uuid4(), frame="a")
    post(client, uuid.uuid4(), frame="a")
    assert rows() == 2


@pytest.mark.django_db
def test_nothing_of_a_refused_post_is_kept_and_the_key_stays_free(client: Client) -> None:
    key = uuid.uuid4()
    assert post(client, key, url="/form/", refuse="1").status_code == 422
    assert (rows(), IdempotencyKey.objects.count()) == (0, 0)
    assert post(client, key, url="/form/", frame="a").status_code == 303
    assert rows() == 1


@pytest.mark.django_db
def test_nothing_of_a_crash_is_kept(client: Client) -> None:
    client.raise_request_exception = False
    assert post(client, uuid.uuid4(), crash="1").status_code == 500
    assert (rows(), IdempotencyKey.objects.count()) == (0, 0)


def call(client: Client, key: object, **body: int) -> Any:
    headers = {"Idempotency-Key": str(key)}
    return client.post("/api/book/", json.dumps(body), "application/json", headers=headers)


@pytest.mark.django_db
def test_an_api_call_sent_again_gets_the_first_answer(client: Client) -> None:
    key = uuid.uuid4()
    first, again = call(client, key, a=1), call(client, key, a=1)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotent-Replay" in first, again["Idempotent-Replay"]) == (False, "1")
    assert rows() == 1


@pytest.mark.django_db
def test_an_api_key_with_another_body_is_refused(client: Client) -> None:
    key = uuid.uuid4()
    call(client, key, a=1)
    answer = call(client, key, a=2)
    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert rows() == 1


@pytest.mark.django_db
def test_a_refused_api_call_leaves_nothing_and_its_key_free(client: Client) -> None:
    key = uuid.uuid4()
    assert call(client, key, refuse=1).status_code == 409
    assert (rows(), IdempotencyKey.objects.count()) == (0, 0)
    assert call(client, key, a=1).status_code == 201


@pytest.mark.django_db
def test_a_damaged_api_key_is_refused_before_anything_happens(client: Client) -> None:
    answer = call(client, "not-a-uuid", a=1)
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_key")
    assert rows() == 0


@pytest.mark.django_db
def test_old_keys_are_forgotten_after_a_week(client: Client) -> None:
    post(client, uuid.uuid4())
    post(client, uuid.uuid4())
    first = IdempotencyKey.objects.order_by("pk").first()
    IdempotencyKey.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    assert forget_old() == 1
    assert IdempotencyKey.objects.count() == 1


def twenty_posts(key: uuid.UUID) -> list[Any]:
    """Twenty posts at the same moment, each from its own thread and database connection."""
    answers: list[Any] = []
    gate = threading.Barrier(20)

    def send() -> None:
        gate.wait()
        answers.append(post(Client(), key, frame="a"))
        connection.close()

    threads = [threading.Thread(target=send) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_twenty_posts_at_once_have_one_effect_and_one_page() -> None:
    answers = twenty_posts(uuid.uuid4())
    assert {answer.status_code for answer in answers} == {303}
    assert len(answers) == 20
    assert len({answer["Location"] for answer in answers}) == 1
    assert rows() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_twenty_posts_have_twenty_effects() -> None:
    """The control: the test above sees the harm when the guard is away."""
    with mock.patch.object(idempotency, "once", lambda actor, key, sent, action: action()):
        twenty_posts(uuid.uuid4())
    assert rows() == 20
