"""Palette, shortcuts, lists, scanner, lock and the guards of forms, pressed in a real browser."""

import re

import pytest

from branches.models import Membership, Organisation, User
from branches.roles import Role
from branches.services import desks, profile
from tests import factories
from tests.e2e import axe

PASSWORD = "a-long-password-1"


def focused(page) -> str:
    return page.evaluate("document.activeElement.textContent.trim()")


def open_palette(page):
    page.keyboard.press("Control+k")
    page.wait_for_selector("#palette[open] [role=option]")


# ------------------------------------------------------------------ palette


def test_the_palette_opens_finds_and_goes_by_keyboard(page, as_manager):
    page.goto("/profile/")
    open_palette(page)
    axe_found = axe.violations(page)
    assert axe_found == []
    page.keyboard.type(">staff")
    page.wait_for_selector("#palette [role=option][aria-selected=true] >> text=Go to Staff")
    box = page.locator("#palette [role=combobox]")
    assert box.get_attribute("aria-expanded") == "true"
    chosen = box.get_attribute("aria-activedescendant")
    assert page.locator(f"#{chosen}").get_attribute("aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url("**/settings/staff/")


def test_arrows_move_and_enter_waits_for_the_results_of_what_is_typed(page, as_manager):
    page.goto("/profile/")
    open_palette(page)
    page.keyboard.press("ArrowDown")
    assert page.locator("#palette [role=option]").nth(1).get_attribute("aria-selected") == "true"
    page.keyboard.press("ArrowUp")
    assert page.locator("#palette [role=option]").first.get_attribute("aria-selected") == "true"
    page.keyboard.type("zzzz")
    page.keyboard.press("Enter")
    page.wait_for_selector("#palette >> text=No match for “zzzz” in your branches.")
    assert page.url.endswith("/profile/")
    page.keyboard.press("Escape")
    assert page.locator("#palette[open]").count() == 0


def test_enter_that_comes_before_the_results_goes_to_what_was_typed(page, as_manager):
    page.goto("/profile/")
    open_palette(page)
    page.keyboard.type(">staff")
    page.keyboard.press("Enter")  # without a look at the list, as a quick hand does it
    page.wait_for_url("**/settings/staff/")


def test_the_palette_switches_the_branch(page, as_manager, practice):
    Membership.objects.create(user=as_manager, branch=factories.branch("UMH", name="Umhlanga"), role=Role.RECEPTIONIST)
    page.goto("/profile/")
    open_palette(page)
    page.keyboard.type("branch umh")
    page.wait_for_selector("[aria-selected=true] >> text=Switch to branch Umhlanga")
    page.keyboard.press("Enter")
    page.wait_for_selector(".branch >> text=Umhlanga")


def test_search_works_as_a_page_without_script(browser, live_server, manager):
    from tests.e2e.conftest import enter

    window = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    enter(window, manager, live_server)
    tab = window.new_page()
    tab.goto("/profile/")
    tab.get_by_role("link", name="Search").click()
    tab.get_by_role("searchbox").fill("staff")
    tab.get_by_role("button", name="Search").click()
    tab.get_by_role("link", name="Go to Staff").click()
    assert tab.url.endswith("/settings/staff/")
    window.close()


# ---------------------------------------------------------------- shortcuts


def test_g_and_a_letter_goes_but_not_from_a_box(page, as_manager):
    page.goto("/profile/")
    page.locator("#id_full_name").focus()
    page.keyboard.type("ge")
    assert page.locator("#id_full_name").input_value() == "geNaledi Khumalo"
    page.evaluate("document.activeElement.blur()")
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("g")
    page.keyboard.press("e")
    page.wait_for_url("**/settings/")


def test_shortcuts_can_be_switched_off(page, as_manager):
    User.objects.update(single_key_shortcuts=False)
    page.goto("/settings/staff/")
    page.keyboard.press("n")
    page.keyboard.press("?")
    page.wait_for_timeout(200)
    assert page.url.endswith("/settings/staff/") and page.locator("dialog[open]").count() == 0


def test_question_mark_lists_the_keys_of_this_page(page, as_manager):
    page.goto("/settings/staff/")
    page.keyboard.press("?")
    page.wait_for_selector("#keys[open] >> text=Search anything")
    assert page.locator("#keys >> text=Add a colleague").count() == 1
    assert axe.violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/settings/staff/new/")


def test_rows_are_walked_with_j_and_k_and_opened_with_enter(page, as_manager, practice):
    factories.user(Role.RECEPTIONIST, practice, full_name="Abel First")
    page.goto("/settings/staff/")
    page.keyboard.press("j")
    assert focused(page) == "Abel First"
    page.keyboard.press("j")
    assert focused(page) == "Naledi Khumalo"
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1 >> text=Abel First")


def test_slash_goes_to_the_filter_which_narrows_the_list_in_place(page, as_manager, practice):
    factories.user(Role.RECEPTIONIST, practice, full_name="Abel First")
    page.goto("/settings/staff/")
    page.keyboard.press("/")
    page.keyboard.type("abel")
    page.wait_for_selector("#rows >> text=Naledi Khumalo", state="detached")
    assert page.locator("#rows tbody tr").count() == 1
    assert "q=abel" in page.url
    assert page.evaluate("document.activeElement.id") == "q"


def test_a_scan_outside_boxes_asks_the_server_and_an_unknown_code_is_said(page, as_manager):
    page.goto("/profile/")
    page.keyboard.type("~T-317")
    page.keyboard.press("Enter")
    page.wait_for_url("**/scan/?code=T-317")
    assert page.get_by_text("Not a code that we know.").count() == 1


def test_the_bar_of_selected_rows_comes_with_a_selection(page, as_manager):
    page.goto("/help/components/")
    bar = page.locator("[data-bulk]")
    assert not bar.is_visible()
    page.evaluate("""() => { const box = Object.assign(document.createElement('input'), {type: 'checkbox', name: 'pick'});
      box.setAttribute('form', 'bulk'); box.id = 'picked'; document.querySelector('.views').after(box); }""")
    page.locator("#picked").check()
    assert bar.is_visible() and "1 selected" in bar.inner_text()
    bar.get_by_role("button", name="Clear").click()
    bar.wait_for(state="hidden")


# -------------------------------------------------------------------- forms


def test_a_double_click_makes_one_colleague(page, as_manager, practice):
    page.goto("/settings/staff/new/")
    page.get_by_label("Full name").fill("Pieter Venter")
    page.get_by_label("E-mail").fill("pieter@practice.example")
    page.get_by_label("First password").fill("another-long-one-2")
    page.get_by_label("Role").select_option("receptionist")
    page.get_by_label("Where").select_option(str(practice.pk))
    page.get_by_label("Reason").fill("starts today")
    page.get_by_role("button", name="Add colleague").dblclick()
    page.wait_for_selector("h1 >> text=Pieter Venter")
    assert User.objects.filter(email="pieter@practice.example").count() == 1


def test_without_connection_the_entries_stay_and_the_same_form_is_sent_again(page, context, as_manager, practice):
    page.goto(f"/settings/branches/{practice.pk}/")
    page.get_by_label("Town").fill("Durban")
    context.set_offline(True)
    page.get_by_role("button", name="Save branch").click()
    page.wait_for_selector("#offline:visible")
    assert page.get_by_label("Town").input_value() == "Durban"
    context.set_offline(False)
    page.locator("#offline").get_by_role("button", name="Try again").click()
    page.wait_for_selector(".toast >> text=Branch saved")
    practice.refresh_from_db()
    assert practice.city == "Durban"


def test_leaving_with_unsaved_entries_asks_first(page, as_manager, practice):
    page.goto(f"/settings/branches/{practice.pk}/")
    page.get_by_label("Town").fill("Durban")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("a", has_text="Settings").first.click(no_wait_after=True)
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"] and page.get_by_label("Town").input_value() == "Durban"


def test_changing_the_branch_with_unsaved_entries_asks_and_can_be_tried_again(page, as_manager, practice):
    other = factories.branch("UMH", name="Umhlanga")
    Membership.objects.create(user=as_manager, branch=other, role=Role.RECEPTIONIST)
    page.goto(f"/settings/branches/{practice.pk}/")
    page.get_by_label("Town").fill("Durban")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator(".topbar summary.branch").click()
    page.get_by_role("button", name="Umhlanga").click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"] and page.get_by_label("Town").input_value() == "Durban"


def test_control_enter_sends_the_form(page, as_manager):
    page.goto("/profile/")
    page.get_by_label("Full name").fill("Naledi K")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".toast >> text=Profile saved")


