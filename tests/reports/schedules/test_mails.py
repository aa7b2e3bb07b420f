"""What rides along with the mail of a schedule, and what never does."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from branches.models import Membership, User
from branches.roles import Role
from notifications.models import Message
from notifications.services import delivery as delivering
from notifications.services import outbox
from reports.datasets.base import Definition, Filter
from reports.models import Outcome
from reports.schedules import keeping
from reports.schedules.keeping import ScheduleData
from tests import factories
from tests.orders import makers
from tests.orders.makers import Shop
from tests.reports.schedules.makers import due, outcomes, person, saved, scheduled

pytestmark = pytest.mark.django_db


def sent(message: Message) -> Any:
    """The e-mail as it left."""
    Message.objects.filter(pk=message.pk).update(not_before=timezone.now() - timedelta(minutes=1))
    claimed = outbox.claim()
    assert claimed is not None
    delivering.deliver(claimed)
    return mail.outbox[-1]


def test_a_small_file_rides_along_and_a_large_one_is_fetched(shop: Shop, settings: Any) -> None:
    order = makers.confirmed(shop)
    schedule = scheduled(shop.manager)
    run = due(schedule)
    name, content, kind = sent(run.deliveries.get().message).attachments[0]
    assert (name.endswith(".csv"), kind) == (True, "text/csv; charset=utf-8") or kind == "text/csv"
    assert order.number in (content if isinstance(content, str) else content.decode())
    settings.REPORT_ATTACHED_BYTES = 10
    letter = sent(due(schedule).deliveries.get().message)
    assert letter.attachments == []
    assert "attached" not in letter.body


def test_a_file_with_personal_data_never_rides_along(shop: Shop) -> None:
    makers.confirmed(shop)
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    report = saved(head, Definition("orders", ("number", "customer_name")))
    schedule = keeping.keep(head, report, ScheduleData("day", 7, (person(head).pk,), format="csv"))
    run = due(schedule)
    assert outcomes(run) == {person(head).full_name: Outcome.SENT}
    assert sent(run.deliveries.get().message).attachments == []


def test_a_file_filtered_by_a_person_never_rides_along(shop: Shop) -> None:
    order = makers.confirmed(shop)
    head = factories.actor(factories.user(Role.HEAD_OFFICE), shop.branch)
    only = Filter("customer_name", "contains", order.customer.full_name)
    report = saved(head, Definition("orders", ("number",), (only,)))
    run = due(keeping.keep(head, report, ScheduleData("day", 7, (person(head).pk,))))
    assert outcomes(run) == {person(head).full_name: Outcome.SENT}
    assert sent(run.deliveries.get().message).attachments == []


def test_a_right_lost_between_the_file_and_the_mail_takes_the_attachment_away(shop: Shop, accountant: User) -> None:
    makers.confirmed(shop)
    run = due(scheduled(shop.manager, accountant))
    Membership.objects.filter(user=accountant).update(role=Role.RECEPTIONIST)
    assert sent(run.deliveries.get().message).attachments == []
