"""Eye tests: who examined, when, what was found. A prescription points at the test it comes from."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from branches import access
from branches.roles import Can
from core.actor import Actor
from core.errors import DomainError, IllegalTransition, NotVisible
from customers.models import Customer
from prescriptions import selectors
from prescriptions.models import EyeTest
from records import events
from visits.models import Visit, VisitState
from visits.services import visits


@transaction.atomic
def start(actor: Actor, customer_id: int, visit_id: int | None = None) -> EyeTest:
    """Begin an examination; the one already under way by this optometrist is returned instead of a second.

    Raises NotAllowed without the right, DomainError for another customer's visit.
    """
    access.require(actor, Can.RUN_EYE_TESTS, actor.branch_id)
    if actor.branch_id is None or actor.user_id is None:
        raise DomainError(_("An eye test is made by a person in a branch."), code="nobody")
    customer = Customer.objects.select_for_update().filter(pk=customer_id).first()
    if customer is None:
        raise NotVisible(_("Not found."), code="not_visible")
    under_way = selectors.open_test(customer_id, actor.user_id)
    if under_way is not None:
        return under_way
    visit = _visit(actor.branch_id, visit_id, customer_id)
    if visit is not None and visit.state == VisitState.WAITING:
        visits.start_test(actor, visit.pk)
    test = EyeTest.objects.create(
        customer=customer,
        branch_id=actor.branch_id,
        visit=visit,
        optometrist_id=actor.user_id,
        started_at=timezone.now(),
        source=actor.source.value,
        recorded_by_id=actor.user_id,
        responsible_role=actor.role,
    )
    events.record("eye_test.started", actor, _fact(test))
    return test


@transaction.atomic
def note(actor: Actor, test_id: int, findings: Mapping[str, str], advice: str, version: int | None = None) -> EyeTest:
    """Keep findings while the test goes on, or complete them after. Raises DomainError for a stale version."""
    test = _locked(actor, test_id)
    if version is not None and version != test.version:
        raise DomainError(_("Somebody else saved findings of this test. Look at them, then save again."), code="stale")
    test.findings = {name: value.strip() for name, value in findings.items() if value.strip()}
    test.advice = advice.strip()
    test.version += 1
    test.save()
    return test


@transaction.atomic
def finish(actor: Actor, test_id: int) -> EyeTest:
    """The examination is over. Raises IllegalTransition when it was finished before."""
    test = _locked(actor, test_id)
    if test.finished_at is not None:
        raise IllegalTransition(_("This eye test is finished already."), code="already_finished")
    test.finished_at = timezone.now()
    test.version += 1
    test.save()
    minutes = int((test.finished_at - test.started_at).total_seconds() // 60)
    events.record("eye_test.finished", actor, _fact(test, minutes=minutes))
    return test


def _locked(actor: Actor, test_id: int) -> EyeTest:
    test = EyeTest.objects.select_for_update().filter(pk=test_id).first()
    if test is None:
        raise NotVisible(_("Not found."), code="not_visible")
    access.require(actor, Can.RUN_EYE_TESTS, test.branch_id)
    return test


def _visit(branch_id: int, visit_id: int | None, customer_id: int) -> Visit | None:
    """The visit it belongs to: the one named, else the customer's open one in this branch. Raises DomainError for another's."""
    if visit_id is None:
        waiting = [VisitState.WAITING, VisitState.IN_TEST, VisitState.DISPENSING]
        return Visit.objects.filter(customer_id=customer_id, branch_id=branch_id, state__in=waiting).first()
    visit = Visit.objects.filter(pk=visit_id, customer_id=customer_id, branch_id=branch_id).first()
    if visit is None:
        raise DomainError(_("That visit belongs to another customer or branch."), code="visit_mismatch")
    return visit


def _fact(test: EyeTest, **data: int) -> events.Fact:
    return events.Fact(test, branch_id=test.branch_id, customer_id=test.customer_id, data=data)
