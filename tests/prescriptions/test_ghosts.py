"""The last prescription above each eye, in the cylinder form that is typed."""

import pytest
from django.test import Client
from django.urls import reverse

from core.actor import Actor
from customers.models import Customer
from lensmath.prism import Eye
from prescriptions import ghosts
from tests.factories import rx_eye, signed_prescription

pytestmark = pytest.mark.django_db
LAST = rx_eye(sphere="-2.25", cylinder="-0.75", axis=65, add="2.00")


def shown(now) -> list[tuple[str, str]]:
    cells = [ghosts.ghost(Eye.RIGHT, name, LAST, now) for name in ("sphere", "cylinder", "axis", "add")]
    return [(cell.text, cell.delta) for cell in cells]


def test_in_the_same_form_the_last_one_stands_as_it_was_written() -> None:
    now = rx_eye(sphere="-2.50", cylinder="-0.75", axis=90, add="2.25")
    assert shown(now) == [("−2.25", "−0.25"), ("−0.75", ""), ("065°", "25°"), ("+2.00", "+0.25")]
    assert not ghosts.turned(LAST, now).is_on


def test_typed_in_the_other_form_the_last_one_is_turned_and_the_same_lens_has_not_changed() -> None:
    now = rx_eye(sphere="-3.00", cylinder="+0.75", axis=155, add="2.00")
    assert shown(now) == [("−3.00", ""), ("+0.75", ""), ("155°", ""), ("+2.00", "")]
    turned = ghosts.turned(LAST, now)
    assert (turned.is_on, turned.words) == (True, "as plus cylinder")


def test_without_a_cylinder_nothing_is_turned() -> None:
    assert shown(rx_eye(sphere="+2.25"))[0] == ("−2.25", "+4.50")
    assert ghosts.in_form_of(rx_eye(), LAST) == LAST


def test_a_warning_names_the_earlier_value_in_the_form_that_is_typed(
    browser: Client, naledi: Actor, thandi: Customer
) -> None:
    signed_prescription(naledi, thandi)
    typed = {"kind": "distance", "right_sphere": "+2.25", "right_cylinder": "+0.75", "right_axis": "180"}
    answer = browser.post(reverse("prescriptions:check", args=[thandi.number]), typed).content.decode()
    assert "Right sphere differs by +5.25" in answer and "(−3.00)" in answer
