"""A parcel's number is given to the tracking service: the documented request, once, tried again, refused with a reason."""

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest

import shipping.tasks  # the handler of its job
from core import job_runs, jobs
from core.models import Job
from records.models import Event
from shipping.models import Carrier, CarrierEndpoint, Shipment, Tracker
from shipping.services import endpoints, packing, trackers
from shipping.services.packing import Correction
from shipping.tracking import registering
from tests.labjobs import makers as lab
from tests.labjobs.makers import Bench
from tests.shipping import makers
from tests.shipping.makers import NUMBER

pytestmark = pytest.mark.django_db
KEY, OTHER = "EZTK-for-tests-only", "1Z12345E0205271688"


@dataclass
class Service:
    """Answers as told and keeps what came: (headers, body)."""

    status: int = 201
    answer: dict[str, Any] = field(default_factory=lambda: {"id": "trk_1"})
    got: list[tuple[dict[str, str], str]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def service() -> Iterator[Service]:
    kept = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            kept.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            raw = json.dumps(kept.answer).encode()
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args: object) -> None:
            pass

    assert shipping.tasks.follow_number
    server = HTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def at() -> Bench:
    return lab.bench()


def door(at: Bench, adapter: str = "easypost", key: str = KEY) -> CarrierEndpoint:
    made, _secret = endpoints.add(at.shop.manager, adapter, "Tracking", api_key=key)
    return made


@pytest.fixture
def elsewhere(service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """The real client, with the local server in the place of the service's host."""
    real = registering.send
    monkeypatch.setattr(registering, "send", lambda ask, _url="": real(ask, service.url))
    return service


def test_the_requests_are_the_documented_ones(service: Service) -> None:
    easy = registering.ask_of("easypost", "EASYPOST_API_KEY", "usps", "EZ1000000001")
    assert easy.url == "https://api.easypost.com/v2/trackers"
    registering.send(easy, service.url)
    after = registering.ask_of("aftership", "your aftership api key", "usps", "9405511202575421535949")
    assert after.url == "https://api.aftership.com/tracking/2026-07/trackings"
    registering.send(after, service.url)
    shippo = registering.ask_of("shippo", "<API_TOKEN>", "usps", "9102969010383081813033")
    assert shippo.url == "https://api.goshippo.com/tracks/"
    registering.send(shippo, service.url)
    first, second, third = service.got
    assert base64.b64decode(first[0]["authorization"].removeprefix("Basic ")) == b"EASYPOST_API_KEY:"
    assert json.loads(first[1]) == {"tracker": {"tracking_code": "EZ1000000001", "carrier": "USPS"}}
    assert second[0]["as-api-key"] == "your aftership api key"
    assert json.loads(second[1]) == {"tracking_number": "9405511202575421535949", "slug": "usps"}
    assert third[0]["authorization"] == "ShippoToken <API_TOKEN>"
    assert parse_qs(third[1]) == {"carrier": ["usps"], "tracking_number": ["9102969010383081813033"]}


def test_a_carrier_without_their_word_is_left_to_the_service_but_not_to_shippo() -> None:
    assert registering.ask_of("easypost", KEY, "courier", "1").json == {"tracker": {"tracking_code": "1"}}
    with pytest.raises(registering.Refused):
        registering.ask_of("shippo", KEY, "courier", "1")
    with pytest.raises(registering.Refused):
        registering.ask_of("generic", KEY, "ups", "1")


def test_a_parcel_that_leaves_is_registered_once_and_its_page_says_by_whom(at: Bench, elsewhere: Service) -> None:
    made = door(at)
    parcel = makers.sent(at)
    assert job_runs.run_waiting() >= 1
    row = Tracker.objects.get()
    assert (row.shipment_id, row.endpoint_id, row.number, row.ref) == (parcel.pk, made.pk, NUMBER, "trk_1")
    assert json.loads(elsewhere.got[0][1])["tracker"]["tracking_code"] == NUMBER
    assert trackers.register(parcel.pk, made.pk) == "asked before"
    assert len(elsewhere.got) == 1
    assert Event.objects.filter(kind="shipment.followed", subject_id=parcel.pk).count() == 1
    job = Job.objects.get(kind="shipping.tracker")
    assert KEY not in json.dumps(job.payload) + json.dumps(job.result) and KEY not in made.api_key


def test_a_corrected_number_is_registered_too(at: Bench, elsewhere: Service) -> None:
    door(at)
    parcel = makers.sent(at)
    job_runs.run_waiting()
    packing.correct(at.shop.receptionist, parcel.pk, Correction(tracking_number=OTHER))
    job_runs.run_waiting()
    assert set(Tracker.objects.values_list("number", flat=True)) == {NUMBER, OTHER}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_in_trouble_is_tried_again(at: Bench, elsewhere: Service, status: int) -> None:
    door(at)
    makers.sent(at)
    elsewhere.status = status
    job_runs.run_waiting()
    job = Job.objects.get(kind="shipping.tracker")
    assert job.state == "waiting" and not Tracker.objects.exists()
    elsewhere.status = 200
    Job.objects.update(not_before="2020-01-01T00:00:00Z")
    job_runs.run_waiting()
    assert Tracker.objects.count() == 1


@pytest.mark.parametrize("status", [301, 401, 422])
def test_a_refusal_is_given_up_at_once(at: Bench, elsewhere: Service, status: int) -> None:
    made = door(at)
    parcel = makers.sent(at)
    elsewhere.status = status
    with pytest.raises(jobs.GiveUp, match=str(status)):
        trackers.register(parcel.pk, made.pk)
    assert not Tracker.objects.exists()


def test_a_number_that_aftership_follows_already_is_taken(at: Bench, elsewhere: Service) -> None:
    made = door(at, "aftership")
    parcel = makers.sent(at)
    elsewhere.status, elsewhere.answer = 400, {"meta": {"code": 4003}, "data": {"id": "trk_old"}}
    assert trackers.register(parcel.pk, made.pk) == "followed"
    assert Tracker.objects.get().ref == "trk_old"


def test_without_a_key_or_with_a_closed_door_nothing_is_asked(at: Bench, elsewhere: Service) -> None:
    door(at, key="")
    closed = door(at)
    endpoints.switch(at.shop.manager, closed.pk, active=False)
    makers.sent(at)
    job_runs.run_waiting()
    assert elsewhere.got == [] and not Job.objects.filter(kind="shipping.tracker").exists()
    assert Shipment.objects.get().state == "handed_over" and Carrier.objects.exists()
