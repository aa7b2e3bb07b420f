"""The glasses are made: a fitting that fails, and what is made again, within the warranty and outside it.

Working sections: handling changes and exceptions (remakes), financial and accountability controls.
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cases.models import Case
from core.errors import DomainError
from labjobs import remake_rules
from labjobs.models import Fitting, Job, Remake, Warranty
from labjobs.services import collection, remakes
from orders.services import ledger, payments
from records.models import Review
from records.services import changes
from tests.journeys import live as examples
from tests.journeys.live import Live


@pytest.fixture(scope="module")
def started(django_db_setup: None, django_db_blocker: Any) -> Iterator[Live]:
    def walk(live: Live) -> None:
        live.quote().confirm().release()
        live.bench.lab.credit_rules = [{"reasons": ["lab"], "percents": ["50"], "within_days": 90}]
        live.bench.lab.save()
        live.make_ready()

    yield from examples.once(django_db_blocker, walk)


@pytest.fixture
def live(started: Live, django_db_blocker: Any) -> Iterator[Live]:
    yield from examples.again(django_db_blocker, started)


def failed_fitting(live: Live) -> None:
    """The glasses do not fit: nothing is handed over or paid, a case with an owner, a second person sends them back."""
    shop, job = live.bench.shop, live.job
    owed = ledger.money_of(live.order).balance
    with live.nothing_else_moves():
        live.hand_over(
            outcome="failed", cause="measurement", checks=["sides", "nose"], remark="marks beside the pupils"
        )
    case = Case.objects.get(order_id=live.order.pk)
    assert Fitting.objects.get(job=job).remark == "marks beside the pupils"
    assert (case.kind, case.owner_id, case.cause_code) == ("failed_fitting", shop.optician.user_id, "S02")
    assert case.earlier_value["Centration marks before the pupils"] == ["right", "not right"]
    assert (live.order.state, ledger.money_of(live.order).balance) == ("ready", owed)
    refused = live.hand_over()
    assert live.order.state == "ready" and case.number in refused.text
    ask = {"decision": "send_back", "reason": "heights measured again"}
    live.optician.open(f"/cases/{case.number}/").send(ask, form="/ask/")
    live.optician.post(f"/cases/{case.number}/decide/", {"answer": "approve", "reason": "my own"})
    assert live.fresh().job.state == "ready"
    live.manager.post(f"/cases/{case.number}/decide/", {"answer": "approve", "reason": "agreed"})
    live.fresh()
    assert (live.job.state, live.job.stage, live.order.state) == ("rework", "assembly", "in_production")
    live.make_ready()
    live.optician.open(f"/lab/jobs/{job.number}/fitting/").send({"outcome": "passed"})
    closed = live.close(case, "fits after the heights were set anew")
    assert case.state == "closed", closed.said
    live.hand_over()
    assert live.order.state == "collected"


def asked_again(live: Live, **fields: str) -> Remake:
    told = {"kind": "remake", "eyes": "both", "payer": "lab", "reason": "coating lifts at the rim", "lenses": "2500.00"}
    live.optician.open(f"/lab/jobs/{live.job.number}/remake/").send(told | {"work": "", "other": ""} | fields)
    found = Remake.objects.filter(job=live.job).first()
    assert found is not None, live.optician.said
    return found


def remake_within_warranty(live: Live) -> None:
    """The coating fails a month later: covered, approved by a second person, a new job linked both ways, no refund."""
    live.hand_over()
    assert live.order.state == "collected"
    first = live.job
    paid = [(entry.pk, entry.amount) for entry in live.order.ledger.order_by("pk")]
    with live.nothing_else_moves():
        remake = asked_again(live, cause="L07")
    coating = Warranty.objects.get(order=live.order, terms__code="coating")
    assert (remake.warranty, remake.party_at_fault, remake.expected_credit) == (coating, "lab", Decimal("1250.00"))
    assert any("covers it until" in line for line in remake.explained)
    own = live.optician.post(f"/lab/remakes/{remake.number}/decide/", {"reason": "obvious"})
    assert (own.status, live.fresh().order.state) == (403, "collected")
    assert Job.objects.filter(order=live.order).count() == 1
    live.manager.open(f"/lab/remakes/{remake.number}/decide/").send({"reason": "seen"})
    first.refresh_from_db()
    coating.refresh_from_db()
    live.fresh()
    made = Job.objects.get(remake_of=first)
    assert (first.state, made.payer, coating.times_used) == ("remade", "lab", 1)
    assert (live.order.state, [(e.pk, e.amount) for e in live.order.ledger.order_by("pk")]) == ("in_production", paid)
    assert made.number in live.technician.open(f"/lab/jobs/{first.number}/").text
    assert first.number in live.technician.open(f"/lab/jobs/{made.number}/").text
    case = Case.objects.get(kind="warranty_remake", order_id=live.order.pk)
    assert live.close(case, "done").status == 422 and case.state == "open"
    live.job = made
    live.make_ready()
    live.hand_over()
    assert live.order.state == "collected"
    live.close(case, "new pair handed over")
    assert case.state == "closed"


def remake_outside_warranty(live: Live) -> None:
    """Broken by the customer, after the term: not covered and said why; the customer owes it from the approval on."""
    live.hand_over()
    over = examples.today() - timedelta(days=1)
    for warranty in Warranty.objects.filter(order=live.order):
        warranty.starts_on, warranty.ends_on = over - timedelta(days=365), over
        warranty.save()
    remake = asked_again(live, cause="L07", payer="customer")
    assert remake.warranty is None
    assert any("ended on" in line for line in remake.explained)
    assert ledger.money_of(live.order).balance == 0
    with live.nothing_else_moves():
        live.manager.open(f"/lab/remakes/{remake.number}/decide/").send({"reason": "agreed by phone"})
    live.fresh()
    assert ledger.money_of(live.order).balance == Decimal("2500.00")
    live.job = Job.objects.get(remake_of=live.job)
    live.make_ready()
    refused = live.optician.open(f"/lab/collect/{live.order.number}/")
    assert "2" in refused.text and "500" in refused.text
    live.optician.post(
        f"/lab/collect/{live.order.number}/",
        {
            "proofs": ["name", "phone"],
            "received_by": "J",
            "outcome": "passed",
            "checks": sorted(examples.makers.ALL_CHECKS),
        },
    )
    assert live.fresh().order.state == "ready"
    live.hand_over()
    assert (live.order.state, ledger.money_of(live.order).balance) == ("collected", 0)


def corrected_while_it_is_worn(live: Live) -> None:
    """The prescription turns out wrong after the hand-over: whoever sold the pair decides about it and its warranty."""
    live.hand_over()
    assert live.order.state == "collected"
    page = live.tester.open(f"/prescriptions/{live.prescription.pk}/correct/")
    assert f"{live.order.number}, worn; warranty" in page.text
    with live.nothing_else_moves():
        page.send({"right_axis": "90", "reason_code": "P02", "reason": "read wrongly", "do": "sign"}, button="Sign")
    [review] = Review.objects.filter(order_id=live.order.pk, decision="worn_pair")
    assert (review.state, review.owner_id, review.blocks) == ("open", live.bench.shop.optician.user_id, "")
    assert "065° → 090°" in review.what_changed
    decided = live.optician.open(f"/records/reviews/{review.pk}/decide/")
    assert "Version" in decided.text
    decided.send({"reason": "sees well, keeps them"}, form="decide")
    review.refresh_from_db()
    assert (review.state, review.resolution_reason) == ("decided", "sees well, keeps them"), decided.said


def second_remake_under_one_warranty(live: Live) -> None:
    """The new coating fails as well: the warranty covers it once, so the terms answer otherwise and say why."""
    remake_within_warranty(live)
    coating = Warranty.objects.get(order=live.order, terms__code="coating")
    first = Remake.objects.get(job=live.job.remake_of)
    with live.nothing_else_moves():
        second = asked_again(live, cause="L07")
    used_up = "The warranty “Coating” is used up: 1 times."
    assert (second.warranty, second.expected_credit) == (None, Decimal("1250.00"))
    assert used_up in second.explained
    page = live.manager.open(f"/lab/remakes/{second.number}/decide/")
    assert used_up in page.text
    page.send({"reason": "the laboratory pays again"})
    live.fresh()
    coating.refresh_from_db()
    made = Job.objects.get(remake_of=live.job)
    assert (made.payer, coating.times_used, coating.times_allowed) == ("lab", 1, 1)
    case = Case.objects.get(kind="warranty_remake", subject_id=second.pk)
    assert (case.state, case.owner_id) == ("open", live.bench.shop.optician.user_id)
    assert [one.number for one in (first, second)] == sorted(one.number for one in Remake.objects.all())


def warranty_used_up_while_a_remake_waits(live: Live) -> None:
    """Two people judge the same warranty: whoever decides does so on what is left of it now."""
    live.hand_over()
    remake = asked_again(live, cause="L07")
    coating = Warranty.objects.get(order=live.order, terms__code="coating")
    coating.times_used, coating.version = 1, coating.version + 1
    coating.save()
    page = live.manager.open(f"/lab/remakes/{remake.number}/decide/").send({"reason": "seen"})
    remake.refresh_from_db()
    assert (remake.state, Job.objects.filter(order=live.order).count()) == ("requested", 1)
    assert "used up" in page.text
    page.send({"reason": "asked for anew without the warranty"}, button="Refuse")
    remake.refresh_from_db()
    assert remake.state == "refused", page.said


JOURNEYS = (
    failed_fitting,
    corrected_while_it_is_worn,
    remake_within_warranty,
    second_remake_under_one_warranty,
    warranty_used_up_while_a_remake_waits,
    remake_outside_warranty,
)


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda one: one.__name__)
def test_what_goes_wrong_at_the_counter_is_owned_and_paid_for(live: Live, journey: Any) -> None:
    journey(live)


def _charged_anyway(actor: Any, order: Any, remake: Remake) -> None:
    entry = ledger.Entry("adjustment", remake.cost, reason="whoever pays")
    payments.post_adjustment(order, entry, actor)


def _covers_for_ever(rows: Any, cause: str, *_: Any) -> tuple[Warranty, str]:
    return next(one for one in rows if cause in one.terms["causes"]), "covers it until"


CONTROLS = {
    "worn": (corrected_while_it_is_worn, changes, "announce", lambda *_: []),
    "held": (failed_fitting, collection, "_held", lambda *_: []),
    "second person": (remake_within_warranty, remakes, "_charge_customer", _charged_anyway),
    "warranty": (remake_within_warranty, remake_rules, "cover", lambda *_: (None, "")),
    "used": (remake_within_warranty, remakes, "_use_warranty", lambda *_: None),
    "once": (second_remake_under_one_warranty, remake_rules, "cover", _covers_for_ever),
    "left of it": (warranty_used_up_while_a_remake_waits, remakes, "_use_warranty", lambda *_: None),
    "charged": (remake_outside_warranty, remakes, "_charge_customer", lambda *_: None),
    "term": (remake_outside_warranty, remake_rules, "cover", lambda rows, *_: (rows[0], "covers it until")),
    "balance": (remake_outside_warranty, collection, "_balance", lambda *_: []),
}


@pytest.mark.parametrize("name", CONTROLS)
def test_control_without_its_guard_the_journey_fails(live: Live, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    journey, module, guard, nothing = CONTROLS[name]
    monkeypatch.setattr(module, guard, nothing)
    with pytest.raises((AssertionError, DomainError, TypeError, ValueError, Job.DoesNotExist)):
        journey(live)
