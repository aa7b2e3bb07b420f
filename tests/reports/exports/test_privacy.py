"""A customer's rights: the copy is complete, silence begins at once, what may go goes and what must stay stays."""

import io
import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from branches.models import Membership, User
from branches.roles import Role
from core import job_runs
from core.actor import Actor
from core.errors import DomainError, NotAllowed
from core.models import Job, JobState
from customers.models import Channel, ConsentPurpose, Customer, Household
from customers.services import consents
from notifications.models import Message, Suppression
from orders.models import Order
from prescriptions.models import Prescription
from records.models import Approval, Event
from reports.models import Erasure, Export
from reports.privacy import erasing, exporting, retention, subject
from tests import factories
from tests.labjobs import makers as lab

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench() -> lab.Bench:
    return lab.bench()


@pytest.fixture
def head(bench: lab.Bench) -> Actor:
    return factories.actor(factories.user(Role.HEAD_OFFICE), bench.shop.branch)


@pytest.fixture
def served(bench: lab.Bench) -> Customer:
    """A customer with everything: prescription, order, job, check, fitting, payment, message, consent, household."""
    job = lab.collected(bench)
    customer = Customer.objects.get(pk=job.order.customer_id)
    consents.give_consent(bench.shop.receptionist, customer.pk, ConsentPurpose.MARKETING, Channel.EMAIL)
    Message.objects.create(
        dedupe_key="m", template_key="ready", channel="email", customer=customer, order=job.order,
        branch=bench.shop.branch, recipient=customer.email, subject="Ready", body="CANARY-BODY", state="sent",
    )  # fmt: skip
    customer.household = Household.objects.create(name="CANARY-HOUSE")
    customer.notes = "CANARY-NOTE"
    customer.save()
    return Customer.objects.get(pk=customer.pk)


def signed_in(actor: Actor) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=actor.user_id))
    return client


# ------------------------------------------------------------------------------------------------- the copy


def test_every_model_that_leads_to_a_customer_is_walked() -> None:
    """A foreign key to a walked model makes a model walked: nothing is left out but what is said to be."""
    walked = set(subject.paths())
    missing = [
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.related_model is not None
        and field.related_model._meta.label_lower in walked
        and model._meta.label_lower not in walked | subject.LEFT_OUT
        and not subject.is_history(model)
    ]
    assert missing == []
    for label in ("orders.quotationline", "labjobs.qualitycheck", "prescriptions.prescribedeye", "orders.ledgerentry"):
        assert label in walked


def test_the_copy_holds_every_kind_of_record_of_this_customer_and_no_other(
    served: Customer, bench: lab.Bench, head: Actor
) -> None:
    other = Customer.objects.get(pk=lab.released(bench).order.customer_id)
    data = dict(subject.sections(served))
    for label in (
        "customers.customer", "customers.consent", "customers.household", "prescriptions.prescription",
        "prescriptions.prescribedeye", "orders.order", "orders.quotation", "orders.quotationline", "orders.ledgerentry",
        "orders.measurement", "orders.framechoice", "labjobs.job", "labjobs.jobmove", "labjobs.qualitycheck",
        "labjobs.fitting", "labjobs.warranty", "notifications.message", "records.event", "records.approval",
        "customers.historicalcustomer", "orders.historicalorder",
    ):  # fmt: skip
        assert data.get(label), label
    text = json.dumps(data, default=str)
    for canary in ("CANARY-BODY", "CANARY-HOUSE", "CANARY-NOTE", served.email):
        assert canary in text
    assert other.email not in text
    assert other.number not in text
    assert "token_digest" not in text


def test_a_merged_record_is_part_of_the_copy(served: Customer, bench: lab.Bench) -> None:
    merged = factories.customer(bench.shop.branch, given_names="CANARY-MERGED", merged_into=served)
    assert merged.pk in subject.people(served)
    assert "CANARY-MERGED" in json.dumps(dict(subject.sections(served)), default=str)


def test_the_archive_is_made_by_a_worker_and_opened_by_who_asked(served: Customer, head: Actor) -> None:
    answer = signed_in(head).post(reverse("reporting:privacy_copy", args=[served.number]))
    assert answer.status_code == 303
    job_runs.run_waiting()
    export = Export.objects.get()
    assert (export.state, export.personal) == ("done", True)
    page = signed_in(head).get(reverse("reporting:export_file", args=[export.public_id]))
    with zipfile.ZipFile(io.BytesIO(b"".join(page.streaming_content))) as archive:
        data = json.loads(archive.read("data.json"))
    assert data["customers.customer"][0]["number"] == served.number
    assert sum(len(rows) for rows in data.values()) == export.rows
    assert Event.objects.filter(kind="export.opened").count() == 1


