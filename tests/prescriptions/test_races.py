"""Two people on one prescription at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from core.errors import DomainError
from prescriptions import rows
from prescriptions.models import Prescription
from prescriptions.services import prescriptions
from records.models import Event
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 4


def at_once(work: Callable[[int], object]) -> list[object]:
    """Run `work(n)` in as many threads as there are people; refusals come back as values."""
    start = Barrier(PEOPLE)

    def one(number: int) -> object:
        try:
            start.wait(timeout=20)
            return work(number)
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return list(pool.map(one, range(PEOPLE)))


def outcomes(answers: list[object]) -> list[str]:
    return sorted(getattr(answer, "code", "done") for answer in answers)


def test_many_who_sign_one_draft_give_one_signature(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    answers = at_once(lambda _n: prescriptions.sign(naledi, draft.pk))
    assert outcomes(answers) == ["already_signed"] * (PEOPLE - 1) + ["done"]
    assert Event.objects.filter(kind="prescription.signed").count() == 1


def test_many_who_save_one_draft_are_told_that_it_is_stale(naledi, thandi):
    draft = prescriptions.save_draft(naledi, factories.rx_data(thandi))
    answers = at_once(
        lambda n: prescriptions.save_draft(naledi, factories.rx_data(thandi, notes=f"by {n}"), draft.pk, 1)
    )
    assert outcomes(answers) == ["done"] + ["stale"] * (PEOPLE - 1)
    assert Prescription.objects.get().revision == 2


def test_many_who_correct_one_version_make_one_next_version(naledi, thandi):
    signed = factories.signed_prescription(naledi, thandi)
    data = rows.data_of(signed)
    answers = at_once(
        lambda n: prescriptions.correct(
            naledi, signed.pk, replace(data, right=replace(data.right, axis=91 + n)), ("P02", f"by {n}")
        )
    )
    assert outcomes(answers) == ["done"] + ["illegal_transition"] * (PEOPLE - 1)
    assert sorted(Prescription.objects.values_list("version", "state")) == [(1, "superseded"), (2, "current")]


def test_numbers_have_no_gap_when_many_sign_at_once(naledi, thandi):
    drafts = [prescriptions.save_draft(naledi, factories.rx_data(thandi)) for _n in range(PEOPLE)]
    at_once(lambda n: prescriptions.sign(naledi, drafts[n].pk))
    numbers = sorted(Prescription.objects.values_list("number", flat=True))
    assert numbers == [f"RX-RSB-{n:05d}" for n in range(1, PEOPLE + 1)]
