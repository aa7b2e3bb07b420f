"""Two people with one record open: the later save sees what the earlier one did, field by field, and loses nothing.

The tables hold every form of the product: those that edit a record and merge (found in the code, so that a new one cannot be
forgotten), those that decide about a record and look again when it moved, and those that add something or do a single thing.
"""

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from branches.models import Room, User
from branches.roles import Role
from catalogue.services import pricelists
from labjobs.models import WarrantyTerm
from labjobs.services import warranties
from orders.models import Order
from orders.services import dispense
from prescriptions.services import eye_tests, prescriptions
from reports.builder import saving
from reports.datasets.base import Definition
from reports.models import SavedReport
from reports.schedules import keeping
from tests import factories
from tests.journeys.browser import Form, Person
from tests.orders import makers as selling
from tests.security import world as worlds
from tests.security.routes import ROUTES

SHELL_FIELDS = {"_key", "_version", "_opened", "csrfmiddlewaretoken", "next"}
# They add something new, or do one thing that the state of the record guards: there is nothing to merge.
WITHOUT_VERSION = {
    "aftersales:ask", "aftersales:inspect", "aftersales:refund", "branches:close_branch", "branches:person", "branches:switch_person", "cases:open",
    "cases:page", "cases:tick", "customers:household", "customers:identity", "customers:merge", "customers:recall", "labjobs:acknowledged",
    "labjobs:cancel", "labjobs:edition", "labjobs:fitting", "labjobs:hold", "labjobs:move", "labjobs:override",
    "labjobs:release", "labjobs:remake", "labjobs:renew", "labjobs:resume", "labjobs:send_back", "labjobs:shipped",
    "labjobs:trays", "labjobs:verification", "measures:target", "messages:close", "orders:adjust", "orders:assign",
    "orders:cancel", "orders:claim_submit", "orders:credit", "orders:note", "orders:pay",
    "orders:refund", "orders:repromise", "orders:send", "prescriptions:add_evidence", "prescriptions:correct",
    "prescriptions:end", "prescriptions:import", "prescriptions:new", "prescriptions:outside", "prescriptions:start_test",
    "records:add_evidence", "records:decide", "records:override", "reporting:privacy_customer", "shipping:say",
    "shipping:unpack", "messages:held_up", "orders:bank_line", "visits:cancel", "visits:end", "visits:walk_in",
}  # fmt: skip
# They decide on the version that the page showed: when it moved the service refuses, and the page shows what is stored now.
DECISIONS = {
    "aftersales/views/returns.py DecideForm", "cases/pages.py DecideForm", "cases/pages.py RequestForm",
    "cases/views.py DecideForm", "cases/views.py RequestForm", "catalogue/views/frames.py EndForm",
    "catalogue/views/frames.py TraceForm", "catalogue/views/imports.py ColumnsForm", "catalogue/views/lenses.py EndForm",
    "customers/views/imports.py ColumnsForm", "customers/views/imports.py TakeBackForm", "inventory/views/moves.py ArrivalForm",
    "inventory/views/opening.py ColumnsForm", "inventory/views/opening.py TakeBackForm", "labjobs/views/handover.py CollectForm",
    "labjobs/views/quality.py QualityForm", "labjobs/views/release.py ReleaseForm", "orders/views/banking.py ColumnsForm",
    "orders/views/claims.py ClaimAnswerForm", "orders/views/claims.py ClaimPaidForm", "orders/views/claims.py ClaimWithdrawForm",
    "orders/views/dispense.py FrameForm", "orders/views/quotation.py QuoteForm", "shipping/views/pack.py PackForm",
    "shipping/views/parcels.py AddressForm",
}  # fmt: skip

World = worlds.World


@dataclass(frozen=True)
class Edit:
    """One form that edits: where it stands, what one changes, what the other changes, and what the example lacks."""

    url: Callable[[World], str]
    word: tuple[str, str]
    other: tuple[str, str]
    lacks: dict[str, str] = field(default_factory=dict)
    role: str = Role.HEAD_OFFICE
    is_own: bool = False  # only its owner may change it: two pages of one person


