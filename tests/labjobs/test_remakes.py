"""Remakes: the warranty answers with its reason, another person approves, two jobs are linked, money follows the payer."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalogue.models import LensProduct
from core.errors import DomainError, IllegalTransition, NotAllowed
from labjobs import remake_rules
from labjobs.models import Job, Remake, Warranty
from labjobs.services import remakes
from labjobs.services.remakes import CostLine, RemakeData
from orders.services import ledger
from orders.services.common import today
from records.models import Event
from tests.labjobs import makers

pytestmark = pytest.mark.django_db


def asked(job: Job, **fields: Any) -> RemakeData:
    defaults: dict[str, Any] = {
        "kind": "remake", "cause": "L07", "payer": "lab", "reason": "coating lifts at the rim",
        "costs": [CostLine("Lenses", Decimal("2500.00"))],
    }  # fmt: skip
    return RemakeData(job.pk, **(defaults | fields))


def test_an_approved_remake_makes_a_new_job_linked_to_the_old_one() -> None:
    at = makers.bench()
    at.lab.credit_rules = [{"reasons": ["lab"], "percents": ["100"], "within_days": 60}]
    at.lab.save()
    job = makers.collected(at)
    remake = remakes.request(at.shop.optician, asked(job))
    assert (remake.expected_credit, remake.party_at_fault) == (Decimal("2500.00"), "lab")
    coating = Warranty.objects.get(terms__code="coating")
    assert remake.warranty == coating
    remake = remakes.approve(at.shop.manager, remake.pk, "")
    new = remake.new_job
    assert new is not None
    job.refresh_from_db()
    coating.refresh_from_db()
    assert (job.state, new.state, new.remake_of, new.number) == ("remade", "released", job, f"{job.order.number}-2")
    assert (new.payer, new.remake_cost, new.expected_credit, coating.times_used) == (
        "lab",
        Decimal("2500.00"),
        Decimal("2500.00"),
        1,
    )
    job.order.refresh_from_db()
    assert job.order.state == "in_production"
    assert ledger.money_of(job.order).balance == 0
    assert Event.objects.filter(kind="labjob.remade", reason_code="L07").count() == 1


def test_the_customer_owes_what_the_customer_pays() -> None:
    at = makers.bench()
    job = makers.collected(at)
    remake = remakes.request(at.shop.optician, asked(job, cause="C03", payer="customer"))
    assert remake.warranty is None
    remakes.approve(at.shop.manager, remake.pk, "agreed by phone")
    assert ledger.money_of(job.order).balance == Decimal("2500.00")


def test_nobody_approves_their_own_remake_and_nothing_changes() -> None:
    at = makers.bench()
    job = makers.collected(at)
    remake = remakes.request(at.shop.manager, asked(job))
    with pytest.raises(NotAllowed):
        remakes.approve(at.shop.manager, remake.pk, "")
    with pytest.raises(NotAllowed):
        remakes.approve(at.shop.optician, remake.pk, "")
    job.refresh_from_db()
    assert (job.state, Job.objects.count()) == ("collected", 1)


def test_a_refused_remake_keeps_the_job_and_the_reason() -> None:
    at = makers.bench()
    job = makers.collected(at)
    remake = remakes.request(at.shop.optician, asked(job))
    with pytest.raises(DomainError):
        remakes.refuse(at.shop.manager, remake.pk, " ")
    remake = remakes.refuse(at.shop.manager, remake.pk, "scratch by the customer")
    job.refresh_from_db()
    assert (remake.state, remake.decision_reason, job.state) == ("refused", "scratch by the customer", "collected")
    with pytest.raises(IllegalTransition):
        remakes.approve(at.shop.manager, remake.pk, "")


@pytest.mark.parametrize(("fields", "at_field"), [
    ({"cause": "X99"}, "cause"), ({"payer": ""}, "payer"), ({"reason": " "}, "reason"), ({"kind": "other"}, "kind"),
    ({"costs": [CostLine("Lenses", Decimal(-1))]}, "costs"), ({"eyes": "third"}, "eyes"),
])  # fmt: skip
def test_a_request_without_cause_payer_or_reason_is_refused_at_the_field(fields: dict[str, Any], at_field: str) -> None:
    at = makers.bench()
    job = makers.ready(at)
    with pytest.raises(DomainError) as refused:
        remakes.request(at.shop.optician, asked(job, **fields))
    assert list(refused.value.fields) == [at_field]
    assert not Remake.objects.exists()


def test_the_warranty_says_why_it_does_not_cover() -> None:
    at = makers.bench()
    job = makers.collected(at)
    day = today(job.order.branch)
    rows = list(job.order.warranties.all())
    frame = next(one for one in rows if one.terms["code"] == "frame")
    assert remake_rules.cover([], "W03", day)[1] == "No warranty has started: the pair was not handed over yet."
    assert remake_rules.cover(rows, "C03", day)[1] == "No warranty of this order covers this cause."
    assert remake_rules.cover(rows, "W03", frame.ends_on)[0] == frame
    over = remake_rules.cover(rows, "W03", frame.ends_on + timedelta(days=1))
    assert over[0] is None and over[1].startswith("The warranty “Frame” ended on ")
    frame.times_used = 1
    assert remake_rules.cover([frame], "W03", day) == (None, "The warranty “Frame” is used up: 1 times.")


def test_terms_that_want_nothing_changed_give_no_credit_after_a_change() -> None:
    at = makers.bench()
    at.lab.credit_rules = [{"reasons": ["W01"], "unchanged_required": True}]
    at.lab.save()
    job = makers.collected(at)
    assert remakes.request(at.shop.optician, asked(job, cause="W01")).expected_credit == Decimal("2500.00")
    Remake.objects.all().delete()
    job.order.measurement.right_far_pd_mm += 1
    job.order.measurement.version += 1
    job.order.measurement.save()
    again = remakes.request(at.shop.optician, asked(job, cause="W01"))
    assert again.expected_credit == Decimal("0.00")
    assert "Credit is given only when nothing in the order changes." in again.explained


def test_who_does_not_adapt_is_credited_with_the_replacement_that_the_terms_name() -> None:
    at = makers.bench()
    at.lab.credit_rules = [{"reasons": ["C01"], "replacements": ["multifocal", "single_vision"]}]
    at.lab.save()
    job = makers.collected(at)
    assert remakes.request(at.shop.optician, asked(job, cause="C01")).expected_credit == Decimal("0.00")
    Remake.objects.all().delete()
    LensProduct.objects.update(design="bifocal")
    assert remakes.request(at.shop.optician, asked(job, cause="C01")).expected_credit == Decimal("2500.00")
