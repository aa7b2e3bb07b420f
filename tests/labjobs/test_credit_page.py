"""The page of a laboratory's credit terms: typed, checked, and used by the next remake."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from branches.models import User
from branches.roles import Role
from labjobs.credit_rules import CountedFrom, CreditRule, from_plain, sentence
from labjobs.services import remakes
from records.models import Event
from tests import factories
from tests.labjobs import makers
from tests.labjobs.test_remakes import asked

pytestmark = pytest.mark.django_db


def manager(at: makers.Bench) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=factories.staff(Role.BRANCH_MANAGER, at.lab.branch).user_id))
    return client


def test_terms_are_typed_read_back_and_expected_on_the_next_remake() -> None:
    at = makers.bench()
    client, url = manager(at), reverse("labjobs:credit", args=[at.lab.code])
    assert "No terms are on file" in client.get(url).content.decode()
    sent = {
        "reasons-0": "LAB p01", "percents-0": "100, 50 0", "within_days-0": "60", "counted_from-0": "invoice",
        "reasons-1": "C01", "percents-1": "100%", "replacements-1": "single_vision multifocal", "return_required-1": "on",
    }  # fmt: skip
    assert client.post(url, sent).status_code == 303
    at.lab.refresh_from_db()
    first, second = [from_plain(row) for row in at.lab.credit_rules]
    assert first == CreditRule(
        frozenset({"lab", "P01"}), (Decimal(100), Decimal(50), Decimal(0)), 60, CountedFrom.INVOICE
    )
    assert (second.replacements, second.return_required) == (frozenset({"single_vision", "multifocal"}), True)
    shown = client.get(url).content.decode()
    assert "Prescription changed, Laboratory&#x27;s fault: 100 % / 50 % / 0 %, within 60 days of the invoice" in shown
    assert "credit" in Event.objects.get(kind="lab.changed").new
    remake = remakes.request(at.shop.optician, asked(makers.collected(at)))
    assert remake.expected_credit == Decimal("2500.00")
    assert remake.explained[1] == "The laboratory credits 100 %."


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ({"reasons-0": "moon", "percents-0": "100"}, "reasons-0", "there is no cause “moon”"),
        ({"reasons-0": "lab", "percents-0": ""}, "percents-0", "percentages from 0 to 100"),
        ({"reasons-0": "lab", "percents-0": "150"}, "percents-0", "percentages from 0 to 100"),
        ({"reasons-0": "lab", "percents-0": "NaN"}, "percents-0", "percentages from 0 to 100"),
        ({"reasons-0": "", "percents-0": "50"}, "reasons-0", "ame a cause"),
        ({"reasons-0": "C01", "percents-0": "50", "replacements-0": "wine"}, "replacements-0", "se one of"),
        ({"reasons-0": "C01", "percents-0": "50", "within_days-0": "-3"}, "within_days-0", ""),
    ],
)
def test_a_term_that_cannot_be_is_refused_at_its_cell(cells: dict[str, str], field: str, words: str) -> None:
    at = makers.bench()
    answer = manager(at).post(reverse("labjobs:credit", args=[at.lab.code]), {"counted_from-0": "invoice", **cells})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert words in answer.content.decode()
    at.lab.refresh_from_db()
    assert at.lab.credit_rules == []


def test_a_rule_reads_as_a_sentence() -> None:
    rule = CreditRule(
        frozenset({"W01"}),
        (Decimal(100),),
        365,
        CountedFrom.SHIPPING,
        times=1,
        unchanged_required=True,
        return_required=True,
    )
    assert sentence(rule) == (
        "Scratch: 100 %, within 365 days of shipping, at most 1 times, nothing else changed, lenses sent back"
    )