def test_only_who_may_take_personal_and_clinical_data_of_every_branch_gets_a_copy(
    served: Customer, bench: lab.Bench, head: Actor
) -> None:
    manager = bench.shop.manager
    assert signed_in(manager).post(reverse("reporting:privacy_copy", args=[served.number])).status_code == 403
    with pytest.raises(NotAllowed):
        exporting.ask(manager, served.pk)
    export = exporting.ask(head, served.pk)
    Membership.objects.filter(user_id=head.user_id).update(role=Role.ACCOUNTANT)
    job_runs.run_waiting()
    export.refresh_from_db()
    assert not export.file
    assert Job.objects.get(key=export.job_key).state == JobState.DEAD


# ---------------------------------------------------------------------------------- silence and being forgotten


def test_silence_begins_when_it_is_asked_for(served: Customer, bench: lab.Bench) -> None:
    manager = bench.shop.manager
    with pytest.raises(DomainError):
        erasing.restrict(manager, served.pk, " ")
    with pytest.raises(NotAllowed):
        erasing.restrict(bench.shop.receptionist, served.pk, "letter")
    assert Customer.objects.get(pk=served.pk).restricted_at is None
    erasing.restrict(manager, served.pk, "letter of 3 March")
    assert Customer.objects.get(pk=served.pk).restricted_at is not None
    erasing.unrestrict(manager, served.pk, "called")
    assert Customer.objects.get(pk=served.pk).restricted_at is None


def test_a_second_person_decides_and_nothing_goes_before(served: Customer, bench: lab.Bench) -> None:
    manager, colleague = bench.shop.manager, factories.staff(Role.BRANCH_MANAGER, bench.shop.branch)
    wish = erasing.ask(manager, served.pk, "letter")
    with pytest.raises(NotAllowed):
        erasing.decide(manager, wish.pk, True)
    now = Customer.objects.get(pk=served.pk)
    assert (now.email, now.erased_at) == (served.email, None)
    assert now.restricted_at is not None
    with pytest.raises(DomainError):
        erasing.decide(colleague, wish.pk, False, "")
    refused = erasing.decide(colleague, wish.pk, False, "identity not proved")
    assert refused.state == "refused"
    assert Customer.objects.get(pk=served.pk).email == served.email


def test_what_may_go_goes_and_what_must_stay_stays(served: Customer, bench: lab.Bench) -> None:
    colleague = factories.staff(Role.BRANCH_MANAGER, bench.shop.branch)
    wish = erasing.ask(bench.shop.manager, served.pk, "letter")
    before = (Order.objects.count(), Prescription.objects.count())
    done = erasing.decide(colleague, wish.pk, True)
    now = Customer.objects.get(pk=served.pk)
    assert now.erased_at is not None
    for name in ("phone", "email", "notes", "line1", "insurer_number", "phone_reversed", "called"):
        assert getattr(now, name) == "", name
    assert (now.given_names, now.family_name, now.number) == ("Erased", served.number, served.number)
    assert served.family_name.lower() not in now.search_text
    assert now.household_id is None
    message = Message.objects.get(dedupe_key="m")
    assert (message.body, message.recipient, message.template_key) == ("", "", "ready")
    assert not now.consents.order_by("-pk").first().granted  # type: ignore[union-attr]
    assert Suppression.objects.filter(reason="erased").count() >= 1
    assert (Order.objects.count(), Prescription.objects.count()) == before
    assert done.erased["messages"] == 1
    assert {one["label"] for one in done.kept} >= {"Invoices and payments"}
    assert Approval.objects.get(kind="erasure").decided_by_id == colleague.user_id
    assert Event.objects.filter(kind="customer.erased", customer_id=served.pk).count() == 1
    with pytest.raises(DomainError):
        erasing.restrict(colleague, served.pk, "again")


def test_what_was_merged_into_the_record_is_forgotten_with_it(served: Customer, bench: lab.Bench) -> None:
    twin = factories.customer(
        bench.shop.branch, given_names="Twin", phone="+27820000077", email="twin@example.org", merged_into=served
    )
    older = factories.customer(bench.shop.branch, given_names="Older", email="older@example.org", merged_into=twin)
    Message.objects.create(
        dedupe_key="t", template_key="ready", channel="email", recipient="twin@example.org", body="b", state="sent", customer=twin
    )  # fmt: skip
    wish = erasing.ask(bench.shop.manager, served.pk, "letter")
    done = erasing.decide(factories.staff(Role.BRANCH_MANAGER, bench.shop.branch), wish.pk, True)
    for one in (twin, older):
        now = Customer.objects.get(pk=one.pk)
        assert (now.given_names, now.phone, now.email, now.merged_into_id) == ("Erased", "", "", one.merged_into_id)
        assert now.erased_at is not None
    assert Message.objects.get(dedupe_key="t").recipient == ""
    assert done.erased["messages"] == 2


