"""Audits name every kind of event, begin with the newest, and show what belongs to no branch to head office alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from branches.models import User
from branches.roles import Can, Role
from core import actor as actors
from records import events, phrases
from records.models import Event, EvidenceKind
from records.services import evidence
from reports.audit import kinds
from reports.audit.reports import AUDITS
from reports.builder import reading
from reports.builder.ready_made import find
from reports.datasets import querying
from reports.datasets.base import Definition, Filter
from shipping.models import Carrier, Shipment
from tests import factories
from tests.labjobs import makers as lab
from tests.rows import lay_down

pytestmark = pytest.mark.django_db


def test_no_kind_of_event_is_named_by_a_sentence_with_holes() -> None:
    named = kinds.names()
    assert [kind for kind, words in named.items() if not str(words)] == []
    cut = {kind for kind, phrase in phrases.every().items() if kinds.needs_a_name(str(phrase.words))}
    assert sorted(cut - set(kinds.OWN)) == []


def test_what_belongs_to_no_branch_is_seen_by_head_office_alone() -> None:
    shop = factories.branch()
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop)
    events.record("export.expired", actors.system(), events.Fact(shop, data={"what": "Orders"}))
    asked = Definition("events", ("kind",), (Filter("at", "in", "today"),))
    found = {
        who.role: list(querying.build(who, asked, timezone.localdate(), Can.VIEW_AUDIT).rows) for who in (manager, head)
    }
    assert found == {"branch_manager": [], "head_office": [("export.expired",)]}


def test_the_newest_stands_first_and_several_values_are_named() -> None:
    shop = factories.branch()
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    for days in (1, 3, 2):
        Event.objects.bulk_create(
            [
                Event(
                    kind="order.cancelled", at=timezone.now() - timedelta(days=days), actor_name=f"{days}", branch=shop,
                    source="counter", subject_type="orders.order", subject_id=1,
                )
            ]
        )  # fmt: skip
    client = Client()
    client.force_login(User.objects.get(pk=manager.user_id))
    page = client.get(reverse("reporting:audit", args=["voided"]))
    assert [row[3].text for row in page.context["preview"].rows] == ["1", "2", "3"]
    row = page.context["filters"][1]
    assert isinstance(row, reading.FilterRow)
    assert "Order cancelled, " in row.several or row.several.endswith("Order cancelled")
    assert f"selected>{escape(row.several)}<" in page.content.decode()


def test_parcels_that_went_wrong_are_missed_with_or_without_a_day_and_those_in_time_are_not() -> None:
    job = lab.released(lab.bench())
    carrier = Carrier.objects.create(code="c", name="C")
    today, now = timezone.localdate(), timezone.now()
    told = {
        "returned, no day": {"state": "returned"},
        "failed early": {"state": "attempt_failed", "first_expected_on": today + timedelta(days=0)},
        "late": {"state": "in_transit", "first_expected_on": today - timedelta(days=2)},
        "in time": {"state": "delivered", "first_expected_on": today, "delivered_at": now},
        "long ago": {"state": "returned", "packed_at": now - timedelta(days=60)},
        "cancelled": {"state": "cancelled", "first_expected_on": today - timedelta(days=2)},
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for number, more in told.items():
            values = {"packed_at": now, "handed_over_at": now, "address": {}, **more}
            lay_down(Shipment, number=number, order=job.order, branch=job.branch, carrier=carrier, **values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    manager = factories.staff(Role.BRANCH_MANAGER, job.branch)
    audit = find(manager, "shipments", AUDITS)
    found = querying.build(manager, audit.definition, today, Can.VIEW_AUDIT).rows
    assert sorted(row[0] for row in found) == ["failed early", "late", "returned, no day"]


def test_a_delay_tells_its_last_cause_and_a_decision_its_evidence() -> None:
    job = lab.released(lab.bench())
    order, shop = job.order, job.branch
    manager = factories.staff(Role.BRANCH_MANAGER, shop)
    for cause, words in (("lab_delay", "Coating again"), ("supplier", "Frame not here")):
        events.record(
            "order.repromised", manager, events.Fact(order, order_id=order.pk, reason_code=cause, reason=words)
        )
    asked = Definition("orders", ("delay_cause", "delay_reason"), (Filter("number", "is", order.number),))
    assert list(querying.build(manager, asked, timezone.localdate()).rows) == [("supplier", "Frame not here")]
    note = evidence.EvidenceData(EvidenceKind.NOTE, "Rang", note="She agrees")
    evidence.add(manager, evidence.Subject(order.quotations.latest("pk"), shop.pk, order.customer_id, order.pk), note)
    asked = Definition(
        "approvals",
        ("kind", "evidence"),
        (Filter("order", "is", order.number), Filter("subject", "is", "orders.quotation")),
    )
    rows = list(querying.build(manager, asked, timezone.localdate(), Can.VIEW_AUDIT).rows)
    assert ("quotation", 1) in rows
