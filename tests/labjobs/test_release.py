"""Release to the laboratory: every missing thing is named, nothing is kept; trays are never shared."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from branches.roles import Role
from core.errors import DomainError, GateClosed, NotAllowed, NotVisible
from labjobs.models import Job, Tray
from labjobs.services import release
from labjobs.services.release import ReleaseData
from orders.models import FrameChoice, LensSpecification, Measurement, Order
from orders.services.common import today
from records.models import Event
from tests import factories
from tests.labjobs import makers
from tests.orders import makers as selling

pytestmark = pytest.mark.django_db


def _no_prescription(order: Order) -> None:
    order.prescription = None
    order.save()


def _unreserved(order: Order) -> None:
    frame = FrameChoice.objects.get(order=order)
    frame.reservation_reference = ""
    frame.save()


def _own_frame(order: Order) -> None:
    frame = FrameChoice.objects.get(order=order)
    frame.status, frame.liability_waived_at = "patient_own", None
    frame.save()


def _no_height(order: Order) -> None:
    taken = Measurement.objects.get(order=order)
    taken.left_height_mm = None
    taken.save()


def _discontinued(order: Order) -> None:
    lenses = LensSpecification.objects.get(order=order)
    assert lenses.right is not None
    lenses.right.discontinued_on = today(order.branch)
    lenses.right.save()


def _corrected(order: Order) -> None:
    assert order.prescription is not None
    selling.correct(order.prescription)


@pytest.mark.parametrize(
    ("break_it", "codes"),
    [
        (_no_prescription, {"prescription", "approval_out_of_date"}),
        (_unreserved, {"frame_not_reserved"}),
        (_own_frame, {"waiver", "approval_out_of_date"}),
        (_no_height, {"measurements", "approval_out_of_date"}),
        (_discontinued, {"lens_discontinued"}),
        (_corrected, {"prescription_changed", "approval", "review"}),
    ],
)
def test_release_names_what_is_missing_and_keeps_nothing(break_it: Callable[[Order], None], codes: set[str]) -> None:
    at = makers.bench()
    order = makers.paid(at)
    assert release.missing_for(order) == []
    break_it(order)
    order = Order.objects.get(pk=order.pk)
    with pytest.raises(GateClosed) as refused:
        release.release(at.shop.optician, ReleaseData(order.pk, at.lab.pk))
    assert {one.code for one in refused.value.missing} == codes
    assert all(one.message for one in refused.value.missing)
    assert (Job.objects.count(), Order.objects.get(pk=order.pk).state) == (0, "confirmed")
    assert not Event.objects.filter(kind="labjob.released").exists()


def test_release_refuses_an_expired_prescription(monkeypatch: pytest.MonkeyPatch) -> None:
    at = makers.bench()
    order = makers.paid(at)
    assert order.prescription is not None and order.prescription.expires_on is not None
    past = order.prescription.expires_on + timedelta(days=1)
    monkeypatch.setattr("labjobs.services.release.order_common.today", lambda _branch: past)
    codes = [one.code for one in release.missing_for(order)]
    assert codes == ["prescription_expired"]


def test_release_refuses_while_the_deposit_is_short() -> None:
    at = makers.bench()
    order = selling.confirmed(at.shop)
    with pytest.raises(GateClosed) as refused:
        release.release(at.shop.optician, ReleaseData(order.pk, at.lab.pk))
    assert [(one.code, one.message) for one in refused.value.missing] == [
        ("deposit", "The deposit is short by 5040.00.")
    ]


def test_release_twice_makes_one_job() -> None:
    at = makers.bench()
    job = makers.released(at)
    with pytest.raises(GateClosed) as refused:
        release.release(at.shop.optician, ReleaseData(job.order_id, at.lab.pk))
    assert [one.code for one in refused.value.missing] == ["job"]
    assert Job.objects.count() == 1


@pytest.mark.parametrize(("tray", "code"), [("T-999", "tray_unknown"), ("T-317", "tray_taken")])
def test_a_tray_that_is_in_use_or_unknown_is_refused_at_its_field(tray: str, code: str) -> None:
    at = makers.bench()
    makers.released(at, tray="T-317")
    order = makers.paid(at)
    with pytest.raises(DomainError) as refused:
        release.release(at.shop.optician, ReleaseData(order.pk, at.lab.pk, tray))
    assert (refused.value.code, list(refused.value.fields)) == (code, ["tray"])
    assert Job.objects.count() == 1


def test_without_a_scan_the_next_free_tray_is_taken_and_none_when_all_are_in_use() -> None:
    at = makers.bench(trays=2)
    assert [str(makers.released(at).tray) for _n in range(2)] == ["T-317", "T-318"]
    assert makers.released(at).tray is None


def test_only_people_of_the_branch_whose_role_may_release() -> None:
    at = makers.bench()
    order = makers.paid(at)
    with pytest.raises(NotAllowed):
        release.release(at.shop.receptionist, ReleaseData(order.pk, at.lab.pk))
    with pytest.raises(NotVisible):
        release.release(factories.staff(Role.DISPENSING_OPTICIAN, factories.branch()), ReleaseData(order.pk, at.lab.pk))
    assert Job.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_releases_at_once_never_share_a_tray() -> None:
    at = makers.bench(trays=1)
    orders = [makers.paid(at), makers.paid(at)]
    results = _together(
        [
            lambda order=order: release.release(at.shop.optician, ReleaseData(order.pk, at.lab.pk, "T-317"))
            for order in orders
        ]
    )
    refused = [result for result in results if isinstance(result, DomainError)]
    assert [error.code for error in refused] == ["tray_taken"]
    assert Job.objects.filter(tray__code="T-317").count() == 1
    assert Tray.objects.get().jobs.count() == 1


def _together(actions: list[Callable[[], Any]]) -> list[Any]:
    """Run each in a thread with a connection of its own, all starting at once."""
    start, results = threading.Barrier(len(actions)), [None] * len(actions)

    def run(place: int, action: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[place] = action()
        except DomainError as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_the_order_follows_a_laboratory_that_needs_longer() -> None:
    at = makers.bench()
    order = makers.paid(at)
    assert order.promised_on is not None
    later = order.promised_on + timedelta(days=9)
    job = release.release(at.shop.optician, ReleaseData(order.pk, at.lab.pk, promised_on=later))
    order.refresh_from_db()
    assert (order.promised_on, job.promised_on, job.first_promised_on) == (later, later, later)
    assert Event.objects.get(kind="order.repromised").reason_code == "lab_lead_time"
