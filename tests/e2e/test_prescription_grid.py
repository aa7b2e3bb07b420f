"""The most-typed screen, by keyboard, in a real browser: what is counted is what a person presses."""

import re
from datetime import date
from decimal import Decimal

import pytest

from branches.roles import Role
from lensmath.notation import EntryError, format_power, parse_entry
from prescriptions import rows
from prescriptions.models import Prescription
from tests import factories
from tests.e2e import axe
from tests.e2e.conftest import enter


@pytest.fixture
def naledi(context, practice, live_server):
    user = factories.user(Role.OPTOMETRIST, practice, full_name="Naledi Khumalo", registration_number="OP 0087341")
    enter(context, user, live_server)
    return user


@pytest.fixture
def thandi(practice):
    return factories.customer(practice, number="C-104882", birth_date=date(1974, 3, 4), phone="+27825554417")


@pytest.fixture
def actor(naledi, practice):
    return factories.actor(naledi, practice)


SIGNED = re.compile(r"/prescriptions/\d+/$")


class Keys:
    """Types like a person and counts every key; a chord is one. `data` counts characters of values and words."""

    def __init__(self, page):
        self.page, self.count, self.data = page, 0, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def type(self, text):
        self.press(*text)
        self.data += len(text)


def type_both_eyes(keys, right=("-225", "-75", "90", "2"), left=("-2", "-50", "85")):
    """Right eye, Enter, left eye, the addition copied."""
    for n, value in enumerate(right):
        keys.type(value)
        keys.press("Tab" if n < len(right) - 1 else "Enter")
    for value in left:
        keys.type(value)
        keys.press("Tab")
    keys.press("=")


def test_a_progressive_is_typed_and_signed_in_at_most_30_keys_without_a_click(page, naledi, thandi):
    page.goto(f"/prescriptions/new/{thandi.number}/")
    keys = Keys(page)
    type_both_eyes(keys)
    keys.press("Control+Enter", "Control+Enter")
    page.wait_for_url(SIGNED)
    assert keys.count <= 30
    signed = Prescription.objects.get()
    right, left = signed.eyes.get(eye="right"), signed.eyes.get(eye="left")
    assert (signed.state, signed.kind) == ("current", "progressive")
    assert (right.sphere, right.cylinder, right.axis, right.add) == (Decimal("-2.25"), Decimal("-0.75"), 90, 2)
    assert (left.sphere, left.cylinder, left.axis, left.add) == (Decimal("-2"), Decimal("-0.5"), 85, 2)


def test_a_missing_sign_is_said_at_the_cell_while_typing_and_stops_the_signature(page, naledi, thandi):
    page.goto(f"/prescriptions/new/{thandi.number}/")
    keys = Keys(page)
    type_both_eyes(keys, left=("2", "-50", "85"))
    page.wait_for_selector("#says-left_sphere")
    assert page.locator("#id_left_sphere").get_attribute("aria-invalid") == "true"
    assert page.locator("#id_left_sphere").input_value() == "2"
    keys.press("Control+Enter")
    page.wait_for_selector(".error-summary")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert "Left sphere: type + or − before 2" in page.locator(".error-summary").inner_text()
    assert page.locator("#id_right_sphere").input_value() == "−2.25"
    assert not Prescription.objects.exists()


def test_a_warning_is_confirmed_by_keyboard_and_signed(page, naledi, actor, thandi):
    factories.signed_prescription(actor, thandi, issued_on=date(2024, 10, 12))
    page.goto(f"/prescriptions/new/{thandi.number}/")
    keys = Keys(page)
    type_both_eyes(keys, right=("-225", "-75", "65", "2"))
    box = page.locator("input[name=confirm]")
    box.wait_for()
    assert "Right axis differs by 25°" in page.locator("tr.says[data-cell=right_axis]").inner_text()
    assert page.locator("[data-ghost=right] .delta").nth(2).inner_text().endswith("25°")
    box.focus()
    keys.press("Space", "Control+Enter")
    page.wait_for_url("**/edit/")
    keys.press("Control+Enter")
    page.wait_for_url(SIGNED)
    signed = Prescription.objects.get(issued_on__gt=date(2025, 1, 1))
    assert [told["by"] for told in signed.confirmations] == ["N. Khumalo"]


def test_the_script_understands_exactly_what_the_server_understands(page, naledi, thandi):
    page.goto(f"/prescriptions/new/{thandi.number}/")
    texts = [text for quarters in range(1, 81) for sign in "+-" for text in written(sign, Decimal(quarters) / 4)]
    texts += [
        "pl",
        "plano",
        "0",
        "0.00",
        "2",
        "2.00",
        "-0.12",
        "+.5",
        "-2,25",
        "−1.25",
        "-05",
        "+30",
        "-1.3",
        "x",
        "+",
        "--2",
        "+0.38",
    ]
    shown = page.evaluate(
        """texts => { const cell = document.getElementById("id_right_sphere");
        return texts.map(text => { cell.value = text; cell.dispatchEvent(new Event("change", {bubbles: true})); return cell.value; }) }""",
        texts,
    )
    assert len(texts) > 500
    assert shown == [understood(text) for text in texts]