def at(name: str) -> Callable[[World], str]:
    return lambda world: reverse(name, args=world.args(ROUTES[name].object))


def _room(world: World) -> str:
    return reverse(
        "branches:room", args=[Room.objects.create(branch=world.shop, name="Test room 9", is_active=False).pk]
    )


def _service(world: World) -> str:
    return reverse("catalogue:service", args=[selling.service().pk])


def _price_list(world: World) -> str:
    made = pricelists.begin(
        factories.staff(Role.HEAD_OFFICE, world.shop), pricelists.ListData("Spring", date(2027, 3, 1))
    )
    return reverse("catalogue:change_price_list", args=[made.pk])


def _message_text(_world: World) -> str:
    return reverse("messages:text", args=["order_confirmed", "email", "en"])


def _term(world: World) -> str:
    warranties.ship()
    return reverse("labjobs:term", args=[WarrantyTerm.objects.get(code="frame").code])


def _eye_test(world: World) -> str:
    test = eye_tests.start(factories.optometrist(world.shop), world.customer.pk)
    return reverse("prescriptions:test", args=[test.pk])


def _draft(world: World) -> str:
    draft = prescriptions.save_draft(factories.optometrist(world.shop), factories.rx_data(world.customer))
    return reverse("prescriptions:edit", args=[draft.pk])


def _order(world: World) -> Order:
    return selling.order(world.bench.shop, customer=factories.customer(world.shop, phone="+27835550001"))


def _dispense(world: World) -> str:
    return reverse("orders:dispense", args=[_order(world).number])


def _own_frame(world: World) -> str:
    order, sizes = (
        _order(world),
        {"a_mm": Decimal(50), "b_mm": Decimal(36), "dbl_mm": Decimal(18), "ed_mm": Decimal(54)},
    )
    own = dispense.OwnFrame("Old Persol", **sizes, liability_waived=True)
    dispense.choose_frame(world.bench.shop.optician, order.pk, dispense.FrameData("patient_own", own=own))
    return reverse("orders:own_frame", args=[order.number])


def _delivery(world: World) -> str:
    somebody = factories.customer(world.shop, phone="+27835550001", line1="1 Oak Avenue")
    return reverse("orders:delivery", args=[selling.confirmed(world.bench.shop, customer=somebody).number])


def _saved_report(world: World) -> SavedReport:
    actor = factories.actor(manager(world), world.shop)
    return saving.keep(actor, saving.ReportData("Orders", Definition("orders", ("number",)).as_json()))


def _report(world: World) -> str:
    saved = _saved_report(world)
    return f"{reverse('reporting:save')}?{urlencode({'report': saved.pk, 'definition': json.dumps(saved.definition)})}"


def _schedule(world: World) -> str:
    data = keeping.ScheduleData("week", 7, (manager(world).pk,), format="csv")
    made = keeping.keep(factories.actor(manager(world), world.shop), _saved_report(world), data)
    return reverse("reporting:schedule_change", args=[made.pk])


