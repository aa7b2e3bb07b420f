import uuid

import pytest
from django import forms
from django.http import QueryDict
from django.template import Context, Template

from core.errors import Clash, DomainError, GateClosed, Missing, NotAllowed, StaleRecord
from core.forms import Form


class Sample(Form):
    phone = forms.CharField(label="Phone")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    is_lab = forms.BooleanField(label="Makes lenses", required=False)


def sent(**values: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"phone": "011 555 0142", "kind": "a"} | values)
    return data


def refuse(error: Exception):
    def action() -> None:
        raise error

    return action


def render(source: str, **context: object) -> str:
    return " ".join(Template(source).render(Context(context)).split())


def test_a_missing_value_is_named_the_same_in_summary_and_at_the_field():
    form = Sample(sent(phone=""))
    html = render("{% error_summary form %}{{ form }}", form=form)
    assert html.count("Phone: fill this in.") == 2
    assert '<a href="#id_phone">Phone: fill this in.</a>' in html
    assert 'aria-invalid="true"' in html and 'aria-describedby="id_phone_error"' in html


def test_the_link_to_a_group_of_choices_leads_to_the_first_one():
    form = Sample(sent(kind=""))
    assert '<a href="#id_kind_0">Kind: choose one.</a>' in render("{% error_summary form %}", form=form)


def test_every_form_carries_a_fresh_key_and_the_version_it_was_opened_with():
    form = Sample(version=7)
    html = render("{% form_top form %}", form=form, csrf_token="t")
    assert 'name="_version" value="7"' in html and 'name="_key"' in html
    assert Sample().initial["_key"] != form.initial["_key"]


def test_a_valid_form_runs_its_action_once_and_keeps_the_result():
    key = uuid.uuid4()
    form = Sample(sent(_key=str(key), _version="3"))
    assert form.attempt(lambda: "done")
    assert (form.result, form.idempotency_key, form.version) == ("done", key, 3)
    assert form.values == {"phone": "011 555 0142", "kind": "a", "is_lab": False}


def test_an_invalid_form_never_runs_its_action():
    assert not Sample(sent(phone="")).attempt(refuse(AssertionError("ran")))


def test_a_refusal_lands_at_its_field_and_an_unknown_field_in_the_summary():
    form = Sample(sent())
    assert not form.attempt(refuse(DomainError("No.", fields={"phone": "Phone: too short", "age": "Age: missing"})))
    assert form.errors["phone"] == ["Phone: too short"]
    assert form.non_field_errors() == ["Age: missing"]


def test_a_closed_gate_lists_what_is_missing_with_its_owner():
    form = Sample(sent())
    missing = [Missing("approval", "Approval of version 2", owner="P. Venter", url="/a/")]
    form.attempt(refuse(GateClosed("Cannot release to lab.", missing=missing)))
    html = render("{% error_summary form %}", form=form)
    assert "Cannot release to lab." in html and '<a href="/a/">Approval of version 2</a>' in html
    assert "Owner: P. Venter" in html


def test_a_clash_shows_both_sides_and_the_next_send_carries_the_newer_version():
    form = Sample(sent(_version="3"), initial={"phone": "theirs 99"})
    form.attempt(
        refuse(
            StaleRecord("Changed.", clashes=[Clash("phone", "Phone", "old 11", "theirs 99", "011")], current_version=4)
        )
    )
    html = render("{% form_top form %}", form=form, csrf_token="t")
    assert "old 11" in html and "theirs 99" in html and 'name="_version" value="4"' in html
    assert 'name="_merge_phone" value="theirs"' in html


def test_choosing_theirs_takes_what_is_stored_now():
    form = Sample(sent(_merge_phone="theirs", _merge_kind="yours"), initial={"phone": "stored", "kind": "b"})
    assert form.is_valid() and form.values["phone"] == "stored" and form.values["kind"] == "a"


def test_choosing_theirs_unticks_a_box():
    form = Sample(sent(is_lab="on", _merge_is_lab="theirs"), initial={"is_lab": False})
    assert form.is_valid() and form.values["is_lab"] is False


def test_not_allowed_is_no_matter_of_the_form():
    with pytest.raises(NotAllowed):
        Sample(sent()).attempt(refuse(NotAllowed("No.")))
