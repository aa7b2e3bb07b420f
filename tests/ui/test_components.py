from datetime import date

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone

from core import ui


def render(source: str, **context: object) -> str:
    return " ".join(Template(source).render(Context(context)).split())


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in render("{% icon 'check' %}")
    assert 'role="img" aria-label="Notices"' in render("{% icon 'bell' label='Notices' %}")


def test_a_badge_has_shape_word_and_tint():
    html = render("{% badge 'Late 1 d' 'danger' 'alert' %}")
    assert html.startswith('<span class="badge" data-tone="danger"><svg') and "#i-alert" in html and "Late 1 d" in html


def test_a_badge_escapes_its_word():
    assert "<script>" not in render("{% badge word %}", word="<script>")


def test_an_unknown_tone_is_an_error_of_the_template():
    with pytest.raises(TemplateSyntaxError):
        render("{% badge 'x' 'purple' %}")


def test_the_identity_shows_surname_first_birth_and_last_digits_only():
    who = ui.Identity("Mokoena", "Thandi", "/c/1/", date(1974, 3, 4), "C-104882", "+27825554417")
    html = render("{% identity who %}", who=who)
    assert "<b>MOKOENA</b>, Thandi" in html and "ends 4417" in html
    assert "2782555" not in html


def test_an_empty_fact_reads_not_recorded_and_all_six_are_there():
    html = render("{% strip facts %}", facts=ui.SixFacts(source="Counter"))
    assert html.count("<dt>") == 6
    assert html.count("not recorded") == 5


def test_a_stage_says_its_state_in_words():
    stages = [
        ui.Stage("Visit", "done"),
        ui.Stage("Approval", "review"),
        ui.Stage("Laboratory", "hold", is_current=True),
    ]
    html = render("{% stages stages %}", stages=stages)
    assert '</b><span class="sr">: done' in html and ": review needed" in html and ": on hold" in html
    assert html.count('aria-current="step"') == 1


def test_what_is_affected_counts_decisions_and_people():
    records = [
        ui.Affected("Job", "Hold", "Riaan"),
        ui.Affected("Date", "New", "Riaan"),
        ui.Affected("Frame", "None", needs_review=False),
    ]
    html = render("{% affects records %}", records=records)
    assert "2 decisions to review, 1 person" in html


def test_nothing_affected_is_said():
    assert "Nothing else rests on this value." in render("{% affects records %}", records=[])


def test_a_sorting_head_turns_round_and_drops_the_page():
    request = RequestFactory().get("/orders/?sort=promised&after=xyz&view=late")
    html = render("{% sort_head 'promised' 'Promised' %}", request=request)
    assert 'aria-sort="ascending"' in html and "sort=-promised" in html and "view=late" in html and "after" not in html


def test_a_block_component_keeps_its_body():
    html = render("{% callout tone='warning' title='Add differs.' %}Confirm <b>or</b> {{ x }}{% endcallout %}", x="<i>")
    assert "Confirm <b>or</b> &lt;i&gt;" in html and 'data-tone="warning"' in html


def test_the_next_action_names_verb_owner_and_reason():
    html = render("{% nextbar verb='Send' owner='P. Venter' why='Old.' %}<button>x</button>{% endnextbar %}")
    assert "Owner: P. Venter." in html and "<button>x</button>" in html and 'aria-label="Next action"' in html


def test_a_moment_tells_the_exact_time_too():
    html = render("{% when at %}", at=timezone.now())
    assert ">now</time>" in html and "datetime=" in html and "title=" in html


def test_rx_is_shown_right_above_left():
    rows = [ui.RxRow("R", "Right", [ui.RxCell("−2.25", "review")]), ui.RxRow("L", "Left", [ui.RxCell("−2.00")])]
    html = render("{% rx_table rows columns %}", rows=rows, columns=["SPH"])
    assert html.index('title="Right"') < html.index('title="Left"')
    assert '<td data-tone="review"><span class="cell">−2.25</span>' in html
