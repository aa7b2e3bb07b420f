"""Webhooks: signatures accept what is right and refuse tampering, replay and stale times; one event is one effect."""

import json
import time
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.models import Job
from shipping.models import CarrierEndpoint, CarrierNotice, TrackingCheckpoint
from shipping.services import endpoints, inbound
from shipping.tracking import signatures
from shipping.tracking.signatures import Request, is_signed
from tests.labjobs import makers as lab
from tests.shipping import makers
from tests.shipping.files import HISTORY, easypost, reference
from tests.shipping.makers import NUMBER, fresh

SECRET = "sécret of a tracking service"
NOW = 1_795_000_800.0


def request(raw: bytes, now: float = NOW, token: str = "", **headers: str) -> Request:
    return Request(raw, {name.replace("_", "-"): value for name, value in headers.items()}, token, now)


def test_the_published_signature_of_easypost_is_accepted_over_the_raw_bytes() -> None:
    raw = reference("tracker_updated.event-body.json").rstrip(b"\n")
    header = "hmac-sha256-hex=38f3f53c103713df81616a0a186d77141957323ec21d5fe9363db93840f527db"
    assert is_signed("easypost", request(raw, x_hmac_signature=header), ["sécret"])
    assert is_signed(
        "easypost", request(raw, x_hmac_signature=header), ["other", unicodedata.normalize("NFC", "sécret")]
    )
    again = json.dumps(json.loads(raw)).encode()
    for tampered in (raw + b"\n", raw.replace(b"614.4", b"614.5"), again):
        assert not is_signed("easypost", request(tampered, x_hmac_signature=header), ["sécret"])


@pytest.mark.parametrize("header", ["", "hmac-sha256-hex=", "38f3", "hmac-sha256-hex=é", "hmac-sha256-hex=" + "0" * 64])
def test_no_short_or_wrong_signature_is_refused(header: str) -> None:
    assert not is_signed("easypost", request(b"{}", x_hmac_signature=header), [SECRET])
    assert not is_signed("aftership", request(b"{}", aftership_hmac_sha256=header), [SECRET])
    assert not is_signed("shippo", request(b"{}", shippo_auth_signature=header), [SECRET])
    assert not is_signed("generic", request(b"{}", x_signature=header), [SECRET])


def test_aftership_signs_in_base64() -> None:
    raw = b'{"event":"tracking_update"}'
    assert is_signed("aftership", request(raw, aftership_hmac_sha256=signatures.aftership(raw, SECRET)), [SECRET])
    assert not is_signed(
        "aftership", request(raw + b" ", aftership_hmac_sha256=signatures.aftership(raw, SECRET)), [SECRET]
    )


@pytest.mark.parametrize("adapter", ["shippo", "generic"])
@pytest.mark.parametrize(("offset", "accepted"), [(0, True), (-299, True), (-301, False), (301, False)])
def test_a_signed_time_outside_five_minutes_is_refused(adapter: str, offset: int, accepted: bool) -> None:
    header = signatures.timed(b"{}", SECRET, int(NOW) + offset)
    name = {"shippo": "shippo_auth_signature", "generic": "x_signature"}[adapter]
    assert is_signed(adapter, request(b"{}", **{name: header}), [SECRET]) is accepted


def test_a_token_counts_only_where_it_was_arranged_and_an_empty_secret_never() -> None:
    assert is_signed("shippo", request(b"{}", token=SECRET), [SECRET], token_only=True)
    assert not is_signed("shippo", request(b"{}", token=SECRET), [SECRET])
    assert not is_signed("shippo", request(b"{}", token=""), [""], token_only=True)
    assert not is_signed("pigeon", request(b"{}"), [SECRET])


def post(endpoint: CarrierEndpoint, payload: Any, secret: str = SECRET, raw: bytes | None = None, **extra: Any) -> int:
    body = raw if raw is not None else json.dumps(payload).encode()
    headers = {"X-Hmac-Signature": signatures.easypost(body, secret)}
    url = reverse("hook_carrier", args=[endpoint.adapter, endpoint.public_id])
    return Client().post(url, body, content_type="application/json", headers={**headers, **extra}).status_code


def event(name: str = "evt_1", *steps: tuple[str, str, str, str]) -> dict[str, Any]:
    return {
        "id": name,
        "object": "Event",
        "description": "tracker.updated",
        "result": easypost(NUMBER, *(steps or HISTORY)),
    }


