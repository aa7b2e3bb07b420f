"""What happens in the shop stands on the dashboard within a minute: a real worker and a real clock."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from cases.services import cases
from core import actor
from reports.models import Reader, Summary
from tests import factories
from tests.faults.stack import Stack, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True)]


def test_an_event_is_on_the_dashboard_within_a_minute(stack: Stack) -> None:
    shop = factories.branch()
    stack.worker()
    stack.clock()
    began = time.monotonic()
    cases.open_case(actor.system(), cases.CaseData("complaint", shop, shop.pk, "Waited an hour"))
    assert wait_for(lambda: Summary.objects.filter(measure="cases_opened", branch=shop, cause="", hit=1).exists())
    assert time.monotonic() - began < 60
    assert Reader.objects.get(name="facts").read_at > timezone.now() - timedelta(minutes=1)
    assert Summary.objects.get(measure="cases_opened", branch=shop, cause="case_kind").value == "complaint"
