"""Files of any content through the pages that take them: taken whole or refused in words, never an error, never half a change."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from branches.models import User
from branches.roles import Role
from catalogue.models import Frame
from labjobs.models import Job
from tests import factories
from tests.labjobs import makers
from tests.labjobs.exchange.test_any_file import FILES

pytestmark = pytest.mark.django_db
CONTENT = FILES.map(str.encode) | st.binary(max_size=120)
SOME = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def client_of(user_id: int | None) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user_id))
    return client


def send(client: Client, url: str, content: bytes) -> int:
    answer = client.post(url, {"_key": str(uuid.uuid4()), "file": SimpleUploadedFile("x.oma", content or b" ")})
    if answer.status_code == 422:
        assert "There is a problem" in answer.content.decode()
    return int(answer.status_code)


@pytest.fixture
def bench() -> makers.Bench:
    return makers.bench()


@given(content=CONTENT)
@SOME
def test_any_verification_file_is_taken_or_refused(bench: makers.Bench, content: bytes) -> None:
    job = Job.objects.first() or makers.at_quality(bench)
    Job.objects.update(verification=None)
    url = reverse("labjobs:verification", args=[job.number])
    status = send(client_of(bench.technician.user_id), url, content)
    assert status in (303, 422)
    assert (Job.objects.get(pk=job.pk).verification is not None) == (status == 303)


@given(content=CONTENT)
@SOME
def test_any_status_message_is_taken_or_refused(bench: makers.Bench, content: bytes) -> None:
    lab = Job.objects.first().lab if Job.objects.exists() else makers.released(bench, lab=makers.outside_lab()).lab
    before = list(Job.objects.values("state", "stage", "version"))
    status = send(client_of(bench.shop.manager.user_id), reverse("labjobs:status", args=[lab.code]), content)
    assert status in (303, 422)
    if status == 422:
        assert list(Job.objects.values("state", "stage", "version")) == before


@given(content=CONTENT)
@SOME
def test_any_trace_of_a_frame_is_taken_or_refused(bench: makers.Bench, content: bytes) -> None:
    one = Frame.objects.filter(model="traced").first() or factories.frame("traced")
    keeper = User.objects.filter(full_name="Keeper").first() or factories.user(
        Role.FRAME_CONTROLLER, bench.shop.branch, full_name="Keeper"
    )
    before = Frame.objects.values("trace", "a_mm", "b_mm", "ed_mm", "version").get(pk=one.pk)
    status = send(client_of(keeper.pk), reverse("catalogue:trace_frame", args=[one.pk]), content)
    after = Frame.objects.values("trace", "a_mm", "b_mm", "ed_mm", "version").get(pk=one.pk)
    assert status in (303, 422)
    if status == 422:
        assert after == before