@pytest.mark.django_db
class TestDoor:
    def test_a_signed_event_is_stored_once_and_applied_as_a_job(self) -> None:
        at = lab.bench()
        parcel, (endpoint, _secret) = makers.sent(at), makers.door(at, secret=SECRET)
        assert [post(endpoint, event()), post(endpoint, event())] == [200, 200]
        notice = CarrierNotice.objects.get()
        assert (notice.event_id, notice.applied_at, fresh(parcel).state) == ("evt_1", None, "handed_over")
        assert Job.objects.filter(kind=inbound.JOB).count() == 1
        assert inbound.apply(notice.pk) == "5 new checkpoints"
        assert inbound.apply(notice.pk) == "5 new checkpoints"
        assert (fresh(parcel).state, TrackingCheckpoint.objects.count()) == ("delivered", 5)

    def test_wrong_doors_and_signatures_are_one_answer_and_leave_no_row(self) -> None:
        at = lab.bench()
        endpoint, _secret = makers.door(at, secret=SECRET)
        other, _secret = makers.door(at, secret="the secret of somebody else")
        url = reverse("hook_carrier", args=["easypost", "5f0c1c7e-3f5e-4a52-9b7e-0d6d1f1f2a3b"])
        assert Client().post(url, b"{}", content_type="application/json").status_code == 401
        assert post(endpoint, event(), secret="the secret of somebody else") == 401
        assert post(other, event()) == 401
        endpoints.switch(at.manager, endpoint.pk, active=False)
        assert post(endpoint, event()) == 401
        assert Client().get(url).status_code == 405
        assert not CarrierNotice.objects.exists()

    def test_too_large_a_body_and_no_json_are_refused(self) -> None:
        endpoint, _secret = makers.door(lab.bench(), secret=SECRET)
        assert post(endpoint, None, raw=b" " * (256 * 1024 + 1)) == 413
        assert post(endpoint, None, raw=b"{not json") == 400
        assert not CarrierNotice.objects.exists()

    def test_the_secret_before_works_for_a_week(self) -> None:
        at = lab.bench()
        endpoint, _secret = makers.door(at, secret=SECRET)
        endpoint, new = endpoints.renew(at.manager, endpoint.pk)
        assert [post(endpoint, event("a")), post(endpoint, event("b"), secret=new)] == [200, 200]
        CarrierEndpoint.objects.filter(pk=endpoint.pk).update(previous_until=timezone.now() - timedelta(seconds=1))
        assert [post(endpoint, event("c")), post(endpoint, event("d"), secret=new)] == [401, 200]
        assert SECRET not in endpoint.secret + endpoint.previous_secret

    def test_what_names_no_parcel_of_ours_is_kept_and_moves_nothing(self) -> None:
        at = lab.bench()
        endpoint, _secret = makers.door(at, secret=SECRET)
        post(endpoint, {"id": "evt_2", "result": easypost("1Z0000000000000000", *HISTORY)})
        post(endpoint, {"id": "evt_3", "description": "batch.created", "result": {"object": "Batch"}})
        results = [inbound.apply(one.pk) for one in CarrierNotice.objects.order_by("pk")]
        assert results == ["no parcel has this number", "no tracking of EasyPost in it"]

    def test_shippo_without_signature_comes_with_its_token(self) -> None:
        at = lab.bench()
        parcel, (endpoint, secret) = makers.sent(at), makers.door(at, "shippo", secret="", token_only=True)
        body = {"event": "track_updated", "data": {"tracking_number": NUMBER, "tracking_history": [], "tracking_status": {
            "status": "TRANSIT", "substatus": {"code": "out_for_delivery"}, "status_date": "2026-11-18T07:00:00Z"}}}  # fmt: skip
        url = reverse("hook_carrier", args=["shippo", endpoint.public_id])
        assert Client().post(url, json.dumps(body), content_type="application/json").status_code == 401
        assert (
            Client().post(f"{url}?token={secret}", json.dumps(body), content_type="application/json").status_code == 200
        )
        inbound.apply(CarrierNotice.objects.get().pk)
        assert fresh(parcel).state == "out_for_delivery"

    def test_a_generic_sender_signs_time_and_body(self) -> None:
        at = lab.bench()
        parcel, (endpoint, secret) = makers.sent(at), makers.door(at, "generic", secret="")
        body = json.dumps(
            {"event_id": "1", "number": NUMBER, "status": "delivered", "time": "2026-11-18T11:20:00Z"}
        ).encode()
        url = reverse("hook_carrier", args=["generic", endpoint.public_id])
        signed = {"X-Signature": signatures.timed(body, secret, int(time.time()))}
        assert Client().post(url, body, content_type="application/json", headers=signed).status_code == 200
        inbound.apply(CarrierNotice.objects.get().pk)
        assert fresh(parcel).state == "delivered"


@pytest.mark.django_db(transaction=True)
def test_fifty_posts_of_one_event_at_once_are_one_row_and_one_effect() -> None:
    at = lab.bench()
    parcel, (endpoint, _secret) = makers.sent(at), makers.door(at, secret=SECRET)

    def go(_n: int) -> int:
        try:
            return post(endpoint, event())
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(go, range(50)))
    assert answers == [200] * 50
    notice = CarrierNotice.objects.get()

    def apply(_n: int) -> str:
        try:
            return inbound.apply(notice.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(apply, range(5))) == {"5 new checkpoints"}
    assert (TrackingCheckpoint.objects.count(), fresh(parcel).told) == (5, ["shipped", "delivered"])
