"""Audits name every kind of event, begin with the newest, and show what belongs to no branch to head office alone."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from branches.models import User
from branches.roles import Can, Role
from core import actor as actors
from records import events, phrases
from records.models import Event
from reports.audit import kinds
from reports.builder import reading
from reports.datasets import querying
from reports.datasets.base import Definition, Filter
from tests import factories

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
