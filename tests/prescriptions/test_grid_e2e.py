"""The most-typed screen, by keyboard, in a real browser."""

import os
from datetime import date
from decimal import Decimal

import pytest

from prescriptions.models import Prescription
from tests import factories
from tests.prescriptions.browser import signed_in

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rosebank():
    return factories.branch("RSB", name="Rosebank", colour="green")


@pytest.fixture
def naledi(rosebank):
    return factories.user("optometrist", rosebank, full_name="Naledi Khumalo", registration_number="OP 0087341")


@pytest.fixture
def thandi(rosebank):
    return factories.customer(rosebank, number="C-104882", birth_date=date(1974, 3, 4), phone="+27825554417")


class Keys:
    """Types like a person and counts every key; a chord is one."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text):
        self.press(*text)


def test_a_progressive_is_typed_and_signed_in_at_most_30_keys_without_a_click(live_server, naledi, thandi):
    with signed_in(live_server, naledi) as page:
        page.goto(f"/prescriptions/new/{thandi.number}/")
        keys = Keys(page)
        for values, end in ((("-225", "-75", "90", "2"), "Enter"), (("-2", "-50", "85"), "Tab")):
            for n, value in enumerate(values):
                keys.type(value)
                keys.press("Tab" if n < len(values) - 1 else end)
        keys.press("=", "Control+Enter", "Control+Enter")
        page.wait_for_url("**/prescriptions/*/")
        assert keys.count <= 30
    signed = Prescription.objects.get()
    right, left = signed.eyes.get(eye="right"), signed.eyes.get(eye="left")
    assert signed.state == "current" and signed.kind == "progressive"
    assert (right.sphere, right.cylinder, right.axis, right.add) == (Decimal("-2.25"), Decimal("-0.75"), 90, 2)
    assert (left.sphere, left.cylinder, left.axis, left.add) == (Decimal("-2"), Decimal("-0.5"), 85, 2)
