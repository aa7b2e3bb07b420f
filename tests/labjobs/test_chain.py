"""From release to collection through the services: the whole way, and what each step leaves behind."""

import pytest

from inventory.models import StockItem
from labjobs.models import Job, JobMove, JobState, Stage, Warranty
from labjobs.services import jobs
from orders.models import FrameChoice, OrderState
from records.models import Event, Evidence
from tests.labjobs import makers

pytestmark = pytest.mark.django_db


def test_an_order_goes_through_our_own_laboratory_to_its_owner() -> None:
    at = makers.bench()
    job = makers.released(at, tray="t-317")
    assert (job.number, job.tray and job.tray.code, job.state) == (f"{job.order.number}-1", "T-317", "released")
    assert job.values["eyes"]["right"] == {
        "balance": False, "sphere": "-2.25", "cylinder": "-0.75", "axis": 65, "add": "2.00",
        "prism_horizontal": None, "base_horizontal": "", "prism_vertical": None, "base_vertical": "",
    }  # fmt: skip
    stages = []
    for _step in range(5):
        job = jobs.advance(at.technician, job.pk)
        stages.append((job.stage, job.state))
    assert stages == [
        (Stage.SURFACING, JobState.IN_PRODUCTION), (Stage.COATING, JobState.IN_PRODUCTION),
        (Stage.EDGING, JobState.IN_PRODUCTION), (Stage.ASSEMBLY, JobState.IN_PRODUCTION),
        (Stage.QUALITY, JobState.QUALITY),
    ]  # fmt: skip
    verdict = makers.checked(at, job)
    assert verdict.check.passed
    job = jobs.advance(at.technician, job.pk)
    assert (job.state, job.stage) == (JobState.READY, Stage.DISPATCH)
    job.order.refresh_from_db()
    assert job.order.state == OrderState.READY
    makers.fitted(at, job)
    makers.pay_rest(at, job.order)
    from labjobs.services import collection

    done = collection.collect(at.shop.receptionist, makers.handing_over(job))
    done.order.refresh_from_db()
    assert (done.state, done.order.state) == (JobState.COLLECTED, OrderState.COLLECTED)
    frame = FrameChoice.objects.get(order=done.order)
    assert (StockItem.objects.get(frame=frame.frame).on_hand, StockItem.objects.get(frame=frame.frame).reserved) == (
        1,
        0,
    )
    assert list(Warranty.objects.values_list("terms__code", flat=True)) == ["frame", "lenses", "coating", "adaptation"]
    assert Evidence.objects.get(subject_type="labjobs.job").note.startswith("Taken by Thandi Mokoena.")
    kinds = list(
        Event.objects.filter(order_id=done.order_id, kind__regex="^(labjob|order.ready|fitting|warranty|order.coll)")
        .order_by("pk")
        .values_list("kind", flat=True)
    )
    assert kinds == [
        "labjob.released", *["labjob.advanced"] * 5, "labjob.qc_passed", "labjob.ready", "order.ready",
        "fitting.passed", "order.collected", "labjob.collected", "warranty.started",
    ]  # fmt: skip
    assert JobMove.objects.filter(job=done).count() == 9
    assert Job.objects.get(pk=done.pk).tray.jobs.filter(state="collected").count() == 1


def test_a_pair_from_a_distant_laboratory_is_ready_only_when_the_shop_has_it() -> None:
    at = makers.bench(far=True)
    job = makers.passed(at)
    job = jobs.advance(at.technician, job.pk)
    assert (job.state, job.dispatched_at is None) == (JobState.PASSED, False)
    assert not Event.objects.filter(kind="order.ready").exists()
    job = jobs.advance(at.shop.receptionist, job.pk, "scan")
    assert job.state == JobState.READY
    assert Event.objects.filter(kind="order.ready").count() == 1
