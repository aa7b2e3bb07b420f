"""Fitting and collection: refused with every missing thing and its owner; then all of it in one step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from branches.roles import Role
from cases.models import Case
from cases.services import cases
from core.errors import DomainError, GateClosed, IllegalTransition, NotAllowed
from labjobs.models import Fitting, Job, Warranty
from labjobs.services import collection, fittings, jobs, warranties
from labjobs.services.fittings import FittingData
from orders.models import Order
from orders.services import payments
from orders.services.payments import PaymentData
from records.models import Event, Evidence
from tests import factories
from tests.labjobs import makers

pytestmark = pytest.mark.django_db


def _nothing(at: makers.Bench, job: Job) -> None: ...


def _paid(at: makers.Bench, job: Job) -> None:
    makers.pay_rest(at, job.order)


def _fitted(at: makers.Bench, job: Job) -> None:
    makers.fitted(at, job)


def _failed(at: makers.Bench, job: Job) -> None:
    makers.pay_rest(at, job.order)
    makers.fitted(at, job, outcome="failed", cause="frame_size")


@pytest.mark.parametrize(("before", "codes"), [
    (_nothing, ["balance", "fitting"]), (_paid, ["fitting"]), (_fitted, ["balance"]), (_failed, ["fitting_failed", "case"]),
])  # fmt: skip
def test_collection_names_what_is_missing_and_hands_nothing_over(
    before: Callable[[makers.Bench, Job], None], codes: list[str]
) -> None:
    at = makers.bench()
    job = makers.ready(at)
    before(at, job)
    with pytest.raises(GateClosed) as refused:
        collection.collect(at.shop.receptionist, makers.handing_over(job))
    assert [one.code for one in refused.value.missing] == codes
    assert all(one.owner for one in refused.value.missing)
    assert (Job.objects.get(pk=job.pk).state, Warranty.objects.count()) == ("ready", 0)
    assert not Event.objects.filter(kind="order.collected").exists()


def test_glasses_that_did_not_pass_the_check_stay() -> None:
    at = makers.bench()
    job = makers.at_quality(at)
    makers.pay_rest(at, job.order)
    with pytest.raises(GateClosed) as refused:
        collection.collect(at.shop.receptionist, makers.handing_over(job))
    assert [one.code for one in refused.value.missing] == ["quality", "fitting"]
    assert refused.value.missing[0].owner == "Riaan Naidoo"


@pytest.mark.parametrize(("fields", "at_field"), [
    ({"proofs": frozenset({"name"})}, "proofs"), ({"proofs": frozenset({"name", "shoe size"})}, "proofs"),
    ({"received_by": " "}, "received_by"),
])  # fmt: skip
def test_without_two_proofs_and_a_name_nothing_happens(fields: dict[str, Any], at_field: str) -> None:
    at = makers.bench()
    job = makers.ready(at)
    makers.fitted(at, job)
    makers.pay_rest(at, job.order)
    with pytest.raises(DomainError) as refused:
        collection.collect(at.shop.receptionist, makers.handing_over(job, **fields))
    assert list(refused.value.fields) == [at_field]
    assert Job.objects.get(pk=job.pk).state == "ready"


def test_paying_fitting_and_handing_over_are_one_step_or_none() -> None:
    at = makers.bench()
    job = makers.ready(at)
    balance = payments.balance(job.order_id)
    data = makers.handing_over(
        job,
        payment=PaymentData(job.order_id, balance - 1, "card", "slip 7"),
        fitting=FittingData(job.pk, "passed", makers.ALL_CHECKS),
    )
    with pytest.raises(GateClosed) as refused:
        collection.collect(at.shop.optician, data)
    assert [one.code for one in refused.value.missing] == ["balance"]
    assert (payments.balance(job.order_id), Fitting.objects.count()) == (balance, 0)
    collection.collect(at.shop.optician, replace(data, payment=PaymentData(job.order_id, balance, "card", "slip 7")))
    assert payments.balance(job.order_id) == Decimal("0.00")
    assert Order.objects.get(pk=job.order_id).state == "collected"
    with pytest.raises(DomainError, match="already"):
        collection.collect(at.shop.optician, data)
    assert Evidence.objects.filter(subject_type="labjobs.job").count() == 1


def test_a_fitting_that_fails_names_its_cause_and_blocks_until_a_later_one_passes() -> None:
    at = makers.bench()
    job = makers.ready(at)
    with pytest.raises(DomainError) as refused:
        makers.fitted(at, job, outcome="failed")
    assert list(refused.value.fields) == ["cause"]
    with pytest.raises(DomainError) as refused:
        makers.fitted(at, job, checks=makers.ALL_CHECKS - {"near"})
    assert list(refused.value.fields) == ["checks"]
    assert not Fitting.objects.exists()
    makers.fitted(at, job, outcome="failed", cause="measurement", checks=makers.ALL_CHECKS - {"near"})
    case = Case.objects.get()
    assert (case.kind, case.cause_code, case.party_at_fault, case.blocks) == (
        "failed_fitting",
        "S02",
        "shop",
        "collection",
    )
    with pytest.raises(GateClosed):
        cases.close(at.shop.manager, case.pk, "done")
    makers.fitted(at, job, outcome="adjusted")
    cases.close(at.shop.manager, case.pk, "sides bent")
    assert Case.objects.get().state == "closed"


def test_the_approved_way_out_of_a_failed_fitting_sends_the_pair_back() -> None:
    at = makers.bench()
    job = makers.ready(at)
    makers.fitted(at, job, outcome="failed", cause="defect")
    case = Case.objects.get()
    cases.request_decision(at.shop.optician, case.pk, "send_back", "lens scratched")
    cases.decide(at.shop.manager, case.pk, True, "yes")
    job.refresh_from_db()
    assert (job.state, job.stage, Order.objects.get(pk=job.order_id).state) == ("rework", "assembly", "in_production")


def test_only_ready_glasses_are_fitted_and_only_by_those_who_may() -> None:
    at = makers.bench()
    job = makers.passed(at)
    with pytest.raises(IllegalTransition):
        fittings.record(at.shop.optician, FittingData(job.pk, "passed", makers.ALL_CHECKS))
    jobs.advance(at.technician, job.pk)
    with pytest.raises(NotAllowed):
        fittings.record(at.shop.receptionist, FittingData(job.pk, "passed", makers.ALL_CHECKS))
    accountant = factories.staff(Role.ACCOUNTANT, at.shop.branch)
    with pytest.raises(NotAllowed):
        collection.collect(accountant, makers.handing_over(job))
    assert not Fitting.objects.exists()


def test_a_year_after_a_leap_day_ends_in_february() -> None:
    assert warranties.months_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert warranties.months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert warranties.months_after(date(2026, 11, 22), 24) == date(2028, 11, 22)