_SOON = (timezone.localdate() + timedelta(days=8)).isoformat()
EDITS = {
    "branches/views/rooms.py RoomForm": Edit(_room, ("name", "Long room"), ("is_active", "on")),
    "aftersales/views/policies.py PolicyForm": Edit(at("aftersales:policy"), ("conditions", "Unworn"), ("days", "77")),
    "branches/views/settings.py BranchForm": Edit(
        at("branches:branch"), ("phone", "+27 11 555 0001"), ("city", "Sandton"), {"code": "ROS"}
    ),
    "branches/views/settings.py OrganisationForm": Edit(
        at("branches:practice"), ("legal_name", "Meridian Ltd"), ("website", "https://meridian.example/")
    ),
    "cases/pages.py CodingForm": Edit(at("cases:page"), ("cause_code", "L07"), ("cost", "125.00")),
    "catalogue/views/frames.py FrameForm": Edit(
        at("catalogue:change_frame"), ("colour", "amber"), ("price", "2555.00")
    ),
    "catalogue/views/lenses.py AddOnForm": Edit(
        at("catalogue:add_on"), ("name", "Clear and hard"), ("price", "777.00")
    ),
    "catalogue/views/lenses.py LensProductForm": Edit(
        at("catalogue:change_lens"), ("name", "Vista One"), ("price", "3333.00"), {"family": "Vista"}
    ),
    "catalogue/views/lenses.py ServiceForm": Edit(_service, ("name", "Long eye test"), ("price", "777.00")),
    "catalogue/views/prices.py PriceListForm": Edit(_price_list, ("name", "Autumn"), ("valid_until", "2028-03-01")),
    "catalogue/views/suppliers.py SupplierForm": Edit(
        at("catalogue:supplier"), ("name", "Optik Nord"), ("phone", "+27115550003")
    ),
    "customers/views/change.py ChangeCustomerForm": Edit(
        at("customers:change"), ("called", "Titi"), ("email", "new@post.example")
    ),
    "labjobs/views/settings.py CreditForm": Edit(
        at("labjobs:credit"), ("percents-0", "100 50"), ("within_days-0", "60"), {"reasons-0": "lab"}
    ),
    "labjobs/views/settings.py LabForm": Edit(at("labjobs:lab"), ("account", "ACC-1"), ("phone", "+27115550002")),
    "labjobs/views/settings.py ProfileForm": Edit(at("labjobs:profile"), ("file_name", "{{job}}.dat"), ("encoding", "ascii")),
    "labjobs/views/settings.py TermForm": Edit(_term, ("conditions", "Never by force"), ("months", "18")),
    "notifications/views/recall.py PlanForm": Edit(at("messages:recall_plan"), ("from_hour", "9"), ("most_a_day", "44")),
    "notifications/views/texts.py TextForm": Edit(
        _message_text, ("body", "{{name}}, thank you. {{link}}"), ("subject", "Thank you")
    ),
    "orders/views/dispense.py DispenseForm": Edit(
        _dispense, ("vertex_mm", "13.5"), ("right_height_mm", "22.5"), role=Role.DISPENSING_OPTICIAN
    ),
    "orders/views/dispense.py OwnFrameForm": Edit(_own_frame, ("description", "Old Ray-Ban"), ("a_mm", "51.00")),
    "orders/views/page.py DeliveryForm": Edit(
        _delivery, ("shop", "{0.elsewhere.pk}"), ("way", "ship")
    ),
    "prescriptions/views/tests.py FindingsForm": Edit(
        _eye_test, ("advice", "Breaks from the screen"), ("symptoms", "Headaches"), role=Role.OPTOMETRIST
    ),
    "prescriptions/views/writing.py kind": Edit(
        _draft, ("notes", "Reads a lot"), ("binocular_va", "6/5"), role=Role.OPTOMETRIST
    ),
    "reports/builder/views.py SaveForm": Edit(_report, ("name", "Late jobs"), ("sharing", "branch"), is_own=True),
    "reports/schedules/views.py ScheduleForm": Edit(_schedule, ("hour", "9"), ("format", "xlsx"), is_own=True),
    "shipping/views/parcels.py ChangeForm": Edit(
        at("shipping:change"), ("method_note", "Leave at the gate"), ("expected_on", _SOON)
    ),
    "shipping/views/settings.py CarrierForm": Edit(at("shipping:carrier"), ("phone", "+2711555000"), ("silence_days", "9")),
    "visits/views/book.py SlotForm": Edit(at("visits:appointment"), ("minutes", "20"), ("day", _SOON), {"outside_hours": "on"}),
}  # fmt: skip


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """Built once for the module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield worlds.build()
        transaction.set_rollback(True)


@pytest.fixture
def kept(world: World, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield world
        transaction.set_rollback(True)


def manager(world: World) -> User:
    return world.people[f"branch_manager@{world.shop.code}"]


def forms_of_its_own(person: Person, url: str) -> list[Form]:
    """Forms with boxes that are sent to the page they stand on."""
    own = [form for form in person.forms() if form.method == "post" and form.action in ("", url)]
    return [form for form in own if set(form.values) - SHELL_FIELDS]


def test_a_form_that_changes_stored_values_carries_their_version(kept: World) -> None:
    person, without = Person(manager(kept)), set()
    for route in ROUTES.values():
        if route.method != "get" or route.door != "staff" or not route.has_example or not route.object:
            continue
        url = reverse(route.name, args=kept.args(route.object))
        person.open(url)
        if person.status == 200 and any(
            not form.values.get("_version", [""])[0] for form in forms_of_its_own(person, url)
        ):
            without.add(route.name)
    assert without - WITHOUT_VERSION == set()


def in_the_code(word: str) -> set[str]:
    """Every call that gives a form this argument: its file and the form's name."""
    found = set()
    root = Path(settings.BASE_DIR)
    for path in root.glob("*/**/*.py"):
        place = path.relative_to(root)
        if place.parts[0] in {"tests", ".venv"} or not {"views", "views.py", "pages.py"} & set(place.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and any(one.arg == word for one in node.keywords):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name.endswith("Form") or name == "kind":
                    found.add(f"{place.as_posix()} {name}")
    return found


def test_every_form_that_edits_is_tried_by_two_people_and_every_decision_is_named() -> None:
    assert in_the_code("edits") == set(EDITS)
    assert in_the_code("version") == DECISIONS


def form_with(person: Person, name: str) -> Form:
    return next(form for form in person.forms() if form.method == "post" and {name, "_version"} <= set(form.values))


def fill(person: Person, name: str, /, **values: str) -> Person:
    """Send the form that has this box; a reason where it asks for one."""
    form = form_with(person, name)
    reason = {"reason": "told at the counter"} if "reason" in form.values else {}
    address = form.action or person.url
    return person._see(person.client.post(address, form.values | reason | values, follow=True), address)


def shown(person: Person, url: str, name: str) -> str:
    [value] = form_with(person.open(url), name).values[name]
    return value.strip()


@pytest.mark.parametrize("name", EDITS)
def test_both_changes_stand_and_the_same_field_is_chosen_by_a_person(kept: World, name: str) -> None:
    """What only the other changed is taken over and marked; what both changed is chosen; the earlier value stays in history."""
    edit = EDITS[name]
    url, (word, text), (other, value) = edit.url(kept), edit.word, edit.other
    text = text.format(kept)
    place = None if edit.role == Role.HEAD_OFFICE else kept.shop
    people = [factories.user(edit.role, place, full_name=full) for full in ("Anna First", "Bert Second", "Cleo Late")]
    if edit.is_own:
        people = [manager(kept)] * 3
        User.objects.filter(pk=manager(kept).pk).update(full_name="Anna First")
    first, second, late = map(Person, people)
    for person in (first, second, late):
        person.open(url)
    assert fill(first, word, **edit.lacks | {word: text}).status == 200, first.said
    fill(second, word, **edit.lacks | {other: value})
    assert second.status == 409, second.said
    assert "you did not change it: theirs is taken over" in second.text
    assert "changed by Anna First" in second.text
    assert form_with(second, word).values[word][0].strip() == text
    fill(second, word)
    assert second.status == 200, second.said
    assert (shown(second, url, word), shown(second, url, other)) == (text, value)
    fill(late, word, **edit.lacks | {word: f"{text}7"})
    assert late.status == 409
    assert f"_merge_{word}" in late.text and text in late.text and f"{text}7" in late.text
    assert shown(second, url, word) == text
    fill(late, word, **{f"_merge_{word}": "theirs"})
    assert late.status == 200, late.said
    assert (shown(second, url, word), shown(second, url, other)) == (text, value)