def test_light_and_dark_change_at_once_and_stay(page, as_manager):
    page.emulate_media(color_scheme="light")
    page.goto("/profile/")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Switch between light and dark").click()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-theme") == "dark"


# --------------------------------------------------------------------- lock


def test_the_lock_hides_the_page_and_the_password_brings_it_back_as_it_was(page, as_manager):
    page.goto("/profile/")
    page.get_by_label("Full name").fill("Half typed")
    page.keyboard.press("Control+Shift+L")
    page.wait_for_selector("#lock-place #secret")
    assert not page.locator(".app").is_visible()
    assert axe.violations(page) == []
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    page.wait_for_selector("#lock-place >> text=That is not your password.")
    page.locator("#secret").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector(".app:visible")
    assert page.get_by_label("Full name").input_value() == "Half typed"
    assert page.evaluate("document.activeElement.id") == "id_full_name"


def test_two_people_change_places_at_an_enrolled_desk_in_eight_keys(page, context, live_server, manager, practice):
    from django.utils import timezone

    _desk, token = desks.enrol(practice.pk, "Desk 2", actor=factories.actor(manager, practice), at=timezone.now())
    context.add_cookies([{"name": "desk", "value": token, "url": live_server.url}])
    other = factories.user(Role.BRANCH_MANAGER, practice, full_name="Zanele Dube")
    profile.set_pin(other.pk, "482913")
    profile.set_pin(manager.pk, "739105")
    for person in (other, manager):
        context.clear_cookies(name="sessionid")
        page.goto("/accounts/login/?next=/profile/")
        page.get_by_label("E-mail").fill(person.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_selector("h1 >> text=My profile")
    page.keyboard.press("Control+Shift+L")
    page.wait_for_selector("#lock-place >> text=Zanele Dube")
    page.get_by_role("link", name=re.compile("Zanele Dube")).click()
    page.wait_for_selector("h1 >> text=Locked")
    page.keyboard.type("482913")
    page.keyboard.press("Enter")
    page.wait_for_selector("header >> text=Zanele Dube")


def test_ten_idle_minutes_lock_with_a_warning_two_minutes_before(page, as_manager):
    page.clock.install()
    page.goto("/profile/")
    page.clock.run_for(8 * 60_000 + 6_000)
    assert page.locator("#lock-warning").is_visible()
    page.locator("#lock-warning").get_by_role("button", name="Stay").click()
    page.clock.run_for(6_000)
    assert not page.locator("#lock-warning").is_visible()
    page.clock.run_for(10 * 60_000 + 6_000)
    page.wait_for_selector("#lock-place #secret")


# ------------------------------------------------------------------ weight


def test_style_sheets_and_scripts_keep_their_budget(client, db):
    import gzip
    from pathlib import Path

    from django.contrib.staticfiles import finders

    def weight(*names: str) -> int:
        return sum(len(gzip.compress(Path(finders.find(name)).read_bytes(), 9)) for name in names)

    assert weight("css/practice.css") <= 20_000
    assert weight("css/public.css") <= 8_000
    assert weight("django_htmx/htmx-2.min.js", "js/practice.js") <= 32_000


@pytest.mark.parametrize("path", ["/profile/", "/settings/staff/"])
def test_a_page_needs_six_requests_at_most(page, as_manager, path):
    Organisation.objects.get()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    assert len([url for url in asked if "favicon" not in url]) <= 6, asked