def written(sign: str, value: Decimal) -> list[str]:
    """The forms in which one value is typed: whole, hundredths, with a point."""
    forms = [f"{sign}{value:.2f}", f"{sign}{int(value * 100)}", f"{sign}{value.normalize():f}"]
    return [*forms, f"{sign}{value:.2f}".replace("0.", ".", 1) if value < 1 else f"{sign}{value:.1f}"]


def understood(text: str) -> str:
    try:
        value = parse_entry(text)
    except EntryError:
        return text
    return text if value is None else format_power(value, true_minus=True)


def test_steps_copies_and_side_by_side(page, naledi, actor, thandi):
    factories.signed_prescription(actor, thandi)
    page.goto(f"/prescriptions/new/{thandi.number}/")
    keys = Keys(page)
    keys.press("ArrowDown", "ArrowDown", "ArrowUp", "Shift+ArrowDown")
    assert page.locator("#id_right_sphere").input_value() == "−1.25"
    keys.press("Tab", "Tab")
    keys.type("3")
    keys.press("ArrowUp", "Shift+ArrowDown")
    assert page.locator("#id_right_axis").input_value() == "007°"
    keys.press("Enter", "=")
    assert page.locator("#id_left_sphere").input_value() == "−1.25"
    assert page.locator("#rx-beside").is_hidden()
    keys.press("Control+d")
    assert page.locator("#rx-beside").is_visible()


def test_a_signed_prescription_is_corrected_with_at_most_12_keys_beside_the_data(page, naledi, actor, thandi):
    row = factories.signed_prescription(actor, thandi, right={"axis": 65})
    page.goto(f"/prescriptions/{row.pk}/correct/")
    keys = Keys(page)
    keys.count += 1  # the key that opens the panel from the prescription
    keys.press("Tab", "Tab")
    keys.type("90")
    keys.press("Enter", "Enter", "P", "Tab")
    keys.type("Trial frame read 090")
    page.wait_for_selector("#rx-changes ins")
    keys.press("Control+Enter")
    page.wait_for_url(SIGNED)
    assert keys.count - keys.data <= 12
    made = Prescription.objects.get(version=2)
    assert (rows.data_of(made).right.axis, made.correction_reason_code) == (90, "P02")
    row.refresh_from_db()
    assert row.state == "superseded"


def test_without_script_the_form_still_signs(browser, naledi, thandi, live_server, practice):
    window = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    enter(window, naledi, live_server)
    page = window.new_page()
    page.goto(f"/prescriptions/new/{thandi.number}/")
    for name, value in (("sphere", "-225"), ("cylinder", "-75"), ("axis", "90"), ("add", "2")):
        page.fill(f"#id_right_{name}", value)
        page.fill(f"#id_left_{name}", value)
    page.click("[data-rx-sign]")
    assert "Both eyes have the same power and axis" in page.locator("body").inner_text()
    page.check("input[name=confirm]")
    page.click("[data-rx-sign]")
    page.wait_for_url(SIGNED)
    assert Prescription.objects.get().state == "current"
    window.close()


def test_every_page_passes_the_gate(page, naledi, actor, thandi):
    factories.signed_prescription(actor, thandi, issued_on=date(2024, 10, 12))
    row = factories.signed_prescription(actor, thandi, right={"axis": 65}, notes="Reads on screen", recall_months=24)
    number = thandi.number
    addresses = [
        f"/prescriptions/new/{number}/", f"/prescriptions/new/{number}/?kind=contact_lens", f"/prescriptions/{row.pk}/",
        f"/prescriptions/{row.pk}/correct/", f"/prescriptions/{row.pk}/end/", f"/prescriptions/{row.pk}/evidence/",
        f"/prescriptions/outside/{number}/", f"/prescriptions/import/{number}/", f"/prescriptions/tests/start/{number}/",
        "/prescriptions/",
    ]  # fmt: skip
    found = {}
    for address in addresses:
        page.goto(address)
        try:
            axe.check_everywhere(page)
        except AssertionError as problem:
            found[address] = str(problem)[:1500]
    assert found == {}


def test_a_refused_page_passes_the_gate_too(page, naledi, thandi):
    page.goto(f"/prescriptions/new/{thandi.number}/")
    type_both_eyes(Keys(page), left=("2", "-50", "190"))
    page.click("[data-rx-sign]")
    page.wait_for_selector(".error-summary")
    axe.check(page)