def test_an_order_that_came_after_the_wish_stands_in_the_way_of_the_answer(bench: lab.Bench) -> None:
    order = lab.released(bench).order
    Order.objects.filter(pk=order.pk).update(state="collected")
    wish = erasing.ask(bench.shop.manager, order.customer_id, "letter")
    Order.objects.filter(pk=order.pk).update(state="ready")
    with pytest.raises(DomainError):
        erasing.decide(factories.staff(Role.BRANCH_MANAGER, bench.shop.branch), wish.pk, True)
    wish.refresh_from_db()
    assert wish.state == "asked"
    assert Customer.objects.get(pk=order.customer_id).erased_at is None


def test_open_orders_stand_in_the_way(bench: lab.Bench) -> None:
    order = lab.released(bench).order
    with pytest.raises(DomainError) as refused:
        erasing.ask(bench.shop.manager, order.customer_id, "letter")
    assert order.number in refused.value.fields["reason"]
    assert Erasure.objects.count() == 0
    assert Customer.objects.get(pk=order.customer_id).restricted_at is None


def test_the_pages_lead_through_it(served: Customer, bench: lab.Bench) -> None:
    manager, colleague = signed_in(bench.shop.manager), factories.staff(Role.BRANCH_MANAGER, bench.shop.branch)
    address = reverse("reporting:privacy_customer", args=[served.number])
    assert address in manager.get(reverse("customers:page", args=[served.number])).content.decode()
    assert b"Clinical records must be kept" in manager.get(address).content
    assert manager.post(address, {"reason": ""}).status_code == 422
    assert manager.post(address, {"reason": "letter"}).status_code == 303
    wish = Erasure.objects.get()
    decide = reverse("reporting:privacy_decide", args=[wish.pk])
    assert manager.post(decide, {"answer": "agree"}).status_code == 403
    second = signed_in(colleague)
    assert address in second.get(reverse("reporting:privacy")).content.decode()
    assert second.post(decide, {"answer": "agree"}).status_code == 303
    assert Erasure.objects.get().state == "done"
    assert second.get(address).status_code == 200


# -------------------------------------------------------------------------------------------------- retention


@pytest.mark.parametrize(
    ("born", "seen", "until"),
    [
        (date(1974, 3, 4), date(2026, 6, 1), date(2036, 6, 1)),
        (date(2020, 2, 29), date(2026, 6, 1), date(2045, 3, 1)),
        (date(2012, 6, 1), date(2026, 6, 1), date(2037, 6, 1)),
        (None, date(2024, 2, 29), date(2034, 3, 1)),
    ],
)
def test_clinical_records_stay_ten_years_and_of_a_child_until_25(
    born: date | None, seen: date, until: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "last_seen", lambda customer: seen)
    assert retention.clinical_until(Customer(birth_date=born)) == until


def test_the_dry_run_lists_exactly_what_is_due_and_changes_nothing(served: Customer, capsys: Any) -> None:
    old = Message.objects.get(dedupe_key="m")
    Message.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=90, hours=1))
    fresh = Message.objects.create(
        dedupe_key="n", template_key="ready", channel="sms", recipient="+27", body="b", state="sent",
        created_at=timezone.now() - timedelta(days=89),
    )  # fmt: skip
    call_command("retain", dry_run=True)
    said = capsys.readouterr().out
    assert f"messages to cut: {old.pk}\n" in said
    assert Message.objects.get(pk=old.pk).body == "CANARY-BODY"
    assert retention.cut_messages() == 1
    assert (Message.objects.get(pk=old.pk).body, Message.objects.get(pk=fresh.pk).body) == ("", "b")


def test_customers_fall_due_when_their_time_is_over_and_are_not_erased_by_themselves(bench: lab.Bench) -> None:
    long_ago = timezone.now() - timedelta(days=365 * 11)
    due = factories.customer(bench.shop.branch, birth_date=date(1960, 1, 1), recorded_at=long_ago)
    child = factories.customer(
        bench.shop.branch, birth_date=timezone.localdate() - timedelta(days=365 * 14), recorded_at=long_ago
    )
    assert retention.customers_due() == [due.pk]
    assert child.pk not in retention.customers_due()
    assert Customer.objects.get(pk=due.pk).erased_at is None


def test_the_history_of_somebody_forgotten_is_for_audits_alone(bench: lab.Bench, served: Customer) -> None:
    url = reverse("records:history", args=["customers.customer", served.pk])
    people = {name: User.objects.get(pk=getattr(bench.shop, name).user_id) for name in ("receptionist", "manager")}

    def answers() -> dict[str, int]:
        found = {}
        for name, person in people.items():
            client = Client()
            client.force_login(person)
            found[name] = client.get(url).status_code
        return found

    assert answers() == {"receptionist": 200, "manager": 200}
    Customer.objects.filter(pk=served.pk).update(erased_at=timezone.now())
    assert answers() == {"receptionist": 403, "manager": 200}
