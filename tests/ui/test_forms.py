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


def test_a_decision_shows_both_sides_and_the_next_send_carries_the_newer_version():
    form = Sample(sent(_version="3"), initial={"phone": "theirs 99"}, version=4)
    form.attempt(
        refuse(
            StaleRecord("Changed.", clashes=[Clash("phone", "Phone", "old 11", "theirs 99", "011")], current_version=4)
        )
    )
    html = render("{% form_top form %}", form=form, csrf_token="t")
    assert "old 11" in html and "theirs 99" in html and 'name="_version" value="4"' in html
    assert "_merge_phone" not in html


class Row:
    """A record that counts its saves, without a database."""

    def __init__(self, version: int) -> None:
        self.version = version


STORED = {"phone": "new 99", "kind": "b", "is_lab": False}
OPENED = '{"phone":"old 11","kind":"a","is_lab":false}'


def edited(**values: str) -> Sample:
    return Sample(sent(_version="3", _opened=OPENED, **values), initial=STORED, edits=Row(4))


def test_a_form_that_edits_carries_what_it_was_opened_with():
    html = render("{% form_top form %}", form=Sample(initial=STORED, edits=Row(4)), csrf_token="t")
    assert "{&quot;phone&quot;:&quot;new 99&quot;,&quot;kind&quot;:&quot;b&quot;,&quot;is_lab&quot;:false}" in html


def test_what_only_the_other_changed_is_taken_over_and_nothing_is_saved_unseen():
    form = edited(phone="011", is_lab="on")
    assert not form.attempt(refuse(AssertionError("saved")))
    told = {one.field: (one.is_theirs, one.is_yours) for one in form.clashes}
    assert told == {"phone": (True, True), "kind": (True, False), "is_lab": (False, True)}
    assert (form.data["kind"], form.data["phone"], form.data["is_lab"]) == ("b", "011", "on")
    html = render("{% form_top form %}", form=form, csrf_token="t")
    assert 'name="_merge_phone" value="theirs"' in html and "_merge_kind" not in html
    assert 'name="_version" value="4"' in html and "only you changed it: kept" in html


def test_sent_again_after_both_sides_were_seen_it_is_saved():
    form = edited(phone="011")
    form.attempt(refuse(AssertionError("saved")))
    again = Sample(form.data, initial=STORED, edits=Row(4))
    assert again.attempt(lambda: "saved") and again.values == {"phone": "011", "kind": "b", "is_lab": False}


def test_a_newer_version_with_the_same_values_is_no_clash():
    form = Sample(sent(_version="3", _opened='{"phone":"x","kind":"a","is_lab":false}', phone="y"),
                  initial={"phone": "x", "kind": "a", "is_lab": False}, edits=Row(9))  # fmt: skip
    assert form.attempt(lambda: "saved") and form.version == 9


def test_what_both_set_to_the_same_value_is_settled():
    form = edited(phone="new 99", kind="b")
    assert form.attempt(lambda: "saved")


def test_a_page_that_does_not_say_what_it_was_opened_with_asks_about_every_difference():
    form = Sample(sent(_version="3", phone="011", kind="b"), initial=STORED, edits=Row(4))
    assert not form.attempt(refuse(AssertionError("saved")))
    assert [(one.field, one.is_open) for one in form.clashes] == [("phone", True)]


def test_theirs_is_the_value_that_was_seen_and_a_third_save_is_seen_again():
    data = sent(_version="3", _opened=OPENED, phone="mine", _merge_phone="theirs")
    form = Sample(data, initial=STORED | {"phone": "third 33"}, edits=Row(5))
    assert not form.attempt(refuse(AssertionError("saved")))
    assert [(one.field, one.original, one.theirs) for one in form.clashes if not one.is_yours] == [
        ("phone", "old 11", "third 33"), ("kind", "A", "B")
    ]  # fmt: skip


def test_choosing_theirs_takes_what_is_stored_now():
    form = Sample(sent(_merge_phone="theirs", _merge_kind="yours"), initial={"phone": "stored", "kind": "b"})
    assert form.is_valid() and form.values["phone"] == "stored" and form.values["kind"] == "a"


def test_choosing_theirs_unticks_a_box():
    form = Sample(sent(is_lab="on", _merge_is_lab="theirs"), initial={"is_lab": False})
    assert form.is_valid() and form.values["is_lab"] is False


def test_not_allowed_is_no_matter_of_the_form():
    with pytest.raises(NotAllowed):
        Sample(sent()).attempt(refuse(NotAllowed("No.")))
