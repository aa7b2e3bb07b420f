"""Today tells the optometrist what waits for a signature, and nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from branches.models import Branch
from branches.scope import Scope
from core.actor import Actor
from customers.models import Customer
from prescriptions.services import prescriptions
from tests import factories as make
from visits.due_now import Asked, due

pytestmark = pytest.mark.django_db


def waiting(actor: Actor, at: Branch) -> list[int]:
    asked = Asked(at, actor, Scope.of(actor), timezone.now())
    return [one.count for one in due(asked) if one.url == reverse("prescriptions:list")]


def test_drafts_of_the_branch_are_counted_for_who_may_sign(
    naledi: Actor, pieter: Actor, rosebank: Branch, thandi: Customer
) -> None:
    draft = prescriptions.save_draft(pieter, make.rx_data(thandi))
    prescriptions.save_draft(make.optometrist(make.branch("DUR")), make.rx_data(make.customer()))
    assert (waiting(naledi, rosebank), waiting(pieter, rosebank)) == ([1], [])
    assert draft.is_draft


def test_what_is_signed_is_not_waiting(naledi: Actor, rosebank: Branch, thandi: Customer) -> None:
    make.signed_prescription(naledi, thandi)
    assert waiting(naledi, rosebank) == []
