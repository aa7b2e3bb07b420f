"""The laboratory's pages: the chain through HTTP, refusals, scope."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import User
from branches.roles import Role
from labjobs.models import Job
from orders.models import Order
from tests import factories
from tests.labjobs import makers

pytestmark = pytest.mark.django_db


def client_of(actor: Any) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"_key": str(uuid.uuid4()), **data})


def readings(job: Job, **others: str) -> dict[str, str]:
    plain = {
        name: f"{value:+f}" if name.endswith(("sphere", "cylinder")) else str(value)
        for name, value in makers.exact(job).items()
    }
    return plain | others


def test_the_chain_through_the_browser() -> None:
    at = makers.bench()
    order = makers.paid(at)
    optician, technician = client_of(at.shop.optician), client_of(at.technician)
    page = optician.get(reverse("labjobs:release", args=[order.number]))
    assert page.status_code == 200
    answer = post(
        optician, reverse("labjobs:release", args=[order.number]), lab=at.lab.pk, tray="T-317", _version=order.version
    )
    job = Job.objects.get(order=order)
    assert (answer.status_code, answer["Location"]) == (303, reverse("labjobs:job", args=[job.number]))
    assert optician.get(answer["Location"]).status_code == 200
    assert optician.get(reverse("orders:page", args=[order.number])).status_code == 200
    assert "T-317" in technician.get(reverse("labjobs:board")).content.decode()
    assert "T-317" in technician.get(reverse("labjobs:board"), {"view": "list"}).content.decode()
    for _step in range(5):
        assert post(technician, reverse("labjobs:scan"), code="t-317").status_code == 303
    job.refresh_from_db()
    assert job.stage == "quality"
    url = reverse("labjobs:quality", args=[job.number])
    assert technician.get(url).status_code == 200
    answer = post(
        technician, url, _version=job.version, instrument="automatic", looks=list(makers.ALL_LOOKS), **readings(job)
    )
    assert answer.status_code == 303, answer.content.decode()
    assert "Pass" in technician.get(url).content.decode()
    assert post(technician, reverse("labjobs:advance", args=[job.number])).status_code == 303
    receptionist = client_of(at.shop.receptionist)
    collect = reverse("labjobs:collect", args=[order.number])
    assert receptionist.get(collect).status_code == 200
    answer = post(
        optician,
        collect,
        proofs=["name", "phone"],
        amount="5040.00",
        method="card",
        reference="slip 9",
        checks=list(makers.ALL_CHECKS),
        outcome="passed",
        received_by="Thandi Mokoena",
    )
    assert answer.status_code == 303, answer.content.decode()[-6000:]
    assert Order.objects.get(pk=order.pk).state == "collected"


def test_a_failed_value_is_shown_and_goes_to_rework() -> None:
    at = makers.bench()
    job = makers.at_quality(at)
    technician = client_of(at.technician)
    url = reverse("labjobs:quality", args=[job.number])
    answer = post(
        technician,
        url,
        _version=job.version,
        instrument="automatic",
        looks=list(makers.ALL_LOOKS),
        **readings(job, right_axis="075"),
    )
    assert answer.status_code == 303
    page = technician.get(url).content.decode()
    assert "Right axis is 10° off; the limit is 5°" in page
    assert post(technician, reverse("labjobs:rework", args=[job.number])).status_code == 303
    job.refresh_from_db()
    assert (job.state, job.stage) == ("rework", "edging")


def test_strangers_get_404_and_small_roles_403() -> None:
    at = makers.bench()
    job = makers.released(at)
    stranger = client_of(factories.staff(Role.LAB_TECHNICIAN, factories.branch()))
    for name in ("job", "move", "quality"):
        assert stranger.get(reverse(f"labjobs:{name}", args=[job.number])).status_code == 404
    accountant = client_of(factories.staff(Role.ACCOUNTANT, at.shop.branch))
    assert accountant.get(reverse("labjobs:move", args=[job.number])).status_code == 403
    assert Client().get(reverse("labjobs:board")).status_code == 302


def test_a_pair_that_does_not_fit_at_the_counter_is_kept_as_failed_and_stays() -> None:
    at = makers.bench()
    job = makers.ready(at)
    url = reverse("labjobs:collect", args=[job.order.number])
    answer = post(client_of(at.shop.optician), url, outcome="failed", cause="frame_size", checks=["marks"])
    assert (answer.status_code, answer["Location"]) == (303, reverse("labjobs:job", args=[job.number]))
    job.refresh_from_db()
    assert (job.state, job.fittings.get().outcome) == ("ready", "failed")
