"""The board: columns with counts and limits, promises in words, the same queries for three jobs and thirty."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from branches.scope import Scope
from labjobs.models import Job, Lab, Stage
from labjobs.selectors import board
from labjobs.selectors.cards import kind_of
from labjobs.services import jobs
from orders.services.common import today
from tests.labjobs import makers
from tests.labjobs.test_pages import client_of, post
from tests.orders import makers as selling

pytestmark = pytest.mark.django_db


def shown(at: makers.Bench, **query: str) -> board.Board:
    scope = Scope(frozenset({at.shop.branch.pk}))
    return board.board(scope, board.read(query, scope, [at.shop.branch]), timezone.now())


def test_columns_sort_by_promise_and_say_what_stops_a_card() -> None:
    at = makers.bench()
    first, second, third = makers.released(at), makers.released(at), makers.released(at)
    selling.make_late(third.order, days=2)
    Job.objects.filter(pk=third.pk).update(promised_on=today(at.shop.branch) - timedelta(days=2))
    jobs.hold(at.technician, first.pk, "frame to come")
    jobs.move(at.technician, second.pk, Stage.COATING)
    found = {column.stage: column for column in shown(at).columns}
    assert [(card.title, str(card.badge.word), card.state) for card in found["received"].cards] == [
        ("T-319", "Late 2 d", "late"), ("T-317", "Blocked", "blocked"),
    ]  # fmt: skip
    assert (found["received"].count, found["received"].limit, found["coating"].count) == (2, 8, 1)
    card = found["received"].cards[1]
    assert (card.kind, card.rx, card.meta) == ("PAL 1.60", "−2.25 / −2.00", f"{at.shop.branch.name} · frame to come")
    assert [len(shown(at, show=view).cards) for view in ("late", "blocked", "review", "today")] == [1, 1, 0, 0]
    assert len(shown(at, lens="bifocal").cards) == 0
    lens = first.values["lens"]
    Job.objects.filter(pk=first.pk).update(values=first.values | {"lens": {"right": None, "left": lens["left"]}})
    assert len(shown(at, lens="progressive").cards) == 3


def test_a_full_column_shows_the_most_urgent_and_links_to_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(board, "FEWEST_CARDS", 1)
    monkeypatch.setattr(board, "ROWS_A_PAGE", 2)
    at = makers.bench()
    made = [makers.released(at) for _n in range(3)]
    Lab.objects.update(stage_limits={"received": 2})
    Job.objects.filter(pk=made[2].pk).update(promised_on=made[2].promised_on - timedelta(days=1))
    column = shown(at).columns[0]
    assert [card.number for card in column.cards] == [made[2].number, made[0].number]
    assert (column.count, column.more, column.is_over) == (3, 1, True)
    client = client_of(at.technician)
    first = client.get(column.more_url).context["board"]
    assert [card.number for card in first.cards] == [made[2].number, made[0].number]
    second = client.get(f"{column.more_url}&after={first.keys.next_key}").context["board"]
    assert ([card.number for card in second.cards], second.keys.next_key) == ([made[1].number], "")


def test_a_changed_prescription_shows_on_the_card() -> None:
    at = makers.bench()
    job = makers.released(at)
    assert job.order.prescription is not None
    selling.correct(job.order.prescription)
    card = shown(at).cards[0]
    assert (str(card.badge.word), card.state) == ("Review needed", "review")
    assert re.search(r"Rx changed \d\d:\d\d", card.meta)


def _queries(at: makers.Bench) -> int:
    client = client_of(at.technician)
    client.get(reverse("labjobs:board"))
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(reverse("labjobs:board")).status_code == 200
    return len(seen)


def test_the_board_asks_as_much_for_many_jobs_as_for_one() -> None:
    at = makers.bench(trays=5)
    makers.released(at)
    one = _queries(at)
    for _n in range(4):
        makers.released(at)
    assert _queries(at) == one


def test_the_poll_answers_304_until_something_moves() -> None:
    at = makers.bench()
    job = makers.released(at)
    client = client_of(at.technician)
    url = reverse("labjobs:board")
    tag = client.get(url, headers={"HX-Request": "true"})["ETag"]
    assert client.get(url, headers={"HX-Request": "true", "If-None-Match": tag}).status_code == 304
    jobs.advance(at.technician, job.pk)
    assert client.get(url, headers={"HX-Request": "true", "If-None-Match": tag}).status_code == 200


def test_several_jobs_get_one_new_date_on_two_pages() -> None:
    at = makers.bench()
    made = [makers.released(at), makers.released(at)]
    client = client_of(at.technician)
    url = reverse("labjobs:new_date")
    page = post(client, url, pick=[job.number for job in made])
    assert page.status_code == 200 and "New date for 2 jobs" in page.content.decode()
    day = today(at.shop.branch) + timedelta(days=21)
    refused = post(client, url, pick=[job.number for job in made], new_date=day.isoformat(), cause="", reason="machine")
    assert refused.status_code == 422 and "machine" in refused.content.decode()
    done = post(
        client, url, pick=[job.number for job in made], new_date=day.isoformat(), cause="breakage", reason="machine"
    )
    assert done.status_code == 303
    assert set(Job.objects.values_list("promised_on", flat=True)) == {day}


def test_a_code_that_names_nothing_is_refused_with_what_was_typed() -> None:
    at = makers.bench()
    answer = post(client_of(at.technician), reverse("labjobs:scan"), code="T-999")
    assert answer.status_code == 422
    assert "“T-999” is no tray, job or order that is open here." in answer.content.decode()


def test_the_api_lists_reads_and_advances_within_the_branches() -> None:
    at = makers.bench()
    job = makers.released(at)
    client = client_of(at.technician)
    listed = client.get(reverse("labjobs_api:list")).json()
    assert [row["number"] for row in listed["results"]] == [job.number]
    moved = client.post(reverse("labjobs_api:advance", args=[job.number]), {}, content_type="application/json")
    assert (moved.status_code, moved.json()["stage"]) == (200, "surfacing")
    back = client.post(
        reverse("labjobs_api:advance", args=[job.number]), {"stage": "received"}, content_type="application/json"
    )
    assert (back.status_code, back.json()["code"]) == (422, "reason_missing")
    file = client.get(reverse("labjobs_api:order_file", args=[job.number]))
    assert file.content.startswith(f"JOB={job.number}\r\n".encode())
    stranger = client_of(makers.bench().technician)
    assert stranger.get(reverse("labjobs_api:detail", args=[job.number])).status_code == 404


@pytest.mark.parametrize(("index", "said"), [("1.498", "SV 1.50"), ("1.600", "SV 1.60"), (None, "SV")])
def test_the_index_of_a_card_is_the_one_that_the_trade_says(index: str | None, said: str) -> None:
    assert kind_of({"lens": {"right": {"design": "single_vision", "index": index}}}) == said
