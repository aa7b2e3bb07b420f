import uuid

import pytest
from django.test import Client
from django.urls import reverse

from branches.roles import Role
from cases.models import Case, CaseState
from cases.services import cases
from cases.services.cases import CaseData
from core import actor
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop():
    return factories.branch()


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def case(shop) -> Case:
    subject = cases.open_case(actor.system(), CaseData("complaint", shop, shop.pk, "Waited an hour", "Nobody came."))
    return subject


def test_the_inbox_shows_a_case_and_what_is_missing(shop, case) -> None:
    page = signed_in(factories.user(Role.RECEPTIONIST, shop)).get(reverse("cases:inbox")).content.decode()
    assert "Waited an hour" in page
    assert "The customer has an answer" in page


def test_an_empty_inbox_says_how_cases_come_about(shop) -> None:
    page = signed_in(factories.user(Role.RECEPTIONIST, shop)).get(reverse("cases:inbox")).content.decode()
    assert "Cases open by themselves" in page


def test_another_branch_gets_404_and_a_visitor_the_log_in(shop, case) -> None:
    url = reverse("cases:page", args=[case.number])
    stranger = signed_in(factories.user(Role.BRANCH_MANAGER, factories.branch()))
    assert stranger.get(url).status_code == 404
    assert stranger.post(reverse("cases:take", args=[case.number])).status_code == 404
    assert Client().get(url).status_code == 302
    case.refresh_from_db()
    assert case.owner_id is None


def test_a_condition_that_the_kind_of_case_does_not_have_is_no_page(shop, case) -> None:
    client = signed_in(factories.user(Role.BRANCH_MANAGER, shop))
    assert client.get(reverse("cases:tick", args=[case.number, "customer_answered"])).status_code == 200
    assert client.get(reverse("cases:tick", args=[case.number, "nothing"])).status_code == 404


def test_taking_a_case_is_one_press(shop, case) -> None:
    person = factories.user(Role.RECEPTIONIST, shop)
    answer = signed_in(person).post(reverse("cases:take", args=[case.number]), {"_key": uuid.uuid4()})
    case.refresh_from_db()
    assert (answer.status_code, case.owner_id) == (303, person.pk)


def test_an_empty_note_is_refused_at_the_field(shop, case) -> None:
    answer = signed_in(factories.user(Role.RECEPTIONIST, shop)).post(
        reverse("cases:note", args=[case.number]), {"text": "", "_key": uuid.uuid4()}
    )
    assert answer.status_code == 422
    assert "Note: fill this in" in answer.content.decode()
    assert case.notes.count() == 0


def test_closing_too_early_names_what_is_missing(shop, case) -> None:
    answer = signed_in(factories.user(Role.RECEPTIONIST, shop)).post(
        reverse("cases:close", args=[case.number]), {"note": "done", "_key": uuid.uuid4()}
    )
    case.refresh_from_db()
    assert answer.status_code == 422
    assert "The cause is named" in answer.content.decode()
    assert case.state == CaseState.OPEN


def test_the_requester_sees_no_approve_button_and_another_manager_does(shop, case) -> None:
    first, second = factories.user(Role.BRANCH_MANAGER, shop), factories.user(Role.BRANCH_MANAGER, shop)
    asked = signed_in(first).post(
        reverse("cases:ask", args=[case.number]), {"decision": "discount", "reason": "Fair", "_key": uuid.uuid4()}
    )
    assert asked.status_code == 303
    url = reverse("cases:page", args=[case.number])
    assert 'value="approve"' not in signed_in(first).get(url).content.decode()
    assert 'value="approve"' in signed_in(second).get(url).content.decode()
    refused = signed_in(first).post(
        reverse("cases:decide", args=[case.number]), {"answer": "approve", "reason": "Me", "_key": uuid.uuid4()}
    )
    assert refused.status_code == 403
    approved = signed_in(second).post(
        reverse("cases:decide", args=[case.number]), {"answer": "approve", "reason": "Agreed", "_key": uuid.uuid4()}
    )
    case.refresh_from_db()
    assert (approved.status_code, case.decided_by_id, case.decision) == (303, second.pk, "discount")


def test_a_case_is_opened_by_hand_from_any_record_in_sight(shop, case) -> None:
    client = signed_in(factories.user(Role.RECEPTIONIST, shop))
    url = reverse("cases:open", args=["cases.case", case.pk])
    assert client.get(url).status_code == 200
    empty = client.post(url, {"kind": "complaint", "title": "", "description": "kept", "_key": uuid.uuid4()})
    assert empty.status_code == 422 and "kept" in empty.content.decode()
    made = client.post(
        url, {"kind": "payment_problem", "title": "Charged twice", "description": "Card", "_key": uuid.uuid4()}
    )
    assert made.status_code == 303
    assert Case.objects.get(kind="payment_problem").subject_id == case.pk


def test_a_case_is_opened_from_a_record_page_and_leads_to_what_it_touches() -> None:
    from branches.models import User
    from tests.labjobs import makers

    at = makers.bench()
    job = makers.at_quality(at)
    verdict = makers.checked(at, job, looks=makers.ALL_LOOKS - {"coating"})
    technician = signed_in(User.objects.get(pk=at.technician.user_id))
    url = reverse("cases:open", args=["labjobs.job", job.pk])
    page = technician.get(reverse("labjobs:job", args=[job.number])).content.decode()
    assert f'href="{url}?next=' in page and 'data-key="c"' in page
    assert technician.get(url).status_code == 200
    case = Case.objects.get(kind="coating_defect")
    shown = technician.get(reverse("cases:page", args=[case.number])).content.decode()
    assert reverse("labjobs:quality", args=[job.number]) in shown and not verdict.check.passed
